"""The page before sending: who is in and who not, what can be shown, what it costs."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from huitou.audiences import queries as audiences
from huitou.campaigns import queries
from huitou.campaigns.types import CampaignRow
from huitou.console import campaign_words as words
from huitou.console.access import allowed, may
from huitou.console.people_filters import read_id
from huitou.console.shell import company_of
from huitou.console.visibility import seen_among
from huitou.flows import campaign_letters, campaign_plans
from huitou.flows.campaign_plans import Plan
from huitou.insights.proof.foresight import Foresight, Offer
from huitou.kit.errors import HuitouError
from huitou.programmes import queries as programmes
from huitou.ui.words import error_words

PEOPLE_SHOWN: Final = 5


def context(request: HttpRequest, row: CampaignRow) -> dict[str, Any]:
    """What the plan page shows."""
    now = timezone.now()
    company = company_of(request)
    shown: dict[str, Any] = {
        "currency": company.currency if company else "CNY",
        "window": words.days(row.window_days),
        "error": row.error,
        "is_open": row.state == "draft",
    }
    try:
        plan = campaign_plans.plan(row, now=now, company=company)
    except HuitouError as refused:
        return shown | {"refused": error_words(refused), "plan": None}
    return shown | {
        "plan": plan,
        "reasons": words.reasons(plan.not_reached),
        "missing": words.missing(list(plan.missing)),
        "offers": offers(plan.foresight, row.holdout_percent),
        "chosen": _chosen(plan, row),
        "trouble": gettext(plan.trouble) if plan.trouble else "",
        "pooled": pooled_view(plan, row),
        "can_confirm": row.state == "draft" and not plan.missing and plan.people > 0,
    }


@allowed("see_campaigns")
@require_GET
def campaign_letter(request: HttpRequest, public_id: str) -> HttpResponse:
    """The message of a campaign as one real person would read it: a page, or the card of it that
    the plan asks for."""
    row = queries.one(public_id)
    is_part = request.headers.get("HX-Request") == "true"
    shown = {
        "row": row,
        "batch": programmes.batch(row.coupon_batch) if row.coupon_batch else None,
        "may_send": may(request, "send_campaigns") and not row.is_drawn,
        **_letter(request, row),
    }
    template = "letter_card" if is_part else "letter"
    return render(request, f"console/campaigns/{template}.html", shown)


def offers(seen: Foresight, chosen_percent: int) -> list[dict[str, Any]]:
    """Every division that was looked at, with what could be seen."""
    return [
        _offer(offer)
        | {
            "is_chosen": offer.percent == chosen_percent,
            "is_advised": offer.percent == seen.advised_percent,
        }
        for offer in seen.offers
    ]


def pooled_view(plan: Plan, row: CampaignRow) -> Mapping[str, Any] | None:
    """What campaigns of this kind did together: the only ground for an expectation."""
    if plan.pooled is None:
        return None
    effect = {"outcome": row.outcome, "lo": plan.pooled.lo, "hi": plan.pooled.hi}
    return {"is_proven": plan.pooled.lo > 0 or plan.pooled.hi < 0, "effect": effect}


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "percent": offer.percent,
        "treated": offer.arms.treated,
        "held_out": offer.arms.held_out,
        "points": None if offer.visible_share is None else 100 * offer.visible_share,
        "money": offer.visible_money_part,
        "buyers": offer.buyers_smaller,
    }


def _chosen(plan: Plan, row: CampaignRow) -> dict[str, Any] | None:
    for offer in plan.foresight.offers:
        if offer.percent == row.holdout_percent:
            return _offer(offer)
    return None


def _letter(request: HttpRequest, row: CampaignRow) -> dict[str, Any]:
    """What one real person would read; five at random to choose from."""
    now, company = timezone.now(), company_of(request)
    try:
        ids = campaign_plans.some_people(row, limit=PEOPLE_SHOWN, now=now, company=company)
        seen = seen_among(request, ids, timezone.localdate(now))
        ids = [pk for pk in ids if pk in seen]
        asked = read_id(request.GET.get("person", ""))
        person = asked if asked in ids else next(iter(ids), None)
        if person is None:
            return {"people": [], "person": None, "letter": None}
        names = {found.customer_id: found for found in audiences.rows(ids, slot=None)}
        letter = campaign_letters.preview(row, person, now=now, company=company)
    except HuitouError as refused:
        return {"people": [], "person": None, "letter": None, "broken": error_words(refused)}
    return {
        "people": [
            {"id": pk, "name": names[pk].name or names[pk].code, "is_shown": pk == person}
            for pk in ids
            if pk in names
        ],
        "person": person,
        "letter": letter,
    }
