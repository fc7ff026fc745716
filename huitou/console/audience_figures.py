"""The figures beside a condition: how many now and at each step, by which channel, and five."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from huitou.audiences import queries as audiences
from huitou.audiences.types import Chosen, Reach, Sight
from huitou.console import audience_words, ladders
from huitou.console.audience_draft import ROOT, Draft, Group
from huitou.console.visibility import sold_since, visible_stores
from huitou.kit.conditions.readable import Speech, readable, why_words
from huitou.kit.conditions.types import All, Expression, Node

_REASONS: Final = 3  # conditions named as the reason for one person


@dataclass(frozen=True, slots=True)
class Moment:
    """When and by whom it is looked at."""

    today: date
    now: datetime
    sight: Sight | None


@dataclass(frozen=True, slots=True)
class ReachLine:
    """One channel: how many it may reach, and why not the others."""

    words: str
    icon: str
    reach: Reach
    share: float  # of a hundred


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One of the five, with why."""

    person: audiences.PersonRow
    name: str
    initial: str
    layer: ladders.Chip | None
    why: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What the page shows of a condition now."""

    chosen: int
    everybody: int
    left: Mapping[str, int]
    sentence: str
    reach: Sequence[ReachLine]
    people: Sequence[PersonLine]

    @property
    def share(self) -> float:
        """The chosen among all customers, 0..1."""
        return self.chosen / self.everybody if self.everybody else 0.0


def moment_of(request: HttpRequest) -> Moment:
    """The company's day, the instant, and whom the reader may see."""
    today = timezone.localdate()
    stores = visible_stores(request)
    sight = None if stores is None else Sight(stores, sold_since(today))
    return Moment(today, timezone.now(), sight)


def figures(
    request: HttpRequest,
    expression: Expression,
    *,
    steps: Mapping[str, Node] | None = None,
    seed: str = "",
) -> Figures:
    """Count, reach and sample of a condition whose audiences are resolved."""
    at = moment_of(request)
    steps = steps or {}
    found = audiences.look(
        expression,
        list(steps.values()),
        seed=seed.replace("\x00", ""),  # no text a database takes
        today=at.today,
        now=at.now,
        sight=at.sight,
    )
    speech = audience_words.speech_of(request)
    return Figures(
        chosen=found.chosen,
        everybody=found.everybody,
        left=dict(zip(steps, found.steps, strict=True)),
        sentence=readable(expression, speech),
        reach=_reach(found.reach) if found.chosen else (),
        people=_people(expression, found.sample, at, speech) if found.sample else (),
    )


def steps_of(draft: Group, nodes: Mapping[str, Node]) -> dict[str, Node]:
    """For each finished part the people left when the reading has come so far.

    ``nodes`` are the finished parts by their path. In a group of which all must hold every
    condition narrows what those before it left; in the others each stands alone.
    """
    steps: dict[str, Node] = {}
    _walk(draft, ROOT, (), nodes, steps)
    return steps


def _walk(
    draft: Draft,
    path: str,
    before: tuple[Node, ...],
    nodes: Mapping[str, Node],
    steps: dict[str, Node],
) -> None:
    if not isinstance(draft, Group):
        return
    so_far = before
    for index, part in enumerate(draft.parts):
        below = f"{path}.{index}"
        _walk(part, below, so_far, nodes, steps)
        if (node := nodes.get(below)) is None:
            continue
        steps[below] = All((*so_far, node))
        if draft.join == "all":
            so_far = (*so_far, node)


def _reach(rows: Sequence[Reach]) -> list[ReachLine]:
    lines = []
    for row in rows:
        words, icon = audience_words.CHANNELS[row.channel]
        share = 100 * row.reachable / row.people if row.people else 0.0
        lines.append(ReachLine(gettext(words), icon, row, share))
    return sorted(lines, key=lambda line: -line.reach.reachable)


def _people(
    expression: Expression, ids: Sequence[int], at: Moment, speech: Speech
) -> list[PersonLine]:
    reasons = audiences.why(expression, ids, today=at.today, now=at.now)
    rows = {row.customer_id: row for row in audiences.rows(ids, slot=None)}
    lines = []
    for chosen in reasons:
        person = rows[chosen.customer_id]
        name = person.name or person.code
        layer = ladders.layer_chip(person.layer) if person.layer else None
        lines.append(PersonLine(person, name, name[:1], layer, _why(chosen, speech)))
    return lines


def _why(chosen: Chosen, speech: Speech) -> str:
    """The conditions that speak for this person, with the person's own values."""
    speaking = [one for one in chosen.why if one.holds is not one.negated]
    words = list(dict.fromkeys(why_words(one, speech) for one in speaking))
    return gettext(", ").join(words[:_REASONS])
