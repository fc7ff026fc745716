"""Who stands at the counter: found by card, coupon, end of the phone number or name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from huitou.audiences import queries as audiences
from huitou.audiences.queries import PersonRow
from huitou.customers import queries as customers
from huitou.points import queries as points
from huitou.programmes import errors
from huitou.programmes import queries as programmes
from huitou.programmes.types import CouponRow, CouponState, MemberRow, Tier
from huitou.ui.rule_words import tier_name

MOST_FOUND: Final = 12
_SHOWN_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Person:
    """One customer as a cashier may see them: no more than is needed to know them again."""

    customer_id: int
    name: str
    phone: str  # only its end: …1234
    is_member: bool
    card_number: str
    tier: str
    tier_code: str
    balance: int
    visits: int
    last_on: date | None


@dataclass(frozen=True, slots=True)
class Finds:
    """Who a text means; ``coupon`` when the text was a coupon's code."""

    people: list[Person]
    is_cut: bool = False
    coupon: str = ""


def find(text: str, *, today: date) -> Finds:
    """Everyone ``text`` may mean: a card number and a coupon's code name one person."""
    member = programmes.member_with_card(text)
    if member is not None:
        return Finds(people([member.customer_id], today=today))
    coupon = _coupon(text, today)
    if coupon is not None:
        owner = [coupon.customer_id] if coupon.customer_id is not None else []
        return Finds(people(owner, today=today), coupon=coupon.code)
    found = customers.search(text, limit=MOST_FOUND)
    return Finds(people(found.ids, today=today), is_cut=found.is_cut)


def person(customer_id: int, *, today: date) -> Person | None:
    """One customer; ``None`` if there is none."""
    return next(iter(people([customer_id], today=today)), None)


def people(customer_ids: Sequence[int], *, today: date) -> list[Person]:
    """These customers, members first, in a fixed number of statements."""
    ids = list(customer_ids)
    if not ids:
        return []
    programme = programmes.programme()
    members = programmes.members_of(ids)
    rules = programmes.rules_on(today)
    tiers = {tier.code: tier for tier in rules.rules.tiers} if rules else {}
    balances = points.balances(programme.id, ids) if programme else {}
    phones = customers.contacts(ids)
    found = [
        _person(
            row,
            members.get(row.customer_id),
            tiers,
            balances[row.customer_id].shown if row.customer_id in balances else 0,
            phones.get(row.customer_id, ("", ""))[0],
        )
        for row in audiences.rows(ids, slot=None)
    ]
    return sorted(found, key=lambda one: (not one.is_member, one.name, one.customer_id))


def usable_coupons(customer_id: int, *, today: date) -> list[CouponRow]:
    """The coupons this customer could use today."""
    issued = CouponState.ISSUED.value
    return [row for row in programmes.coupons_of(customer_id, today=today) if row.state == issued]


def _person(
    row: PersonRow, member: MemberRow | None, tiers: dict[str, Tier], balance: int, phone: str
) -> Person:
    is_member = member is not None and member.left_at is None
    tier = tiers.get(member.tier) if member and is_member else None
    return Person(
        customer_id=row.customer_id,
        name=row.name or row.code,
        phone=f"…{phone[-_SHOWN_DIGITS:]}" if phone else "",
        is_member=is_member,
        card_number=member.card_number if member else "",
        tier=tier_name(tier) if tier else "",
        tier_code=tier.code if tier else "",
        balance=balance,
        visits=row.purchases,
        last_on=row.last_ordered_on,
    )


def _coupon(text: str, today: date) -> CouponRow | None:
    try:
        return programmes.coupon(text, today=today)
    except errors.CouponUnknown:
        return None
