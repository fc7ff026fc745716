"""Reads of what customers said."""

from datetime import date
from typing import NamedTuple

from huitou.voice import models


class AnswerRow(NamedTuple):
    """One customer's answers of one moment; "" or ``None`` = not asked or not answered."""

    answered_on: date
    wave: str
    satisfaction: str
    recommendation: str
    prefers_us: bool | None
    resists_offers: bool | None
    expectation: float | None
    perception: float | None
    touchpoint: str
    comment: str


def answers_of(customer_id: int, *, limit: int = 50) -> list[AnswerRow]:
    """The latest answers of one customer, newest first."""
    found = models.Answer.objects.filter(customer_id=customer_id).order_by("-answered_at", "-pk")
    return [AnswerRow(*row) for row in found.values_list(*AnswerRow._fields)[:limit]]
