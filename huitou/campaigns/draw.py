"""Who is held out: decided by a hash that anybody can compute again, never by us.

``u`` = the first 8 bytes of SHA-256(salt + campaign id + unit id) / 2^64, written in plain text and
joined without anything between; a unit is held out if u < share. The same unit in another campaign
has another u.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from hashlib import sha256
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
_WHOLE: Final = 2**64
GLOBAL: Final = "global"


def chance(salt: str, campaign: str, unit_id: int) -> Fraction:
    """u of one unit, exactly: 0 <= u < 1."""
    return Fraction(_number(f"{salt}{campaign}{unit_id}".encode()), _WHOLE)


def held_out(salt: str, campaign: str, unit_ids: Iterable[int], *, percent: Fraction) -> Flags:
    """Which units are held out, in their order.

    Args:
        salt: secret of the campaign, made with it.
        campaign: its public id.
        unit_ids: people, or the person a household is named after; any order, repeats agree.
        percent: of the units, 0..100, exactly.
    """
    limit = percent * _WHOLE / 100
    head = f"{salt}{campaign}"
    numbers = (_number(f"{head}{unit_id}".encode()) for unit_id in unit_ids)
    return np.fromiter((number < limit for number in numbers), dtype=np.bool_)


def globally_held_out(salt: str, year: int, unit_ids: Iterable[int], *, percent: Fraction) -> Flags:
    """Which units no marketing reaches in ``year``: stable within it, drawn anew every year."""
    return held_out(salt, f"{GLOBAL}{year}", unit_ids, percent=percent)


def units_of(customer_ids: Ints, households: Sequence[tuple[int, int]]) -> Ints:
    """The unit of each customer: the lowest id of its household, else itself.

    Args:
        customer_ids: shape (n,).
        households: pairs of customers that share a phone, an address or an account.
    """
    first = _first_of(households)
    if not first:
        return customer_ids.copy()
    return np.fromiter(
        (first.get(int(customer_id), int(customer_id)) for customer_id in customer_ids),
        dtype=np.int64, count=len(customer_ids),
    )  # fmt: skip


def _first_of(pairs: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Everybody who shares something with somebody, and the lowest id they are joined to."""
    parent: dict[int, int] = {}

    def root(person: int) -> int:
        parent.setdefault(person, person)
        while parent[person] != person:
            parent[person] = parent[parent[person]]  # halves the way for the next who asks
            person = parent[person]
        return person

    for one, other in pairs:
        low, high = sorted((root(one), root(other)))
        parent[high] = low  # the lower stays the root, so a root is the lowest of its household
    return {person: root(person) for person in list(parent)}


def _number(text: bytes) -> int:
    return int.from_bytes(sha256(text).digest()[:8], "big")
