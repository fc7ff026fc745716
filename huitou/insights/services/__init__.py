"""Writes of the measurements: one at a time; the last one stays until the next is whole."""

from huitou.insights.services.proving import LATE_DAYS, foresee, judge, judge_year
from huitou.insights.services.runs import measure, recompute

__all__ = ["LATE_DAYS", "foresee", "judge", "judge_year", "measure", "recompute"]
