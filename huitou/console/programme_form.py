"""The form of the programme's rules: from rules to fields and back."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huitou.programmes.types import (
    Basis,
    ClawBackPolicy,
    Expiry,
    ExpiryKind,
    Rounding,
    Rules,
    Tier,
)
from huitou.ui.forms import Form

TIERS: Final = 6  # rows the form offers
_CODE: Final = re.compile(r"[^a-z0-9]+")
_RATE: Final = re.compile(r"\d{1,5}(?:\.\d{1,4})?(?:/\d{1,5})?")
# Which field of the form shows what a check of the rules refuses.
FIELD_OF: Final[Mapping[str, str]] = {
    "points_per_major": "rate",
    "points_for_one_major": "points_for_one_major",
    "paying_ceiling_percent": "paying_ceiling_percent",
    "tier_months": "tier_months",
    "expiry_months": "months",
    "expiry_date": "fixed_day",
}


class RulesForm(Form):
    """The rules from one day on."""

    valid_from = forms.DateField(
        label=_("In force from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Today or later. What was earned before stays as it is."),
    )
    rate = forms.CharField(
        label=_("Points for 1 unit of money"),
        max_length=12,
        help_text=_("1 = one point each; 1/10 = one point for ten."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    basis = forms.ChoiceField(label=_("What counts"))
    rounding = forms.ChoiceField(label=_("Fractions of a point"))
    expiry = forms.ChoiceField(label=_("When points expire"))
    months = forms.IntegerField(
        label=_("Months they can be used"),
        min_value=1,
        max_value=120,
        required=False,
        help_text=_("Of points that expire by their age."),
    )
    fixed_month = forms.IntegerField(
        label=_("Month of the yearly date"), min_value=1, max_value=12, required=False
    )
    fixed_day = forms.IntegerField(
        label=_("Day of the yearly date"), min_value=1, max_value=31, required=False
    )
    claw_back = forms.ChoiceField(label=_("When goods come back"))
    points_for_one_major = forms.IntegerField(
        label=_("Points that pay 1 unit of money"), min_value=1, max_value=1_000_000
    )
    paying_ceiling_percent = forms.IntegerField(
        label=_("Most of an order points may pay, %"),
        min_value=0,
        max_value=100,
        help_text=_("0 = orders cannot be paid with points."),
    )
    tier_months = forms.IntegerField(
        label=_("Months that count for a tier"), min_value=1, max_value=120
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer(
            "basis",
            {
                Basis.PAID: gettext("Paid in money, tax included"),
                Basis.PAID_WITHOUT_TAX: gettext("Paid in money, without tax"),
            },
        )
        self._offer(
            "rounding",
            {
                Rounding.FLOOR: gettext("dropped"),
                Rounding.HALF_UP: gettext("rounded, half a point up"),
                Rounding.CEILING: gettext("rounded up"),
            },
        )
        self._offer(
            "expiry",
            {
                ExpiryKind.ROLLING: gettext("by their age"),
                ExpiryKind.FIXED: gettext("every year on the same date"),
                ExpiryKind.NEVER: gettext("never"),
            },
        )
        self._offer(
            "claw_back",
            {
                ClawBackPolicy.DEBT: gettext("take the points back, owe what is spent"),
                ClawBackPolicy.WITHIN_BALANCE: gettext("take back what is still there"),
            },
        )
        for place in range(TIERS):
            self._add_tier(place)

    def tier_rows(self) -> list[dict[str, Any]]:
        """The fields of each tier, for the table."""
        return [
            {part: self[f"tier_{place}_{part}"] for part in ("zh", "en", "from", "percent")}
            for place in range(TIERS)
        ]

    def clean_rate(self) -> Fraction:
        """The exact number of points for one unit of money."""
        text = self.cleaned_data["rate"].replace(" ", "")
        if not _RATE.fullmatch(text) or text.endswith("/0"):
            raise forms.ValidationError(gettext("A number such as 1, 0.5 or 1/10."))
        over, _slash, under = text.partition("/")
        return Fraction(over) / Fraction(under or "1")

    def rules(self, before: Rules) -> Rules:
        """The rules as the form says; tiers keep the code they had in ``before``."""
        given = self.cleaned_data
        expiry = Expiry(
            ExpiryKind(given["expiry"]),
            months=given["months"] or before.expiry.months,
            month=given["fixed_month"] or before.expiry.month,
            day=given["fixed_day"] or before.expiry.day,
            least_months=before.expiry.least_months,
        )
        return replace(
            before,
            points_per_major=given["rate"],
            basis=Basis(given["basis"]),
            rounding=Rounding(given["rounding"]),
            expiry=expiry,
            claw_back=ClawBackPolicy(given["claw_back"]),
            points_for_one_major=given["points_for_one_major"],
            paying_ceiling_percent=given["paying_ceiling_percent"],
            tier_months=given["tier_months"],
            tiers=tuple(self._tiers(before)),
        )

    def _tiers(self, before: Rules) -> list[Tier]:
        known = {tier.name_en: tier.code for tier in before.tiers}
        found = []
        for place in range(TIERS):
            part = {key: self.cleaned_data.get(f"tier_{place}_{key}") for key in _PARTS}
            zh, en = (part["zh"] or "").strip(), (part["en"] or "").strip()
            if not zh and not en:
                continue
            name = en or zh
            code = known.get(name) or _CODE.sub("_", name.lower()).strip("_") or f"tier_{place}"
            found.append(Tier(code, zh or en, name, part["from"] or 0, part["percent"] or 100))
        return found

    def _offer(self, name: str, choices: Mapping[Any, str]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code.value, words) for code, words in choices.items()]

    def _add_tier(self, place: int) -> None:
        number = place + 1
        self.fields[f"tier_{place}_zh"] = _text(
            gettext("Name of tier {number} in Chinese").format(number=number)
        )
        self.fields[f"tier_{place}_en"] = _text(
            gettext("Name of tier {number} in English").format(number=number)
        )
        self.fields[f"tier_{place}_from"] = _whole(
            gettext("Tier {number} from so many points").format(number=number), 0, 1_000_000_000
        )
        self.fields[f"tier_{place}_percent"] = _whole(
            gettext("Points of tier {number} in percent").format(number=number), 1, 1_000
        )


_PARTS: Final = ("zh", "en", "from", "percent")


def initial_of(rules: Rules, valid_from: date) -> dict[str, Any]:
    """The rules as the form shows them first."""
    found: dict[str, Any] = {
        "valid_from": valid_from,
        "rate": str(rules.points_per_major),
        "basis": rules.basis.value,
        "rounding": rules.rounding.value,
        "expiry": rules.expiry.kind.value,
        "months": rules.expiry.months,
        "fixed_month": rules.expiry.month,
        "fixed_day": rules.expiry.day,
        "claw_back": rules.claw_back.value,
        "points_for_one_major": rules.points_for_one_major,
        "paying_ceiling_percent": rules.paying_ceiling_percent,
        "tier_months": rules.tier_months,
    }
    for place, tier in enumerate(rules.tiers[:TIERS]):
        found |= {
            f"tier_{place}_zh": tier.name_zh,
            f"tier_{place}_en": tier.name_en,
            f"tier_{place}_from": tier.from_points,
            f"tier_{place}_percent": tier.multiplier_percent,
        }
    return found


def _text(label: str) -> forms.CharField:
    attrs = {"class": "input", "aria-label": label}
    return forms.CharField(
        label=label, required=False, max_length=40, widget=forms.TextInput(attrs=attrs)
    )


def _whole(label: str, least: int, most: int) -> forms.IntegerField:
    attrs = {"class": "input", "aria-label": label}
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput(attrs=attrs),
    )
