"""The forms of cases."""

import secrets
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huitou.console.forms import Form
from huitou.console.people_filters import LARGEST_ID
from huitou.ui import case_words
from huitou.voice.types import LONGEST_TEXT, SOURCES

BY_HAND = ("phone", "visit", "social", "email")
EARLIEST_YEAR = 1970


def new_key() -> str:
    """What makes pressing a button twice do it once."""
    return secrets.token_urlsafe(12)


def _words(rows: int, label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST_TEXT,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class NewCase(Form):
    """A case by phone, visit, social media or letter, as the customer tells it."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    kind = forms.ChoiceField(label=_("What is it"))
    source = forms.ChoiceField(label=_("How it reached us"))
    text = _words(5, _("What happened, in the customer's words"))
    topic = forms.ChoiceField(label=_("About"), required=False)
    store = forms.ChoiceField(label=_("Store"), required=False)
    customer = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=1, max_value=LARGEST_ID
    )
    order = forms.ChoiceField(label=_("Which order"), required=False)
    name = forms.CharField(label=_("Name"), required=False, max_length=100)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=30)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    received_at = forms.DateTimeField(
        label=_("Received at"),
        required=False,
        help_text=_(
            "Empty = now. Of a public post, when it was posted: its 24 hours run from then."
        ),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    is_mine = forms.BooleanField(label=_("I take charge of it"), required=False, initial=True)

    def __init__(
        self,
        *args: Any,
        stores: list[tuple[str, str]],
        orders: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        nothing = ("", _("not known yet"))
        offered = [("", _("no order, or another one")), *orders]
        self.fields["order"].choices = offered  # type: ignore[attr-defined]
        self.fields["kind"].choices = _kinds()  # type: ignore[attr-defined]
        self.fields["source"].choices = [  # type: ignore[attr-defined]
            (code, case_words.source_word(code)) for code in SOURCES if code in BY_HAND
        ]
        self.fields["topic"].choices = [nothing, *case_words.topics().items()]  # type: ignore[attr-defined]
        self.fields["store"].choices = [nothing, *stores]  # type: ignore[attr-defined]

    def clean_received_at(self) -> Any:
        """An instant of our time; before the year 2 the clock itself ends."""
        found = self.cleaned_data["received_at"]
        if found is not None and found.year < EARLIEST_YEAR:
            raise forms.ValidationError(_("Choose a day and a time."))
        return found


class ReplyForm(Form):
    """What staff say to the customer, and what they promise by it."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    text = _words(
        5,
        _("Reply to the customer"),
        help_text=_("First what was found, then what is done, and when it will be done."),
    )
    channel = forms.ChoiceField(label=_("How it is said"))
    is_answer = forms.BooleanField(
        label=_("This is the answer: the customer has the result; the clock stops"), required=False
    )
    promise = forms.CharField(label=_("What is promised"), required=False, max_length=500)
    due_on = forms.DateField(
        label=_("Promised until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, channels: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = channels  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A promise needs its day, and a day its promise."""
        found = super().clean() or {}
        if bool(found.get("promise")) != bool(found.get("due_on")) and "due_on" not in self.errors:
            self.add_error("due_on", _("A promise has words and a day."))
        return found


class ClassifyForm(Form):
    """What a case is about, where it happened, who is in charge."""

    kind = forms.ChoiceField(label=_("What is it"))
    topic = forms.ChoiceField(label=_("About"), required=False)
    store = forms.ChoiceField(label=_("Store"), required=False)
    owner = forms.ChoiceField(label=_("In charge"), required=False)

    def __init__(
        self,
        *args: Any,
        stores: list[tuple[str, str]],
        people: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = _kinds()  # type: ignore[attr-defined]
        self.fields["topic"].choices = [  # type: ignore[attr-defined]
            ("", _("not known yet")),
            *case_words.topics().items(),
        ]
        self.fields["store"].choices = [("", _("no store")), *stores]  # type: ignore[attr-defined]
        self.fields["owner"].choices = people  # type: ignore[attr-defined]


class WorkForm(Form):
    """What was learnt and what is done about it."""

    summary = _words(2, _("Summary: the facts of this and similar cases"), required=False)
    cause = _words(2, _("Cause"), required=False)
    remedy = _words(2, _("Remedy: what is done about it"), required=False)


class RemarkForm(Form):
    """Words among staff."""

    text = _words(2, _("Note among colleagues"), help_text=_("The customer never sees it."))


class PromiseForm(Form):
    """A promise of its own."""

    text = forms.CharField(label=_("What is promised"), max_length=500)
    due_on = forms.DateField(
        label=_("Promised until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    @classmethod
    def fresh(cls, today: date) -> "PromiseForm":
        """An empty form that offers tomorrow."""
        return cls(initial={"due_on": today + timedelta(1)}, prefix="promise")


class CloseForm(Form):
    """The last step."""

    lesson = _words(
        2, _("Improvement noted: what we do so that it does not come again"), required=False
    )


class ReopenForm(Form):
    """Why a case goes on."""

    text = _words(2, _("Why it goes on"))


class CompensationForm(Form):
    """What is given to make up for it."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    kind = forms.ChoiceField(
        label=_("Given as"), choices=[("points", _("Points")), ("coupon", _("Coupon"))]
    )
    amount = forms.DecimalField(label=_("Amount"), min_value=0, max_digits=12, decimal_places=2)


def _kinds() -> list[tuple[str, str]]:
    return [(code, case_words.kind_word(code)) for code in case_words.KINDS]
