"""Lists for platforms: what is due goes out as a file once everybody on it has been asked about."""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, Final

from huitou.flows import contacting
from huitou.platform.messages import channels, errors, handing, lists
from huitou.platform.messages import queries as outbox
from huitou.platform.messages.channels import ListChannel
from huitou.platform.messages.types import PURPOSES, Message

MOST: Final = 100_000  # messages of one list; more make a second one
_CHUNK: Final = 5_000


def make(*, channel: str, source: str = "", actor: str, now: datetime) -> str:
    """Put every message of ``channel`` that is due and may go onto a new list; its public id.

    Who may not be written to is refused with the reason. From now on the messages count as handed
    over: they stand on this list and on no other, however often its file is written.

    Raises:
        NothingToSend: nothing is due, or nobody may be written to.
        SenderBusy: somebody else hands messages over just now.
    """
    writer = _writer(channel, now)
    with handing.bulk_lane() as is_ours:
        if not is_ours:
            raise errors.SenderBusy
        chosen: list[int] = []
        rows = outbox.due(channel, purposes=PURPOSES, now=now, limit=MOST, source=source)
        for start in range(0, len(rows), _CHUNK):
            chunk = rows[start : start + _CHUNK]
            refused = contacting.refusals(chunk, now=now)
            may = [row.id for row in chunk if row.id not in refused]
            for message in outbox.messages(may):
                if (reason := writer.objection(message)) is not None:
                    refused[message.id] = reason
            handing.refuse(list(refused.items()), now=now)
            chosen += [pk for pk in may if pk not in refused]
        if not chosen:
            raise errors.NothingToSend(channel=channel)
        return lists.make(chosen, channel=channel, source=source, actor=actor, now=now)


def write(list_id: str, out: BinaryIO, *, now: datetime) -> int:
    """Write the file of a list; how many messages. Written again it holds the same messages.

    Raises:
        ListMissing: there is no such list.
    """
    row = outbox.one_list(list_id)
    return _writer(row.channel, now).write(_messages(list_id), out)


def _messages(list_id: str) -> Iterator[Message]:
    ids = outbox.on_list(list_id)
    for start in range(0, len(ids), _CHUNK):
        yield from outbox.messages(ids[start : start + _CHUNK])


def _writer(channel: str, now: datetime) -> ListChannel:
    found = channels.listing(channel)
    if found is None:
        raise errors.NothingToSend(channel=channel)
    return found(contacting.surroundings(channel, now=now))
