"""Statements about how somebody may be written to. They are only ever added; the newest counts."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from huitou.customers import agreement, errors, models
from huitou.customers.facts import ConsentStated
from huitou.customers.types import (
    CHANNELS,
    LONGEST_PROOF,
    LONGEST_REFERENCE,
    PURPOSES,
    SOURCES,
    SOURCES_BY_HAND,
    STATES,
    ConsentIn,
    Statement,
)
from huitou.platform import facts

_EARLIEST = date(1980, 1, 1)


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
            _add(_row(customer_id, one, now))
    return len(fresh)


def state_consent(*, customer_id: int, statement: Statement, now: datetime) -> bool:
    """Keep one statement; returns whether it said something new."""
    return bool(state_consents(customer_id=customer_id, statements=[statement], now=now))


def record_consent(
    *, customer_id: int, consent: ConsentIn, user_id: int | None, zone: ZoneInfo, now: datetime
) -> int:
    """Put on record by hand what a customer said, one statement a channel, also where it only
    says again what is known: its proof is another. How many were written; once per key.

    A statement of an earlier day takes its place among the others by that day.

    Raises:
        NoSuchCustomer, ProofMissing, StatedAhead: nothing is written.
    """
    _check_by_hand(consent, now=now, zone=zone)
    at = agreement.stated_at(consent.said_on, consent.state, now=now, zone=zone)
    with transaction.atomic():
        _lock(customer_id)
        keys = {f"{consent.key}:{channel}": channel for channel in consent.channels}
        written = models.Consent.objects.filter(key__in=keys).values_list("key", flat=True)
        for key in keys.keys() - set(written):
            said = Statement(
                keys[key], consent.purpose, consent.state, consent.evidence, consent.source
            )
            row = _row(customer_id, said, now)
            row.stated_at, row.key = at, key
            row.reference = consent.reference.strip()[:LONGEST_REFERENCE]
            row.user_id, row.user_name = user_id, consent.user_name
            _add(row)
    return len(keys) - len(written)


def _check(one: Statement) -> None:
    if one.channel not in CHANNELS or one.purpose not in PURPOSES or one.state not in STATES:
        raise ValueError(f"no such statement: {one.channel} {one.purpose} {one.state}")
    if one.source and one.source not in SOURCES:
        raise ValueError(f"no such source: {one.source}")
    if one.state == "given" and not one.evidence:
        raise ValueError("consent is given with its evidence")


def _check_by_hand(consent: ConsentIn, *, now: datetime, zone: ZoneInfo) -> None:
    if not consent.channels or not consent.key or consent.source not in SOURCES_BY_HAND:
        raise ValueError("a statement by hand has channels, a source and a key")
    if consent.state == "given" and not consent.evidence.strip():
        raise errors.ProofMissing
    for channel in consent.channels:
        _check(Statement(channel, consent.purpose, consent.state, consent.evidence))
    today = now.astimezone(zone).date()
    if consent.said_on is not None and not _EARLIEST <= consent.said_on <= today:
        raise errors.StatedAhead


def _row(customer_id: int, one: Statement, now: datetime) -> models.Consent:
    return models.Consent(
        customer_id=customer_id,
        channel=one.channel,
        purpose=one.purpose,
        state=one.state,
        evidence=one.evidence.strip()[:LONGEST_PROOF],
        source=one.source,
        stated_at=now,
        recorded_at=now,
    )


def _add(row: models.Consent) -> None:
    row.save(force_insert=True)
    facts.record(ConsentStated(row.pk, row.customer_id, row.channel, row.purpose, row.state))


def _lock(customer_id: int) -> None:
    locked = models.Customer.objects.select_for_update().filter(pk=customer_id)
    if not locked.values_list("pk", flat=True):
        raise errors.NoSuchCustomer(customer=customer_id)


def _locked_newest(customer_id: int) -> dict[tuple[str, str], str]:
    """The newest state by channel and purpose; two statements at once wait for each other."""
    _lock(customer_id)
    rows = (
        models.Consent.objects.filter(customer_id=customer_id)
        .order_by("channel", "purpose", "-stated_at", "-pk")
        .distinct("channel", "purpose")
        .values_list("channel", "purpose", "state")
    )
    return {(channel, purpose): state for channel, purpose, state in rows}
