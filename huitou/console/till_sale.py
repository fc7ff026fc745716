"""The till, second page: what is bought, what it costs, paid. A second press counts once."""

import secrets
from dataclasses import asdict
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from huitou.console import customer_words, till_people
from huitou.console.access import actor_of, allowed, may
from huitou.console.shell import company_of
from huitou.console.till_forms import Sale
from huitou.console.visibility import may_see
from huitou.flows import checkout
from huitou.flows.carts import Cart, Quote, Receipt
from huitou.flows.errors import PointsNotPayable, QuoteChanged
from huitou.kit.errors import HuitouError
from huitou.points.errors import PointsShort
from huitou.programmes import errors as programme_errors
from huitou.programmes import queries as programmes
from huitou.staff import queries as staff
from huitou.ui.words import error_words

RECEIPTS_KEPT: Final = 5
_LARGEST_ID: Final = 2**63 - 1
_STORE: Final = "till_store"
_RECEIPTS: Final = "till_receipts"


@allowed("use_till")
@require_http_methods(["GET", "POST"])
def till_sale(request: HttpRequest) -> HttpResponse:
    """Quote what is typed; sell exactly what was quoted."""
    customer_id = _customer_id(request)
    person = None
    if customer_id is not None:
        person = till_people.person(customer_id, today=timezone.localdate())
        if person is None:
            raise Http404
    form = _form(request)
    quote, is_changed = None, False
    if request.method == "POST" and form.is_valid():
        request.session[_STORE] = form.cleaned_data["store"]
        cart = form.cart(customer_id)
        if "pay" in request.POST:
            receipt, is_changed = _sell(request, form, cart)
            if receipt is not None:
                _keep(request, form.cleaned_data["key"], receipt, customer_id)
                return redirect("till_receipt", key=form.cleaned_data["key"])
        quote = _quote(form, cart) if not form.errors else None
    if quote is not None:
        form.fields["amount"].widget.attrs.pop("autofocus", None)  # the next press pays
    context: dict[str, Any] = {
        "form": form,
        "person": person,
        "quote": quote,
        "is_changed": is_changed,
        "coupons": _coupons(customer_id),
        "can_join": person is not None
        and not person.is_member
        and programmes.programme() is not None,
        "has_stores": len(form.fields["store"].choices) > 1,  # type: ignore[attr-defined]
    }
    is_part = request.headers.get("HX-Request") == "true"
    if customer_id is not None and not is_part and _may_know(request, customer_id):
        context["glance"] = customer_words.glance(customer_id)
    template = "console/till/quote.html" if is_part else "console/till/sale.html"
    status = 422 if form.errors and not is_part else 200
    return render(request, template, context, status=status)


@allowed("use_till")
@require_safe
def till_receipt(request: HttpRequest, key: str) -> HttpResponse:
    """What was just sold: what to take, what was earned. Reloading sells nothing."""
    kept = request.session.get(_RECEIPTS, {}).get(key)
    if kept is None:
        return redirect("till")
    context = {
        "receipt": kept,
        "person": till_people.person(kept["customer_id"], today=timezone.localdate())
        if kept["customer_id"]
        else None,
        "may_refund": may(request, "refund_at_till"),
    }
    return render(request, "console/till/receipt.html", context)


def _form(request: HttpRequest) -> Sale:
    company = company_of(request)
    stores = [(store.id, store.name or store.code) for store in staff.stores()]
    own = set(staff.stores_of(request.user.pk or 0))
    choices = [pair for pair in stores if not own or pair[0] in own] or stores
    first = request.session.get(_STORE)
    known = {store_id for store_id, _ in choices}
    initial = {
        "key": secrets.token_hex(16),
        "store": first if first in known else next(iter(dict(choices)), None),
        "coupon": request.GET.get("coupon", "")[:40],
    }
    return Sale(
        _typed(request),
        initial=initial,
        stores=choices,
        currency=company.currency if company else "CNY",
    )


def _typed(request: HttpRequest) -> QueryDict | None:
    """What was typed, with the coupon or the points that a button put in."""
    if request.method != "POST":
        return None
    typed = request.POST.copy()
    for button, field in (("use_coupon", "coupon"), ("use_points", "points")):
        if button in typed:
            typed[field] = str(typed[button])
    return typed


def _may_know(request: HttpRequest, customer_id: int) -> bool:
    """Everyone may be served in every store; what colleagues noted is read where the customer is
    known."""
    return may_see(request, customer_id, timezone.localdate())


def _quote(form: Sale, cart: Cart) -> Quote | None:
    """What the cart costs; what stands in the way is shown beside its field."""
    try:
        return checkout.quote(cart, now=timezone.now())
    except HuitouError as error:
        form.add_error(_field_of(error), error_words(error))
        return None


def _sell(request: HttpRequest, form: Sale, cart: Cart) -> tuple[Receipt | None, bool]:
    """The receipt, or whether it costs something else by now; a refusal is shown on the form.

    Asked before any quote: a second press finds the sale done, not its coupon used."""
    try:
        receipt = checkout.checkout(
            cart,
            quote_digest=form.cleaned_data["digest"],
            key=form.cleaned_data["key"],
            actor=actor_of(request),
            now=timezone.now(),
        )
    except QuoteChanged:
        return None, True
    except HuitouError as error:
        form.add_error(_field_of(error), error_words(error))
        return None, False
    return receipt, False


def _field_of(error: HuitouError) -> str | None:
    """The field a refusal is about."""
    about_coupon = (
        programme_errors.CouponUnknown,
        programme_errors.CouponUnusable,
        programme_errors.CouponOfAnother,
        programme_errors.CouponMinimum,
    )
    if isinstance(error, about_coupon):
        return "coupon"
    about_points = (PointsNotPayable, PointsShort, programme_errors.NotMember)
    return "points" if isinstance(error, about_points) else None


def _coupons(customer_id: int | None) -> list[Any]:
    if customer_id is None:
        return []
    return till_people.usable_coupons(customer_id, today=timezone.localdate())


def _customer_id(request: HttpRequest) -> int | None:
    text = request.GET.get("customer", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text[:19]) > _LARGEST_ID:
        raise Http404
    return int(text)


def _keep(request: HttpRequest, key: str, receipt: Receipt, customer_id: int | None) -> None:
    """Remember the latest receipts of this till for its page after the sale."""
    kept = dict(request.session.get(_RECEIPTS, {}))
    kept[key] = {**asdict(receipt), "customer_id": customer_id}
    request.session[_RECEIPTS] = dict(list(kept.items())[-RECEIPTS_KEPT:])
