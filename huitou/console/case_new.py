"""Putting a case on record that came by phone, visit, social media or letter."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from huitou.audiences import queries as audiences
from huitou.console import case_forms
from huitou.console.access import actor_of, allowed
from huitou.console.case_page import store_choices
from huitou.console.people_filters import read_id
from huitou.console.visibility import may_see, seen_among
from huitou.customers import queries as customers
from huitou.kit.errors import HuitouError
from huitou.orders import queries as orders
from huitou.orders.types import OrderRow
from huitou.staff import queries as staff
from huitou.ui import figures
from huitou.voice import services as voice
from huitou.voice.types import CaseIn, Contact

FOUND = 8
ORDERS_OFFERED = 10


@allowed("handle_cases")
@require_http_methods(["GET", "POST"])
def case_new(request: HttpRequest) -> HttpResponse:
    """The form of a case, with the customer found first if they are known."""
    if request.method == "POST":
        bought = _orders(request, read_id(request.POST.get("customer", "")))
        form = _form(bought, request.POST)
        if form.is_valid() and (number := _open(request, form, bought)):
            messages.success(
                request, gettext("Case {case} is on record; its clock runs.").format(case=number)
            )
            return redirect("case", number)
        return _page(request, form, status=422)
    chosen = read_id(request.GET.get("customer", ""))
    initial = {"key": case_forms.new_key(), "source": "phone", "customer": chosen}
    form = _form(_orders(request, chosen), initial=initial)
    return _page(request, form)


def _form(bought: Sequence[OrderRow], *args: Any, **kwargs: Any) -> case_forms.NewCase:
    company = staff.company()
    currency, language = company.currency if company else "CNY", get_language() or "zh-hans"
    offered = [
        (
            str(row.order_id),
            f"{figures.day(row.ordered_on, language)} · "
            f"{figures.money_exact(row.total_minor, currency, language)} · {row.number}",
        )
        for row in bought
    ]
    return case_forms.NewCase(*args, stores=store_choices(), orders=offered, **kwargs)


def _orders(request: HttpRequest, customer_id: int | None) -> Sequence[OrderRow]:
    """The latest orders of the customer, if the reader may see them."""
    if customer_id is None or not may_see(request, customer_id, timezone.localdate()):
        return ()
    return orders.orders_of(customer_id, limit=ORDERS_OFFERED).rows


def _open(request: HttpRequest, form: case_forms.NewCase, bought: Sequence[OrderRow]) -> str:
    """The number of the case; "" if it was refused, with the reason in the form."""
    said = form.cleaned_data
    customer_id = said["customer"]
    if customer_id is not None and _known(request, customer_id) is None:
        form.add_error(None, gettext("There is no such customer. Choose again."))
        return ""
    order = next((one for one in bought if str(one.order_id) == said["order"]), None)
    store_id = int(said["store"]) if said["store"] else None
    case = CaseIn(
        kind=said["kind"],
        source=said["source"],
        text=said["text"],
        customer_id=customer_id,
        store_id=store_id or (order.store_id if order else None),
        order=(order.source, order.number) if order else ("", ""),
        contact=Contact(said["name"], said["email"], said["phone"]),
        topic=said["topic"],
        received_at=said["received_at"],
        owner_id=request.user.pk if said["is_mine"] else None,
        key=said["key"],
    )
    try:
        opened = voice.open_case(case=case, actor=actor_of(request), now=timezone.now())
    except HuitouError as error:
        given = {"email", "phone", "received_at", "text"}
        field = str(error.facts.get("field", ""))
        form.refuse(error, field if field in given else None)
        return ""
    return opened.public_id


def _page(request: HttpRequest, form: case_forms.NewCase, status: int = 200) -> HttpResponse:
    chosen = form["customer"].value()
    person = _known(request, read_id(str(chosen or "")))
    wanted = request.GET.get("q", "").strip()
    context: dict[str, Any] = {
        "form": form,
        "person": person,
        "wanted": wanted,
        "found": _found(request, wanted) if wanted and person is None else [],
    }
    return render(request, "console/cases/new.html", context, status=status)


def _known(request: HttpRequest, customer_id: int | None) -> audiences.PersonRow | None:
    """The customer of this id, if the reader may see them."""
    if customer_id is None or not may_see(request, customer_id, timezone.localdate()):
        return None
    return audiences.person(customer_id)


def _found(request: HttpRequest, wanted: str) -> list[audiences.PersonRow]:
    seen = seen_among(request, customers.search(wanted).ids, timezone.localdate())
    ids = sorted(seen)[:FOUND]
    return audiences.rows(ids, slot=None) if ids else []
