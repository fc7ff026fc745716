"""Reads of coupons and their batches."""

from collections.abc import Iterator
from datetime import date

from huitou.programmes.types import BatchRow, CouponRow


def batches(*, source_prefix: str = "", limit: int = 200) -> list[BatchRow]:
    """Batches of coupons, newest first, with how many were issued and redeemed."""
    raise NotImplementedError


def batch(public_id: str) -> BatchRow:
    """One batch.

    Raises:
        BatchMissing: no batch has this id.
    """
    raise NotImplementedError


def coupon(code: str, *, today: date) -> CouponRow:
    """The coupon with this code, however it is spaced or cased.

    Raises:
        CouponUnknown: no coupon has it.
    """
    raise NotImplementedError


def coupons_of(customer_id: int, *, today: date) -> list[CouponRow]:
    """A customer's coupons: those that can be used first, soonest to end first."""
    raise NotImplementedError


def codes(batch_public_id: str, *, today: date) -> Iterator[CouponRow]:
    """Every coupon of a batch in the order of issue: for a file."""
    raise NotImplementedError
