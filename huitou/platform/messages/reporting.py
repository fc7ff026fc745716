"""What providers said later, written to the messages they speak of."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from huitou.platform import audit, facts, models
from huitou.platform.messages import handing
from huitou.platform.messages.facts import AddressesRevived, ReportsTaken
from huitou.platform.messages.types import Dead
from huitou.platform.statements import Statements

_SQL = Statements(__file__)


class Change(NamedTuple):
    """What is to become of one message."""

    message_id: int
    state: str
    reason: str
    detail: str


class Came(NamedTuple):
    """What came back about one message, by mail: ``kind`` as ``types.OUTCOMES`` says."""

    message_id: int
    kind: str
    detail: str
    channel: str
    address_digest: str


def take(changes: Sequence[Change], *, dead: Sequence[Dead], now: datetime) -> int:
    """Write what became of these messages; how many changed. In one transaction."""
    columns = list(zip(*changes, strict=True)) or [(), (), (), ()]
    values = dict(zip(("ids", "states", "reasons", "details"), map(list, columns), strict=True))
    with transaction.atomic():
        count = _SQL.run("take_reports", {**values, "now": now})
        handing.bury(dead, now=now)
        if count or dead:
            facts.record(ReportsTaken(count, len(dead)))
    return count


def keep_returns(came: Sequence[Came], *, now: datetime) -> None:
    """Keep what came back, of each message each kind once."""
    models.Return.objects.bulk_create(
        [models.Return(at=now, **one._asdict()) for one in came], ignore_conflicts=True
    )


def too_often(digests: Sequence[str], *, channel: str, since: datetime, most: int) -> set[str]:
    """Those of these addresses from which ``most`` messages or more came back for now since."""
    values = {"channel": channel, "digests": list(digests), "since": since, "most": most}
    return {digest for (digest,) in _SQL.rows("too_often", values)}


def revive(refs: Sequence[str], *, actor: str, now: datetime) -> int:
    """Somebody knows that the addresses of these messages work: they may be written to again, and
    what came back from them counts no more. How many addresses.
    """
    with transaction.atomic():
        found = models.Message.objects.filter(ref__in=list(refs)).exclude(address_digest="")
        ways = set(found.values_list("channel", "address_digest"))
        count = 0
        for channel, digest in sorted(ways):
            kept = models.DeadAddress.objects.filter(channel=channel, digest=digest)
            gone, _ = kept.delete()
            count += gone
            came = models.Return.objects.filter(channel=channel, address_digest=digest)
            came.filter(kind="later").delete()
        if count:
            facts.record(AddressesRevived(count))
            audit.note(
                actor=actor,
                action="revive_address",
                subject=f"message:{min(refs)}",
                before={"dead": count},
                after={"messages": sorted(refs)},
                now=now,
            )
    return count
