"""The first page of a member: the card, what can be used now, what happened last."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext

from huitou.portal import case_lines, statement
from huitou.portal.access import member_of, member_only
from huitou.portal.card import card_of, standing_of
from huitou.programmes import queries as programmes
from huitou.programmes.types import CouponState
from huitou.voice import queries as voice

COUPONS_SHOWN: Final = 2
ENTRIES_SHOWN: Final = 4
CASES_LOOKED_AT: Final = 5


@member_only
def home(request: HttpRequest) -> HttpResponse:
    """The member's card, coupons about to end, the latest points."""
    standing = standing_of(request)
    coupons = [
        coupon
        for coupon in programmes.coupons_of(standing.customer_id, today=standing.today)
        if coupon.state == CouponState.ISSUED.value
    ]
    context = {
        "member": member_of(request),
        "greeting": _greeting(timezone.localtime().hour),
        "card": card_of(standing),
        "case": _open_case(standing.customer_id),
        "coupons": coupons[:COUPONS_SHOWN],
        "coupon_count": len(coupons),
        "today": standing.today,
        "entries": statement.entries_of(standing, limit=ENTRIES_SHOWN).rows,
    }
    return render(request, "portal/home.html", context)


def _open_case(customer_id: int) -> dict[str, Any] | None:
    """The latest case that is not settled, as the customer sees it."""
    found = voice.cases_of(customer_id, limit=CASES_LOOKED_AT)
    return next((case_lines.line(row) for row in found if row.closed_at is None), None)


def _greeting(hour: int) -> str:
    if 5 <= hour < 11:
        return gettext("Good morning")
    if 11 <= hour < 18:
        return gettext("Good day")
    return gettext("Good evening")
