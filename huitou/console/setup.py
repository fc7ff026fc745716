"""The first visit: the printed token, the owner, then the company and one store, then “import your
orders”.
"""

from collections.abc import Iterable
from typing import Final

from babel.numbers import get_currency_name
from django import forms
from django.contrib.auth import login
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from huitou.console.access import actor_of, may, public
from huitou.console.forms import Form
from huitou.console.shell import company_of
from huitou.console.zones import zone_choices
from huitou.kit.errors import HuitouError
from huitou.staff import queries, services
from huitou.staff.errors import EmailInvalid, EmailTaken, PasswordWeak, SetupTokenInvalid
from huitou.staff.presets.industries import INDUSTRY_WORDS
from huitou.staff.types import CompanyIn, UserIn

CURRENCIES: Final = (
    "CNY",
    "HKD",
    "TWD",
    "USD",
    "EUR",
    "GBP",
    "JPY",
    "KRW",
    "SGD",
    "MYR",
    "THB",
    "AUD",
    "CAD",
    "CHF",
)
_FIELD_OF: Final = {
    SetupTokenInvalid: "token",
    EmailInvalid: "email",
    EmailTaken: "email",
    PasswordWeak: "password",
}


class Owner(Form):
    """The token and the first person."""

    token = forms.CharField(
        label=_("Set-up token"),
        help_text=_("Printed by “huitou serve” when it starts, and good for seven days."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=_("Your name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Work e-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least ten characters, not a word of a dictionary."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class CompanyForm(Form):
    """What every figure depends on: whose days, whose money, whose gaps."""

    name = forms.CharField(
        label=_("Company name"), max_length=200, widget=forms.TextInput(attrs={"autofocus": True})
    )
    zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Days and months are counted in it.")
    )
    currency = forms.ChoiceField(
        label=_("Currency"), help_text=_("One for the whole company; fixed once there are orders.")
    )
    industry = forms.ChoiceField(
        label=_("Trade"),
        help_text=_(
            "Only a start: when a customer counts as silent is learned from your own orders."
        ),
    )
    store = forms.CharField(
        label=_("First store"),
        max_length=100,
        help_text=_("Name or code as your order files write it; others are added by the import."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._choices("zone", zone_choices())
        self._choices("currency", [(code, f"{code} {currency_name(code)}") for code in CURRENCIES])
        self._choices(
            "industry", [(code, gettext(words)) for code, words in INDUSTRY_WORDS.items()]
        )

    def _choices(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)


def currency_name(code: str) -> str:
    """What a currency is called in the language in force."""
    locale = "en" if (translation.get_language() or "").startswith("en") else "zh_Hans"
    return get_currency_name(code, locale=locale)


@public
@sensitive_post_parameters("password", "token")
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Make the holder of the token the owner; closed for good afterwards."""
    if queries.has_owner():
        return redirect("sign_in" if not request.user.is_authenticated else "overview")
    form = Owner(request.POST or None, initial={"token": request.GET.get("token", "")})
    if request.method == "POST" and form.is_valid() and _create_owner(request, form):
        return redirect("setup_company")
    status = 422 if request.method == "POST" else 200
    return render(request, "console/setup/owner.html", {"form": form}, status=status)


def _create_owner(request: HttpRequest, form: Owner) -> bool:
    given = form.cleaned_data
    user = UserIn(given["email"], given["name"], "owner", translation.get_language() or "zh-hans")
    try:
        user_id = services.create_owner(
            token=given["token"].strip(), user=user, password=given["password"], now=timezone.now()
        )
    except HuitouError as error:
        form.refuse(error, _FIELD_OF.get(type(error)))
        return False
    login(request, ModelBackend().get_user(user_id))
    return True


@public
@require_http_methods(["GET", "POST"])
def setup_company(request: HttpRequest) -> HttpResponse:
    """Describe the company and its first store; only while there is none."""
    if not request.user.is_authenticated:
        return redirect("sign_in" if queries.has_owner() else "setup")
    if company_of(request) is not None:
        return redirect("overview")
    if not may(request, "manage_settings"):
        return render(request, "console/errors/403.html", status=403)
    initial = {"zone": "Asia/Shanghai", "currency": "CNY", "industry": "e_commerce"}
    form = CompanyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _set_company(request, form):
        return redirect("setup_done")
    status = 422 if request.method == "POST" else 200
    return render(request, "console/setup/company.html", {"form": form}, status=status)


def _set_company(request: HttpRequest, form: CompanyForm) -> bool:
    given, now = form.cleaned_data, timezone.now()
    company = CompanyIn(given["name"], given["zone"], given["currency"], given["industry"])
    try:
        services.found_company(
            company=company, store=given["store"], actor=actor_of(request), now=now
        )
    except HuitouError as error:
        form.refuse(error)
        return False
    return True


@public
@require_http_methods(["GET"])
def setup_done(request: HttpRequest) -> HttpResponse:
    """The next step: bring the orders in."""
    if not request.user.is_authenticated:
        return redirect("sign_in" if queries.has_owner() else "setup")
    return render(request, "console/setup/done.html")
