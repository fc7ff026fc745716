"""What comes back about messages: a mailbox of bounced mails, a platform's list. First a plan,
then the change.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.db import transaction

from huitou.customers import rules as customer_rules
from huitou.customers import services as customers
from huitou.customers.errors import NoSuchCustomer
from huitou.customers.types import Statement
from huitou.flows import contacting
from huitou.platform import facts
from huitou.platform.messages import channels, errors, handing, reporting, rules, services
from huitou.platform.messages import queries as outbox
from huitou.platform.messages.facts import Complained, Unsubscribed
from huitou.platform.messages.queries import SpokenOf
from huitou.platform.messages.types import UNREADABLE, BadRow, Dead, Report

# What each outcome makes of a message, and why.
_BECOMES: Final = {
    "sent": ("sent", ""),
    "failed": ("failed", "message_refused"),
    "later": ("failed", "came_back_for_now"),
    "bounced": ("bounced", "came_back"),
    "refused": ("refused", "message_refused"),
    "unsubscribed": ("sent", ""),  # who answers “no more” has got it
    "complained": ("sent", ""),  # who calls it spam has got it
}
_NO_MORE: Final = frozenset({"unsubscribed", "complained"})
_PROOF: Final = {
    "unsubscribed": "unsubscribed from",
    "complained": "complaint (feedback report) about",
}
EMAIL: Final = "email"


@dataclass
class Plan:
    """What reports would change; nothing is written yet."""

    channel: str
    reports: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)  # of messages that would change
    unchanged: int = 0
    rejected: list[BadRow] = field(default_factory=list)  # rows that change nothing, and why
    changes: dict[int, reporting.Change] = field(default_factory=dict)
    dead: dict[str, Dead] = field(default_factory=dict)  # by address digest
    came: list[reporting.Came] = field(default_factory=list)  # what came back by mail
    no_more: dict[int, tuple[SpokenOf, str]] = field(default_factory=dict)  # by message, how said

    @property
    def unreadable(self) -> list[BadRow]:
        """Rows that somebody must look into before anything is written."""
        return [row for row in self.rejected if row.reason in UNREADABLE]

    @property
    def unknown_lines(self) -> list[int]:
        """Rows that speak of no message of ours."""
        return [row.line for row in self.rejected if row.reason == "not_ours"]

    @property
    def impossible_lines(self) -> list[int]:
        """Rows that say what cannot be any more."""
        return [row.line for row in self.rejected if row.reason == "impossible"]


def plan(path: Path, *, channel: str, list_id: str = "", now: datetime) -> Plan:
    """Compare a file of reports with what is on record.

    Args:
        list_id: a list whose messages are meant where only an address is named; "" = the newest
            message to that address. Of mails that came back an address proves nothing.

    Raises:
        HuitouError: the file cannot be read, or there is no such list.
    """
    if list_id:
        outbox.one_list(list_id)
    reader = channels.reporting(channel)
    if reader is None:
        raise ValueError(f"nobody reads what comes back about {channel}")
    said = list(reader(contacting.surroundings(channel, now=now)).reports(path))
    return planned(said, channel=channel, list_id=list_id)


def planned(said: Sequence[Report | BadRow], *, channel: str, list_id: str = "") -> Plan:
    """Compare reports with what is on record; rows nobody can read are listed."""
    readable = [one for one in said if isinstance(one, Report)]
    known = _addresses(channel, readable)
    made = Plan(channel, reports=len(said))
    made.rejected = [one for one in said if isinstance(one, BadRow)]
    found = outbox.spoken_of(readable, channel=channel, list_id=list_id, addresses=known)
    for report, address, message in zip(readable, known, found, strict=True):
        if message is not None:
            _weigh(made, report, message)
        elif channel != EMAIL and not report.ref and not report.provider_id and not address:
            reason = "address_unreadable" if report.address else "names_nothing"
            made.rejected.append(BadRow(report.line, "address", report.address[:60], reason))
        else:
            name, given = ("message_id", report.ref) if report.ref else ("address", address)
            made.rejected.append(BadRow(report.line, name, given[:60], "not_ours"))
    made.rejected.sort(key=lambda row: row.line)
    made.outcomes = Counter(change.state for change in made.changes.values())
    made.outcomes.update(how for _, how in made.no_more.values())
    return made


def apply(
    path: Path, *, channel: str, list_id: str = "", skip_rejected: bool = False, now: datetime
) -> Plan:
    """Plan anew, and write it in one transaction. Taking the same file twice changes nothing.

    Who unsubscribed or complained has withdrawn consent on this channel; what still waits for them
    is not sent.

    Raises:
        RowsUnreadable: rows say nothing we know, and ``skip_rejected`` is not set; nothing is
            written.
    """
    with transaction.atomic():
        made = plan(path, channel=channel, list_id=list_id, now=now)
        if made.unreadable and not skip_rejected:
            first = made.unreadable[0]
            raise errors.RowsUnreadable(
                count=len(made.unreadable), line=first.line, field=first.field
            )
        write(made, now=now)
    return made


def write(made: Plan, *, now: datetime) -> None:
    """Write what a plan says. In the caller's transaction."""
    dead = [made.dead[digest] for digest in sorted(made.dead)]
    reporting.take(list(made.changes.values()), dead=dead, now=now)
    reporting.keep_returns(made.came, now=now)
    _bury_what_came_too_often(made, now)
    for message, how in made.no_more.values():
        _withdraw(message, how, now)


