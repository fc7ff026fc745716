"""What comes back about messages: a mailbox of bounced mails, a platform's list. First a plan,
then the change.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from huitou.customers import rules as customer_rules
from huitou.customers import services as customers
from huitou.customers.errors import NoSuchCustomer
from huitou.customers.types import Statement
from huitou.flows import contacting
from huitou.platform import facts
from huitou.platform.messages import channels, reporting, rules, services
from huitou.platform.messages import queries as outbox
from huitou.platform.messages.facts import Unsubscribed
from huitou.platform.messages.queries import SpokenOf
from huitou.platform.messages.types import Report

# What each outcome makes of a message, and why.
_BECOMES: Final = {
    "sent": ("sent", ""),
    "failed": ("failed", "message_refused"),
    "bounced": ("bounced", "came_back"),
    "refused": ("refused", "message_refused"),
    "unsubscribed": ("sent", ""),  # who answers “no more” has got it
}


@dataclass
class Plan:
    """What a file would change; nothing is written yet."""

    channel: str
    reports: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)  # of messages that would change
    unchanged: int = 0
    unknown_lines: list[int] = field(default_factory=list)  # no message of ours is meant
    impossible_lines: list[int] = field(default_factory=list)  # it cannot be so any more
    changes: dict[int, reporting.Change] = field(default_factory=dict)
    dead: set[str] = field(default_factory=set)  # address digests
    unsubscribed: dict[int, SpokenOf] = field(default_factory=dict)  # by message


def plan(path: Path, *, channel: str, list_id: str = "", now: datetime) -> Plan:
    """Compare a file of reports with what is on record.

    Args:
        list_id: a list whose messages are meant where only an address is named; "" = the newest
            message to that address.

    Raises:
        HuitouError: the file cannot be read, or there is no such list.
    """
    if list_id:
        outbox.one_list(list_id)
    reader = channels.reporting(channel)
    if reader is None:
        raise ValueError(f"nobody reads what comes back about {channel}")
    said = list(reader(contacting.surroundings(channel, now=now)).reports(path))
    found = outbox.spoken_of(said, channel=channel, list_id=list_id, addressed=_addressed)
    made = Plan(channel, reports=len(said))
    for report, message in zip(said, found, strict=True):
        if message is None:
            made.unknown_lines.append(report.line)
        else:
            _weigh(made, report, message)
    made.outcomes = Counter(change.state for change in made.changes.values())
    if made.unsubscribed:
        made.outcomes["unsubscribed"] = len(made.unsubscribed)
    return made


def apply(path: Path, *, channel: str, list_id: str = "", now: datetime) -> Plan:
    """Plan anew, and write it in one transaction. Taking the same file twice changes nothing.

    Who unsubscribed has withdrawn consent on this channel; what still waits for them is not sent.
    """
    with transaction.atomic():
        made = plan(path, channel=channel, list_id=list_id, now=now)
        dead = [(channel, digest) for digest in sorted(made.dead)]
        reporting.take(list(made.changes.values()), dead=dead, now=now)
        for message in made.unsubscribed.values():
            _withdraw(message, now)
    return made


def _weigh(made: Plan, report: Report, message: SpokenOf) -> None:
    """Put one report into the plan; of several about one message the last that can be counts."""
    state, reason = _BECOMES[report.outcome]
    planned = made.changes.get(message.id)
    before = planned.state if planned else message.state
    if report.outcome == "unsubscribed" and message.customer_id is not None:
        made.unsubscribed[message.id] = message
    if report.outcome == "bounced":
        made.dead.add(message.address_digest)
    if before == state or (report.outcome == "unsubscribed" and before in {"sent", "bounced"}):
        made.unchanged += 1
    elif rules.may_move(before, state):
        made.changes[message.id] = reporting.Change(message.id, state, reason, report.detail)
    else:
        made.impossible_lines.append(report.line)


def _withdraw(message: SpokenOf, now: datetime) -> None:
    customer_id = message.customer_id
    assert customer_id is not None, "only known customers are planned"
    purposes = {"marketing", message.purpose} - {"service"}
    evidence = f"unsubscribed from {message.ref}"
    statements = [
        Statement(message.channel, purpose, "withdrawn", evidence, "report")
        for purpose in sorted(purposes)
    ]
    try:
        news = customers.state_consents(customer_id=customer_id, statements=statements, now=now)
    except NoSuchCustomer:  # erased since
        return
    if news:
        facts.record(Unsubscribed(message.id, customer_id))
    services.cancel_for(customer_id, channels=[message.channel], purposes=sorted(purposes))


def _addressed(channel: str, reports: Iterable[Report]) -> Sequence[str]:
    """The addresses as we keep them."""
    if channel not in {"sms", "phone"}:
        return [report.address for report in reports]
    numbers = [customer_rules.phone(report.address) for report in reports]
    return [number.number if number else "" for number in numbers]
