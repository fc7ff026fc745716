"""Audiences and what campaigns to them came to: read by other systems, never changed there."""

from datetime import date, datetime
from typing import Annotated, Any

import numpy as np
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from huitou.api.access import Key
from huitou.api.shapes import PAGE, Code, Id, Limit, answers
from huitou.audiences import queries as audiences
from huitou.campaigns import queries as campaigns
from huitou.campaigns.types import CampaignRow, Counts
from huitou.customers import queries as customers
from huitou.insights import queries as insights
from huitou.insights.types import ProofRow
from huitou.kit.clock import civil_day, zone
from huitou.kit.money import Currency
from huitou.staff import queries as staff
from huitou.staff.errors import NotSetUp
from huitou.staff.types import Scope

router = Router()


class AudienceOut(Schema):
    """A saved audience; ``condition`` is what it asks, in the language of conditions."""

    audience: str
    name: str
    note: str
    version: int
    condition: dict[str, Any]
    saved_at: datetime


class ReachOut(Schema):
    """How many people a channel may carry marketing to."""

    channel: str
    reachable: int


class AudienceCount(Schema):
    """How many people an audience has now."""

    audience: str
    version: int
    people: int
    reach: list[ReachOut]


class MembersPage(Schema):
    """The codes of people in the audience now; the next page begins after ``next``."""

    customers: list[str]
    people: int
    next: str | None


class EffectOut(Schema):
    """An effect per person or household with its interval: came back as a share, money in major
    units."""

    outcome: str
    value: float | None
    lo: float | None
    hi: float | None


class AdjustedOut(EffectOut):
    """The same with earlier purchases taken out, and the part of the variance that this cut."""

    variance_cut: float
    is_verdict: bool


class ProofOut(Schema):
    """What the control group says: effective, harmful, no_evidence, or why it cannot be said
    (no_control, too_few, broken)."""

    verdict: str
    kind: str
    judged_at: datetime
    until_on: date
    money: str
    primary: EffectOut | None
    secondary: list[EffectOut]
    adjusted: list[AdjustedOut]
    some_respond_better: bool


class CampaignOut(Schema):
    """A campaign with who was treated and held out; ``proof`` only when something may be said."""

    campaign: str
    theme: str
    goal: str
    state: str
    channel: str
    audience_name: str
    outcome: str
    window_days: int
    holdout_percent: int
    drawn_at: datetime | None
    window_until: date | None
    treated: int
    held_out: int
    left_out: dict[str, int]
    proof: ProofOut | None


class CampaignsPage(Schema):
    """Campaigns, newest first; the next page begins after ``next``."""

    campaigns: list[CampaignOut]
    next: int | None


@router.get(
    "/audiences",
    auth=Key(Scope.AUDIENCES_READ),
    response=answers(list[AudienceOut]),
    tags=["audiences"],
)
def every(request: HttpRequest) -> list[dict[str, Any]]:
    """The saved audiences in use, newest first."""
    return [
        {
            "audience": row.public_id,
            "name": row.name,
            "note": row.note,
            "version": row.version,
            "condition": dict(row.expression),
            "saved_at": row.saved_at,
        }
        for row in audiences.audiences()
    ]


@router.get(
    "/audiences/{audience}",
    auth=Key(Scope.AUDIENCES_READ),
    response=answers(AudienceCount),
    tags=["audiences"],
)
def count(request: HttpRequest, audience: Code) -> dict[str, Any]:
    """How many people are in the audience now, and how each channel may reach them."""
    row, now = audiences.audience(audience), timezone.now()
    asked = audiences.expression(row)
    reach = audiences.reach(asked, today=_today(now), now=now)
    return {
        "audience": row.public_id,
        "version": row.version,
        "people": reach[0].people,
        "reach": [{"channel": one.channel, "reachable": one.reachable} for one in reach],
    }


