"""Facts about one customer that depart from the forecast, as sentences. None claims a cause."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import get_language, gettext

from huitou.insights import queries as insights
from huitou.insights.types import ReasonRow
from huitou.kit.text import gettext_noop as _
from huitou.ui import figures

_SATISFACTION: Final = {
    100: _("Very satisfied (5/5)"),
    75: _("Fairly satisfied (4/5)"),
    50: _("Satisfied (3/5)"),
    25: _("Dissatisfied (2/5)"),
    0: _("Very dissatisfied (1/5)"),
}


def loudest_reasons(customer_ids: Sequence[int]) -> dict[int, str]:
    """For each of these customers the surest fact in a sentence; those without one are left out."""
    said: dict[int, str] = {}
    for row in surest_first(insights.reasons_of(customer_ids)):
        if row.customer_id not in said and (sentence := reason_sentence(row.code, row.facts)):
            said[row.customer_id] = sentence
    return said


def surest_first(rows: Sequence[ReasonRow]) -> list[ReasonRow]:
    """The facts least likely to be chance first; facts without a test come last."""
    return sorted(rows, key=lambda row: (row.p_value is None, row.p_value or 0.0))


def reason_sentence(code: str, facts: Mapping[str, Any]) -> str:
    """One fact in words; a code without words says nothing."""
    writer = _WRITERS.get(code)
    return writer(facts) if writer else ""


def _silence(facts: Mapping[str, Any]) -> str:
    days, usual = facts["days"], facts.get("usual_days")
    if not usual:
        return gettext("{days} days away since the only purchase").format(days=figures.number(days))
    times = days / usual
    if times < 2:
        return gettext("{days} days away; the usual gap is {usual}").format(
            days=figures.number(days), usual=figures.number(usual)
        )
    return gettext("{days} days away, {times}× the usual gap").format(
        days=figures.number(days),
        times=figures.number(times, 0 if times >= 10 else 1).removesuffix(".0"),
    )


def _less_often(facts: Mapping[str, Any]) -> str:
    return gettext("{now} purchases in the last {days} days, {before} before that").format(
        now=figures.number(facts["purchases"]),
        days=facts["days"],
        before=figures.number(facts["before"]),
    )


def _spending_less(facts: Mapping[str, Any]) -> str:
    change = 1 - facts["expected_mean"] / facts["expected_mean_before"]
    return gettext("The last {days} purchases were {share} smaller than those before").format(
        days=facts["days"], share=figures.percent(change)
    )


def _satisfaction_fell(facts: Mapping[str, Any]) -> str:
    language = get_language() or "zh-hans"
    day = figures.day(date.fromisoformat(str(facts["on"])[:10]), language, with_year=True)
    answer = gettext(_SATISFACTION.get(round(facts["satisfaction"]), ""))
    return gettext("Answered “{answer}” on {day}").format(answer=answer, day=day)


_WRITERS: Final = {
    "silence": _silence,
    "buying_less_often": _less_often,
    "spending_less": _spending_less,
    "satisfaction_fell": _satisfaction_fell,
}
