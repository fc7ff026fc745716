"""Values of answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

ITEMS: Final = (
    "benefit_product",
    "benefit_service",
    "benefit_staff",
    "benefit_image",
    "cost_money",
    "cost_time",
    "cost_effort",
    "cost_psychological",
)


class Rejected(NamedTuple):
    """A row that does not get in: where, what stands there, the code of the reason in
    ``rules.REASONS``, its facts."""

    line: int
    field: str
    given: str
    reason: str
    facts: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Scale:
    """How a file numbers satisfaction: ``worst`` and ``best`` are four apart, in either
    direction."""

    worst: int
    best: int


@dataclass(frozen=True, slots=True)
class AnswerIn:
    """What one row of an answers file says; None or "" = not asked or not answered."""

    line: int
    customer: str
    answered_at: datetime
    answered_on: date  # of the company's zone
    wave: str
    satisfaction: str
    recommendation: str
    repurchase_probability: float | None
    prefers_us: bool | None
    resists_offers: bool | None
    reason_to_stay: str
    expectation: float | None
    perception: float | None
    touchpoint: str
    comment: str
    items: Mapping[str, int | None]


class AnswerRow(NamedTuple):
    """What a customer answered at one moment."""

    answer_id: int
    answered_at: datetime
    answered_on: date
    wave: str
    satisfaction: str
    recommendation: str
    repurchase_probability: float | None
    prefers_us: bool | None
    resists_offers: bool | None
    reason_to_stay: str
    expectation: float | None
    perception: float | None
    touchpoint: str
    comment: str
