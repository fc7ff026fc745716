"""Reads of answers."""

from collections.abc import Sequence
from datetime import datetime

from huitou.voice import models
from huitou.voice.types import AnswerRow

_FIELDS = ("id", *AnswerRow._fields[1:])


def answers_of(
    customer_id: int, *, limit: int = 50, after: tuple[datetime, int] | None = None
) -> list[AnswerRow]:
    """A customer's answers, newest first; ``after`` = older than this instant and id."""
    rows = models.Answer.objects.filter(customer_id=customer_id).order_by("-answered_at", "-id")
    if after is not None:
        rows = rows.filter(answered_at__lte=after[0]).exclude(
            answered_at=after[0], id__gte=after[1]
        )
    return [AnswerRow(*row) for row in rows.values_list(*_FIELDS)[:limit]]


def with_answers(customer_ids: Sequence[int]) -> set[int]:
    """Those of the customers who have answered something."""
    rows = models.Answer.objects.filter(customer_id__in=list(customer_ids))
    return set(rows.values_list("customer_id", flat=True).distinct())
