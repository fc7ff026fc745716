"""One customer: where they stand and why, how likely they are to leave, what they bought and said,
how to reach them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from huitou.audiences import queries as audiences
from huitou.campaigns import queries as campaigns
from huitou.console import (
    customer_consents,
    customer_merge,
    customer_moments,
    customer_words,
    ladders,
    places,
)
from huitou.console.access import allowed, may
from huitou.console.explanations import explained
from huitou.console.measured import Measured, latest
from huitou.console.people_filters import LARGEST_ID
from huitou.console.reasons import reason_sentence, surest_first
from huitou.console.shell import company_of
from huitou.console.visibility import may_see, visible_stores
from huitou.customers import queries as customers
from huitou.insights import queries as insights
from huitou.insights.types import ChangeRow
from huitou.kit.text import gettext_noop as _
from huitou.orders import queries as orders
from huitou.orders.types import OrderRow
from huitou.platform.messages import queries as outbox
from huitou.staff import queries as staff
from huitou.voice import queries as voice

ORDERS_SHOWN: Final = 20
TABS: Final = {
    "orders": _("Orders"),
    "answers": _("Answers"),
    "changes": _("Changes"),
    "cases": _("Complaints and suggestions"),
    "campaigns": _("Campaigns"),
    "messages": _("Messages"),
    "consents": _("Consents"),
}
# Tabs that are a piece of the line of time.
_PARTS: Final[Mapping[str, Callable[[int], list[customer_moments.Moment]]]] = {
    "campaigns": lambda pk: customer_moments.campaign_moments(campaigns.lines_of(pk)),
    "messages": lambda pk: customer_moments.message_moments(outbox.of_customer(pk)),
}
# The tabs of other rooms, and what a reader needs to see them.
_GUARDED: Final = {"cases": "see_cases", "campaigns": "see_campaigns"}


@allowed("see_customers")
def customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The page of one customer the reader may see; to others there is no such customer."""
    measured = latest(company_of(request))
    today = measured.as_of if measured else timezone.localdate()
    person = audiences.person(customer_id) if customer_id <= LARGEST_ID else None
    if person is None or not may_see(request, customer_id, today):
        return _elsewhere(request, customer_id, today)
    tab = request.GET.get("tab", "orders")
    tabs = _tabs(request)
    context: dict[str, Any] = {
        "measured": measured,
        "person": person,
        "name": person.name or person.code,
        "state": _state(measured, person),
        "facts": _facts(measured, person),
        "reach": _reach(request, customer_id),
        "may_edit": may(request, "edit_customers"),
        "may_erase": may(request, "erase_customers"),
        "may_merge": may(request, "merge_customers"),
        "joined": customer_merge.joined(request, customer_id),
        "tab": tab if tab in tabs else "orders",
        "tabs": [{"code": code, "word": gettext(word)} for code, word in tabs.items()],
        "stores": {store.id: store.name or store.code for store in staff.stores()},
    }
    if measured is not None and person.layer:
        context |= {"why": explained(measured, person), "reasons": _reasons(customer_id)}
    context |= _tab(request, context, customer_id)
    return render(request, "console/customer.html", context)


def _elsewhere(request: HttpRequest, customer_id: int, today: date) -> HttpResponse:
    """A record that was joined to another leads there, if the reader may see that one."""
    other = customers.joined_to(customer_id) if customer_id <= LARGEST_ID else None
    if other is None or not may_see(request, other, today):
        raise Http404
    return redirect("customer", customer_id=other)


def _tabs(request: HttpRequest) -> dict[str, str]:
    """The parts of the history this reader may see."""
    return {
        code: word
        for code, word in TABS.items()
        if code not in _GUARDED or may(request, _GUARDED[code])
    }


def _state(measured: Measured | None, person: audiences.PersonRow) -> dict[str, Any]:
    """The one state a person is shown with, and the yearly mark that explains a long silence."""
    if measured is None or not person.layer:
        return {"chip": None, "mark": ""}
    chip = ladders.layer_chip(person.layer, measured.windows, silent_days=person.dormancy_days)
    return {"chip": chip, "mark": customer_words.mark_words(person.mark or "")}


