"""One line of time for one customer over all rooms, page by page, of all kinds or one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple

from huitou.campaigns import queries as campaigns
from huitou.console import customer_moments
from huitou.console.customer_moments import Moment
from huitou.customers import queries as customers
from huitou.customers.queries import Wanted
from huitou.kit.text import gettext_noop as _
from huitou.orders import queries as orders
from huitou.platform.messages import queries as outbox
from huitou.points import queries as points
from huitou.ui.points_words import Terms
from huitou.voice import queries as voice

SHOWN: Final = 30
_PROGRAMME: Final = 1  # there is one in an installation
_LARGEST: Final = 2**63 - 1
# Of moments at the same instant those of the first kind come first.
KINDS: Final = {
    "consents": _("Consents"),
    "contacts": _("Contacts"),
    "cases": _("Complaints and suggestions"),
    "answers": _("Answers"),
    "messages": _("Messages"),
    "campaigns": _("Campaigns"),
    "points": _("Points"),
    "orders": _("Orders"),
}
_RANKS: Final = {kind: rank for rank, kind in enumerate(KINDS)}
_NEEDS: Final = {"cases": "see_cases", "campaigns": "see_campaigns"}


class Place(NamedTuple):
    """The last moment already seen; the next page begins after it."""

    at: datetime
    rank: int
    id: int


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks, in which currency, and of which stores they see orders and cases."""

    currency: str
    reader_id: int
    visible: tuple[int, ...] | None
    may: Mapping[str, bool]

    @property
    def kinds(self) -> list[str]:
        """The kinds of moments this reader sees, as they are offered: orders first."""
        return [kind for kind in reversed(KINDS) if self.may.get(_NEEDS.get(kind, ""), True)]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of moments, whether “do not contact” holds, and where older ones begin."""

    moments: list[Moment]
    is_stopped: bool
    older: str


def timeline(
    customer_id: int, look: Look, *, kind: str = "", place: Place | None = None
) -> Timeline:
    """The latest moments of this customer, newest first, of one ``kind`` or of all the reader may
    see, after ``place``."""
    wanted = [one for one in look.kinds if kind in ("", one)]
    found: list[tuple[int, Moment]] = []
    for one in wanted:
        if one not in {"contacts", "consents"}:
            found += [(_RANKS[one], row) for row in _of(one, customer_id, look, place)]
    told = customers.told(
        customer_id,
        contacts=_wanted("contacts", wanted, place),
        consents=_wanted("consents", wanted, place),
    )
    for row in told.rows:
        found.append((_RANKS[f"{row.what}s"], customer_moments.told_moment(row)))
    found.sort(key=lambda pair: pair[1].id, reverse=True)
    found.sort(key=lambda pair: pair[0])
    found.sort(key=lambda pair: pair[1].at, reverse=True)
    older = ""
    if len(found) > SHOWN:
        rank, last = found[SHOWN - 1]
        older = written(Place(last.at, rank, last.id))
    return Timeline([moment for _rank, moment in found[:SHOWN]], told.is_stopped, older)


def _of(kind: str, customer_id: int, look: Look, place: Place | None) -> list[Moment]:
    """The moments of one kind after ``place``, one more than is shown."""
    limit, after = SHOWN + 1, _after(kind, place)
    if kind == "orders":
        page = orders.orders_of(customer_id, limit=limit, after=after)
        return customer_moments.order_moments(page.rows, look.currency, look.visible)
    if kind == "points":
        rows = points.moments(_PROGRAMME, customer_id, limit=limit, after=after)
        return [customer_moments.points_moment(row, Terms(look.currency)) for row in rows]
    if kind == "campaigns":
        lines = campaigns.lines_of(customer_id, limit=limit, after=after)
        return customer_moments.campaign_moments(lines)
    if kind == "messages":
        sent = outbox.of_customer(customer_id, limit=limit, after=after)
        return customer_moments.message_moments(sent)
    if kind == "answers":
        answers = voice.answers_of(customer_id, limit=limit, after=after)
        return [customer_moments.answer_moment(row) for row in answers]
    cases = voice.cases_seen(
        customer_id, reader_id=look.reader_id, stores=look.visible, limit=limit, after=after
    )
    return customer_moments.case_moments(cases)


def _wanted(kind: str, wanted: list[str], place: Place | None) -> Wanted:
    return Wanted(SHOWN + 1, _after(kind, place)) if kind in wanted else Wanted(0)


def _after(kind: str, place: Place | None) -> tuple[datetime, int] | None:
    """Where a kind goes on: of the place's own instant only what comes after it."""
    if place is None:
        return None
    rank = _RANKS[kind]
    if rank == place.rank:
        return place.at, place.id
    return place.at, _LARGEST if rank > place.rank else 0


def written(place: Place) -> str:
    """A place as an address names it."""
    return f"{place.at.isoformat()}~{place.rank}~{place.id}"


def read(text: str) -> Place | None:
    """The place an address names; ``None`` if it names none."""
    at, *numbers = text.split("~")
    try:
        instant = datetime.fromisoformat(at)
        instant.astimezone(UTC)  # an instant beyond what there is fails here, not in the database
    except (ValueError, OverflowError):
        return None
    are_ids = all(one.isascii() and one.isdigit() and len(one) < 19 for one in numbers)
    if len(numbers) != 2 or not are_ids or instant.tzinfo is None:
        return None
    return Place(instant, int(numbers[0]), int(numbers[1]))
