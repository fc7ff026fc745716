"""Customers as other systems name them: by the code of the house, never by an inner number."""

from huitou.customers import queries as customers
from huitou.customers.errors import NoSuchCustomer
from huitou.staff import queries as staff
from huitou.staff.errors import StoreMissing


def customer_named(code: str) -> int:
    """The inner number of the customer with this code.

    Raises:
        NoSuchCustomer.
    """
    found = customers.by_code(code)
    if found is None:
        raise NoSuchCustomer(customer=code)
    return found


def customer_if_named(code: str) -> int | None:
    """``customer_named``; None for nobody."""
    return customer_named(code) if code else None


def store_named(code: str) -> int:
    """The inner number of a store by its code.

    Raises:
        StoreMissing.
    """
    for store in staff.stores():
        if store.code == code:
            return store.id
    raise StoreMissing(store=code)


def store_if_named(code: str) -> int | None:
    """``store_named``; None for none."""
    return store_named(code) if code else None
