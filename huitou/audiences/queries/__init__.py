"""Reads of the people columns: lists in pages, and whom a condition chooses."""

from huitou.audiences.queries.people import (
    SORTS,
    Filters,
    PeoplePage,
    PersonRow,
    Place,
    Standings,
    has_buyers,
    is_visible,
    people,
    person,
    rows,
    standings,
)

__all__ = [
    "SORTS",
    "Filters",
    "PeoplePage",
    "PersonRow",
    "Place",
    "Standings",
    "has_buyers",
    "is_visible",
    "people",
    "person",
    "rows",
    "standings",
]
