"""Coupons are made, given out, used, given back and voided. A coupon is used at most once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from huitou.programmes.types import BatchIn


@dataclass(frozen=True, slots=True)
class Use:
    """The order that uses a coupon."""

    order_source: str
    order_number: str
    discount_minor: int


def add_batch(*, batch: BatchIn, actor: str, now: datetime) -> str:
    """Describe coupons to give out; returns the public id.

    Raises:
        BatchInvalid: no name, nothing off, more than 100 %, a last day that has passed.
    """
    raise NotImplementedError


def stop_batch(*, batch_public_id: str, actor: str, now: datetime) -> None:
    """Give out no further coupons of the batch; those given out stay good."""
    raise NotImplementedError


def issue_coupons(
    *, batch_public_id: str, customer_ids: Sequence[int], source_key: str, now: datetime
) -> dict[int, str]:
    """One coupon for each of the customers; returns their codes.

    Asking again with the same ``source_key`` gives the same coupons. 100,000 take seconds.

    Raises:
        BatchMissing, BatchStopped.
    """
    raise NotImplementedError


def issue_codes(*, batch_public_id: str, count: int, source_key: str, now: datetime) -> list[str]:
    """``count`` coupons of nobody in particular: whoever has the code may use it, once.

    Raises:
        BatchMissing, BatchStopped, BatchInvalid: not 1 to 100,000.
    """
    raise NotImplementedError


def redeem_coupon(*, code: str, customer_id: int | None, use: Use, now: datetime) -> int:
    """Use the coupon for the order, in the caller's transaction; returns its id.

    Raises:
        CouponUnknown, CouponUnusable, CouponOfAnother: of two tills at once one gets this.
    """
    raise NotImplementedError


def give_back_coupon(*, order_source: str, order_number: str, now: datetime) -> bool:
    """Make the coupon of an order good again, as long as its last day has not passed; whether
    there was one."""
    raise NotImplementedError


def void_coupon(*, code: str, actor: str, now: datetime) -> None:
    """Make a coupon that is not used worthless.

    Raises:
        CouponUnknown, CouponUnusable.
    """
    raise NotImplementedError
