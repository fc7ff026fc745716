"""Forgetting one person in every room, in one transaction, so that nothing of them is left.

What must stay for the books stays without them: sales to nobody, points posted to a number, the
count of who was drawn. Files that were brought in are deleted after 30 days by themselves, and
backups by whoever keeps them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from huitou.audiences import erasure as audiences
from huitou.campaigns import erasure as campaigns
from huitou.customers import erasure as customers
from huitou.customers import queries as customer_queries
from huitou.customers.errors import NameNotConfirmed, NoSuchCustomer
from huitou.customers.services import lock as no_import
from huitou.insights import erasure as insights
from huitou.orders import erasure as orders
from huitou.platform import audit
from huitou.platform import erasure as platform
from huitou.platform.messages import erasure as messages
from huitou.points import queries as points_queries
from huitou.points import services as points
from huitou.points.types import POINTS, QUALIFYING, Adjust
from huitou.programmes import erasure as programmes
from huitou.programmes import queries as programme_queries
from huitou.voice import erasure as voice


@dataclass(frozen=True, slots=True)
class Erased:
    """What was forgotten: rows by room and table."""

    customer_id: int
    rows: Mapping[str, Mapping[str, int]]

    @property
    def total(self) -> int:
        """How many rows it was in all."""
        return sum(sum(tables.values()) for tables in self.rows.values())


def erase(code: str, *, confirmed: str, actor: str, now: datetime) -> Erased:
    """Forget the customer called ``code`` for good; ``confirmed`` is the code once more, as a
    person typed it.

    Their points are written off first, so that the books owe nobody. It waits for an import that
    is being written.

    Raises:
        NoSuchCustomer, NameNotConfirmed: nothing is erased.
    """
    if confirmed.strip() != code:
        raise NameNotConfirmed(customer=code)
    with transaction.atomic():
        no_import()
        customer_id = customer_queries.by_code(code)
        if customer_id is None:
            raise NoSuchCustomer(customer=code)
        programmes.lock(customer_id=customer_id)
        texts, addresses = customers.texts(customer_id), customers.addresses(customer_id)
        rows = {
            "insights": insights.erase(customer_id=customer_id),
            "voice": voice.erase(
                customer_id=customer_id, addresses=addresses, actor=actor, now=now
            ),
            "campaigns": _forget_arms([customer_id, *customer_queries.numbers_of(customer_id)]),
            "points": {"written_off": _write_off(customer_id, actor, now)},
            "programmes": programmes.erase(customer_id=customer_id),
            "orders": orders.erase(customer_id=customer_id),
            "audiences": audiences.erase(customer_id=customer_id),
            "messages": {"messages": messages.erase(customer_id, addresses=addresses, now=now)},
            "platform": platform.erase(texts=texts),
            "customers": customers.erase(customer_id=customer_id),
        }
        audit.note(
            actor=actor,
            action="erase_customer",
            subject=f"customer:{customer_id}",
            before=None,
            after=rows,
            now=now,
        )
    return Erased(customer_id, rows)


def _forget_arms(numbers: Sequence[int]) -> dict[str, int]:
    """In campaigns, under every number the person was drawn by."""
    return {"assignments": sum(campaigns.erase(customer_id=one)["assignments"] for one in numbers)}


def _write_off(customer_id: int, actor: str, now: datetime) -> int:
    """Take what the person has; returns how many accounts that were."""
    programme = programme_queries.programme()
    if programme is None:
        return 0
    taken = 0
    for unit in (POINTS, QUALIFYING):
        balance = points_queries.account(programme.id, customer_id, unit).balance
        if balance > 0:
            adjustment = Adjust(
                source="erasure",
                external_id=f"{customer_id}:{unit}",
                customer_id=customer_id,
                unit=unit,
                points=-balance,
                reason="erased",
                actor=actor,
                occurred_at=now,
            )
            points.post(programme.id, [adjustment], now=now)
            taken += 1
    return taken
