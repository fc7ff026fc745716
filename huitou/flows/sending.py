"""The one place that hands messages to the outside, and the one that asks first: consent, “do not
contact”, caps, dead addresses, quiet hours.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from huitou.customers import queries as customers
from huitou.customers.queries import ReachRow
from huitou.kit.clock import civil_day, zone
from huitou.platform.messages import queries as outbox
from huitou.staff import errors as staff_errors
from huitou.staff import queries as staff


def may_contact(
    customer_ids: Iterable[int], *, channel: str, purpose: str, now: datetime
) -> dict[int, str | None]:
    """Of each customer, why a message of ``purpose`` on ``channel`` may not go to them; None = it
    may. For campaigns and surveys, before anybody is drawn; asked again when the message leaves.

    The reasons are codes of ``platform.messages.types.REASONS``. Messages that already wait count
    towards the cap. Quiet hours are no reason: a message waits until they are over.
    """
    asked = list(dict.fromkeys(customer_ids))
    reach = customers.reach(asked, channel=channel, purpose=purpose)
    caps = _over_cap(asked, purpose=purpose, now=now)
    dead = _dead(reach.values(), channel=channel, purpose=purpose)
    return {pk: _reason(reach.get(pk), pk in caps, dead) for pk in asked}


def addresses(customer_ids: Iterable[int], *, channel: str, purpose: str) -> dict[int, str]:
    """Where ``channel`` reaches each of these customers; who is not reached is left out."""
    reach = customers.reach(list(customer_ids), channel=channel, purpose=purpose)
    return {pk: row.address for pk, row in reach.items() if row.address}


def _reason(reach: ReachRow | None, is_over_cap: bool, dead: set[str]) -> str | None:
    if reach is None:
        return "no_such_customer"
    if reach.refusal is not None:
        return reach.refusal
    if not reach.address:
        return "no_address"
    if reach.address in dead:
        return "address_dead"
    return "cap" if is_over_cap else None


def _dead(reach: Iterable[ReachRow], *, channel: str, purpose: str) -> set[str]:
    """Addresses not to be tried; an answer to somebody's own question is always tried."""
    if purpose == "service":
        return set()
    return outbox.dead(channel, [row.address for row in reach if row.address])


def _over_cap(customer_ids: Sequence[int], *, purpose: str, now: datetime) -> set[int]:
    """Who has got, or is about to get, as many messages of ``purpose`` as one may."""
    cap = cap_of(purpose, now=now)
    if cap is None:
        return set()
    most, days = cap
    since = now - timedelta(days=days)
    counts = outbox.recently(customer_ids, purpose=purpose, since=since, with_waiting=True)
    return {pk for pk in customer_ids if counts.get(pk, 0) >= most}


def cap_of(purpose: str, *, now: datetime) -> tuple[int, int] | None:
    """How often in how many days a customer may get messages of ``purpose``; None = no cap."""
    if purpose == "service":
        return None
    company = staff.company()
    if company is None:
        raise staff_errors.NotSetUp
    on = civil_day(now, zone(company.zone))
    value = staff.setting("contact_caps", on=on, scope=f"purpose:{purpose}")
    return (int(value[0]), int(value[1])) if value else None
