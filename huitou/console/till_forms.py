"""What is typed at the till: amounts as people write them, points, a coupon, the store."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huitou.console.forms import Form
from huitou.flows.carts import Cart, CartLine
from huitou.flows.quoting import MOST_MINOR
from huitou.kit.money import Currency, minor_units

MOST_LINES: Final = 50
_WRITTEN: Final = re.compile(r"[0-9][0-9,]*(\.[0-9]+)?|\.[0-9]+")
_FORGIVEN: Final = str.maketrans("。、", ".+", "¥ ")


def amounts(text: str, currency: Currency) -> list[int]:
    """The amounts of ``28 + 32.50`` in minor units.

    Raises:
        ValueError: something is no amount above 0.
    """
    parts = [
        part.strip() for part in unicodedata.normalize("NFKC", text).translate(_FORGIVEN).split("+")
    ]
    written = [part for part in parts if part]
    if not 0 < len(written) <= MOST_LINES or not all(map(_WRITTEN.fullmatch, written)):
        raise ValueError("no amounts")
    found = [minor_units(part.replace(",", ""), currency) for part in written]
    if not all(found) or sum(found) > MOST_MINOR:
        raise ValueError("an amount of nothing, or beyond all reason")
    return found


class Sale(Form):
    """A sale as the cashier types it."""

    amount = forms.CharField(
        label=_("Amount"),
        max_length=200,
        widget=forms.TextInput(
            attrs={
                "inputmode": "decimal",
                "autofocus": True,
                "autocomplete": "off",
                "class": "input till-amount num",
                "placeholder": "28 + 32.50",
            }
        ),
    )
    coupon = forms.CharField(
        label=_("Coupon"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input num"}),
    )
    points = forms.CharField(
        label=_("Pay with points"),
        max_length=12,
        required=False,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input num"}
        ),
    )
    store = forms.TypedChoiceField(label=_("Store"), coerce=int)
    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    digest = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, stores: list[tuple[int, str]], currency: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._currency = Currency(currency)
        self.fields["store"].choices = stores  # type: ignore[attr-defined]

    def clean_amount(self) -> list[int]:
        """The amounts in minor units."""
        try:
            return amounts(self.cleaned_data["amount"], self._currency)
        except ValueError:
            raise forms.ValidationError(
                gettext("This is no amount. Type 28 or 28.50; several with + between them.")
            ) from None

    def clean_points(self) -> int:
        """How many points are to be used; nothing typed = none."""
        text = self.cleaned_data["points"].replace(",", "").strip()
        if not text:
            return 0
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal(-1)
        is_whole = number.is_finite() and number == number.to_integral_value()
        if not is_whole or not 0 <= number <= 10**9:
            raise forms.ValidationError(gettext("Points are a whole number, such as 200."))
        return int(number)

    def cart(self, customer_id: int | None) -> Cart:
        """What is on the counter."""
        said = self.cleaned_data
        return Cart(
            store_id=said["store"],
            lines=tuple(CartLine(amount) for amount in said["amount"]),
            customer_id=customer_id,
            coupon_code=said["coupon"].strip(),
            points=said["points"],
        )


class Refund(Form):
    """What comes back of an order: all of it, or some money."""

    part = forms.ChoiceField(
        choices=[("all", _("Everything that is left")), ("amount", _("A part of the money"))],
        initial="all",
        widget=forms.RadioSelect,
    )
    amount = forms.CharField(
        label=_("Money to give back"),
        max_length=30,
        required=False,
        widget=forms.TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "class": "input num"}
        ),
    )
    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._currency = Currency(currency)

    def clean(self) -> dict[str, Any]:
        """The money in minor units; 0 = everything."""
        said = super().clean() or {}
        said["amount_minor"] = 0
        if said.get("part") == "amount":
            try:
                (said["amount_minor"],) = amounts(said.get("amount", ""), self._currency)
            except ValueError:
                self.add_error("amount", gettext("This is no amount. Type 28 or 28.50."))
        return said
