"""Whom we may write to: consent, “do not contact”, dead addresses, caps and quiet hours, asked of
every room at once. ``flows.sending`` is the door to it.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings

from huitou.customers import queries as customers
from huitou.customers.types import ReachRow
from huitou.kit.clock import civil_day, zone
from huitou.platform.messages import queries as outbox
from huitou.platform.messages.queries import DueRow
from huitou.platform.messages.quiet import QuietHours
from huitou.platform.messages.tariffs import Tariff, preset
from huitou.platform.messages.types import Surroundings
from huitou.staff import errors as staff_errors
from huitou.staff import queries as staff
from huitou.staff.types import CompanyRow


def may_contact(
    customer_ids: Iterable[int],
    *,
    channel: str,
    purpose: str,
    now: datetime,
    house: "House | None" = None,
) -> dict[int, str | None]:
    """Of each customer, why a message of ``purpose`` on ``channel`` may not go to them; None = it
    may. For campaigns and surveys, before anybody is drawn; asked again when the message leaves.

    The reasons are codes of ``platform.messages.types.REASONS``. Messages that already wait count
    towards the cap. Quiet hours are no reason: a message waits until they are over. ``house``: as
    ``house_on`` read it, for who asks more than once.
    """
    asked = list(dict.fromkeys(customer_ids))
    reach = customers.reach(asked, channel=channel, purpose=purpose)
    full = _over_cap(asked, house or house_on(now), purpose=purpose, now=now)
    return {pk: _reason(reach.get(pk), purpose, is_over_cap=pk in full) for pk in asked}


def addresses(customer_ids: Iterable[int], *, channel: str, purpose: str) -> dict[int, str]:
    """Where ``channel`` reaches each of these customers; who is not reached is left out."""
    reach = customers.reach(list(customer_ids), channel=channel, purpose=purpose)
    return {pk: row.address for pk, row in reach.items() if row.address}


def refusals(rows: Sequence[DueRow], *, now: datetime) -> dict[int, str]:
    """Of these messages of one channel that are about to leave, which may not, and why.

    Their order counts: the first ones of a customer fill the cap.
    """
    refused: dict[int, str] = {}
    for purpose in dict.fromkeys(row.purpose for row in rows):
        refused |= _refusals([row for row in rows if row.purpose == purpose], purpose, now)
    return refused


def cap_of(purpose: str, *, now: datetime, house: "House | None" = None) -> tuple[int, int] | None:
    """How often in how many days a customer may get messages of ``purpose``; None = no cap."""
    if purpose == "service":
        return None
    value = (house or house_on(now)).rule("contact_caps", f"purpose:{purpose}")
    return (int(value[0]), int(value[1])) if value else None


def returns_limit(*, now: datetime) -> tuple[int, int] | None:
    """How many mails coming back for now, in how many days, make an address one that nobody is
    reached at; None = any number does not."""
    value = house_on(now).rule("soft_bounces")
    return (int(value[0]), int(value[1])) if value else None


def takes_letters(*, now: datetime) -> bool:
    """Whether a letter in the mailbox becomes a case."""
    return bool(house_on(now).rule("letters_become_cases"))


def words_days(house: "House") -> int:
    """For how many days the words of a message are kept."""
    return int(house.rule("message_words_days"))


def quiet_until(channel: str, *, now: datetime) -> datetime | None:
    """When the quiet hours of ``channel`` that it is in now are over; None = it is not quiet."""
    return house_on(now).quiet_until(channel, now)


def tariff(channel: str, *, now: datetime, house: "House | None" = None) -> Tariff | None:
    """What ``channel`` costs from today on; None = nobody has said."""
    house = house or house_on(now)
    value = house.rule("tariff_minor", f"channel:{channel}")
    return Tariff(*map(int, value)) if value else preset(channel, house.company.currency)


def surroundings(channel: str, *, now: datetime) -> Surroundings:
    """What a channel must know of this house."""
    return house_on(now).surroundings(channel)


def standing(
    channel: str, *, now: datetime, house: "House | None" = None
) -> tuple[Surroundings, datetime | None]:
    """``surroundings`` and ``quiet_until``, read at once."""
    house = house or house_on(now)
    return house.surroundings(channel), house.quiet_until(channel, now)


def _refusals(rows: Sequence[DueRow], purpose: str, now: datetime) -> dict[int, str]:
    channel = rows[0].channel
    # The address is the message's own: it may be the one they wrote from.
    places = [(row.customer_id, row.address) for row in rows if row.customer_id is not None]
    reach = customers.reach_at(places, channel=channel, purpose=purpose)
    strangers = [row.address for row in rows if row.customer_id is None and row.address]
    dead = set() if purpose == "service" else outbox.dead(channel, strangers)
    house = house_on(now)
    cap = cap_of(purpose, now=now, house=house)
    ids = list(dict.fromkeys(pk for pk, _address in places))
    got = {} if cap is None else _got(ids, purpose, house.since(cap[1], now), with_waiting=False)
    refused: dict[int, str] = {}
    for row in rows:
        pk = row.customer_id
        is_over_cap = cap is not None and pk is not None and got.get(pk, 0) >= cap[0]
        if row.not_after is not None and now >= row.not_after:
            reason: str | None = "too_late"
        elif pk is None:
            reason = "address_dead" if row.address in dead else None
        else:
            reason = _reason(reach.get((pk, row.address)), purpose, is_over_cap=is_over_cap)
        if reason is not None:
            refused[row.id] = reason
        elif pk is not None:
            got[pk] = got.get(pk, 0) + 1
    return refused


def _reason(reach: ReachRow | None, purpose: str, *, is_over_cap: bool) -> str | None:
    if reach is None:
        return "no_such_customer"
    if not reach.address:
        return "no_address"
    if reach.refusal is not None:
        return reach.refusal
    if reach.is_dead and purpose != "service":  # an answer to their own question is always tried
        return "address_dead"
    return "cap" if is_over_cap else None


def _over_cap(
    customer_ids: Sequence[int], house: "House", *, purpose: str, now: datetime
) -> set[int]:
    """Who has got, or is about to get, as many messages of ``purpose`` as one may."""
    cap = cap_of(purpose, now=now, house=house)
    if cap is None:
        return set()
    got = _got(customer_ids, purpose, house.since(cap[1], now), with_waiting=True)
    return {pk for pk in customer_ids if got.get(pk, 0) >= cap[0]}


def _got(
    customer_ids: Sequence[int], purpose: str, since: datetime, *, with_waiting: bool
) -> dict[int, int]:
    return outbox.recently(customer_ids, purpose=purpose, since=since, with_waiting=with_waiting)


@dataclass(frozen=True, slots=True)
class House:
    """The company and its rules of today, read at once."""

    company: CompanyRow
    in_force: Mapping[tuple[str, str], Any]

    def today(self, now: datetime) -> date:
        """The civil day of the company."""
        return civil_day(now, zone(self.company.zone))

    def since(self, days: int, now: datetime) -> datetime:
        """When the last ``days`` civil days of the company began, today among them."""
        first = self.today(now) - timedelta(days=days - 1)
        return datetime.combine(first, time.min, zone(self.company.zone)).astimezone(UTC)

    def rule(self, name: str, scope: str = "") -> Any:
        """The value in force for the scope, else for the company."""
        return self.in_force.get((name, scope), self.in_force.get((name, "")))

    def quiet_until(self, channel: str, now: datetime) -> datetime | None:
        """When the quiet hours that ``now`` is in are over."""
        hours = QuietHours.parsed(self.rule("quiet_hours", f"channel:{channel}"))
        where = zone(self.company.zone)
        return hours.over_at(now, where) if hours and hours.covers(now, where) else None

    def surroundings(self, channel: str) -> Surroundings:
        """What the channel must know."""
        hours = str(self.rule("quiet_hours", f"channel:{channel}") or "")
        start, _, end = hours.partition("-")
        return Surroundings(
            company=self.company.name,
            public_url=settings.PUBLIC_URL,
            smtp_url=settings.SMTP_URL,
            imap_url=settings.IMAP_URL,
            mark_key=_mark_key(),
            mail_from=str(self.rule("mail_from") or ""),
            signature=str(self.rule("sms_signature") or self.company.name[:16]),
            send_between=f"{end}-{start}" if hours else "",
        )


def _mark_key() -> str:
    """A key of its own: channels of others see it, the secret of the site they do not."""
    secret = str(settings.SECRET_KEY).encode()
    return hmac.new(secret, b"huitou.messages.marks", hashlib.sha256).hexdigest()


def house_on(now: datetime, *, company: CompanyRow | None = None) -> House:
    """The company and its rules of today, for who asks more than one thing; ``company`` saves
    reading it again.

    Raises:
        NotSetUp: there is none.
    """
    company = company or staff.company()
    if company is None:
        raise staff_errors.NotSetUp
    today = civil_day(now, zone(company.zone))
    rows = staff.settings_on(today, company=company)
    return House(company, {(row.name, row.scope): row.value for row in rows})