@router.get(
    "/audiences/{audience}/members",
    auth=Key(Scope.AUDIENCES_READ),
    response=answers(MembersPage),
    tags=["audiences"],
)
def members(
    request: HttpRequest,
    audience: Code,
    limit: Annotated[int, Field(ge=1, le=5_000)] = 1_000,
    after: Code | None = None,
) -> dict[str, Any]:
    """Who is in the audience now, a page at a time, in the order in which they became known."""
    now = timezone.now()
    asked = audiences.expression(audiences.audience(audience))
    found = audiences.members(asked, today=_today(now), now=now)
    last = customers.by_code(after) if after else None
    begin = int(np.searchsorted(found, last, side="right")) if last is not None else 0
    page = [int(one) for one in found[begin : begin + limit]]
    codes = customers.codes_of(page)
    shown = [codes[one] for one in page if one in codes]
    is_more = begin + limit < len(found)
    return {
        "customers": shown,
        "people": len(found),
        "next": shown[-1] if is_more and shown else None,
    }


@router.get(
    "/campaigns",
    auth=Key(Scope.CAMPAIGNS_READ),
    response=answers(CampaignsPage),
    tags=["campaigns"],
)
def results(request: HttpRequest, limit: Limit = PAGE, before: Id | None = None) -> dict[str, Any]:
    """Campaigns and what they came to. Effects of several campaigns are never to be summed: they
    may reach the same people."""
    rows = campaigns.campaigns(limit=limit + 1, before=before)
    shown = rows[:limit]
    ids = [row.id for row in shown]
    counts, proofs = campaigns.counts(ids), insights.proofs_of(ids)
    currency = _currency()
    return {
        "campaigns": [
            _campaign(row, counts.get(row.id, Counts()), proofs.get(row.id), currency)
            for row in shown
        ],
        "next": shown[-1].id if len(rows) > limit else None,
    }


@router.get(
    "/campaigns/{campaign}",
    auth=Key(Scope.CAMPAIGNS_READ),
    response=answers(CampaignOut),
    tags=["campaigns"],
)
def result(request: HttpRequest, campaign: Code) -> dict[str, Any]:
    """One campaign and what it came to."""
    row = campaigns.one(campaign)
    counts = campaigns.counts([row.id]).get(row.id, Counts())
    return _campaign(row, counts, insights.proof_of(row.id), _currency())


def _campaign(
    row: CampaignRow, counts: Counts, proof: ProofRow | None, currency: Currency
) -> dict[str, Any]:
    same = (
        "theme", "goal", "state", "channel", "audience_name", "outcome", "window_days",
        "holdout_percent", "drawn_at", "window_until",
    )  # fmt: skip
    return {
        **{name: getattr(row, name) for name in same},
        "campaign": row.public_id,
        "treated": counts.treated,
        "held_out": counts.held_out,
        "left_out": dict(counts.not_reached),
        "proof": _proof(proof, currency) if proof else None,
    }


def _proof(proof: ProofRow, currency: Currency) -> dict[str, Any]:
    primary = proof.facts.get("primary")
    return {
        "verdict": proof.verdict,
        "kind": proof.kind,
        "judged_at": proof.judged_at,
        "until_on": proof.until_on,
        "money": proof.money,
        "primary": _effect(primary, currency) if primary else None,
        "secondary": [_effect(one, currency) for one in proof.facts.get("secondary", [])],
        "adjusted": [
            _effect(one, currency)
            | {"variance_cut": one["variance_cut"], "is_verdict": one["is_verdict"]}
            for one in proof.adjusted
        ],
        "some_respond_better": bool((proof.facts.get("response") or {}).get("is_known")),
    }


def _effect(effect: Any, currency: Currency) -> dict[str, Any]:
    one = 10**currency.decimals if effect["outcome"] == "money" else 1
    ends = {name: effect.get(name) for name in ("value", "lo", "hi")}
    return {
        "outcome": effect["outcome"],
        **{name: None if end is None else end / one for name, end in ends.items()},
    }


def _currency() -> Currency:
    company = staff.company()
    if company is None:
        raise NotSetUp
    return Currency(company.currency)


def _today(now: datetime) -> date:
    company = staff.company()
    if company is None:
        raise NotSetUp
    return civil_day(now, zone(company.zone))
