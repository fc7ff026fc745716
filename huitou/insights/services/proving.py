"""Judgements of campaigns: read what became of the arms, decide by the rules of proof, keep it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from huitou.campaigns import queries as campaigns
from huitou.campaigns.types import CampaignRow
from huitou.insights import errors, facts, layers, models, queries
from huitou.insights.proof import foresight, looks, reading, redraw, verdict
from huitou.insights.proof.foresight import Foresight
from huitou.insights.proof.reading import YEAR_DAYS
from huitou.insights.proof.verdict import Terms, Units
from huitou.insights.services import gathering
from huitou.insights.shares import FEW_BELOW
from huitou.insights.types import ProofRow
from huitou.kit.clock import civil_day, zone
from huitou.platform import facts as platform_facts
from huitou.platform.statements import Statements
from huitou.staff import queries as staff

Ints = NDArray[np.int64]
LATE_DAYS: Final = 14  # orders of the window may still come in so long
LEFT_OUT_DAYS: Final = 90  # after a global draw old messages still work
_SQL: Final = Statements(str(Path(__file__).parent))


@dataclass(frozen=True, slots=True)
class Money:
    """How money is counted: profit with a margin for sales of unknown cost, or plain sales."""

    name: str  # profit, sales
    share: float | None
    serving_minor: int

    def values(self) -> dict[str, Any]:
        """As the statements want it."""
        return {"share": self.share, "serving_minor": self.serving_minor}


_SALES: Final = Money("sales", None, 0)


def judge(*, public_id: str, now: datetime) -> ProofRow | None:
    """Judge a campaign if that is allowed today; returns the judgement in force, None = none yet.

    After the end of the window: the final analysis, once. Before it: a planned look, if enough
    buyers are there; it is kept even where it says nothing, so that no third one is taken.

    Raises:
        NoSuchCampaign
        NotDrawn: it has no arms yet.
    """
    campaign = campaigns.one(public_id)
    if campaign.drawn_at is None:
        raise errors.NotDrawn
    known = queries.proof_of(campaign.id)
    if known is not None and known.kind == "final":
        return known
    today = gathering.today(now)
    money = money_on(today)
    if _is_complete(campaign, today):
        assert campaign.window_until is not None
        units = _units(campaign, money, until_on=campaign.window_until)
        judged = verdict.judge(units, _terms(campaign)) | {"erased": _erased(campaign)}
        return _keep(campaign, "final", judged, money, until_on=campaign.window_until, now=now)
    if not campaign.looks_planned or campaign.state != "running":
        return known
    units = _units(campaign, money, until_on=today - timedelta(days=1))
    progress = _progress(campaign, units)
    if not looks.may_look(progress, looks_planned=campaign.looks_planned):
        return known
    seen = verdict.look(units, _terms(campaign)) | {"tau": progress.tau}
    _keep(campaign, "look", seen, money, until_on=today - timedelta(days=1), now=now)
    return queries.proof_of(campaign.id)


def foresee(
    *,
    customer_ids: Ints,
    unit_ids: Ints,
    window_days: int,
    chosen_percent: int | None,
    today: date,
    rule: Callable[[str, str], Any],
) -> Foresight:
    """What a campaign to these people could prove, from their own last ``window_days`` days.

    ``rule``: the setting of this name and scope in force today.
    """
    since = today - timedelta(days=window_days)
    rows = _SQL.rows(
        "proof_history",
        {"customer_ids": customer_ids.tolist(), "unit_ids": unit_ids.tolist(), "since_on": since,
         "until_on": today},
    )  # fmt: skip
    money = _money({"name": rows[0][5], "margin": rows[0][6]}, rule) if rows else _SALES
    spent = reading.spent(rows, share=money.share, serving_minor=money.serving_minor)
    share, mean, variance = reading.history(spent, units=len(np.unique(unit_ids)))
    return foresight.foresee(
        len(np.unique(unit_ids)), share, mean, variance, chosen_percent=chosen_percent
    )


def judge_year(*, year: int, now: datetime) -> ProofRow | None:
    """The effect of all marketing of a year, from the global control group; None = no group yet.

    Difference per unit, all that could be contacted at the draw against those held out of them;
    the first 90 days after the draw are left out. Judged anew each night: it replaces the night
    before, and the page says until when it counts.
    """
    draw = campaigns.global_draw(year)
    if draw is None or not draw.held_out_units:
        return None
    today = gathering.today(now)
    drawn_on = civil_day(draw.drawn_at, zone(gathering.company_zone()))
    since = drawn_on + timedelta(days=LEFT_OUT_DAYS)
    until = min(today - timedelta(days=1), date(year, 12, 31))
    money = money_on(today)
    told: dict[str, Any] = {
        "verdict": verdict.WAITING, "since_on": since.isoformat(), "effect": None,
    }  # fmt: skip
    if until > since:
        rows = _SQL.rows(
            "proof_global", {"year": year, "since_on": since, "until_on": until, **money.values()}
        )
        told |= _judged_year(rows, seed=year)
    with transaction.atomic():
        models.Proof.objects.filter(year=year, kind="global").delete()
        made = models.Proof.objects.create(
            year=year, kind="global", judged_at=now, until_on=max(until, drawn_on),
            verdict=told["verdict"], money=money.name, facts=told,
        )  # fmt: skip
    return queries.proof(made.pk)


def money_on(day: date) -> Money:
    """How money is counted today: as the measurement in force says, profit only where known."""
    run = queries.latest_run()
    basis = run.report.get("money", {}) if run else {}
    return _money(basis, lambda name, scope: staff.setting(name, on=day, scope=scope))


def _money(basis: Mapping[str, Any], rule: Callable[[str, str], Any]) -> Money:
    if basis.get("name") != "profit":
        return _SALES
    percent = rule("margin_percent", "")
    share = float(percent) / 100 if percent is not None else float(basis.get("margin") or 0.0)
    return Money("profit", share, int(rule("cost_to_serve_minor", "order") or 0))


def _is_complete(campaign: CampaignRow, today: date) -> bool:
    """Whether the window is over and its orders are here: a later day's are, or 14 days passed in
    which some came in.

    A shop that brings its orders in once a week would else be judged on days it has not seen, and
    one that brings none in any more would be told that nobody came back.
    """
    until = campaign.window_until
    if until is None or today <= until:
        return False
    newest, came_at = _SQL.rows("orders_known")[0]
    if newest is not None and newest > until:
        return True
    where = zone(gathering.company_zone())
    is_fresh = came_at is not None and civil_day(came_at, where) > until
    return is_fresh and today > until + timedelta(days=LATE_DAYS)


def _units(campaign: CampaignRow, money: Money, *, until_on: date) -> Units:
    assert campaign.drawn_at is not None
    drawn_on = civil_day(campaign.drawn_at, zone(gathering.company_zone()))
    rows = _SQL.rows(
        "proof_units",
        {
            "campaign_id": campaign.id, "since": campaign.drawn_at, "drawn_on": drawn_on,
            "until_on": until_on,
            "before_on": drawn_on - timedelta(days=campaign.window_days),
            "year_on": drawn_on - timedelta(days=YEAR_DAYS),
            **money.values(),
        },
    )  # fmt: skip
    windows = layers.checked(staff.setting("windows", on=drawn_on))
    return reading.units(rows, windows=windows)


def _erased(campaign: CampaignRow) -> dict[str, int]:
    """People of each arm who were erased before it was judged: what they bought is not known."""
    drawn = campaigns.drawn(campaign.id)
    return {"treated": drawn.erased_treated, "held_out": drawn.erased_held_out}


def _terms(campaign: CampaignRow) -> Terms:
    return Terms(
        holdout_percent=campaign.holdout_percent,
        primary=campaign.outcome,
        looks_planned=campaign.looks_planned,
        adjusted=campaign.is_adjusted,
        seed=campaign.seed,
        was_too_small=campaign.was_too_small,
    )


def _progress(campaign: CampaignRow, units: Units) -> looks.Progress:
    expected = float(campaign.foresight.get("buyers_share") or 0.0) * len(units)
    back = units.came_back
    arms = (int(back[units.is_treated].sum()), int(back[~units.is_treated].sum()))
    smaller = arms[1] if (~units.is_treated).sum() <= units.is_treated.sum() else arms[0]
    return looks.Progress(sum(arms), expected, smaller, queries.looks_taken(campaign.id))


def _judged_year(rows: Sequence[tuple[Any, ...]], *, seed: int) -> dict[str, Any]:
    treated = np.array([row[1] for row in rows], dtype=bool)
    money = np.array([row[3] for row in rows], dtype=float)
    n1, n0 = int(treated.sum()), int((~treated).sum())
    if min(n1, n0) < FEW_BELOW:
        return {"verdict": verdict.TOO_FEW, "treated": n1, "held_out": n0}
    effect = redraw.mean_difference(money[treated], money[~treated], seed=seed)
    said = (
        verdict.EFFECTIVE if effect.is_gain
        else verdict.HARMFUL if effect.is_harm else verdict.NO_EVIDENCE
    )  # fmt: skip
    finite = bool(np.isfinite([effect.lo, effect.hi]).all())
    return {
        "verdict": said, "treated": n1, "held_out": n0,
        "effect": {"value": effect.value, "se": effect.se, "p": effect.p,
                   "lo": effect.lo if finite else None, "hi": effect.hi if finite else None},
    }  # fmt: skip


def _keep(
    campaign: CampaignRow, kind: str, judged: dict[str, Any], money: Money,
    *, until_on: date, now: datetime,
) -> ProofRow:  # fmt: skip
    with transaction.atomic():
        made = models.Proof.objects.create(
            campaign_id=campaign.id, kind=kind, judged_at=now, until_on=until_on,
            verdict=judged["verdict"], money=money.name, facts=judged,
        )  # fmt: skip
        platform_facts.record(facts.Judged(campaign.id, kind, judged["verdict"]))
    return queries.proof(made.pk)
