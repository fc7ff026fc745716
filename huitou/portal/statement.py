"""The member's points: what there is, when it expires, and every movement with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from huitou.points import queries as points
from huitou.points.types import LotRow, StatementRow
from huitou.portal.access import member_only
from huitou.portal.card import Standing, card_of, standing_of
from huitou.ui import points_words

PAGE_LENGTH: Final = 30
SOON_DAYS: Final = 45


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement as its owner reads it."""

    title: str
    points: int
    balance: int
    occurred_at: datetime
    expires_on: date | None
    question: str  # why it is so many
    receipt: list[points_words.Line]


class Month(NamedTuple):
    """The movements of one month, newest first."""

    first: date
    entries: list[Entry]


class Entries(NamedTuple):
    """Some movements; ``before`` is where older ones begin, None at the end."""

    rows: list[Entry]
    before: int | None


class Dying(NamedTuple):
    """Points that expire together; ``on`` None = never."""

    on: date | None
    points: int
    days: int | None
    is_soon: bool


@member_only
def statement(request: HttpRequest) -> HttpResponse:
    """Balance, expiry and movements."""
    standing = standing_of(request)
    found = entries_of(standing, before=_number(request.GET.get("before", "")))
    card = card_of(standing)
    context = {
        "card": card,
        "dying": dying_of(card.lots, standing.today) if card else [],
        "months": months_of(found.rows),
        "before": found.before,
        "is_later_page": "before" in request.GET,
    }
    return render(request, "portal/points.html", context)


def entries_of(
    standing: Standing, *, before: int | None = None, limit: int = PAGE_LENGTH
) -> Entries:
    """The latest movements; none where there is no programme."""
    if standing.programme is None:
        return Entries([], None)
    rows = points.statement(
        standing.programme.id, standing.customer_id, before=before, limit=limit + 1
    )
    terms = points_words.Terms(standing.currency, standing.tier_names)
    shown = rows[:limit]
    more = shown[-1].transfer_id if len(rows) > limit else None
    return Entries([_entry(row, terms) for row in shown], more)


def dying_of(lots: Sequence[LotRow], today: date) -> list[Dying]:
    """What expires when, the soonest first."""
    return [
        _dying(on, list(together), today)
        for on, together in groupby(lots, key=lambda lot: lot.expires_on)
    ]


def months_of(entries: list[Entry]) -> list[Month]:
    """Movements under the month they happened in, as the company's calendar sees it."""
    return [
        Month(first, list(together)) for first, together in groupby(entries, key=_first_of_month)
    ]


def _entry(row: StatementRow, terms: points_words.Terms) -> Entry:
    why: Mapping[str, Any] = row.why
    return Entry(
        title=points_words.title(row.kind, row.points, why, terms),
        points=row.points,
        balance=max(row.balance_after, 0),
        occurred_at=row.occurred_at,
        expires_on=row.expires_on,
        question=points_words.question(row.points),
        receipt=points_words.receipt(row.points, why, terms),
    )


def _first_of_month(entry: Entry) -> date:
    return timezone.localtime(entry.occurred_at).date().replace(day=1)


def _dying(on: date | None, lots: list[LotRow], today: date) -> Dying:
    days = (on - today).days if on else None
    return Dying(on, sum(lot.points for lot in lots), days, days is not None and days <= SOON_DAYS)


def _number(text: str) -> int | None:
    is_id = text.isascii() and text.isdigit() and len(text) <= 18
    return int(text) if is_id else None
