"""What the member bought: the list, and one order with its rows."""

from datetime import UTC, datetime
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from huitou.orders import queries as orders
from huitou.portal.access import member_of, member_only
from huitou.staff import queries as staff

PAGE_LENGTH: Final = 20
_LARGEST_ID: Final = 2**63 - 1


@member_only
def orders_list(request: HttpRequest) -> HttpResponse:
    """The member's orders, newest first."""
    page = orders.orders_of(
        member_of(request).customer_id,
        limit=PAGE_LENGTH,
        after=_place(request.GET.get("after", "")),
    )
    stores = {store.id: store.name or store.code for store in staff.stores()}
    context = {
        "lines": [(found, stores.get(found.store_id, "")) for found in page.rows],
        "after": f"{page.next[0].isoformat()}~{page.next[1]}" if page.next else "",
    }
    return render(request, "portal/orders.html", context)


@member_only
def order(request: HttpRequest, order_id: int) -> HttpResponse:
    """One order of the member; another's is not there."""
    found = orders.order_of(member_of(request).customer_id, min(order_id, _LARGEST_ID))
    if found is None:
        raise Http404
    stores = {store.id: store.name or store.code for store in staff.stores()}
    context = {
        "order": found,
        "store": stores.get(found.store_id, ""),
        "lines": orders.lines_of(found.order_id),
    }
    return render(request, "portal/order.html", context)


def _place(text: str) -> tuple[datetime, int] | None:
    at, _, order_id = text.partition("~")
    try:
        instant = datetime.fromisoformat(at)
        number = int(order_id)
        instant.astimezone(UTC)  # an instant beyond what there is fails here, not in the database
    except (ValueError, OverflowError):
        return None
    if instant.tzinfo is None or not 0 <= number <= _LARGEST_ID:
        return None
    return instant, number
