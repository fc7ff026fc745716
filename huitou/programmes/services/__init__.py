"""Writes of members, rules and coupons."""

from huitou.programmes.services.adjusting import AdjustmentIn, adjust
from huitou.programmes.services.compensating import CompensationIn, compensate, given_before
from huitou.programmes.services.couponing import (
    Use,
    add_batch,
    give_back_coupon,
    issue_codes,
    issue_coupons,
    redeem_coupon,
    stop_batch,
    void_coupon,
)
from huitou.programmes.services.earning import earn, settle_import, settle_members
from huitou.programmes.services.enrolling import enrol
from huitou.programmes.services.handing import hand_over
from huitou.programmes.services.holding import lock_members
from huitou.programmes.services.joining import join, leave
from huitou.programmes.services.paying import PaymentIn, give_back_points, pay
from huitou.programmes.services.placing import tell_tiers
from huitou.programmes.services.ruling import change_rules, start

__all__ = [
    "AdjustmentIn",
    "CompensationIn",
    "PaymentIn",
    "Use",
    "add_batch",
    "adjust",
    "change_rules",
    "compensate",
    "earn",
    "enrol",
    "give_back_coupon",
    "give_back_points",
    "given_before",
    "hand_over",
    "issue_codes",
    "issue_coupons",
    "join",
    "leave",
    "lock_members",
    "pay",
    "redeem_coupon",
    "settle_import",
    "settle_members",
    "start",
    "stop_batch",
    "tell_tiers",
    "void_coupon",
]
