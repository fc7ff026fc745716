"""The list of customers as a file: the same conditions and order, every page, safe to open in a
spreadsheet."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext, override

from huitou.audiences import queries as audiences
from huitou.connectors.files import cells as tables
from huitou.console import ladders
from huitou.console.access import actor_of, allowed, may
from huitou.console.customers import Asked, what_is_asked
from huitou.console.shell import company_of
from huitou.customers import queries as customers
from huitou.kit.money import Currency, major_text
from huitou.platform import audit
from huitou.staff import queries as staff

CHUNK: Final = 2_000


@allowed("export_data")
def customers_export(request: HttpRequest) -> HttpResponseBase:
    """Every customer the reader may see and the address asks for, as CSV; that it was taken is on
    record."""
    asked = what_is_asked(request)
    asked = replace(asked, wish=replace(asked.wish, place=None))
    audit.note(
        actor=actor_of(request),
        action="customers.export",
        subject="customers",
        before=None,
        after={"list": asked.wish.address(q="", searched=bool(asked.wish.text) or "")},
        now=timezone.now(),
    )
    company = company_of(request)
    lines = _lines(
        asked,
        currency=Currency(company.currency if company else "CNY"),
        with_contact=may(request, "see_contact_data"),
        language=get_language() or "zh-hans",
    )
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = (
        f'attachment; filename="customers-{timezone.localdate():%Y%m%d}.csv"'
    )
    return response


def _lines(
    asked: Asked, *, currency: Currency, with_contact: bool, language: str
) -> Iterator[bytes]:
    """The file piece by piece; the language is set again because the answer outlives the
    request."""
    stores = {store.id: store.name or store.code for store in staff.stores()}
    with override(language):
        yield tables.BOM + tables.written([_header(asked, with_contact)])
    place: audiences.Place | None = None
    while True:
        page = audiences.people(
            asked.filters,
            slot=asked.slot,
            sort=asked.wish.sort,
            descending=asked.wish.descending,
            place=place,
            limit=CHUNK,
        )
        reach = customers.contacts([row.customer_id for row in page.rows]) if with_contact else {}
        with override(language):
            rows = [
                _row(row, currency, stores, reach if with_contact else None) for row in page.rows
            ]
        if rows:
            yield tables.written(rows)
        if page.after is None:
            return
        place = page.after


def _header(asked: Asked, with_contact: bool) -> list[str]:
    at_risk = (
        asked.measured.words["at_risk"] if asked.measured else gettext("Sales likely to be lost")
    )
    names = [
        gettext("Code"),
        gettext("Name"),
        gettext("Home store"),
        gettext("Layer"),
        gettext("Stage"),
        gettext("Loyalty"),
        gettext("First purchase"),
        gettext("Last purchase"),
        gettext("Purchase days"),
        gettext("Spent in all"),
        gettext("Risk of leaving"),
        gettext("Days of the risk"),
        at_risk,
    ]
    return names + ([gettext("Phone"), gettext("E-mail")] if with_contact else [])


def _row(
    row: audiences.PersonRow,
    currency: Currency,
    stores: dict[int, str],
    reach: dict[int, tuple[str, str]] | None,
) -> list[str]:
    cells = [
        row.code,
        row.name,
        stores.get(row.home_store_id or 0, ""),
        ladders.ladder_word("layer", row.layer) if row.layer else "",
        ladders.ladder_word("stage", row.stage) if row.stage else "",
        ladders.ladder_word("level", row.loyalty_level) if row.loyalty_level else "",
        row.first_ordered_on.isoformat() if row.first_ordered_on else "",
        row.last_ordered_on.isoformat() if row.last_ordered_on else "",
        str(row.purchases),
        major_text(row.net_minor, currency),
        f"{row.risk:.4f}" if row.risk is not None else "",
        str(row.risk_days) if row.risk_days is not None else "",
        f"{row.value_at_risk:.{currency.decimals}f}" if row.value_at_risk is not None else "",
    ]
    return cells if reach is None else [*cells, *reach.get(row.customer_id, ("", ""))]
