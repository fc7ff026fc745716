"""The form of one setting: its parts, the day from which it counts, and a yes where it hurts."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from huitou.console.forms import Form
from huitou.console.setting_shapes import Part, as_value, shape_of, typed
from huitou.console.setting_values import MODELS, Tongue
from huitou.console.setting_words import said
from huitou.kit.errors import HuitouError
from huitou.kit.money import Currency
from huitou.kit.text import gettext_noop
from huitou.staff import errors
from huitou.ui import figures
from huitou.ui.words import error_words

FURTHEST_DAYS: Final = 3660
_YES_OR_NO: Final = {"yes": pgettext_lazy("setting", "Yes"), "no": pgettext_lazy("setting", "No")}
AMOUNT: Final = _("An amount such as 15 or 15.50.")
# What a check refuses, said beside the field: the form shows which, the sentence says only what.
_REASONS: Final[Mapping[type[HuitouError], str]] = {
    errors.NotWhole: gettext_noop("A whole number from {least} to {most}."),
    errors.NotWindows: gettext_noop("Four numbers of days, each above the one before."),
    errors.NotCaseHours: gettext_noop(
        "Five numbers of hours, each above the one before, the last at most 24."
    ),
    errors.NotPercent: gettext_noop("From 0 to 100, with at most four decimals."),
    errors.NotTime: gettext_noop("A time of day, such as 03:30."),
    errors.NotCap: gettext_noop("Both numbers, or neither."),
    errors.NotHours: gettext_noop("Two different times of day, or neither."),
    errors.NotTariff: gettext_noop("Both amounts, or neither."),
    errors.NotEmail: gettext_noop("An e-mail address, such as shop@example.com."),
    errors.NotSignature: gettext_noop("2 to 16 characters without brackets."),
    errors.NotKnown: gettext_noop("One of those offered."),
}


class SettingForm(Form):
    """One value of one setting in one scope."""

    def __init__(
        self, *args: Any, name: str, value: Any, currency: str, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.name, self.today = name, today
        self.is_end = self.data.get("do") == "end"  # no value: the one there is ends
        self._shape, self._currency = shape_of(name), Currency(currency)
        shown = typed(self._shape, value, self._currency)
        for place, (part, text) in enumerate(zip(self._shape.parts, shown, strict=True)):
            self.fields[f"part_{place}"] = self._field(part, text, is_first=place == 0)
        self.fields["valid_from"] = forms.DateField(
            label=_("In force from"),
            initial=today,
            widget=forms.DateInput(
                attrs={"type": "date", "class": "input", "min": today.isoformat()},
                format="%Y-%m-%d",
            ),
            help_text=_("Today or later; the days before keep the value they had."),
        )
        if said(name).hurts:
            self.fields["confirmed"] = forms.BooleanField(
                label=gettext(said(name).hurts),
                error_messages={"required": _("Confirm that you know this.")},
            )

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The fields of the value with their units."""
        return [
            {"field": self[f"part_{place}"], "unit": self._unit(part)}
            for place, part in enumerate(self._shape.parts)
        ]

    def clean_valid_from(self) -> date:
        """What was before stays as it was."""
        day: date = self.cleaned_data["valid_from"]
        if not self.today <= day <= self.today + timedelta(days=FURTHEST_DAYS):
            raise forms.ValidationError(gettext("Today or later, within ten years."))
        return day

    def clean(self) -> dict[str, Any]:
        """The value as its check takes it, under ``value``; an end has none."""
        if self.is_end:
            for place in range(self._count):
                self.errors.pop(f"part_{place}", None)
            self.cleaned_data["value"] = None
            return self.cleaned_data
        texts = [str(self.cleaned_data.get(f"part_{n}") or "") for n in range(self._count)]
        try:
            self.cleaned_data["value"] = as_value(self._shape, texts, self._currency)
        except ValueError:
            self.add_error(self._unreadable(texts), AMOUNT)
        return self.cleaned_data

    def refuse_value(self, error: HuitouError, tongue: Tongue) -> None:
        """Show what the check of the setting refused beside its field."""
        words = _REASONS.get(type(error))
        if words is None:
            self.add_error(None, error_words(error))
            return
        facts = dict(error.facts)
        if isinstance(error, errors.NotWhole) and self._shape.parts[0].kind == "money":
            words = gettext_noop("An amount from {least} to {most}.")
            for end in ("least", "most"):
                minor = int(str(facts[end]))
                facts[end] = figures.money_exact(minor, tongue.currency, tongue.language)
        self.add_error("part_0", gettext(words).format(**facts))

    @property
    def _count(self) -> int:
        return len(self._shape.parts)

    def _unreadable(self, texts: Sequence[str]) -> str:
        """The first field of money that is no amount."""
        for place, text in enumerate(texts):
            try:
                as_value(type(self._shape)((self._shape.parts[place],)), [text], self._currency)
            except ValueError:
                return f"part_{place}"
        return "part_0"

    def _unit(self, part: Part) -> str:
        return (
            self._currency.code if part.kind == "money" else gettext(part.unit) if part.unit else ""
        )

    def _field(self, part: Part, text: str, *, is_first: bool) -> forms.Field:
        about = gettext(part.label) if part.label else gettext(said(self.name).title)
        attrs = {"class": "input", "autocomplete": "off"}
        if is_first:
            attrs["autofocus"] = "autofocus"
        if part.kind in ("choice", "yes_no"):
            choices = [(code, gettext(words)) for code, words in MODELS.items()]
            if part.kind == "yes_no":
                choices = [(code, str(words)) for code, words in _YES_OR_NO.items()]
            return forms.ChoiceField(
                label=about, initial=text, choices=choices, widget=forms.Select(attrs=attrs)
            )
        if part.kind == "time":
            attrs["type"] = "time"
        elif part.kind == "whole":
            attrs["inputmode"] = "numeric"
        elif part.kind in ("percent", "money"):
            attrs["inputmode"] = "decimal"
        return forms.CharField(
            label=about,
            initial=text,
            required=False,
            max_length=254,
            widget=forms.TextInput(attrs=attrs),
        )
