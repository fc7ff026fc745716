"""Reads of the people columns: lists of customers in pages, and what is known of one.

A page is two statements: the keys of the page by an index, then the rows of those keys. Pages
continue after the
last row seen (a key and an id), never by counting rows from the start, so that page 1,000 costs
what page 1 costs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.db import connection
from psycopg import sql

from huitou.audiences import ladders, models

SORTS: Final = ("value_at_risk", "risk", "last_purchase", "net", "name")
_SQL: Final = Path(__file__).parent.parent / "sql"
_LAST: Final = 2_147_483_647  # stands for "never" where days since the last purchase are ordered
# The figure that orders a page: of the measurement (with an index where the list is long), of the
# orders alone.
_MEASURED: Final[Mapping[str, str]] = {
    "value_at_risk": "s.value_place",
    "risk": "s.risk_place",
    "last_purchase": f"-coalesce(s.dormancy_days, {_LAST})",
    "net": "s.net_minor",
}
_BUYERS: Final[Mapping[str, str]] = {"last_purchase": "s.last_ordered_on", "net": "s.net_minor"}


class PersonRow(NamedTuple):
    """One customer in a list or at the head of their page; ``None`` is not known, never zero.

    ``risk`` and ``p_repeat`` are chances 0..1; ``margin_365``, ``value_at_risk``,
    ``expected_spend`` and
    ``lifetime_value`` are expected major units.
    """

    customer_id: int
    code: str
    name: str
    home_store_id: int | None
    first_ordered_on: date | None
    last_ordered_on: date | None
    purchases: int
    net_minor: int
    layer: str | None
    stage: str | None
    health: str | None
    dormancy_days: int | None
    net_360_minor: int | None
    rfm: str | None
    p_repeat: float | None
    band: str | None
    p_alive: float | None
    risk: float | None
    risk_days: int | None
    expected_purchases: float | None
    expected_spend: float | None
    lifetime_value: float | None
    margin_365: float | None
    value_at_risk: float | None
    loyalty_index: float | None
    loyalty_level: str | None
    grid_cell: str | None
    mark: str | None


@dataclass(frozen=True, slots=True)
class Filters:
    """Who is on the list. ``None`` is no condition; ``level`` "" is "not asked".

    ``ids`` are the finds of a search. ``visible`` are the stores of a reader who may only see the
    customers of
    their stores: home store, or sold to them on or after ``sold_since``.
    """

    layer: str | None = None
    stage: str | None = None
    level: str | None = None
    band: str | None = None
    store_id: int | None = None
    ids: tuple[int, ...] | None = None
    visible: tuple[int, ...] | None = None
    sold_since: date | None = None

    @property
    def need_a_measurement(self) -> bool:
        """Whether a condition speaks of what only a measurement knows."""
        return any(value is not None for value in (self.layer, self.stage, self.level, self.band))


class Place(NamedTuple):
    """Where a page begins: after (or, backwards, before) the row with this key and id."""

    key: float | int | str | date | None
    customer_id: int
    backwards: bool = False


class PeoplePage(NamedTuple):
    """One page of the list, with the places its neighbours begin at; ``None`` is no such page."""

    rows: list[PersonRow]
    before: Place | None
    after: Place | None


class Standings(NamedTuple):
    """Which standings are in force: their slot and the run that wrote them."""

    slot: int
    run_id: int


def standings() -> Standings | None:
    """The standings in force; ``None`` before the first measurement."""
    row = models.StandingSlot.objects.values_list("slot", "run_id").first()
    return None if row is None else Standings(*row)


def has_buyers() -> bool:
    """Whether anybody has bought anything yet."""
    return models.Person.objects.filter(last_ordered_on__isnull=False).exists()


def people(
    filters: Filters,
    *,
    slot: int | None,
    sort: str,
    descending: bool,
    place: Place | None = None,
    limit: int = 50,
) -> PeoplePage:
    """One page of the customers that ``filters`` leave, ordered by ``sort`` and then by id.

    Args:
        slot: the slot of standings in force; ``None`` before the first measurement, when only
        orders and names
            can order the list and filters of a measurement leave nobody.
        sort: one of ``SORTS``. "last_purchase" and "net" list buyers only, unless a filter of the
        measurement
            is set; an unknown figure comes last when descending.
        place: where the page begins; ``None`` is the first page.

    Raises:
        ValueError: ``sort`` is unknown, or needs a measurement and there is none.
    """
    backwards = place is not None and place.backwards
    keys = _keys(filters, slot, sort, descending != backwards, place, limit + 1)
    more = len(keys) > limit
    keys = keys[:limit]
    if backwards:
        keys.reverse()
    found = {
        row.customer_id: row for row in rows([customer_id for customer_id, _ in keys], slot=slot)
    }
    listed = [found[customer_id] for customer_id, _ in keys if customer_id in found]
    if not keys:
        return PeoplePage([], None, None)
    first, last = keys[0], keys[-1]
    has_before = more if backwards else place is not None
    has_after = True if backwards else more
    return PeoplePage(
        listed,
        Place(first[1], first[0], backwards=True) if has_before else None,
        Place(last[1], last[0]) if has_after else None,
    )


def rows(ids: Sequence[int], *, slot: int | None) -> list[PersonRow]:
    """The rows of these customers, in no promised order; ids nobody has are left out."""
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_statement("people_rows"), {"ids": list(ids), "slot": slot})
        return [PersonRow(*row) for row in cursor.fetchall()]


def person(customer_id: int) -> PersonRow | None:
    """One customer's row; ``None`` if there is no such customer."""
    return next(iter(rows([customer_id], slot=None)), None)


