"""What is said about the company, held to what is stored in its currency."""

from datetime import datetime

from django.db import transaction

from huitou.orders import queries as orders
from huitou.staff import services
from huitou.staff.types import CompanyIn


def may_change_currency() -> bool:
    """Whether no order is stored in the company's currency yet."""
    return not orders.has_orders()


def describe(*, company: CompanyIn, actor: str, now: datetime) -> None:
    """Describe the company anew.

    Raises:
        CompanyInvalid: a name, zone, currency or industry that cannot be.
        CurrencyFixed: the currency would change under existing orders.
    """
    with transaction.atomic():
        services.set_company(company=company, has_orders=orders.has_orders(), actor=actor, now=now)
