"""What happened, in the past tense: the base of every room's facts, and their recorder."""

import dataclasses
import logging
from typing import ClassVar, Final

from django.db import connection, transaction
from django.db.models.functions import Now

from huitou.platform import followups, logs, models

log = logging.getLogger("huitou.facts")
FOLLOW: Final = "flows.follow"  # the job that hands facts on


@dataclasses.dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened. Subclasses are frozen dataclasses of ids and numbers, and fix
    ``name``.

    ``name`` is the room and the past tense: ``orders.import_applied``.
    """

    name: ClassVar[str] = ""


def record(fact: Fact) -> int:
    """Write ``fact`` in the current transaction and log it as one line; returns its id.

    It carries the actor bound by the door and the database's clock, so it commits or vanishes with
    its change. Who follows facts of this name is noted with it and called after the commit.
    """
    if not fact.name:
        raise ValueError(f"{type(fact).__name__} has no name")
    payload = dataclasses.asdict(fact)
    row = models.Fact.objects.create(
        name=fact.name, payload=payload, actor=logs.actor(), recorded_at=Now()
    )
    log.info(fact.name, extra={"fields": {"fact_id": row.pk, **payload}})
    if followups.note(row.pk, fact.name) and not _is_wanted():
        transaction.on_commit(_want_following, robust=True)
    return int(row.pk)


def _is_wanted() -> bool:
    """Whether this transaction asks for the job already."""
    return any(entry[1] is _want_following for entry in connection.run_on_commit)


def _want_following() -> None:
    """Ask for the job after the commit, not in it: two writers would wait for one another at its
    lock. What gets lost here is found by the next tick."""
    from huitou.platform import jobs

    jobs.defer(FOLLOW, only_once=FOLLOW)
