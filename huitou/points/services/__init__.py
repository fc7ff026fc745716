"""Writes of the ledger. Every posting is decided by the SQL functions of the migrations."""

from huitou.points.services.auditing import seal, verify, verify_or_raise
from huitou.points.services.expiring import expire_due
from huitou.points.services.posting import post, post_all, post_today
from huitou.points.services.tables import post_awards

__all__ = [
    "expire_due",
    "post",
    "post_all",
    "post_awards",
    "post_today",
    "seal",
    "verify",
    "verify_or_raise",
]
