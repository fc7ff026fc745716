"""Why one customer has their scores: what the measurement stored, in sentences, bars and sums."""

from dataclasses import dataclass, field
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext

from huitou.audiences.queries import PersonRow
from huitou.console.measured import Measured
from huitou.flows import attitudes
from huitou.insights import queries as insights

# What a manager asks first; the rest stands folded for those who analyse.
FIRST: Final = ("risk", "value_at_risk", "loyalty_index")
ANCHORS: Final = {"risk": "risk", "value_at_risk": "value", "loyalty_index": "index"}


@dataclass(frozen=True, slots=True)
class Why:
    """The answer to "why" for one score: a title, bars or a sum, and sentences."""

    code: str
    title: str
    sentences: tuple[str, ...]
    bars: list[dict[str, Any]] = field(default_factory=list)
    receipt: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Explained:
    """The first scores with their reasons, the others, and where all come from."""

    first: list[Why]
    others: list[Why]
    source: str


def explained(measured: Measured, person: PersonRow) -> Explained | None:
    """Every score of the customer with its reasons; ``None`` if the measurement's file does not
    hold them."""
    stored = insights.score_of(person.customer_id, scores_path=measured.scores_path)
    if stored is None:
        return None
    row = attitudes.up_to_date(stored, person, as_of=measured.as_of, now=timezone.now())
    # These load the models' kernels, which no other screen needs.
    from huitou.insights import explain
    from huitou.ui.explaining import told

    run = explain.Measured(
        measured.as_of, measured.horizon_days, measured.value_days, measured.model, measured.report
    )
    found = {}
    for why in explain.explained(row, run):
        said = told(why, currency=measured.currency)
        title = gettext("Why: {title} {figure}").format(title=said.title, figure=said.figure)
        if why.value is None:
            title = said.title
        bars, receipt = _parts(why.parts, said.parts)
        code = ANCHORS.get(why.score, why.score)
        found[why.score] = Why(code, title, said.sentences, bars, receipt)
    others = [why for score, why in found.items() if score not in FIRST]
    return Explained(
        [found[score] for score in FIRST], others, _source(measured, has_answered=row is not stored)
    )


def _parts(parts: Any, words: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Parts that add up as bars against the largest, all others as the lines of a sum."""
    bars: list[dict[str, Any]] = []
    receipt: list[dict[str, Any]] = []
    adding = [
        abs(part.amount)
        for part in parts
        if part.kind == "adds" and part.code != "typical" and part.amount
    ]
    largest = max([*adding, 1e-9])
    for part, (label, amount) in zip(parts, words, strict=True):
        if part.kind == "adds" and part.code != "typical":
            size = abs(part.amount or 0.0)
            bars.append(
                {
                    "words": label,
                    "text": amount,
                    "by": 48 * size / largest,
                    "down": (part.amount or 0.0) < 0,
                }
            )
        else:
            receipt.append({"words": label, "text": amount})
    return bars, receipt


def _source(measured: Measured, *, has_answered: bool) -> str:
    said = (
        gettext("Measurement {run}, model {model}; with the answers given since")
        if has_answered
        else gettext("Measurement {run}, model {model}")
    )
    return said.format(run=measured.public_id, model=measured.model or "–")