def is_visible(customer_id: int, *, visible: Sequence[int], sold_since: date) -> bool:
    """Whether a reader of the stores ``visible`` may see this customer: home store, or sold to them
    since."""
    values: dict[str, Any] = {
        "customer_id": customer_id,
        "visible": list(visible),
        "sold_since": sold_since,
    }
    with connection.cursor() as cursor:
        cursor.execute(_statement("person_visible"), values)
        return bool(cursor.fetchone()[0])


def visible_among(
    customer_ids: Sequence[int], *, visible: Sequence[int], sold_since: date
) -> set[int]:
    """Those of these customers for whom ``is_visible`` holds, in one statement."""
    values: dict[str, Any] = {
        "ids": list(customer_ids),
        "visible": list(visible),
        "sold_since": sold_since,
    }
    with connection.cursor() as cursor:
        cursor.execute(_statement("people_visible"), values)
        return {row[0] for row in cursor.fetchall()}


def _keys(
    filters: Filters, slot: int | None, sort: str, descending: bool, place: Place | None, limit: int
) -> list[tuple[int, float | int | str | date | None]]:
    values: dict[str, Any] = {
        **asdict(filters),
        "layer_code": _code(ladders.LAYERS, filters.layer),
        "stage_code": _code(ladders.STAGES, filters.stage),
        "ids": None if filters.ids is None else list(filters.ids),
        "visible": None if filters.visible is None else list(filters.visible),
        "slot": slot,
        "limit": limit,
        "after_key": None if place is None else place.key,
        "after_id": None if place is None else place.customer_id,
    }
    if filters.need_a_measurement and slot is None:
        return []
    if sort == "name":
        statement = _named(descending)
        values["after_key"] = None if place is None else str(place.key)
    else:
        statement = _figures(filters, slot, sort, descending, place)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [(row[0], row[1]) for row in cursor.fetchall()]


def _code(ladder: tuple[str, ...], word: str | None) -> int | None:
    return None if word is None else ladders.code(ladder, word)


def _figures(
    filters: Filters, slot: int | None, sort: str, descending: bool, place: Place | None
) -> sql.Composed:
    buyers = sort in _BUYERS and not filters.need_a_measurement
    if not buyers and (sort not in _MEASURED or slot is None):
        raise ValueError(f"{sort!r} cannot order this list")
    key = (_BUYERS if buyers else _MEASURED)[sort]
    if place is None:
        beyond = "TRUE"
    else:
        beyond = (
            f"({key}, s.customer_id) {'<' if descending else '>'} (%(after_key)s, %(after_id)s)"
        )
    return sql.SQL(_statement("people_buyers" if buyers else "people_measured")).format(
        key=sql.SQL(key), order=sql.SQL("DESC" if descending else "ASC"), beyond=sql.SQL(beyond)
    )


def _named(descending: bool) -> sql.Composed:
    return sql.SQL(_statement("people_named")).format(
        after=sql.SQL("~<~" if descending else "~>~"),
        order=sql.SQL("~>~" if descending else "~<~"),
        tie=sql.SQL("<" if descending else ">"),
        tie_order=sql.SQL("DESC" if descending else "ASC"),
    )


@cache
def _statement(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text()
