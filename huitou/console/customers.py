"""The list of customers: one search box, a few filters, an order, pages, and the same list as a
file."""

from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext

from huitou.audiences import queries as audiences
from huitou.console import ladders
from huitou.console.access import allowed, may
from huitou.console.customer_words import natural_frequency
from huitou.console.measured import Measured, latest
from huitou.console.people_filters import NOT_ASKED, Wish, wish, written_place
from huitou.console.shell import company_of
from huitou.console.visibility import sold_since, visible_stores
from huitou.customers import queries as customers
from huitou.kit.text import gettext_noop as _
from huitou.staff import queries as staff
from huitou.staff.types import StoreRow

PAGE_LENGTH: Final = 50
SORT_WORDS: Final = {
    "last_purchase": _("Last purchase"),
    "net": _("Spent in all"),
    "risk": _("Risk of leaving"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One customer as a line of the list."""

    person: audiences.PersonRow
    name: str
    initial: str
    layer: ladders.Chip | None
    stage: str
    level: str
    store: str
    frequency: str  # of a hundred like this one, how many stayed away
    at_risk: float | None  # minor units


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything one look at the list needs, read once."""

    measured: Measured | None
    standings: audiences.Standings | None
    wish: Wish
    filters: audiences.Filters
    is_cut: bool  # the search found more than it hands on

    @property
    def slot(self) -> int | None:
        """The slot of standings in force."""
        return None if self.standings is None else self.standings.slot


@allowed("see_customers")
def customers_list(request: HttpRequest) -> HttpResponse:
    """One page of the customers the reader may see and the address asks for."""
    asked = what_is_asked(request)
    page = audiences.people(
        asked.filters,
        slot=asked.slot,
        sort=asked.wish.sort,
        descending=asked.wish.descending,
        place=asked.wish.place,
        limit=PAGE_LENGTH,
    )
    stores = {store.id: store for store in staff.stores()}
    context = {
        "measured": asked.measured,
        "wish": asked.wish,
        "search_text": asked.wish.text,
        "is_cut": asked.is_cut,
        "lines": [line(asked.measured, row, stores) for row in page.rows],
        "count": _count(asked, page),
        "tabs": _tabs(asked),
        "choices": _choices(asked, stores),
        "columns": _columns(asked),
        "before": asked.wish.address(at=written_place(page.before)) if page.before else "",
        "after": asked.wish.address(at=written_place(page.after)) if page.after else "",
        "may_edit": may(request, "edit_customers"),
        "export": asked.wish.address() if may(request, "export_data") else "",
    }
    return render(request, "console/customers.html", context)


def what_is_asked(request: HttpRequest) -> Asked:
    """Read the address, the search and what the reader may see."""
    measured = latest(company_of(request))
    standings = audiences.standings()
    asked = wish(request.GET, is_measured=standings is not None)
    finds = customers.search(asked.text) if asked.text else None
    today = measured.as_of if measured else timezone.localdate()
    filters = asked.filters(
        ids=None if finds is None else finds.ids,
        visible=visible_stores(request),
        sold_since=sold_since(today),
    )
    return Asked(measured, standings, asked, filters, is_cut=bool(finds and finds.is_cut))


def line(measured: Measured | None, row: audiences.PersonRow, stores: dict[int, StoreRow]) -> Line:
    """One row of the query in the reader's words."""
    name = row.name or row.code
    store = stores.get(row.home_store_id or 0)
    windows = measured.windows if measured else ()
    return Line(
        person=row,
        name=name,
        initial=name[:1],
        layer=ladders.layer_chip(row.layer, windows) if row.layer else None,
        stage=ladders.stage_chip(row.stage).word if row.stage else "",
        level=ladders.level_chip(row.loyalty_level).word if row.loyalty_level else "",
        store=store.name or store.code if store else "",
        frequency=natural_frequency(measured, row.risk) if measured else "",
        at_risk=measured.minor(row.value_at_risk) if measured else None,
    )


def _count(asked: Asked, page: audiences.PeoplePage) -> dict[str, Any]:
    """How many customers are on the list: exact where it is known without counting, else "more
    than"."""
    if page.before is None and page.after is None:
        return {"exact": len(page.rows)}
    known = _known_count(asked)
    return {"exact": known} if known is not None else {"more_than": PAGE_LENGTH}


def _known_count(asked: Asked) -> int | None:
    """The count the measurement itself made, for a list with at most one of its filters."""
    narrowed = asked.filters
    if asked.measured is None or narrowed.visible is not None or narrowed.ids is not None:
        return None
    if narrowed.store_id is not None or narrowed.band is not None:
        return None
    set_filters = [
        name for name in ("layer", "stage", "level") if getattr(narrowed, name) is not None
    ]
    if len(set_filters) > 1:
        return None
    if not set_filters:
        return asked.measured.section("population").get("customers")
    return _counts_of(asked.measured, set_filters[0]).get(getattr(asked.wish, set_filters[0]))


def _counts_of(measured: Measured, ladder: str) -> dict[str, int]:
    if ladder == "layer":
        return {code: part.get("customers", 0) for code, part in measured.section("layers").items()}
    if ladder == "stage":
        return dict(measured.section("stages").get("counts", {}))
    levels = measured.section("levels")
    return {**levels.get("counts", {}), NOT_ASKED: levels.get("not_asked", 0)}


def _tabs(asked: Asked) -> list[dict[str, Any]]:
    """All customers and each layer, with their counts where the reader may see everyone."""
    if asked.measured is None:
        return []
    counts = _counts_of(asked.measured, "layer") if asked.filters.visible is None else {}
    total = (
        asked.measured.section("population").get("customers")
        if asked.filters.visible is None
        else None
    )
    base = replace(asked.wish, text="", stage="", level="", band="", store_id=None)
    tabs = [
        {
            "word": gettext("All"),
            "href": base.address(layer=""),
            "count": total,
            "current": not asked.wish.layer,
        }
    ]
    for code in ladders.LAYERS:
        chip = ladders.layer_chip(code, asked.measured.windows)
        tabs.append(
            {
                "word": chip.word,
                "tip": chip.tip,
                "href": base.address(layer=code),
                "count": counts.get(code),
                "current": asked.wish.layer == code,
            }
        )
    return tabs


def _choices(asked: Asked, stores: dict[int, StoreRow]) -> list[dict[str, Any]]:
    """The filters beside the tabs: each a name, a label and its options with the chosen one
    marked."""
    choices = []
    if asked.measured is not None:
        ladder_choices = (
            (
                "stage",
                gettext("Stage"),
                [(code, ladders.stage_chip(code).word) for code in ladders.STAGES],
            ),
            ("level", gettext("Loyalty"), _levels()),
            (
                "band",
                gettext("Chance of another purchase"),
                [(code, gettext(word)) for code, word in ladders.BANDS.items()],
            ),
        )
        for name, label, options in ladder_choices:
            choices.append(_choice(name, label, options, getattr(asked.wish, name)))
    if len(stores) > 1:
        options = [(str(store.id), store.name or store.code) for store in stores.values()]
        choices.append(
            _choice("store", gettext("Home store"), options, str(asked.wish.store_id or ""))
        )
    return choices


def _levels() -> list[tuple[str, str]]:
    return [
        *((code, ladders.level_chip(code).word) for code in ladders.LEVELS),
        (NOT_ASKED, gettext("not asked")),
    ]


def _choice(name: str, label: str, options: list[tuple[str, str]], chosen: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "options": [
            {"value": value, "word": word, "chosen": value == chosen} for value, word in options
        ],
    }


def _columns(asked: Asked) -> dict[str, dict[str, str]]:
    """The headings that order the list: their words, where they lead, and how the list stands
    now."""
    words = {
        "name": gettext("Customer"),
        **{sort: gettext(word) for sort, word in SORT_WORDS.items()},
    }
    if asked.measured is not None:
        words["value_at_risk"] = asked.measured.words["at_risk"]
    columns = {}
    for sort, word in words.items():
        current = sort == asked.wish.sort
        down = not asked.wish.descending if current else sort != "name"
        columns[sort] = {
            "word": word,
            "href": asked.wish.address(sort=sort, order="desc" if down else "asc"),
            "sorted": ("descending" if asked.wish.descending else "ascending") if current else "",
        }
    return columns
