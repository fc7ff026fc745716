"""Points as a till gives and takes them by the interface."""

from typing import Any

from huitou.customers import queries as customers
from tests.doors.api_shop import System, system
from tests.doors.member_shop import Member


def code_of(who: Member) -> str:
    """What other systems call them."""
    return customers.codes_of([who.customer_id])[who.customer_id]


def give(caller: System, who: Member, count: int, *, key: str = "") -> Any:
    """Give points; the answer."""
    return caller.send("/points/earn", {"customer": code_of(who), "points": count}, key=key)


def take(caller: System, who: Member, count: int, *, key: str = "") -> Any:
    """Take points; the answer."""
    return caller.send("/points/redeem", {"customer": code_of(who), "points": count}, key=key)


def remembering(who: Member) -> System:
    """A till whose process remembers everything: it has given 100 points."""
    caller = system()
    for n in range(2):
        assert give(caller, who, 50, key=f"first-{n}").status_code == 200
    return caller
