"""What the address of the customer list asks for, and the addresses of its neighbours."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict

from huitou.audiences.queries import SORTS, Filters, Place
from huitou.console.ladders import BANDS, LAYERS, LEVELS, STAGES

NOT_ASKED: Final = "not_asked"
LARGEST_ID: Final = 2**63 - 1
_CHOICES: Final = {
    "layer": tuple(LAYERS),
    "stage": tuple(STAGES),
    "level": (*LEVELS, NOT_ASKED),
    "band": tuple(BANDS),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """The list a reader asks for; what the address says that makes no sense is left out."""

    text: str = ""
    layer: str = ""
    stage: str = ""
    level: str = ""
    band: str = ""
    store_id: int | None = None
    sort: str = ""
    descending: bool = True
    place: Place | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(
            self.text or self.layer or self.stage or self.level or self.band or self.store_id
        )

    def filters(
        self, *, ids: Sequence[int] | None, visible: tuple[int, ...] | None, sold_since: date
    ) -> Filters:
        """The same conditions for the query, with the finds of the search and what the reader may
        see."""
        return Filters(
            layer=self.layer or None,
            stage=self.stage or None,
            level="" if self.level == NOT_ASKED else self.level or None,
            band=self.band or None,
            store_id=self.store_id,
            ids=None if ids is None else tuple(ids),
            visible=visible,
            sold_since=sold_since if visible is not None else None,
        )

    def address(self, **changes: object) -> str:
        """The query string of this list with ``changes``; a change without a value removes its
        part."""
        parts: dict[str, object] = {
            "q": self.text,
            "layer": self.layer,
            "stage": self.stage,
            "level": self.level,
            "band": self.band,
            "store": self.store_id or "",
            "sort": self.sort,
            "order": "desc" if self.descending else "asc",
        }
        parts.update(changes)
        return "?" + urlencode(
            {name: value for name, value in parts.items() if value not in ("", None)}
        )


def wish(asked: QueryDict, *, is_measured: bool) -> Wish:
    """Read the address. Without a wish a measured list begins with the most to lose, a search with
    names."""
    chosen = {name: _one_of(asked.get(name, ""), codes) for name, codes in _CHOICES.items()}
    text = asked.get("q", "").strip()[:200]
    sorts = SORTS if is_measured else ("last_purchase", "net", "name")
    sort = _one_of(asked.get("sort", ""), sorts)
    if not sort:
        sort = "name" if text else "value_at_risk" if is_measured else "last_purchase"
    order = asked.get("order", "")
    return Wish(
        text=text,
        store_id=read_id(asked.get("store", "")),
        sort=sort,
        descending=order == "desc" if order in ("asc", "desc") else sort != "name",
        place=read_place(asked.get("at", ""), sort=sort),
        **chosen,
    )


def written_place(place: Place | None) -> str:
    """A place as a piece of an address; "" is no place."""
    if place is None:
        return ""
    key = place.key.isoformat() if isinstance(place.key, date) else place.key
    text = json.dumps([key, place.customer_id, place.backwards], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_place(text: str, *, sort: str) -> Place | None:
    """The place an address names; ``None`` if it names none that fits the order."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        key, customer_id, backwards = json.loads(raw)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        return None
    if not _is_id(customer_id) or not isinstance(backwards, bool):
        return None
    read = _key(key, sort)
    return None if read is None else Place(read, customer_id, backwards)


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST_ID


def _key(key: object, sort: str) -> float | int | str | date | None:
    if sort == "name":
        return key if isinstance(key, str) and "\x00" not in key else None
    if sort == "last_purchase" and isinstance(key, str):
        try:
            return date.fromisoformat(key)
        except ValueError:
            return None
    if isinstance(key, bool) or not isinstance(key, int | float):
        return None
    return key if abs(key) <= LARGEST_ID else None


def _one_of(value: str, codes: Sequence[str]) -> str:
    return value if value in codes else ""


def read_id(value: str) -> int | None:
    """The id an address names; ``None`` if it names none a row could have."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None
