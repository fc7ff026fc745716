"""Everything kept about one customer, to take along: readable by people and by machines."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from huitou.audiences import erasure as audience_data
from huitou.audiences import queries as audiences
from huitou.campaigns import erasure as campaign_data
from huitou.campaigns import queries as campaigns
from huitou.customers import erasure as customer_data
from huitou.customers import queries as customers
from huitou.customers.errors import NoSuchCustomer
from huitou.insights import erasure as insight_data
from huitou.orders import queries as orders
from huitou.platform import audit
from huitou.platform.messages import erasure as messages
from huitou.points import queries as points
from huitou.points.types import POINTS, QUALIFYING
from huitou.programmes import erasure as programme_data
from huitou.programmes import queries as programmes
from huitou.staff import queries as staff
from huitou.voice import queries as voice

MOST_ROWS: Final = 10_000  # of one kind: nobody has more
_PAGE: Final = 200
# Whether it is ours alone and means nothing to the customer.
_INNER: Final = frozenset(
    {"customer_id", "store_id", "owner_id", "import_id", "case_id", "id", "home_store_id", "token"}
) | {"campaign_id"}

# Every column that says whose a row is, and the part of the export it stands in. A test holds it
# to the tables there are, and to what an erasure leaves.
PARTS: Final = {
    ("audiences_person", "customer_id"): "estimates",
    ("audiences_standing", "customer_id"): "estimates",
    ("audiences_storeperson", "customer_id"): "stores",
    ("campaigns_assignment", "customer_id"): "campaigns",
    ("campaigns_assignment", "unit_id"): "campaigns",
    ("campaigns_globalunit", "customer_id"): "control_groups",
    ("campaigns_globalunit", "unit_id"): "control_groups",
    ("customers_address", "customer_id"): "further_addresses",
    ("customers_consent", "customer_id"): "consents",
    ("customers_contact", "customer_id"): "contacts",
    ("customers_customerbeforeimage", "customer_id"): "earlier_versions",
    ("customers_identity", "customer_id"): "known_as",
    ("customers_membersession", "customer_id"): "signed_in",
    ("customers_merge", "customer_id"): "joined",
    ("customers_merge", "gone_customer_id"): "joined",
    ("insights_change", "customer_id"): "changes",
    ("insights_reason", "customer_id"): "noticed",
    ("orders_order", "customer_id"): "orders",
    ("platform_message", "customer_id"): "messages",
    ("points_account", "customer_id"): "points",
    ("programmes_compensation", "customer_id"): "compensations",
    ("programmes_coupon", "customer_id"): "coupons",
    ("programmes_coupon", "redeemed_by_id"): "coupons",
    ("programmes_earning", "customer_id"): "earned",
    ("programmes_membership", "customer_id"): "membership",
    ("programmes_payment", "customer_id"): "paid_with_points",
    ("programmes_tierchange", "customer_id"): "tier_changes",
    ("voice_answer", "customer_id"): "answers",
    ("voice_case", "customer_id"): "cases",
    ("voice_invitation", "customer_id"): "invitations",
    ("voice_promise", "customer_id"): "promises",
}


def handed_out(customer_id: int, *, actor: str, now: datetime) -> dict[str, Any]:
    """``everything_about`` this customer, for a colleague to hand to them; that it was is noted."""
    audit.note(
        actor=actor,
        action="export_customer",
        subject=f"customer:{customer_id}",
        before=None,
        after=None,
        now=now,
    )
    return everything_about(customer_id, now=now)


def handed_out_by_code(code: str, *, actor: str, now: datetime) -> dict[str, Any]:
    """``handed_out`` of the customer with this code.

    Raises:
        NoSuchCustomer: nobody has it.
    """
    customer_id = customers.by_code(code)
    if customer_id is None:
        raise NoSuchCustomer(customer=code)
    return handed_out(customer_id, actor=actor, now=now)


def everything_about(customer_id: int, *, now: datetime) -> dict[str, Any]:
    """What every room keeps of this customer, as JSON values; money in minor units, as named."""
    company = staff.company()
    programme = programmes.programme()
    person = audiences.person(customer_id)
    found: dict[str, Any] = {
        "made_at": now.isoformat(),
        "shop": company.name if company else "",
        "currency": company.currency if company else "",
        "customer": {
            **(_plain(customers.contact(customer_id)) or {}),
            "name": person.name if person else "",
            "code": person.code if person else "",
        },
        "known_as": _rows(customers.identities(customer_id)),
        "further_addresses": [
            {"kind": kind, "value": value} for kind, value in customers.addresses(customer_id)
        ],
        "contacts": _rows(customers.contact_history(customer_id, limit=MOST_ROWS)),
        "consents": _rows(customers.consent_history(customer_id)),
        "membership": _plain(programmes.member(customer_id)),
        "tier_changes": _rows(programmes.tier_changes(customer_id, limit=MOST_ROWS)),
        "points": _statement(programme.id, customer_id, POINTS) if programme else [],
        "qualifying": _statement(programme.id, customer_id, QUALIFYING) if programme else [],
        "orders": _orders(customer_id),
        "answers": _rows(voice.answers_of(customer_id, limit=MOST_ROWS)),
        "attitudes": _rows(voice.attitudes_of(customer_id)),
        "invitations": _rows(voice.invitations_of(customer_id, limit=MOST_ROWS)),
        "cases": _cases(customer_id),
        "promises": _rows(voice.promises_to(customer_id, limit=MOST_ROWS)),
        "campaigns": _rows(campaigns.lines_of(customer_id, limit=MOST_ROWS)),
        "messages": _rows(messages.export(customer_id)),
        "estimates": _plain(person),
        "joined": _rows(customer_data.joined(customer_id)),
        **_parts(customer_id),
    }
    for gone in customers.numbers_of(customer_id):  # what cannot move stands under their numbers
        found["campaigns"] += _rows(campaigns.lines_of(gone, limit=MOST_ROWS))
        for part, rows in _parts(gone).items():
            found[part] += rows
    return found


def _parts(customer_id: int) -> dict[str, Any]:
    """What rooms keep for nobody but the customer to read."""
    stores = {store.id: store.name or store.code for store in staff.stores()}
    bought = audience_data.export(customer_id)["stores"]
    return {
        **_plain(programme_data.export(customer_id, limit=MOST_ROWS)),
        **_plain(insight_data.export(customer_id, limit=MOST_ROWS)),
        **_plain(campaign_data.export(customer_id)),
        **_plain(customer_data.export(customer_id)),
        "stores": [{**_plain(row), "store": stores.get(row["store_id"], "")} for row in bought],
    }


def _statement(programme_id: int, customer_id: int, unit: str) -> list[Any]:
    found: list[Any] = []
    before = None
    while len(found) < MOST_ROWS:
        rows = points.statement(programme_id, customer_id, unit, before=before, limit=_PAGE)
        found += _rows(rows)
        if len(rows) < _PAGE:
            break
        before = rows[-1].transfer_id
    return found


def _orders(customer_id: int) -> list[Any]:
    found: list[Any] = []
    after = None
    while len(found) < MOST_ROWS:
        page = orders.orders_of(customer_id, limit=_PAGE, after=after)
        found += [
            {**_plain(order), "lines": _rows(orders.lines_of(order.order_id))}
            for order in page.rows
        ]
        after = page.next
        if after is None:
            break
    return found


def _cases(customer_id: int) -> list[Any]:
    found = []
    for line in voice.cases_of(customer_id, limit=MOST_ROWS):
        case = voice.case_of_customer(line.public_id, customer_id)
        story = voice.story(case.case_id, for_customer=True) if case else []
        found.append({**_plain(line), "story": _rows(story)})
    return found


def _rows(rows: Sequence[Any]) -> list[Any]:
    return [_plain(row) for row in rows]


def _plain(value: Any) -> Any:
    """``value`` as JSON: rows by the names of their fields, without numbers only we understand."""
    if hasattr(value, "_asdict"):
        value = value._asdict()
    elif is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items() if key not in _INNER}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.value if isinstance(value, Enum) else value
