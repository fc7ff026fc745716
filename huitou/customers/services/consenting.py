"""Statements about how somebody may be written to. They are only ever added; the newest counts."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from huitou.customers import errors, models
from huitou.customers.facts import ConsentStated
from huitou.customers.types import CHANNELS, PURPOSES, STATES, Statement
from huitou.platform import facts


def state_consents(*, customer_id: int, statements: Sequence[Statement], now: datetime) -> int:
    """Keep what this customer says on channels and purposes; returns how many statements are new.

    What says the same as the newest statement of its channel and purpose is not written again.

    Raises:
        NoSuchCustomer: nothing is written.
    """
    for one in statements:
        _check(one)
    with transaction.atomic():
        newest = _locked_newest(customer_id)
        fresh = [one for one in statements if newest.get((one.channel, one.purpose)) != one.state]
        for one in fresh:
            _add(customer_id, one, now)
    return len(fresh)


def state_consent(*, customer_id: int, statement: Statement, now: datetime) -> bool:
    """Keep one statement; returns whether it said something new."""
    return bool(state_consents(customer_id=customer_id, statements=[statement], now=now))


def _check(one: Statement) -> None:
    if one.channel not in CHANNELS or one.purpose not in PURPOSES or one.state not in STATES:
        raise ValueError(f"no such statement: {one.channel} {one.purpose} {one.state}")
    if one.state == "given" and not one.evidence:
        raise ValueError("consent is given with its evidence")


def _add(customer_id: int, one: Statement, now: datetime) -> None:
    row = models.Consent.objects.create(
        customer_id=customer_id,
        channel=one.channel,
        purpose=one.purpose,
        state=one.state,
        evidence=one.evidence[:500],
        stated_at=now,
    )
    facts.record(ConsentStated(row.pk, customer_id, one.channel, one.purpose, one.state))


def _locked_newest(customer_id: int) -> dict[tuple[str, str], str]:
    """The newest state by channel and purpose; two statements at once wait for each other."""
    locked = models.Customer.objects.select_for_update().filter(pk=customer_id)
    if not locked.values_list("pk", flat=True):
        raise errors.NoSuchCustomer(customer=customer_id)
    rows = (
        models.Consent.objects.filter(customer_id=customer_id)
        .order_by("channel", "purpose", "-stated_at", "-pk")
        .distinct("channel", "purpose")
        .values_list("channel", "purpose", "state")
    )
    return {(channel, purpose): state for channel, purpose, state in rows}
