"""Requests as arrays: the one call of a SQL function of the ledger for a run of one kind.

Arrays are written as PostgreSQL reads them: for thousands of values a second, a driver's general
way costs more than the posting."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, Final, TypeGuard
from zoneinfo import ZoneInfo

from huitou.points.types import Adjust, Award, ClawBack, Entry, GiveBack, Redeem

Call = tuple[str, list[Any]]
_KINDS: Final[dict[type, str]] = {Award: "award", Adjust: "adjust", Redeem: "redeem"}
_JSON: Final = json.JSONEncoder(ensure_ascii=False).encode

_KEYS: Final = "%s::text[], %s::text[], %s::smallint[]"
_LOCK: Final = (
    f"SELECT points_lock(%s, %s::text[], %s::bigint[], %s::text[], %s::bigint[], {_KEYS})"
)
_HEAD: Final = (
    "%(kind)s, %(programme)s, %(actor)s, %(now)s, %(source)s, %(external)s, %(leg)s::smallint, "
    "{customer}, %(unit)s, %(points)s, %(occurred)s, %(day)s"
)
_AWARD_ONE: Final = f"points_award_one({_HEAD}, %(expires)s, %(rules)s, %(why)s::jsonb)"
_REDEEM_ONE: Final = f"points_redeem_one({_HEAD}, %(why)s::jsonb)"
_OF_ONE: Final = "SELECT o.state, o.transfers[1]::text, o.balance::text, {available} FROM {one} o"
# The statement runs to its end first: nothing is posted for somebody who is not in it.
_WHOM: Final = "WITH whom AS MATERIALIZED ({whom}) "
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


def is_given(entry: Entry) -> TypeGuard[Award | Adjust]:
    """Whether it is an award, or something staff give."""
    return isinstance(entry, Award) or (isinstance(entry, Adjust) and entry.points > 0)


def lock(programme_id: int, requests: Sequence[Entry]) -> Call:
    """Lock every account the requests touch, in one order."""
    given = [entry for entry in requests if is_given(entry)]
    own = [entry for entry in requests if isinstance(entry, Award | Redeem | Adjust)]
    back = [entry for entry in requests if isinstance(entry, ClawBack | GiveBack)]
    return _LOCK, [
        programme_id,
        _texts(entry.unit for entry in given),
        _numbers(entry.customer_id for entry in given),
        _texts(entry.unit for entry in own),
        _numbers(entry.customer_id for entry in own),
        _texts(entry.of_source for entry in back),
        _texts(entry.of_external_id for entry in back),
        _numbers(entry.of_leg for entry in back),
    ]


def call(
    programme_id: int, run: Sequence[Any], *, actor: str, now: datetime, zone: ZoneInfo | None
) -> Call:
    """The statement for a run of entries of one kind, and its values."""
    first = run[0]
    heads: list[Any] = [programme_id, actor, now]
    if is_given(first):
        return _award(run, heads, zone)
    keys = _keys(run)
    whys = _texts(_why(entry) for entry in run)
    occurred = _instants(entry.occurred_at for entry in run)
    days = _days(_day(entry, zone) for entry in run)
    if isinstance(first, Redeem | Adjust):
        return _REDEEM, [_KINDS[type(first)], *heads, *keys, *_members(run), occurred, days, whys]
    of = [
        _texts(entry.of_source for entry in run),
        _texts(entry.of_external_id for entry in run),
        _numbers(entry.of_leg for entry in run),
        _numbers(entry.points for entry in run),
    ]
    if isinstance(first, ClawBack):
        policies = _texts(entry.policy.value for entry in run)
        return _CLAW_BACK, [*heads, *keys, *of, occurred, days, policies, whys]
    grace = _days(entry.grace_until for entry in run)
    return _GIVE_BACK, [*heads, *keys, *of, occurred, days, grace, whys]


def one(
    programme_id: int,
    entry: Award | Adjust | Redeem,
    *,
    actor: str,
    now: datetime,
    zone: ZoneInfo | None,
) -> tuple[str, dict[str, str | None]]:
    """The statement for one entry and its values as text: what happens at every till all day
    spares itself the driver's conversions."""
    day = _starts(entry, zone) if is_given(entry) else _day(entry, zone)
    values = as_text(programme_id, entry, actor=actor, now=now, day=day)
    return statement_of_one(is_given=is_given(entry)), values


