"""The forms of the team: somebody new, somebody changed, a password chosen."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huitou.console.forms import Form
from huitou.console.shell import ROLE_WORDS
from huitou.staff import errors
from huitou.staff.types import StoreRow

LANGUAGES: Final = (("zh-hans", "简体中文"), ("en", "English"))
FIELD_OF: Final = {
    errors.EmailInvalid: "email",
    errors.EmailTaken: "email",
    errors.RoleUnknown: "role",
    errors.StoreMissing: "stores",
    errors.PasswordWeak: "password",
}


class PersonForm(Form):
    """Who somebody is here."""

    name = forms.CharField(label=_("Name"), max_length=100)
    email = forms.EmailField(
        label=_("Work e-mail"),
        max_length=254,
        help_text=_("They sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Role"))
    stores = forms.MultipleChoiceField(
        label=_("Stores"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "None chosen: office staff see every store; cashiers, account managers and client "
            "advisers see nobody until they have a store."
        ),
    )

    def __init__(self, *args: Any, stores: list[StoreRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("role", [(code, gettext(words)) for code, words in ROLE_WORDS.items()])
        self._offer("stores", [(str(row.id), row.name or row.code) for row in stores])
        self.fields["stores"].widget.attrs.pop("class", None)

    def store_ids(self) -> tuple[int, ...]:
        """The chosen stores."""
        return tuple(int(chosen) for chosen in self.cleaned_data["stores"])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class NewPersonForm(PersonForm):
    """Somebody new, and how they get in."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    way = forms.ChoiceField(label=_("How they get in"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, may_write: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [("password", gettext("Show me a password once; I hand it over"))]
        if may_write:
            link = gettext("Send them a link by e-mail; they choose their own password")
            ways.insert(0, ("link", link))
        self._offer("way", ways)
        self.fields["way"].initial = ways[0][0]


class ChosenPassword(Form):
    """A password of one's own."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_("At least ten characters, not a word of a dictionary."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
