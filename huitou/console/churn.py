"""The customers to look after first, with the fact that speaks loudest for each."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext, ngettext

from huitou.audiences import queries as audiences
from huitou.console.customer_words import natural_frequency
from huitou.console.ladders import Chip, layer_chip
from huitou.console.measured import Measured
from huitou.console.reasons import loudest_reasons
from huitou.console.visibility import sold_since, visible_stores


@dataclass(frozen=True, slots=True)
class ChurnRow:
    """One line of the list: who, where they stand, how likely to leave, what that is worth, and why
    we think so."""

    person: audiences.PersonRow
    name: str
    initial: str
    layer: Chip
    risk_label: str
    frequency: str
    at_risk: float | None  # minor units
    reason: str


def churn_rows(request: HttpRequest, measured: Measured, *, shown: int) -> list[ChurnRow]:
    """The first ``shown`` customers of the list that this reader may see, the most to lose
    first."""
    standings = audiences.standings()
    if standings is None:
        return []
    listed = measured.section("churn_list").get("top", [])
    stores = visible_stores(request)
    if stores is None and listed:
        found = {
            row.customer_id: row for row in audiences.rows(listed[:shown], slot=standings.slot)
        }
        people = [found[customer_id] for customer_id in listed if customer_id in found]
    else:
        filters = audiences.Filters(visible=stores, sold_since=sold_since(measured.as_of))
        page = audiences.people(
            filters, slot=standings.slot, sort="value_at_risk", descending=True, limit=shown
        )
        people = [row for row in page.rows if row.value_at_risk]
    reasons = loudest_reasons([row.customer_id for row in people])
    return [
        churn_row(measured, row, reasons.get(row.customer_id) or _silence(row)) for row in people
    ]


def _silence(row: audiences.PersonRow) -> str:
    """What can be said of a customer none of whose facts departs from the forecast."""
    if row.dormancy_days is None:
        return ""
    days = ngettext(
        "{n} day since the last purchase", "{n} days since the last purchase", row.dormancy_days
    )
    return days.format(n=row.dormancy_days)


def churn_row(measured: Measured, row: audiences.PersonRow, reason: str) -> ChurnRow:
    """One customer as a line of a list."""
    name = row.name or row.code
    label = gettext("{days} days").format(days=row.risk_days) if row.risk_days else ""
    chip = layer_chip(row.layer or "no_purchase", measured.windows)
    return ChurnRow(
        person=row,
        name=name,
        initial=name[:1],
        layer=chip,
        risk_label=label,
        frequency=natural_frequency(measured, row.risk),
        at_risk=measured.minor(row.value_at_risk),
        reason=reason,
    )