def _facts(measured: Measured | None, person: audiences.PersonRow) -> dict[str, Any]:
    """The other ladders and figures, for those who ask: words beside numbers."""
    if measured is None or not person.layer:
        return {}
    return {
        "stage": ladders.stage_chip(person.stage) if person.stage else None,
        "level": ladders.level_chip(person.loyalty_level or ""),
        "band": ladders.ladder_word("band", person.band or ""),
        "health": gettext(ladders.HEALTH.get(person.health or "", person.health or "")),
        "cell": gettext(ladders.CELLS.get(person.grid_cell or "", "")),
        "at_risk": measured.minor(person.value_at_risk),
        "next_year": measured.minor(person.margin_365),
        "lifetime": measured.minor(person.lifetime_value),
        "spend": measured.minor(person.expected_spend),
        "frequency": customer_words.natural_frequency(measured, person.risk),
    }


def _reasons(customer_id: int) -> list[str]:
    found = (
        reason_sentence(row.code, row.facts)
        for row in surest_first(insights.reasons_of([customer_id]))
    )
    return [said for said in found if said]


def _reach(request: HttpRequest, customer_id: int) -> dict[str, Any]:
    """How the customer can be reached; the data themselves only for readers who may see them."""
    contact = customers.contact(customer_id)
    if contact is None:
        raise Http404
    standing = customers.standing(
        customer_id, channels=("sms", "phone", "email"), purpose="marketing"
    )
    dead = {
        name: found
        for name, row in standing.reached.items()
        if row.is_dead
        for found in outbox.dead_ones(name, [row.address]).values()
    }
    channels = customer_words.channels(contact, standing, dead)
    return {
        "contact": contact,
        "channels": channels,
        "shows_data": may(request, "see_contact_data"),
    }


def _tab(request: HttpRequest, context: dict[str, Any], customer_id: int) -> dict[str, Any]:
    if context["tab"] == "answers":
        return {
            "answers": [customer_words.answer_line(row) for row in voice.answers_of(customer_id)]
        }
    if context["tab"] == "cases":
        told = voice.cases_seen(
            customer_id, reader_id=request.user.pk or 0, stores=visible_stores(request)
        )
        return {"moments": customer_moments.case_moments(told)}
    if context["tab"] in _PARTS:
        return {"moments": _PARTS[context["tab"]](customer_id)}
    if context["tab"] == "changes":
        return {"changes": [_change(row) for row in insights.changes_of(customer_id)]}
    if context["tab"] == "consents":
        found = customers.consents(customer_id)
        return {"standing": customer_consents.standing(found) if found else []}
    after = places.read(request.GET.get("older", ""))
    page = orders.orders_of(customer_id, limit=ORDERS_SHOWN, after=after)
    return {
        "orders": _orders(page.rows, visible_stores(request), context["stores"]),
        "older": places.written(page.next),
    }


def _orders(
    rows: Sequence[OrderRow], visible: tuple[int, ...] | None, stores: dict[int, str]
) -> list[dict[str, Any]]:
    """Orders as lines; of other stores' orders a reader of some stores sees date and amount
    only."""
    lines = []
    for row in rows:
        is_open = visible is None or row.store_id in visible
        lines.append(
            {
                "on": row.ordered_on,
                "net_minor": row.total_minor - row.returned_minor,
                "total_minor": row.total_minor,
                "returned_minor": row.returned_minor,
                "number": row.number if is_open else "",
                "store": stores.get(row.store_id, "") if is_open else gettext("another store"),
                "channel": row.channel if is_open else "",
                "status": customer_words.status_word(row.status),
                "is_counted": row.is_counted,
            }
        )
    return lines


def _change(row: ChangeRow) -> dict[str, Any]:
    return {
        "on": row.changed_on,
        "ladder": gettext(ladders.LADDERS.get(row.ladder, row.ladder)),
        "left": ladders.ladder_word(row.ladder, row.left) if row.left else "",
        "entered": ladders.ladder_word(row.ladder, row.entered),
    }
