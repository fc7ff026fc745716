"""How audiences speak: the reader's language, the company's money, the names of stores."""

from collections.abc import Mapping
from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from huitou.console.shell import company_of
from huitou.kit.conditions.readable import Speech
from huitou.kit.conditions.types import Field
from huitou.kit.money import Currency
from huitou.kit.text import gettext_noop as _
from huitou.staff import queries as staff
from huitou.ui import figures

CHANNELS = {
    "sms": (_("Text message"), "message"),
    "wechat": (_("WeChat"), "brand-wechat"),
    "email": (_("E-mail"), "mail"),
    "phone": (_("Phone"), "phone"),
}
STORE_FIELDS = frozenset({"home_store", "main_store", "store"})


def currency_of(request: HttpRequest) -> Currency:
    """The company's currency."""
    company = company_of(request)
    return Currency(company.currency if company else "CNY")


def store_names(request: HttpRequest) -> Mapping[str, str]:
    """The name of each store by its number as text; read once per request."""
    if not hasattr(request, "_store_names"):
        request._store_names = {  # type: ignore[attr-defined]
            str(store.id): store.name or store.code for store in staff.stores()
        }
    found: Mapping[str, str] = request._store_names  # type: ignore[attr-defined]
    return found


def speech_of(request: HttpRequest) -> Speech:
    """The words of conditions for this reader."""
    currency = currency_of(request)
    language = get_language() or "zh-hans"

    def day(value: date) -> str:
        civil = timezone.localtime(value).date() if isinstance(value, datetime) else value
        return figures.day(civil, language, with_year=True)

    def code(field: Field, value: str) -> str:
        return store_names(request).get(value, value) if field.name in STORE_FIELDS else value

    return Speech(
        gettext=gettext,
        ngettext=ngettext,
        money=lambda minor: figures.money(minor, currency.code, language),
        major=lambda major: figures.money(
            round(major * 10**currency.decimals), currency.code, language
        ),
        day=day,
        code=code,
    )
