"""What every screen of figures starts from: the latest measurement, its currency, its windows, its
name of money."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext

from huitou.insights import queries as insights
from huitou.kit.clock import civil_day, zone
from huitou.kit.money import Currency
from huitou.kit.text import gettext_noop as _
from huitou.staff.types import CompanyRow

_REASONS: Final = {
    "today": _("today's date"),
    "newest_order": _("the day of the newest order, which is more than 7 days ago"),
    "given": _("the day that was asked for"),
}
_MONEY: Final = {
    # what the figures are called where costs are known, and where only sales are
    "profit": {
        "at_risk": _("Profit likely to be lost"),
        "next_year": _("Profit, next 12 months"),
        "last_year": _("Profit, last 12 months"),
        "lifetime": _("Lifetime value (3 years)"),
        "basis": _("profit"),
    },
    "sales": {
        "at_risk": _("Sales likely to be lost"),
        "next_year": _("Sales, next 12 months"),
        "last_year": _("Sales, last 12 months"),
        "lifetime": _("Expected sales (3 years)"),
        "basis": _("sales"),
    },
}
CALIBRATION: Final = {
    "not_yet": (
        _("not yet checked"),
        "",
        _("No earlier forecast is old enough to compare with what happened."),
    ),
    "checked": (
        _("forecasts checked"),
        "ok",
        _("Earlier forecasts agree with what happened afterwards."),
    ),
    "runs_high": (
        _("forecasts run too high"),
        "warn",
        _("Fewer came back than the earlier forecasts said."),
    ),
    "runs_low": (
        _("forecasts run too low"),
        "warn",
        _("More came back than the earlier forecasts said."),
    ),
    "difference_only": (
        _("forecasts compared, too few periods to judge"),
        "",
        _("There are fewer than three earlier forecasts: only the difference is shown."),
    ),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """The latest finished measurement as the screens read it."""

    public_id: str
    run_id: int
    as_of: date
    as_of_reason: str
    horizon_days: int
    value_days: int
    model: str
    scores_path: str
    finished_at: datetime | None
    report: Mapping[str, Any]
    currency: str
    started_at: datetime | None = None
    zone: str = "UTC"

    def section(self, name: str) -> Mapping[str, Any]:
        """A part of the report; empty where the run did not make it."""
        found = self.report.get(name)
        return found if isinstance(found, Mapping) else {}

    @property
    def windows(self) -> tuple[int, ...]:
        """The four windows of the layers in force, in days."""
        return tuple(self.section("windows").get("in_force") or ())

    @property
    def money(self) -> str:
        """``profit`` where costs are known, else ``sales``."""
        return "profit" if self.section("money").get("name") == "profit" else "sales"

    @property
    def read_at(self) -> datetime | None:
        """When the figures were read, if their day was not over yet then; ``None`` = it was, and
        the figures are those of its end."""
        read = self.started_at
        is_open = read is not None and civil_day(read, zone(self.zone)) <= self.as_of
        return read if is_open else None

    @property
    def reason(self) -> str:
        """Why the figures stand on this day."""
        return gettext(_REASONS.get(self.as_of_reason, "")) if self.as_of_reason in _REASONS else ""

    @property
    def words(self) -> dict[str, str]:
        """What money is called: profit where it is known, else sales."""
        return {key: gettext(word) for key, word in _MONEY[self.money].items()}

    @property
    def trust(self) -> dict[str, str]:
        """Whether forecasts were checked, in words."""
        word, tone, tip = CALIBRATION.get(
            self.section("calibration").get("state", ""), CALIBRATION["not_yet"]
        )
        return {"word": gettext(word), "tone": tone, "tip": gettext(tip)}

    def minor(self, major: float | None) -> float | None:
        """An expected sum in major units as minor units, for the money filters."""
        return None if major is None else major * 10 ** Currency(self.currency).decimals


def latest(company: CompanyRow | None) -> Measured | None:
    """The latest finished measurement; ``None`` before the first."""
    run = insights.latest_run()
    if run is None:
        return None
    return Measured(
        public_id=run.public_id,
        run_id=run.id,
        as_of=run.as_of,
        as_of_reason=run.as_of_reason,
        horizon_days=run.horizon_days,
        value_days=run.value_days,
        model=run.model,
        scores_path=run.scores_path,
        finished_at=run.finished_at,
        report=run.report,
        currency=company.currency if company else "CNY",
        started_at=run.started_at,
        zone=company.zone if company else "UTC",
    )
