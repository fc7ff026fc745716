"""Decisions about what is said of a customer: what a phone number, an address, a row of a file
is."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from huitou.customers.types import CHANNELS, CustomerIn, Rejected
from huitou.kit.text import gettext_noop as _

_SEPARATORS: Final = re.compile(r"[\s().\-/_]+")
_MASK: Final = re.compile(r"[*xX＊•]")
_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_LANDLINE: Final = re.compile(r"0(10|2\d|[3-9]\d{2})(\d{7,8})")
_SERVICE: Final = re.compile(r"[48]00\d{7}")
_FOREIGN: Final = re.compile(r"\+[1-9]\d{6,14}")
_EMAIL: Final = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,190}\.[^@\s,;<>\".]{2,63}")


class Phone(NamedTuple):
    """A number as it is kept. A masked one cannot be reached; its visible tail can still be looked
    for."""

    number: str
    is_masked: bool

    @property
    def reversed_digits(self) -> str:
        """The digits backwards, so that a tail is a prefix; of a masked number, those after the
        mask."""
        tail = _MASK.split(self.number)[-1]
        return "".join(filter(str.isdigit, tail))[::-1]


def phone(text: str) -> Phone | None:
    """``text`` as a number in international form; None if it cannot be one.

    Eleven digits that begin like a mobile number, landlines with their area code and 400 numbers
    are Chinese. A number with stars in it is kept as it is.
    """
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if _MASK.search(plain):
        digits = sum(map(str.isdigit, plain))
        return Phone(_MASK.sub("*", plain), True) if digits >= 2 and len(plain) <= 20 else None
    if plain.startswith("00"):
        plain = "+" + plain[2:]
    if plain.startswith("86") and _MOBILE.fullmatch(plain[2:]):
        plain = "+" + plain
    if plain.startswith("+86"):
        plain = plain[3:]
        landline = _LANDLINE.fullmatch(plain) or _LANDLINE.fullmatch("0" + plain)
    else:
        landline = _LANDLINE.fullmatch(plain)
    if _MOBILE.fullmatch(plain) or _SERVICE.fullmatch(plain):
        return Phone("+86" + plain, False)
    if landline:
        return Phone(f"+86{landline[1]}{landline[2]}", False)
    return Phone(plain, False) if _FOREIGN.fullmatch(plain) else None


def email(text: str) -> str | None:
    """``text`` as an address in lower case; None if it cannot be one."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    return plain if _EMAIL.fullmatch(plain) else None


# Why a row of a customers file is rejected, by code.
REASONS: Final = {
    "empty": _("This must not be empty."),
    "too_long": _("This is too long."),
    "control_character": _("There is a control character in it."),
    "twice": _("This customer stands in the file already, on line {line}."),
    "not_a_kind": _("This is none of: person, company, dealer."),
    "not_a_phone": _(
        "This is not a phone number we can read, such as 13812345678 or +44 20 7946 0000."
    ),
    "not_an_email": _("This is not an e-mail address."),
    "not_a_date": _("This is not a date we can read, such as 1990-03-31."),
    "not_a_birthday": _("Nobody is born on this date."),
    "not_a_calendar": _("This is neither solar nor lunar."),
    "not_a_consent": _("This is neither given nor refused."),
    "no_evidence": _("Consent counts as given only with its evidence in consent_evidence."),
    "too_many_cells": _("The row has more cells than the header."),
    "too_few_cells": _("The row has fewer cells than the header."),
    "quote_open": _("A quotation mark is opened here and never closed."),
    "number_rounded": _("A spreadsheet has rounded this number; its last digits are lost."),
    "cell_error": _("The cell holds a spreadsheet error."),
}

