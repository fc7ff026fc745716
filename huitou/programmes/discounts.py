"""What a coupon takes off, and how a discount is spread over rows. Pure."""

from collections.abc import Sequence
from datetime import date

from huitou.programmes.types import CouponKind, CouponState


def coupon_minor(kind: CouponKind, *, amount_minor: int, percent: int, order_minor: int) -> int:
    """What the coupon takes off an order of ``order_minor``: never more than the order; a
    percentage is rounded half up, and 100 % is all of it."""
    if kind is CouponKind.AMOUNT:
        return min(amount_minor, order_minor)
    return (2 * order_minor * percent + 100) // 200


def state_on(stored: str, *, ends_on: date | None, today: date) -> CouponState:
    """Where a coupon stands on ``today``: its last day is still a day on which it can be used."""
    state = CouponState(stored)
    if state is CouponState.ISSUED and ends_on is not None and ends_on < today:
        return CouponState.EXPIRED
    return state


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` spread over rows in proportion to their weights, in whole units that add up to it.

    By largest remainder, the first of equals; no row gets more than its weight as long as
    ``total`` is at most their sum. Without any weight everything stays 0.
    """
    whole = sum(weights)
    if whole <= 0:
        return [0] * len(weights)
    found = [total * weight // whole for weight in weights]
    remainders = [total * weight % whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: (-remainders[at], at))
    for at in by_remainder[: total - sum(found)]:
        found[at] += 1
    return found
