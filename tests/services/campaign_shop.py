"""A shop whose customers can be written to, for tests of campaigns."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from huitou.audiences import services as audiences
from huitou.campaigns import queries as campaigns
from huitou.campaigns.types import CampaignRow, Terms
from huitou.flows import campaign_terms
from huitou.flows import campaigns as flow
from huitou.platform.models import Message
from tests.services.measured_shop import Sale, Shop, found

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)  # noon in Shanghai
TODAY = date(2026, 6, 1)
EVERYONE: dict[str, Any] = {"v": 1, "where": {"all": []}}
TERMS = Terms(
    theme="好久不见",
    goal="win_back",
    audience_id=None,
    audience_name="",
    audience_version=0,
    expression={},
    channel="email",
    subject="{{ name }}，好久不见",
    text="{{ name }}您好，{{ shop }}想您了。",
    holdout_percent=50,
)


def shop(
    people: int, *, consent: str = "given", channel: str = "email", shared: Iterable[int] = ()
) -> Shop:
    """A shop with customers c0001 …, all with phone, e-mail and consent; ``shared`` have one
    phone among them."""
    with connection.cursor() as cursor:  # the same ids in every run: the same draws
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('customers_customer', 'id'), 1, false)"
        )
    made = found()
    made._store("s1")
    made.known([f"c{number:04}" for number in range(1, people + 1)])
    same = set(shared)
    with connection.cursor() as cursor:
        for code, customer_id in made.customers.items():
            number = int(code[1:])
            phone = f"+861390000{0 if number in same else number:04}"
            cursor.execute(
                "UPDATE customers_customer SET email = code || '@example.com', phone = %s,"
                " phone_reversed = %s, name = %s WHERE id = %s",
                [phone, phone[::-1].rstrip("+"), f"顾客{number}", customer_id],
            )
        cursor.executemany(
            "INSERT INTO customers_consent (customer_id, channel, purpose, state, evidence,"
            " reference, source, user_name, stated_at)"
            " VALUES (%s, %s, 'marketing', %s, 'form', '', '', '', %s)",
            [
                (customer_id, channel, consent, NOW - timedelta(days=300))
                for customer_id in made.customers.values()
            ],
        )
    return made


def refuse(made: Shop, codes: Sequence[str], *, channel: str = "email") -> None:
    """These customers refuse marketing."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO customers_consent (customer_id, channel, purpose, state, evidence,"
            " reference, source, user_name, stated_at)"
            " VALUES (%s, %s, 'marketing', 'refused', 'form', '', '', '', %s)",
            [(made.customers[code], channel, NOW - timedelta(days=1)) for code in codes],
        )


def campaign(
    *, now: datetime = NOW, buckets: tuple[int, int] | None = None, **changes: Any
) -> CampaignRow:
    """A draft for everyone, whose draw on the same people is always the same.

    ``buckets``: only for those in these hundredths of all customers, both ends in.
    """
    number = len(campaigns.campaigns()) + 1
    name, expression = "所有人", EVERYONE
    if buckets is not None:
        name = f"第 {buckets[0]} 到 {buckets[1]}"
        bucket = {"field": "random_bucket", "op": "between", "value": list(buckets)}
        expression = {"v": 1, "where": {"all": [bucket]}}
    if name not in {row.name for row in _audiences()}:
        audiences.save(name=name, expression=expression, now=now)
    audience = next(row for row in _audiences() if row.name == name).public_id
    public_id = campaign_terms.save(
        public_id=None, audience=audience, terms=replace(TERMS, **changes), actor="user:1", now=now,
        key=(f"cam_{number:018}", "salt"),
    )  # fmt: skip
    return campaigns.one(public_id)


def sent(
    *, now: datetime = NOW, buckets: tuple[int, int] | None = None, **changes: Any
) -> CampaignRow:
    """A campaign that was drawn and whose messages are all in the outbox."""
    row = campaign(now=now, buckets=buckets, **changes)
    flow.confirm(row.public_id, at=None, actor="user:1", now=now)
    flow.work(now, batches=1_000)
    return campaigns.one(row.public_id)


def four_of_a_kind(
    made: Shop, *, first: datetime, apart: bool = True, **changes: Any
) -> list[CampaignRow]:
    """Four finished campaigns of one kind, 40 days after each other: to a quarter of the people
    each, or all of them to everybody. Of the sent group two in five come back."""
    rows = []
    for number in range(4):
        now = first + timedelta(days=40 * number)
        buckets = (25 * number, 25 * number + 24) if apart else None
        row = sent(now=now, buckets=buckets, theme=f"第 {number} 场", **changes)
        Message.objects.update(state="cancelled")
        come_back(made, arms(row.id)["treated"], 0.4, on=now.date() + timedelta(days=3))
        made.add([Sale(None, now.date() + timedelta(days=32))])
        flow.judge(row.public_id, now=now + timedelta(days=33))
        rows.append(campaigns.one(row.public_id))
    return rows


def arms(campaign_id: int) -> dict[str, set[int]]:
    """Customers by arm."""
    found: dict[str, set[int]] = {}
    for person in campaigns.people(campaign_id, limit=100_000):
        found.setdefault(person.arm, set()).add(person.customer_id)
    return found


def come_back(made: Shop, people: Iterable[int], share: float, *, on: date) -> None:
    """Exactly this share of these customers buys on ``on``: a draw is random, its test is not."""
    codes = {customer_id: code for code, customer_id in made.customers.items()}
    ordered = sorted(people)
    made.add(Sale(codes[customer_id], on) for customer_id in ordered[: round(share * len(ordered))])


def orders_came_in(*, at: datetime) -> None:
    """As if a file of orders had been brought in at this instant."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO platform_fact (name, payload, actor, recorded_at)"
            " VALUES ('orders.import_applied', '{}', 'test', %s)",
            [at],
        )


def _audiences() -> Any:
    from huitou.audiences import queries

    return queries.audiences()