@cache
def statement_of_one(*, is_given: bool, whom: str = "") -> str:
    """The statement for one award, or else redemption, its values by name (``as_text``): for the
    customer among them, or for whom the statement ``whom`` gives the ``id``."""
    available, one = ("NULL", _AWARD_ONE) if is_given else ("o.available::text", _REDEEM_ONE)
    if not whom:
        return _OF_ONE.format(available=available, one=one.format(customer="%(customer)s"))
    posting = "whom, " + one.format(customer="whom.id")
    return _WHOM.format(whom=whom) + _OF_ONE.format(available=available, one=posting)


def as_text(
    programme_id: int, entry: Award | Adjust | Redeem, *, actor: str, now: datetime, day: date
) -> dict[str, str | None]:
    """The values of one entry by name, as PostgreSQL reads them; ``day`` is its business day, that
    of an award its first."""
    last = None if isinstance(entry, Redeem) else entry.expires_on
    rules = None if isinstance(entry, Redeem) else _rules(entry)
    return {
        "kind": _KINDS[type(entry)],
        "programme": str(programme_id),
        "actor": actor,
        "now": now.isoformat(),
        "source": entry.source,
        "external": entry.external_id,
        "leg": str(entry.leg),
        "customer": str(entry.customer_id),
        "unit": entry.unit,
        "points": str(abs(entry.points)),
        "occurred": entry.occurred_at.isoformat(),
        "day": day.isoformat(),
        "expires": None if last is None else last.isoformat(),
        "rules": None if rules is None else str(rules),
        "why": _why(entry),
    }


def _award(run: Sequence[Any], heads: list[Any], zone: ZoneInfo | None) -> Call:
    """Awards, or what staff give, as arrays."""
    return _AWARD, [
        _KINDS[type(run[0])],
        *heads,
        *_keys(run),
        *_members(run),
        _instants(entry.occurred_at for entry in run),
        _days(_starts(entry, zone) for entry in run),
        _days(entry.expires_on for entry in run),
        _numbers(_rules(entry) for entry in run),
        _texts(_why(entry) for entry in run),
    ]


def _keys(run: Sequence[Any]) -> list[str]:
    return [
        _texts(entry.source for entry in run),
        _texts(entry.external_id for entry in run),
        _numbers(entry.leg for entry in run),
    ]


def _members(run: Sequence[Any]) -> list[str]:
    return [
        _numbers(entry.customer_id for entry in run),
        _texts(entry.unit for entry in run),
        _numbers(abs(entry.points) for entry in run),
    ]


def _day(entry: Entry, zone: ZoneInfo | None) -> date:
    """The business day of an entry."""
    return entry.occurred_at.astimezone(zone).date()


def _starts(entry: Award | Adjust, zone: ZoneInfo | None) -> date:
    return entry.effective_on if isinstance(entry, Award) else _day(entry, zone)


def _rules(entry: Award | Adjust) -> int | None:
    return entry.rule_version if isinstance(entry, Award) else None


def _why(entry: Entry) -> str:
    why = entry.why
    if isinstance(entry, Adjust):
        why = {**why, "reason": entry.reason, "actor": entry.actor}
    return _JSON(why) if why else "{}"


def _numbers(values: Iterable[int | None]) -> str:
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


def _texts(values: Iterable[str]) -> str:
    texts = list(values)
    every = "".join(texts)
    if "\\" in every or '"' in every:
        texts = [text.replace("\\", "\\\\").replace('"', '\\"') for text in texts]
    return '{"' + '","'.join(texts) + '"}' if texts else "{}"


def _instants(values: Iterable[datetime]) -> str:
    return '{"' + '","'.join(value.isoformat() for value in values) + '"}'


def _days(values: Iterable[date | None]) -> str:
    return "{" + ",".join("NULL" if day is None else day.isoformat() for day in values) + "}"
