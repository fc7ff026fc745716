"""Which customers a reader may see: everyone, or those of the reader's own stores."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from django.http import HttpRequest

from huitou.audiences import queries as audiences
from huitou.staff import queries as staff

SOLD_WITHIN_DAYS: Final = 730


def visible_stores(request: HttpRequest) -> tuple[int, ...] | None:
    """The stores whose customers this reader sees; ``None`` = of all stores, () = nobody's. Read
    once per request."""
    if not hasattr(request, "_visible_stores"):
        role = getattr(request.user, "role", "")
        seen = staff.stores_seen(request.user.pk or 0, role)
        request._visible_stores = seen  # type: ignore[attr-defined]
    found: tuple[int, ...] | None = request._visible_stores  # type: ignore[attr-defined]
    return found


def sold_since(today: date) -> date:
    """A store sees whom it sold to on this day or later."""
    return today - timedelta(days=SOLD_WITHIN_DAYS - 1)


def may_see(request: HttpRequest, customer_id: int, today: date) -> bool:
    """Whether this reader may see this customer at all."""
    stores = visible_stores(request)
    return stores is None or audiences.is_visible(
        customer_id, visible=stores, sold_since=sold_since(today)
    )


def seen_among(request: HttpRequest, customer_ids: Sequence[int], today: date) -> set[int]:
    """Those of these customers this reader may see, asked at once."""
    stores = visible_stores(request)
    if stores is None:
        return set(customer_ids)
    return audiences.visible_among(customer_ids, visible=stores, sold_since=sold_since(today))
