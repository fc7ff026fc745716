"""What happened, in the past tense: the base of every room's facts, and their recorder."""

import dataclasses
import logging
from typing import ClassVar

from django.db.models.functions import Now

from huitou.platform import logs, models

log = logging.getLogger("huitou.facts")


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
    its change.
    """
    if not fact.name:
        raise ValueError(f"{type(fact).__name__} has no name")
    payload = dataclasses.asdict(fact)
    row = models.Fact.objects.create(
        name=fact.name, payload=payload, actor=logs.actor(), recorded_at=Now()
    )
    log.info(fact.name, extra={"fields": {"fact_id": row.pk, **payload}})
    return int(row.pk)
