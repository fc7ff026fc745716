"""The member's coupons: what saves money now, what was used, what is over."""

from datetime import date
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from huitou.portal.access import member_of, member_only
from huitou.programmes import queries as programmes
from huitou.programmes.types import CouponRow, CouponState

SOON_DAYS: Final = 7
PAST_SHOWN: Final = 20


@member_only
def coupons(request: HttpRequest) -> HttpResponse:
    """Coupons that end soon, the others, and the latest that are used or over."""
    today = timezone.localdate()
    found = programmes.coupons_of(member_of(request).customer_id, today=today)
    usable = [coupon for coupon in found if coupon.state == CouponState.ISSUED.value]
    context = {
        "soon": [coupon for coupon in usable if ends_soon(coupon, today)],
        "others": [coupon for coupon in usable if not ends_soon(coupon, today)],
        "past": [coupon for coupon in found if coupon.state != CouponState.ISSUED.value][
            :PAST_SHOWN
        ],
        "today": today,
    }
    return render(request, "portal/coupons.html", context)


def ends_soon(coupon: CouponRow, today: date) -> bool:
    """Whether the coupon ends within a week."""
    return coupon.ends_on is not None and (coupon.ends_on - today).days <= SOON_DAYS
