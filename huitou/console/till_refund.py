"""The till: an order comes back, all of it or a part of its money."""

import secrets
from dataclasses import asdict
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from huitou.console.access import actor_of, allowed
from huitou.console.shell import company_of
from huitou.console.till_forms import Refund
from huitou.flows import checkout
from huitou.flows.carts import Refunded, RefundIn
from huitou.kit.errors import HuitouError
from huitou.orders import queries as orders
from huitou.staff import queries as staff

TILL: Final = "till"  # the source of its orders
LATEST: Final = 10
KEPT: Final = 5
_REFUNDS: Final = "till_refunds"


@allowed("refund_at_till")
@require_safe
def till_refund_find(request: HttpRequest) -> HttpResponse:
    """Find the order by the number on its receipt."""
    number = request.GET.get("number", "").replace("\x00", "").strip()[:60]
    if number and orders.sold_order(TILL, number) is not None:
        return redirect("till_refund", number=number)
    context = {"number": number, "latest": orders.latest_of(TILL, limit=LATEST)}
    return render(request, "console/till/refund_find.html", context)


@allowed("refund_at_till")
@require_http_methods(["GET", "POST"])
def till_refund(request: HttpRequest, number: str) -> HttpResponse:
    """Show what was sold, take back what is said. A second press counts once."""
    found = orders.sold_order(TILL, number)
    if found is None:
        return redirect("till_refund_find")
    company = company_of(request)
    form = Refund(
        request.POST or None,
        initial={"key": secrets.token_hex(16)},
        currency=company.currency if company else "CNY",
    )
    if request.method == "POST" and form.is_valid():
        done = _take_back(request, form, found.number)
        if done is not None:
            _keep(request, form.cleaned_data["key"], done)
            return redirect("till_refunded", key=form.cleaned_data["key"])
    stores = {store.id: store.name or store.code for store in staff.stores()}
    context = {
        "form": form,
        "order": found,
        "store": stores.get(found.store_id, ""),
        "lines": orders.lines_of(found.order_id),
        "left_minor": found.total_minor - found.returned_minor,
    }
    status = 422 if form.errors else 200
    return render(request, "console/till/refund.html", context, status=status)


@allowed("refund_at_till")
@require_safe
def till_refunded(request: HttpRequest, key: str) -> HttpResponse:
    """What to hand out, and what happened to points and coupon."""
    kept = request.session.get(_REFUNDS, {}).get(key)
    if kept is None:
        return redirect("till_refund_find")
    return render(request, "console/till/refunded.html", {"refund": kept})


def _take_back(request: HttpRequest, form: Refund, number: str) -> Refunded | None:
    wanted = RefundIn(number, amount_minor=form.cleaned_data["amount_minor"])
    try:
        return checkout.refund(
            wanted, key=form.cleaned_data["key"], actor=actor_of(request), now=timezone.now()
        )
    except HuitouError as error:
        form.refuse(error)
        return None


def _keep(request: HttpRequest, key: str, done: Refunded) -> None:
    kept = dict(request.session.get(_REFUNDS, {}))
    kept[key] = asdict(done)
    request.session[_REFUNDS] = dict(list(kept.items())[-KEPT:])
