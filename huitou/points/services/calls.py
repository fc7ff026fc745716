"""Requests as arrays: the one call of a SQL function of the ledger for a run of one kind."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from huitou.points.types import Adjust, Award, ClawBack, Entry, GiveBack, Redeem

Call = tuple[str, list[Any]]

_KEYS: Final = "%s::text[], %s::text[], %s::smallint[]"
_LOCK: Final = (
    f"SELECT points_lock(%s, %s::text[], %s::bigint[], %s::text[], %s::bigint[], {_KEYS})"
)
_AWARD: Final = (
    f"SELECT * FROM points_award(%s, %s, %s, %s, {_KEYS}, %s::bigint[], %s::text[], %s::bigint[], "
    "%s::timestamptz[], %s::date[], %s::date[], %s::bigint[], %s::text[])"
)
_REDEEM: Final = (
    f"SELECT * FROM points_redeem(%s, %s, %s, %s, {_KEYS}, %s::bigint[], %s::text[], "
    "%s::bigint[], %s::timestamptz[], %s::date[], %s::text[])"
)
_CLAW_BACK: Final = (
    f"SELECT * FROM points_claw_back(%s, %s, %s, {_KEYS}, {_KEYS}, %s::bigint[], "
    "%s::timestamptz[], %s::date[], %s::text[], %s::text[])"
)
_GIVE_BACK: Final = (
    f"SELECT * FROM points_give_back(%s, %s, %s, {_KEYS}, {_KEYS}, %s::bigint[], "
    "%s::timestamptz[], %s::date[], %s::date[], %s::text[])"
)


def kind(entry: Entry) -> str:
    """Which call an entry needs; entries of one kind go together."""
    if isinstance(entry, Adjust):
        return "adjust_up" if entry.points > 0 else "adjust_down"
    return type(entry).__name__


def lock(programme_id: int, requests: Sequence[Entry]) -> Call:
    """Lock every account the requests touch, in one order."""
    given = [
        entry
        for entry in requests
        if isinstance(entry, Award) or (isinstance(entry, Adjust) and entry.points > 0)
    ]
    own = [entry for entry in requests if isinstance(entry, Award | Redeem | Adjust)]
    back = [entry for entry in requests if isinstance(entry, ClawBack | GiveBack)]
    return _LOCK, [
        programme_id,
        [entry.unit for entry in given],
        [entry.customer_id for entry in given],
        [entry.unit for entry in own],
        [entry.customer_id for entry in own],
        [entry.of_source for entry in back],
        [entry.of_external_id for entry in back],
        [entry.of_leg for entry in back],
    ]


def call(
    programme_id: int, run: Sequence[Any], *, actor: str, now: datetime, zone: ZoneInfo | None
) -> Call:
    """The statement for a run of entries of one kind, and its values."""
    heads: list[Any] = [programme_id, actor, now]
    keys = [
        [entry.source for entry in run],
        [entry.external_id for entry in run],
        [entry.leg for entry in run],
    ]
    whys = [_why(entry) for entry in run]
    first = run[0]
    if isinstance(first, Award):
        return _AWARD, ["award", *heads, *keys, *_award_columns(run), whys]
    occurred = [entry.occurred_at for entry in run]
    days = [entry.occurred_at.astimezone(zone).date() for entry in run]
    if isinstance(first, Redeem) or (isinstance(first, Adjust) and first.points < 0):
        name = "redeem" if isinstance(first, Redeem) else "adjust"
        return _REDEEM, [name, *heads, *keys, *_members(run), occurred, days, whys]
    if isinstance(first, Adjust):
        until = [entry.expires_on for entry in run]
        nothing = [None] * len(run)
        columns = [*_members(run), occurred, days, until, nothing]
        return _AWARD, ["adjust", *heads, *keys, *columns, whys]
    of = [
        [entry.of_source for entry in run],
        [entry.of_external_id for entry in run],
        [entry.of_leg for entry in run],
        [entry.points for entry in run],
    ]
    if isinstance(first, ClawBack):
        policies = [entry.policy.value for entry in run]
        return _CLAW_BACK, [*heads, *keys, *of, occurred, days, policies, whys]
    grace = [entry.grace_until for entry in run]
    return _GIVE_BACK, [*heads, *keys, *of, occurred, days, grace, whys]


def _members(run: Sequence[Any]) -> list[list[Any]]:
    return [
        [entry.customer_id for entry in run],
        [entry.unit for entry in run],
        [abs(entry.points) for entry in run],
    ]


def _award_columns(run: Sequence[Award]) -> list[list[Any]]:
    return [
        *_members(run),
        [entry.occurred_at for entry in run],
        [entry.effective_on for entry in run],
        [entry.expires_on for entry in run],
        [entry.rule_version for entry in run],
    ]


def _why(entry: Entry) -> str:
    why = entry.why
    if isinstance(entry, Adjust):
        why = {**why, "reason": entry.reason, "actor": entry.actor}
    return json.dumps(why, ensure_ascii=False) if why else "{}"
