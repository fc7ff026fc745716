"""The result page: who was asked, who was held out, what came of it, and how sure that is."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from huitou.campaigns import queries
from huitou.campaigns.types import CampaignRow, Counts
from huitou.console import campaign_words as words
from huitou.console.access import allowed
from huitou.console.people_filters import read_id
from huitou.console.shell import company_of
from huitou.console.visibility import seen_among
from huitou.flows import campaign_plans
from huitou.flows import campaigns as flow
from huitou.insights import queries as insights
from huitou.insights.services import LATE_DAYS
from huitou.insights.types import ProofRow
from huitou.platform.messages import queries as outbox

PAGE: Final = 50
ARMS: Final = ("treated", "held_out", "not_reached")


def context(request: HttpRequest, row: CampaignRow) -> dict[str, Any]:
    """What the result page shows. Before its time only sends, costs and opt-outs."""
    company = company_of(request)
    currency = company.currency if company else "CNY"
    proof = insights.proof_of(row.id)
    counts = queries.counts([row.id]).get(row.id, Counts())
    drawn = queries.drawn(row.id)
    sends = queries.sends(flow.source_of(row.public_id))
    tariff = campaign_plans.tariff_of(
        row.channel, now=row.drawn_at or timezone.now(), company=company
    )
    cost_minor = tariff.message_minor * sends.sent if tariff else None
    shown: dict[str, Any] = {
        "currency": currency, "counts": counts, "window": words.days(row.window_days),
        "reasons": words.reasons(counts.not_reached),
        "in_others": drawn.in_others / drawn.people if drawn.people else None,
        "coupons": queries.coupons(row.id) if row.coupon_batch else None,
        "verdict": words.verdict(proof), "proof": proof, "error": row.error,
        "looks": insights.looks_taken(row.id) if row.looks_planned else 0,
        "foresight": _foresight(row), "sends": sends, "cost_minor": cost_minor,
    }  # fmt: skip
    if proof is None:
        erased = {"treated": drawn.erased_treated, "held_out": drawn.erased_held_out}
        return shown | {
            "erased": erased,
            "result_on": _result_on(row),
            "is_late": _is_late(row),
            "has_no_orders": _has_no_orders(row),
        }
    return shown | _judged(row, proof, currency, cost_minor)


@allowed("see_campaigns")
@require_GET
def campaign_people(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everyone of the audience, one by one: in which group, or why not."""
    row = queries.one(public_id)
    arm = request.GET.get("arm", "")
    arm = arm if arm in ARMS else ""
    reason = request.GET.get("reason", "")
    after = read_id(request.GET.get("after", "")) or 0
    found = queries.people(row.id, arm=arm, reason=reason, after=after, limit=PAGE + 1)
    today = timezone.localdate()
    shown = [person.customer_id for person in found[:PAGE]]
    fates = outbox.fates(flow.source_of(public_id), customer_ids=shown)
    seen = seen_among(request, shown, today)
    lines = [
        {
            "person": person, "arm": _arm_word(person.arm),
            "why": words.reason(person.reason) if person.reason else "",
            "is_visible": person.code is not None and person.customer_id in seen,
            "fate": _fate(fates.get(person.customer_id)),
        }
        for person in found[:PAGE]
    ]  # fmt: skip
    more = found[PAGE - 1].customer_id if len(found) > PAGE else None
    return render(
        request,
        "console/campaigns/people.html",
        {
            "row": row, "state": words.state(row), "lines": lines, "more": more, "arm": arm,
            "reason": reason, "is_first": not after, "arms": [(a, _arm_word(a)) for a in ARMS],
            "reason_word": words.reason(reason) if reason else "",
        },
    )  # fmt: skip


def year_view(proof: ProofRow | None, year: int) -> dict[str, Any]:
    """The effect of all marketing of a year: from the global control group, or not to be judged."""
    draw = queries.global_draw(year)
    if draw is None or not draw.held_out_units:
        return {"is_drawn": False, "year": year}
    shown: dict[str, Any] = {"is_drawn": True, "year": year, "draw": draw, "proof": proof}
    effect = proof.facts.get("effect") if proof else None
    if proof is None or not effect or effect.get("lo") is None:
        return shown | {"effect": None}
    units = int(proof.facts.get("treated", 0))
    return shown | {
        "verdict": words.verdict(proof), "effect": effect,
        "total": {name: effect[name] * units for name in ("value", "lo", "hi")},
    }  # fmt: skip


