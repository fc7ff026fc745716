"""Where each channel reaches customers, and what stands in the way."""

import re
from collections.abc import Sequence
from typing import Any

from django.db import connection

from huitou.customers import agreement
from huitou.customers.queries.statements import rows as found_rows
from huitou.customers.queries.statements import text
from huitou.customers.types import ReachRow, Standing


def reach(customer_ids: Sequence[int], *, channel: str, purpose: str) -> dict[int, ReachRow]:
    """Where ``channel`` reaches each of these customers best and whether ``purpose`` may go there;
    who does not exist is left out.

    Whoever shares an address shares its strictest answer: a withdrawal under one name holds for
    the other.
    """
    rows = _reached([(pk, "") for pk in customer_ids], channel, purpose)
    return {pk: row for pk, row in rows}


def standing(customer_id: int, *, channels: Sequence[str], purpose: str) -> Standing:
    """``reach`` of one customer on several channels, and the newest thing said on each channel and
    purpose; in one statement."""
    parts, values = [text("newest_said")], {"customer_id": customer_id}
    for number, channel in enumerate(channels):
        asked_text = re.sub(r"%\((\w+)\)s", rf"%(\1_{number})s", text("reach"))
        parts.append(f"SELECT %(channel_{number})s::text, '', found.* FROM ({asked_text}) found")
        asked = _asked([(customer_id, "")], channel, purpose)
        values |= {f"{name}_{number}": value for name, value in asked.items()}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"({part})" for part in parts), values)
        rows = cursor.fetchall()
    said = {(channel, about): row[2] for channel, about, *row in rows if about}
    reached = {one: _reach(purpose, *row) for one, about, _pk, *row in rows if not about}
    return Standing(reached, said)


def reach_at(
    places: Sequence[tuple[int, str]], *, channel: str, purpose: str
) -> dict[tuple[int, str], ReachRow]:
    """Whether ``purpose`` may go to each of these customers at exactly this address; who does not
    exist is left out."""
    rows = _reached(list(dict.fromkeys(places)), channel, purpose)
    return {(pk, row.address): row for pk, row in rows}


def _reached(
    places: Sequence[tuple[int, str]], channel: str, purpose: str
) -> list[tuple[int, ReachRow]]:
    rows = found_rows("reach", _asked(places, channel, purpose))
    return [(pk, _reach(purpose, *said)) for pk, *said in rows]


def _asked(places: Sequence[tuple[int, str]], channel: str, purpose: str) -> dict[str, Any]:
    return {
        "ids": [pk for pk, _address in places],
        "addresses": [address for _pk, address in places],
        "channel": channel,
        "kind": {"email": "email", "sms": "phone", "phone": "phone"}.get(channel, ""),
        "purpose": purpose,
        "spoken_for": agreement.SPEAKS_FOR.get(purpose),
    }


def _reach(
    purpose: str, address: str, state: str, others: list[str], is_stopped: bool, is_dead: bool
) -> ReachRow:
    strictest = agreement.strictest([state, *others])
    refusal = agreement.refusal(strictest, purpose, is_do_not_contact=is_stopped)
    return ReachRow(address, refusal, is_dead)
