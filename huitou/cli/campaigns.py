"""``huitou campaigns``: the list, what sending one would do, and what one came to."""

import argparse
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from huitou.cli.words import gettext, say

if TYPE_CHECKING:
    from huitou.campaigns.queries import Sends
    from huitou.campaigns.types import CampaignRow, Counts
    from huitou.flows.campaign_plans import Plan
    from huitou.insights.types import ProofRow


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the subcommands."""
    commands = parser.add_subparsers(dest="command", required=True, metavar="list|plan|result")
    listed = commands.add_parser("list", help="campaigns with their verdicts, the newest first")
    listed.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many")
    plan = commands.add_parser(
        "plan",
        help="who would get it and who not, what it could show, what it costs; sends nothing",
    )
    result = commands.add_parser("result", help="who was asked, what came of it, how sure that is")
    for one in (plan, result):
        one.add_argument("name", metavar="NAME|ID", help="its theme, or its id")
    for one in (listed, plan, result):
        one.add_argument("--json", action="store_true", help="print one JSON value on stdout")


def run(args: argparse.Namespace) -> int:
    """Run one of them; ``plan`` answers 1 while the campaign could not be sent."""
    from huitou.campaigns import queries

    if args.command == "list":
        return _list(args)
    row = queries.called(args.name)
    return _plan(row, args) if args.command == "plan" else _result(row, args)


def _list(args: argparse.Namespace) -> int:
    from huitou.campaigns import queries
    from huitou.campaigns.types import Counts
    from huitou.insights import queries as insights

    rows = queries.campaigns(limit=max(args.limit, 0))
    ids = [row.id for row in rows]
    counts, proofs = queries.counts(ids), insights.proofs_of(ids)
    if args.json:
        told = [_told(row, counts.get(row.id, Counts()), proofs.get(row.id)) for row in rows]
        print(json.dumps({"campaigns": told}, ensure_ascii=False))
        return 0
    for row in rows:
        said = _word(row, proofs.get(row.id))
        drawn = f"{row.drawn_at:%Y-%m-%d}" if row.drawn_at else "–"
        print("\t".join([row.public_id, row.theme, _state(row), drawn, said]))
    if not rows:
        say(gettext("There is no campaign yet."))
    return 0


def _plan(row: "CampaignRow", args: argparse.Namespace) -> int:
    from huitou.flows import campaign_plans

    plan = campaign_plans.plan(row, now=datetime.now(UTC))
    is_ready = not plan.missing and plan.people > 0
    if args.json:
        told = {"campaign": row.public_id, "theme": row.theme, "state": row.state,
                "can_be_sent": is_ready and row.state == "draft", **_planned(plan)}  # fmt: skip
        print(json.dumps(told, ensure_ascii=False))
        return 0 if is_ready else 1
    seen = plan.foresight
    chosen = next((one for one in seen.offers if one.percent == row.holdout_percent), None)
    lines: list[tuple[str, object]] = [
        (gettext("In the audience"), plan.audience),
        (gettext("Of them can be contacted"), plan.people),
        *((gettext("Left out: {reason}").format(reason=_reason(code)), people)
          for code, people in sorted(plan.not_reached.items())),
        (gettext("Sent group"), plan.arms.treated),
        (gettext("Control group"), plan.arms.held_out),
        (gettext("Bought by themselves in the last days"), f"{seen.buyers_share:.1%}"),
    ]  # fmt: skip
    if chosen is not None and chosen.visible_share is not None:
        lines.append((gettext("Smallest effect this can show, in points"),
                      f"{100 * chosen.visible_share:.1f}"))  # fmt: skip
    if seen.advised_percent is not None:
        lines.append((gettext("Advised to hold out"), f"{seen.advised_percent}%"))
    else:
        lines.append((gettext("Too small to prove alone."), "–"))
    cost = "–" if plan.cost_minor is None else _major(plan.cost_minor)
    lines.append((gettext("Cost of sending"), cost))
    for word, value in lines:
        print(f"{word}\t{value}")
    if plan.missing:
        say(gettext("Still missing: {missing}.").format(missing=", ".join(plan.missing)))
    if plan.trouble:
        say(gettext(plan.trouble))
    return 0 if is_ready else 1


def _result(row: "CampaignRow", args: argparse.Namespace) -> int:
    from huitou.campaigns import queries
    from huitou.campaigns.types import Counts
    from huitou.insights import queries as insights

    counts = queries.counts([row.id]).get(row.id, Counts())
    proof = insights.proof_of(row.id)
    sends = queries.sends(f"campaign:{row.public_id}")
    if args.json:
        told = {**_told(row, counts, proof), "sends": sends._asdict(),
                "facts": dict(proof.facts) if proof else None}  # fmt: skip
        print(json.dumps(told, ensure_ascii=False))
        return 0
    for word, value in _result_lines(row, counts, sends, proof):
        print(f"{word}\t{value}")
    return 0


def _result_lines(
    row: "CampaignRow", counts: "Counts", sends: "Sends", proof: "ProofRow | None"
) -> list[tuple[str, object]]:
    lines: list[tuple[str, object]] = [
        (gettext("State"), _state(row)),
        (gettext("Sent group"), counts.treated),
        (gettext("Control group"), counts.held_out),
        *((gettext("Left out: {reason}").format(reason=_reason(code)), people)
          for code, people in sorted(counts.not_reached.items())),
        (gettext("Sent"), sends.sent),
        (gettext("Unsubscribed because of it"), sends.unsubscribed),
        (gettext("Verdict"), _word(row, proof)),
    ]  # fmt: skip
    effects = [proof.facts.get("primary"), *proof.facts.get("secondary", [])] if proof else []
    for effect in effects:
        if effect and effect.get("lo") is not None:
            lines.append((_outcome(effect["outcome"]), _interval(effect)))
    return lines


def _told(row: "CampaignRow", counts: "Counts", proof: "ProofRow | None") -> dict[str, Any]:
    primary = proof.facts.get("primary") if proof else None
    return {
        "campaign": row.public_id, "theme": row.theme, "state": row.state, "goal": row.goal,
        "channel": row.channel, "outcome": row.outcome, "window_days": row.window_days,
        "holdout_percent": row.holdout_percent,
        "drawn_at": row.drawn_at.isoformat() if row.drawn_at else None,
        "window_until": row.window_until.isoformat() if row.window_until else None,
        "treated": counts.treated, "held_out": counts.held_out,
        "left_out": dict(counts.not_reached),
        "verdict": _code(row, proof),
        "effect": {name: primary.get(name) for name in ("outcome", "value", "lo", "hi", "level")}
        if primary else None,
    }  # fmt: skip


def _planned(plan: "Plan") -> dict[str, Any]:
    seen = plan.foresight
    return {
        "audience": plan.audience, "people": plan.people, "left_out": dict(plan.not_reached),
        "units": seen.units, "treated": plan.arms.treated, "held_out": plan.arms.held_out,
        "buyers_share": seen.buyers_share, "advised_percent": seen.advised_percent,
        "offers": [
            {"percent": one.percent, "treated": one.arms.treated, "held_out": one.arms.held_out,
             "visible_share": one.visible_share, "visible_money_part": one.visible_money_part}
            for one in seen.offers
        ],
        "messages": plan.messages, "cost_minor": plan.cost_minor,
        "missing": list(plan.missing), "trouble": plan.trouble,
    }  # fmt: skip


def _code(row: "CampaignRow", proof: "ProofRow | None") -> str | None:
    if proof is not None:
        return proof.verdict
    return "no_control" if row.is_drawn and row.holdout_percent == 0 else None


def _word(row: "CampaignRow", proof: "ProofRow | None") -> str:
    from huitou.insights.proof.words import VERDICTS

    code = _code(row, proof)
    return gettext(VERDICTS[code][0]) if code else "–"


def _state(row: "CampaignRow") -> str:
    from huitou.campaigns.types import STATES

    return gettext(STATES[row.state])


def _outcome(code: str) -> str:
    words: Mapping[str, str] = {
        "came_back": gettext("came back, more per 100 people"),
        "money": gettext("money per person"),
        "purchases": gettext("purchases per 100 people"),
    }
    return words[code]


def _interval(effect: Mapping[str, Any]) -> str:
    """The effect with its interval; an end beside zero shows on which side it lies."""
    from huitou.ui import figures

    ends = [effect[name] for name in ("value", "lo", "hi")]
    if effect["outcome"] == "money":
        value, low, high = (_major(end) for end in ends)
    else:
        value, low, high = (figures.apart_from_zero(100 * end, "en", 2) for end in ends)
    return f"{value} [{low}, {high}]"


def _major(minor: float) -> str:
    from huitou.kit.money import Currency
    from huitou.staff import queries as staff
    from huitou.ui import figures

    company = staff.company()
    currency = Currency(company.currency if company else "CNY")
    major = minor / 10**currency.decimals
    return f"{currency.code} {figures.apart_from_zero(major, 'en', currency.decimals)}"


def _reason(code: str) -> str:
    from huitou.campaigns.types import REASONS
    from huitou.platform.messages.types import REASONS as OF_MESSAGES

    return gettext(REASONS.get(code) or OF_MESSAGES.get(code) or code)
