"""Writes of members, rules and coupons."""

from huitou.programmes.services.couponing import (
    add_batch,
    give_back_coupon,
    issue_codes,
    issue_coupons,
    redeem_coupon,
    stop_batch,
    void_coupon,
)
from huitou.programmes.services.joining import join, leave
from huitou.programmes.services.ruling import change_rules, start

__all__ = [
    "add_batch",
    "change_rules",
    "give_back_coupon",
    "issue_codes",
    "issue_coupons",
    "join",
    "leave",
    "redeem_coupon",
    "start",
    "stop_batch",
    "void_coupon",
]