_KINDS: Final = {
    "person": "person",
    "个人": "person",
    "个人客户": "person",
    "company": "company",
    "公司": "company",
    "企业": "company",
    "单位": "company",
    "dealer": "dealer",
    "经销商": "dealer",
}
_CALENDARS: Final = {
    "solar": "solar",
    "公历": "solar",
    "阳历": "solar",
    "新历": "solar",
    "lunar": "lunar",
    "农历": "lunar",
    "阴历": "lunar",
    "旧历": "lunar",
}
_CONSENTS: Final = {
    "given": "given",
    "yes": "given",
    "y": "given",
    "true": "given",
    "1": "given",
    "同意": "given",
    "是": "given",
    "refused": "refused",
    "no": "refused",
    "n": "refused",
    "false": "refused",
    "0": "refused",
    "拒绝": "refused",
    "否": "refused",
    "不同意": "refused",
    "withdrawn": "refused",
    "退订": "refused",
    "撤回": "refused",
}
_TAG_ENDS: Final = re.compile(r"[;,|；，、｜]")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
LONGEST_NAME: Final = 200
_LENGTHS: Final = {
    "customer": 200,
    "name": 200,
    "source": 200,
    "home_store": 100,
    "tags": 2000,
    "consent_evidence": 500,
}


def has_control(text: str) -> bool:
    """Whether a control character stands in ``text``."""
    return _CONTROL.search(text) is not None


def customer_in(row: Mapping[str, str], *, line: int, today: date) -> CustomerIn | Rejected:
    """What a row says of a customer, or the first thing that is wrong with it. Empty cells say
    nothing."""
    try:
        return _customer_in(row, line, today)
    except _Wrong as wrong:
        return Rejected(line, wrong.field, row.get(wrong.field, ""), wrong.reason)


class _Wrong(Exception):
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field, reason)
        self.field, self.reason = field, reason


def _customer_in(row: Mapping[str, str], line: int, today: date) -> CustomerIn:
    if row.get("problem"):
        raise _Wrong("file", row["problem"])
    if not row.get("customer"):
        raise _Wrong("customer", "empty")
    for name, text in row.items():
        if len(text) > _LENGTHS.get(name, 500):
            raise _Wrong(name, "too_long")
        if _CONTROL.search(text):
            raise _Wrong(name, "control_character")
    number = _one_of(row, "phone", phone, "not_a_phone")
    return CustomerIn(
        line=line,
        customer=row["customer"],
        name=row.get("name") or None,
        kind=_one_of(row, "kind", lambda text: _KINDS.get(text.lower()), "not_a_kind"),
        phone=number and number.number,
        phone_reversed=number and number.reversed_digits,
        phone_is_masked=number and number.is_masked,
        email=_one_of(row, "email", email, "not_an_email"),
        birth_date=_birth_date(row, today),
        birth_calendar=_one_of(
            row, "calendar", lambda text: _CALENDARS.get(text.lower()), "not_a_calendar"
        ),
        home_store=row.get("home_store") or None,
        acquired_from=row.get("source") or None,
        tags=tags(row.get("tags", "")) or None,
        evidence=row.get("consent_evidence", ""),
        consents=_consents(row),
    )


def _one_of(row: Mapping[str, str], name: str, read: Callable[[str], Any], reason: str) -> Any:
    text = row.get(name, "")
    if not text:
        return None
    found = read(text)
    if found is None:
        raise _Wrong(name, reason)
    return found


def _birth_date(row: Mapping[str, str], today: date) -> date | None:
    text = row.get("birth_date", "")
    if not text:
        return None
    try:
        born = date.fromisoformat(text[:10])
    except ValueError:
        raise _Wrong("birth_date", "not_a_date") from None
    if not date(1880, 1, 1) <= born <= today:
        raise _Wrong("birth_date", "not_a_birthday")
    return born


def _consents(row: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for channel in CHANNELS:
        name = f"consent_{channel}"
        state = _one_of(row, name, lambda text: _CONSENTS.get(text.lower()), "not_a_consent")
        if state == "given" and not row.get("consent_evidence"):
            raise _Wrong(name, "no_evidence")
        if state is not None:
            found[channel] = state
    return found


def tags(text: str) -> tuple[str, ...]:
    """The tags of a line, each once, in their order: divided by commas, semicolons, their Chinese
    likes."""
    return tuple(dict.fromkeys(filter(None, map(str.strip, _TAG_ENDS.split(text)))))