def _weigh(made: Plan, report: Report, message: SpokenOf) -> None:
    """Put one report into the plan; of several about one message the last that can be counts."""
    outcome = _of_this_address(report, message)
    state, reason = _BECOMES[outcome]
    change = made.changes.get(message.id)
    before = change.state if change else message.state
    if outcome in _NO_MORE and message.customer_id is not None:
        made.no_more[message.id] = (message, outcome)
    if outcome == "bounced":
        why = "came_back" if made.channel == EMAIL else "reported"
        dead = Dead(made.channel, message.address_digest, why, report.detail)
        made.dead.setdefault(message.address_digest, dead)
    if made.channel == EMAIL:
        made.came.append(
            reporting.Came(message.id, outcome, report.detail, made.channel, message.address_digest)
        )
    if before == state or (outcome in _NO_MORE and before in {"sent", "bounced"}):
        made.unchanged += 1
    elif rules.may_move(before, state):
        made.changes[message.id] = reporting.Change(message.id, state, reason, report.detail)
    else:
        made.rejected.append(BadRow(report.line, "status", report.outcome, "impossible"))


def _of_this_address(report: Report, message: SpokenOf) -> str:
    """What the report says of the address we wrote to: that a mailbox is gone to which somebody
    forwards says only that the mail did not arrive."""
    if message.channel != EMAIL or report.outcome != "bounced" or not report.address:
        return report.outcome
    is_ours = services.address_digest(EMAIL, report.address) == message.address_digest
    return "bounced" if is_ours else "later"


def _bury_what_came_too_often(made: Plan, now: datetime) -> None:
    limit = contacting.returns_limit(now=now)
    digests = sorted({one.address_digest for one in made.came if one.kind == "later"} - {""})
    if limit is None or not digests:
        return
    most, days = limit
    full = reporting.too_often(
        digests, channel=made.channel, since=now - timedelta(days=days), most=most
    )
    details = {one.address_digest: one.detail for one in made.came}
    handing.bury(
        [Dead(made.channel, one, "came_back_often", details[one]) for one in sorted(full)], now=now
    )


def _withdraw(message: SpokenOf, how: str, now: datetime) -> None:
    customer_id = message.customer_id
    assert customer_id is not None, "only known customers are planned"
    purposes = {"marketing", message.purpose} - {"service"}
    evidence = f"{_PROOF[how]} {message.ref}"
    statements = [
        Statement(message.channel, purpose, "withdrawn", evidence, "report")
        for purpose in sorted(purposes)
    ]
    try:
        news = customers.state_consents(customer_id=customer_id, statements=statements, now=now)
    except NoSuchCustomer:  # erased since
        return
    if news:
        said = Complained if how == "complained" else Unsubscribed
        facts.record(said(message.id, customer_id))
    services.cancel_for(customer_id, channels=[message.channel], purposes=sorted(purposes))


def _addresses(channel: str, reports: Iterable[Report]) -> list[str]:
    """The addresses as we keep them; in a mail anybody can have written any."""
    if channel == EMAIL:
        return ["" for _ in reports]
    if channel not in {"sms", "phone"}:
        return [report.address for report in reports]
    numbers = [customer_rules.phone(report.address) for report in reports]
    return [number.number if number else "" for number in numbers]
