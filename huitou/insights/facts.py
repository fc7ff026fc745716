"""What can happen here."""

from dataclasses import dataclass
from typing import ClassVar

from huitou.platform.facts import Fact


@dataclass(frozen=True, slots=True)
class Measured(Fact):
    """A measurement finished and is in force."""

    name: ClassVar[str] = "insights.measured"
    run_id: int
    as_of: str
    customers: int
    buyers: int
    changes: int


@dataclass(frozen=True, slots=True)
class MeasureFailed(Fact):
    """A measurement failed; the one before stays in force."""

    name: ClassVar[str] = "insights.measure_failed"
    run_id: int
    code: str


@dataclass(frozen=True, slots=True)
class Judged(Fact):
    """A campaign was judged: a look, or the final analysis."""

    name: ClassVar[str] = "insights.judged"
    campaign_id: int
    kind: str
    verdict: str
