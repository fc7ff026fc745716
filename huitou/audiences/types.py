"""Values of saved audiences and of the people they choose."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from huitou.kit.conditions.columns import Turned


@dataclass(frozen=True, slots=True)
class Sight:
    """Whom a reader may see: customers of these stores, home or sold to since a day.

    An absent sight (``None`` wherever one is asked for) sees everybody.
    """

    stores: tuple[int, ...]
    sold_since: date


@dataclass(frozen=True, slots=True)
class AudienceRow:
    """A saved audience as it stands: the version in force."""

    id: int
    public_id: str
    name: str
    note: str
    preset: str  # the code of the preset it was made from, or ""
    version: int
    expression: Mapping[str, Any]
    created_by: str
    created_at: datetime
    saved_at: datetime
    archived_at: datetime | None


class Reach(NamedTuple):
    """How many of some people one channel may carry marketing to, and why not the others.

    The seven parts after ``people`` sum to it.
    """

    channel: str
    people: int
    reachable: int
    no_address: int
    not_asked: int  # an address, but nobody ever gave consent
    refused: int
    withdrawn: int
    do_not_contact: int
    came_back: int  # consent, but messages to every address came back


class Chosen(NamedTuple):
    """One person of an audience, with why."""

    customer_id: int
    why: tuple[Turned, ...]


class Look(NamedTuple):
    """What a screen shows of an expression."""

    everybody: int  # whom the reader may see
    steps: list[int]  # people of each further condition
    sample: list[int]  # ids, drawn at random from the chosen
    reach: list[Reach]

    @property
    def chosen(self) -> int:
        """How many people the expression chooses."""
        return self.reach[0].people
