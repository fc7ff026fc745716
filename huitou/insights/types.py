"""Values of the measurements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Options:
    """What a measurement may be told; empty means: decide by the rules."""

    as_of: date | None = None
    horizon_days: int | None = None
    value_days: int | None = None
    calibrate: bool = False


@dataclass(frozen=True, slots=True)
class RunRow:
    """One measurement."""

    id: int
    public_id: str
    state: str  # running, done, failed
    as_of: date
    as_of_reason: str  # today, newest_order, given
    horizon_days: int
    value_days: int
    started_at: datetime
    finished_at: datetime | None
    data_hash: str
    scores_path: str  # relative to the analytics folder
    code_version: str
    formula_version: str
    parameters: Mapping[str, Any]
    model: str
    report: Mapping[str, Any]
    warnings: list[Any]
    error: Mapping[str, Any] | None
    requested_by: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A customer moved on one ladder."""

    ladder: str
    left: str
    entered: str
    changed_on: date
    evidence: str


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """A dated fact about a customer that departs from what the model expects."""

    customer_id: int
    code: str
    p_value: float | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ProofRow:
    """One judgement: a look or the final one of a campaign, or that of a year of marketing."""

    id: int
    campaign_id: int | None
    year: int | None
    kind: str  # look, final, global
    judged_at: datetime
    until_on: date
    verdict: str
    money: str  # profit, sales
    facts: Mapping[str, Any]

    @property
    def adjusted(self) -> list[Mapping[str, Any]]:
        """Each outcome with what was known before the draw taken out."""
        found = self.facts.get("adjusted") or []
        # Judgements before 2026-11-24 kept that of money alone.
        return [{**found, "outcome": "money"}] if isinstance(found, dict) else list(found)
