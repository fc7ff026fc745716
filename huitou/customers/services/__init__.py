"""Writes of customers."""

from huitou.customers.services.forgetting import forget
from huitou.customers.services.naming import ensure_named

__all__ = ["ensure_named", "forget"]
