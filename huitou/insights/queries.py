"""Reads of the measurements: the latest run, what changed for one customer, and the facts that stand out."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from huitou.insights import models


class RunRow(NamedTuple):
    """One finished measurement with its report."""

    id: int
    public_id: str
    as_of: date
    as_of_reason: str
    horizon_days: int
    value_days: int
    started_at: datetime
    finished_at: datetime | None
    data_hash: str
    code_version: str
    formula_version: str
    parameters: dict[str, Any]
    model: str
    report: dict[str, Any]
    warnings: list[dict[str, Any]]


class ReasonRow(NamedTuple):
    """A dated fact about one customer that departs from the forecast; ``p_value`` None = a fact without a test."""

    customer_id: int
    code: str
    p_value: float | None
    facts: dict[str, Any]


class ChangeRow(NamedTuple):
    """One step of a customer on one ladder."""

    ladder: str
    left: str
    entered: str
    changed_on: date
    evidence: str


def latest_run() -> RunRow | None:
    """The latest finished measurement; ``None`` before the first."""
    done = models.Run.objects.filter(state="done").order_by("-started_at", "-pk")
    row = done.values_list(*RunRow._fields).first()
    return None if row is None else RunRow(*row)


def reasons_of(customer_ids: Sequence[int]) -> list[ReasonRow]:
    """The facts of the latest finished measurement about these customers, the surest first per customer."""
    latest = models.Run.objects.filter(state="done").order_by("-started_at", "-pk").values("pk")[:1]
    found = models.Reason.objects.filter(customer_id__in=list(customer_ids), run_id__in=latest)
    return [ReasonRow(*row) for row in found.order_by("customer_id", "p_value", "pk").values_list(*ReasonRow._fields)]


def changes_of(customer_id: int, *, limit: int = 50) -> list[ChangeRow]:
    """The steps of one customer on all ladders, newest first."""
    found = models.Change.objects.filter(customer_id=customer_id).order_by("-changed_on", "-pk")
    return [ChangeRow(*row) for row in found.values_list(*ChangeRow._fields)[:limit]]
