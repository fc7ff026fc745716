"""What conditions on people may ask about who they are, and how each channel reaches them.

This room stands below the registry of fields and cannot call it: audiences fetch this list.
"""

from typing import Final, NamedTuple

from huitou.customers.types import CHANNELS
from huitou.kit.conditions.types import Clock, Field, Kind, PersonField, Source
from huitou.kit.statements import statement
from huitou.kit.text import gettext_noop as _

PEOPLE: Final = Source("c", "customers_v_customer", key="id")
CONSENTS: Final = Source("k", f"({statement(__file__, 'person_consents')})")
PROFILE: Final = _("Profile")
CONSENT: Final = _("Consent and reach")
_STATES: Final = (
    ("given", _("given")),
    ("refused", _("refused")),
    ("withdrawn", _("withdrawn")),
    ("unknown", _("never asked")),
)
_KINDS: Final = (("person", _("person")), ("company", _("company")), ("dealer", _("dealer")))
_CONSENT_WORDS: Final = {
    "sms": _("Consent to marketing by text message"),
    "email": _("Consent to marketing by e-mail"),
    "wechat": _("Consent to marketing by WeChat"),
    "phone": _("Consent to marketing by phone"),
    "post": _("Consent to marketing by post"),
    "app": _("Consent to marketing in the app"),
}
_REACH_WORDS: Final = {
    "sms": _("Can be contacted by text message"),
    "email": _("Can be contacted by e-mail"),
    "wechat": _("Can be contacted by WeChat"),
    "phone": _("Can be contacted by phone"),
}
_BACK_WORDS: Final = {
    "sms": _("Text messages came back: a new number is needed"),
    "email": _("E-mails came back: a new address is needed"),
}
_PHONE: Final = "(c.phone <> '' AND NOT c.phone_is_masked)"
# Solar days as month * 100 + day; those kept in the lunar calendar are negative.
_BIRTHDAY: Final = (
    "(CASE WHEN c.birth_calendar = 'lunar' THEN -1 ELSE 1 END)"
    " * (EXTRACT(MONTH FROM c.birth_date) * 100 + EXTRACT(DAY FROM c.birth_date))::int"
)


class Way(NamedTuple):
    """How marketing goes to people on one channel, as SQL over ``PEOPLE`` and ``CONSENTS``."""

    channel: str
    address: str  # whether there is one
    state: str  # what stands: a state of consent, the strictest at the address; do_not_contact
    is_dead: str = "FALSE"  # whether messages came back from the best address


def _way(channel: str, first: str) -> Way:
    """A channel to an address of which people may have several, and share them: ``first`` is
    whether there is a first one. Whoever shares an address shares “do not contact” there."""
    said = f"COALESCE(k.{channel}_all, 'unknown')"
    return Way(
        channel,
        address=f"COALESCE(k.{channel}_has, {first})",
        state=f"CASE WHEN k.stop OR k.stop_{channel} THEN 'do_not_contact' ELSE {said} END",
        is_dead=f"COALESCE(k.{channel}_dead, FALSE)",
    )


WAYS: Final = (
    _way("sms", _PHONE),
    Way(
        "wechat",
        "EXISTS(SELECT 1 FROM customers_v_identity AS w"
        " WHERE w.customer_id = c.id AND w.source = 'wechat')",
        "CASE WHEN k.stop THEN 'do_not_contact' ELSE COALESCE(k.wechat_all, 'unknown') END",
    ),
    _way("email", "(c.email <> '')"),
    _way("phone", _PHONE),
)
_FURTHER: Final = "EXISTS(SELECT 1 FROM customers_address a WHERE a.customer_id = c.id AND a.kind ="


def _of_people(field: Field, column: str) -> PersonField:
    return PersonField(field, PEOPLE, column)


FIELDS: Final = (
    _of_people(Field("name", Kind.TEXT, _("Name"), group=PROFILE), "NULLIF(c.name_folded, '')"),
    _of_people(Field("kind", Kind.CHOICE, _("Kind"), choices=_KINDS, group=PROFILE), "c.kind"),
    _of_people(Field("tags", Kind.SET, _("Tags"), group=PROFILE), "c.tags"),
    _of_people(
        Field("home_store", Kind.CHOICE, _("Home store"), group=PROFILE),
        "CAST(c.home_store_id AS TEXT)",
    ),
    _of_people(
        Field("acquired_from", Kind.CHOICE, _("Came from"), group=PROFILE),
        "NULLIF(c.acquired_from, '')",
    ),
    _of_people(
        Field(
            "birthday", Kind.NUMBER, _("Days until the birthday"), unit="days",
            clock=Clock.DAYS_TO_YEARLY, group=PROFILE,
        ),
        _BIRTHDAY,
    ),
    _of_people(
        Field("created_at", Kind.INSTANT, _("Known to us since"), group=PROFILE), "c.created_at"
    ),
    _of_people(
        Field("has_phone", Kind.FLAG, _("Has a phone number"), group=CONSENT),
        f"({_PHONE} OR {_FURTHER} 'phone'))",
    ),
    _of_people(
        Field("has_email", Kind.FLAG, _("Has an e-mail"), group=CONSENT),
        f"(c.email <> '' OR {_FURTHER} 'email'))",
    ),
    PersonField(
        Field("do_not_contact", Kind.FLAG, _("Not to be contacted"), group=CONSENT),
        CONSENTS,
        "COALESCE(k.stop, FALSE)",
    ),
    *(
        PersonField(
            Field(f"reachable_{way.channel}", Kind.FLAG, _REACH_WORDS[way.channel], group=CONSENT),
            CONSENTS,
            f"({way.address} AND NOT {way.is_dead} AND {way.state} = 'given')",
        )
        for way in WAYS
    ),
    *(
        PersonField(
            Field(f"came_back_{way.channel}", Kind.FLAG, _BACK_WORDS[way.channel], group=CONSENT),
            CONSENTS,
            way.is_dead,
        )
        for way in WAYS
        if way.channel in _BACK_WORDS
    ),
    *(
        PersonField(
            Field(
                f"consent_{channel}", Kind.CHOICE, _CONSENT_WORDS[channel], choices=_STATES,
                group=CONSENT,
            ),
            CONSENTS,
            f"COALESCE(k.{channel}, 'unknown')",
        )
        for channel in CHANNELS
    ),
)  # fmt: skip
