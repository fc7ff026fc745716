"""What a customer writes to us with: what it is, about what, what happened, how to reach them."""

import uuid
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from huitou.ui import case_words
from huitou.ui.forms import Form
from huitou.voice.types import LONGEST_TEXT

_KEY: Final = r"^[0-9A-Za-z]{32,64}$"  # never that of another system: theirs have a slash


def new_key() -> str:
    """What makes pressing a button twice send once."""
    return uuid.uuid4().hex


class Tell(Form):
    """A complaint, a suggestion, a question, a praise."""

    key = forms.RegexField(_KEY, widget=forms.HiddenInput)
    store = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)
    kind = forms.ChoiceField(label=_("What is it"), widget=forms.RadioSelect)
    topic = forms.ChoiceField(label=_("About"), widget=forms.RadioSelect, required=False)
    text = forms.CharField(
        label=_("What happened"),
        max_length=LONGEST_TEXT,
        help_text=_("When, where, and what would make it good again."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    order = forms.ChoiceField(label=_("Which order"), required=False)
    name = forms.CharField(
        label=_("What shall we call you"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        help_text=_("You get the link that follows your case, and our answer."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    # People do not see it and leave it empty; programs that fill every field give themselves away.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1"}))

    def __init__(
        self, *args: Any, orders: list[tuple[str, str]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(code, case_words.kind_word(code)) for code in case_words.KINDS]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["topic"].choices = list(case_words.topics().items())  # type: ignore[attr-defined]
        offered = [("", _("no order, or another one")), *(orders or [])]
        self.fields["order"].choices = offered  # type: ignore[attr-defined]


class Word(Form):
    """A word more to an open case, or why it is not solved."""

    key = forms.RegexField(_KEY, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What would you like to add"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
