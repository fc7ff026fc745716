"""Lists: messages handed out together, for a platform to send. At most one list a message."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from huitou.kit.ids import public_id
from huitou.platform import audit, facts, models
from huitou.platform.messages import errors
from huitou.platform.messages.facts import ListClosed, ListMade
from huitou.platform.statements import Statements

_SQL = Statements(__file__)


def make(
    message_ids: Sequence[int], *, channel: str, source: str, actor: str, now: datetime
) -> str:
    """Put those of these messages that still wait on a new list; its public id.

    Raises:
        NothingToSend: none of them waits any more.
    """
    with transaction.atomic():
        made = models.MessageList.objects.create(
            public_id=public_id("lst", now),
            channel=channel,
            source=source,
            made_by=actor,
            made_at=now,
        )
        values = {"ids": list(message_ids), "list_id": made.pk, "now": now}
        count = _SQL.run("hand_out", values)
        if count == 0:
            raise errors.NothingToSend(channel=channel)
        facts.record(ListMade(made.pk, count))
    return made.public_id


def close(list_id: str, *, has_left: bool, actor: str, now: datetime) -> int:
    """Expect nothing more about a list: what no word came back about was sent, or was not.

    Returns how many messages that settles. Closing twice changes nothing.

    Raises:
        ListMissing: there is no such list.
    """
    with transaction.atomic():
        found = models.MessageList.objects.select_for_update().filter(public_id=list_id).first()
        if found is None:
            raise errors.ListMissing(list_id=list_id)
        state = "sent" if has_left else "failed"
        open_ones = models.Message.objects.filter(list=found, state="sending")
        count = open_ones.update(state=state, reason="said_by_person", ended_at=now)
        if found.closed_at is None:
            found.closed_at = now
            found.save(update_fields=["closed_at"])
            facts.record(ListClosed(found.pk, count))
            after = {"state": state, "messages": count}
            audit.note(
                actor=actor,
                action="close_list",
                subject=f"list:{list_id}",
                before=None,
                after=after,
                now=now,
            )
    return count
