"""What providers said later, written to the messages they speak of."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from huitou.platform import facts
from huitou.platform.messages import handing
from huitou.platform.messages.facts import ReportsTaken
from huitou.platform.statements import Statements

_SQL = Statements(__file__)


class Change(NamedTuple):
    """What is to become of one message."""

    message_id: int
    state: str
    reason: str
    detail: str


def take(changes: Sequence[Change], *, dead: Sequence[tuple[str, str]], now: datetime) -> int:
    """Write what became of these messages; how many changed. In one transaction.

    Args:
        dead: channel and address digest of those nobody is reached at.
    """
    columns = list(zip(*changes, strict=True)) or [(), (), (), ()]
    values = dict(zip(("ids", "states", "reasons", "details"), map(list, columns), strict=True))
    with transaction.atomic():
        count = _SQL.run("take_reports", {**values, "now": now})
        for channel in {channel for channel, _ in dead}:
            handing.bury(channel, [one for name, one in dead if name == channel], now=now)
        if count or dead:
            facts.record(ReportsTaken(count, len(dead)))
    return count