def _judged(
    row: CampaignRow, proof: ProofRow, currency: str, cost_minor: int | None
) -> dict[str, Any]:
    facts = proof.facts
    primary = facts.get("primary")
    money = next((one for one in [primary, *facts.get("secondary", [])] if _is(one, "money")), None)
    return {
        "sentence": words.effect_sentence(primary, proof.money, currency),
        "plot": plot(primary),
        "arms": facts.get("arms") or {},
        "secondary": [_secondary(one, proof.money, currency) for one in facts.get("secondary", [])],
        "adjusted": [_secondary(one, proof.money, currency) for one in proof.adjusted],
        "response": _response(facts.get("response")),
        "cut": facts.get("cut"),
        "profit": _incremental(money, facts, cost_minor),
        "money_word": gettext("profit") if proof.money == "profit" else gettext("sales"),
        "kind": _kind(row, proof, currency),
        "is_early": proof.kind == "look",
        "erased": facts.get("erased"),
    }  # fmt: skip


def _secondary(effect: Mapping[str, Any], money: str, currency: str) -> dict[str, Any]:
    said = words.OUTCOME_WORDS[effect["outcome"]]
    sentence = words.effect_sentence(effect, money, currency)
    return {**effect, "word": gettext(said), "sentence": sentence}


def _response(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Those who respond better against the others; None where none are known to."""
    if not found or not found["is_known"]:
        return None
    return {
        name: {
            **found[name],
            "sentence": words.people_sentence(found[name]["lo"], found[name]["hi"]),
        }
        for name in ("first", "others")
        if found[name]["lo"] is not None
    }


def plot(effect: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """An effect as a dot with its interval on a line that holds zero, in percent of the line."""
    if not effect or effect.get("lo") is None:
        return None
    low, high, at = float(effect["lo"]), float(effect["hi"]), float(effect["value"])
    left, right = min(low, 0.0), max(high, 0.0)
    width = (right - left) or 1.0
    margin = 6.0

    def place(value: float) -> float:
        return margin + (100 - 2 * margin) * (value - left) / width

    evidence = "harm" if high < 0 else "gain" if low > 0 else "none"
    return {"lo": place(low), "hi": place(high), "at": place(at), "zero": place(0.0),
            "evidence": evidence}  # fmt: skip


def _incremental(
    effect: Mapping[str, Any] | None, facts: Mapping[str, Any], cost_minor: int | None
) -> dict[str, Any] | None:
    """Money the campaign brought less what it cost to send; an interval, like all that is shown."""
    if not effect or effect.get("lo") is None:
        return None
    units = int(facts["arms"]["treated"]["units"])
    ends = {name: effect[name] * units - (cost_minor or 0) for name in ("value", "lo", "hi")}
    return ends | {"holds_zero": ends["lo"] <= 0 <= ends["hi"]}


def _kind(row: CampaignRow, proof: ProofRow, currency: str) -> dict[str, Any] | None:
    """What campaigns of this kind did together; this one's verdict stays its own."""
    pooled = insights.pooled(row.goal, row.outcome, row.window_days)
    if pooled is None:
        return None
    found, kept = pooled
    effect = {"outcome": row.outcome, "lo": found.lo, "hi": found.hi}
    drawn = found.shrunk[kept.index(row.id)] if row.id in kept else None
    return {
        "campaigns": len(kept),
        "sentence": words.effect_sentence(effect, proof.money, currency),
        "shrunk": drawn,
        "is_share": row.outcome == "came_back",
    }


def _foresight(row: CampaignRow) -> dict[str, Any] | None:
    """The visible effect that was printed before sending."""
    for offer in row.foresight.get("offers", []):
        if offer["percent"] == row.holdout_percent and offer["visible_share"] is not None:
            return {"points": 100 * offer["visible_share"],
                    "base": row.foresight["buyers_share"]}  # fmt: skip
    return None


def _result_on(row: CampaignRow) -> date | None:
    """The day after the window; once that has come, the last day its orders are waited for; None =
    nobody can say, for it hangs on orders that come in."""
    if row.window_until is None or _has_no_orders(row):
        return None
    return row.window_until + timedelta(days=1 + (LATE_DAYS if _is_late(row) else 0))


def _is_late(row: CampaignRow) -> bool:
    """Whether the window is over and the orders of its last days may still come in."""
    return row.window_until is not None and timezone.localdate() > row.window_until


def _has_no_orders(row: CampaignRow) -> bool:
    """Whether every day of waiting is over too: no orders have come in since the window ended."""
    over = timezone.localdate() - timedelta(days=LATE_DAYS)
    return row.window_until is not None and over > row.window_until


def _fate(found: tuple[str, str] | None) -> str:
    """What became of the message, in words."""
    if found is None:
        return ""
    state, why = found
    word = gettext(words.message_state(state))
    return f"{word} · {words.reason(why)}" if why else word


def _arm_word(arm: str) -> str:
    return gettext(words.ARMS[arm])


def _is(effect: Mapping[str, Any] | None, outcome: str) -> bool:
    return bool(effect) and effect["outcome"] == outcome  # type: ignore[index]
