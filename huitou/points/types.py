"""Values of the ledger: what can be asked of it, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple

POINTS: Final = "points"  # can be spent
QUALIFYING: Final = "qualifying"  # counts for tiers and is never spent
LARGEST: Final = 10**12  # of one request: far beyond any programme, far below what a column holds
LONGEST_KEY: Final = 200
LAST_LEG: Final = 9_999
EXPIRY: Final = "expiry"  # the source of what the sweep posts

Why = Mapping[str, object]


class Policy(StrEnum):
    """What a claw-back does with points the member has spent already."""

    WITHIN_BALANCE = "within_balance"  # take what is there, let the rest go
    DEBT = "debt"  # the rest is owed: the next award pays it first, the shown balance is 0
    ALLOW_NEGATIVE = "allow_negative"  # the same, shown as a negative balance


class State(StrEnum):
    """How a request was answered."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"  # the same request was accepted before; nothing changed now


def _check(entry: "Entry", *, may_be_negative: bool = False) -> None:
    """Refuse what no caller may ask.

    (source, external_id, leg) happens once, for ever: the same request gives the same answer
    again, another one is a conflict. ``occurred_at`` and ``why`` do not make another request: a
    retry may be later."""
    if not 0 < abs(entry.points) <= LARGEST:
        raise ValueError(f"{entry.points} is no number of points")
    if entry.points < 0 and not may_be_negative:
        raise ValueError("only an adjustment may be negative")
    if not 1 <= entry.leg <= LAST_LEG:
        raise ValueError("legs are counted from 1")
    if not 0 < len(entry.source) <= LONGEST_KEY or not 0 < len(entry.external_id) <= LONGEST_KEY:
        raise ValueError("a request needs a source and a key")
    if entry.source == EXPIRY:
        raise ValueError("only the sweep posts expiries")
    if entry.occurred_at.tzinfo is None:
        raise ValueError("instants of the ledger are aware")


@dataclass(frozen=True, slots=True)
class Award:
    """Give points: one lot, usable from ``effective_on`` through ``expires_on`` (None = for ever).

    Both are business days of the programme. What the member owes is paid first. ``rule_version``
    is the id of the dated rules that decided; ``why`` says how, for the member and the auditor."""

    source: str
    external_id: str
    customer_id: int
    unit: str
    points: int
    occurred_at: datetime
    effective_on: date
    expires_on: date | None
    rule_version: int
    why: Why = field(default_factory=dict)
    leg: int = 1

    def __post_init__(self) -> None:
        """Refuse what no caller may ask."""
        _check(self)
        if self.expires_on is not None and self.expires_on < self.effective_on:
            raise ValueError("a lot expires before it can be used")


@dataclass(frozen=True, slots=True)
class Redeem:
    """Spend points, soonest to expire first."""

    source: str
    external_id: str
    customer_id: int
    unit: str
    points: int
    occurred_at: datetime
    why: Why = field(default_factory=dict)
    leg: int = 1

    def __post_init__(self) -> None:
        """Refuse what no caller may ask."""
        _check(self)


@dataclass(frozen=True, slots=True)
class ClawBack:
    """Take back ``points`` of the award (of_source, of_external_id, of_leg): its order was
    refunded.

    They come from the award's own lot, then from the member's others, soonest to expire first;
    then ``policy`` decides. What has expired of the award is gone already and is not taken
    twice. All claw-backs of an award together are at most the award."""

    source: str
    external_id: str
    of_source: str
    of_external_id: str
    points: int
    occurred_at: datetime
    policy: Policy
    why: Why = field(default_factory=dict)
    of_leg: int = 1
    leg: int = 1

    def __post_init__(self) -> None:
        """Refuse what no caller may ask."""
        _check(self)


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Return ``points`` of the redemption (of_source, of_external_id, of_leg) to the lots that
    paid, the last first, with the expiry they had.

    What came from a lot that is past goes into a new lot usable through ``grace_until``; without
    one it goes back where it was and expires with the next sweep."""

    source: str
    external_id: str
    of_source: str
    of_external_id: str
    points: int
    occurred_at: datetime
    why: Why = field(default_factory=dict)
    of_leg: int = 1
    leg: int = 1
    grace_until: date | None = None

    def __post_init__(self) -> None:
        """Refuse what no caller may ask."""
        _check(self)


@dataclass(frozen=True, slots=True)
class Adjust:
    """Staff give (``points`` > 0, a lot through ``expires_on``, None = for ever) or take (< 0).

    ``reason`` and ``actor`` (``user:12``) are kept in the why of the transfer."""

    source: str
    external_id: str
    customer_id: int
    unit: str
    points: int
    reason: str
    actor: str
    occurred_at: datetime
    expires_on: date | None = None
    why: Why = field(default_factory=dict)
    leg: int = 1

    def __post_init__(self) -> None:
        """Refuse what no caller may ask."""
        _check(self, may_be_negative=True)
        if not self.reason.strip() or not self.actor:
            raise ValueError("an adjustment needs a reason and who made it")


Entry = Award | Redeem | ClawBack | GiveBack | Adjust


class Posted(NamedTuple):
    """The answer to one accepted request, made of its transfers alone: a retry gets the same.

    ``transfers`` are ids in order; none where a claw-back found nothing to take. ``balance`` is
    the member's after the last of them, whatever happened since."""

    source: str
    external_id: str
    leg: int
    state: State
    transfers: tuple[int, ...]
    balance: int


class Refusal(NamedTuple):
    """Why one request of many was refused; nothing of it was done, its key may still be used.

    ``place`` counts the requests from 0; ``code`` and ``facts`` are those of the error that a
    single request would have raised."""

    place: int
    source: str
    external_id: str
    leg: int
    code: str
    facts: Mapping[str, object]


class Answers(NamedTuple):
    """What became of many requests: those accepted (or repeated), in order, and those refused."""

    posted: list[Posted]
    refused: list[Refusal]


class BatchPosted(NamedTuple):
    """What became of a table of awards."""

    posted: int
    repeated: int  # rows whose key had happened, with the same request
    refused: list[Refusal]
    fact_id: int | None  # None = nothing new


class Swept(NamedTuple):
    """What a sweep of expired lots did."""

    lots: int
    points: int
    accounts: int


class AccountRow(NamedTuple):
    """What a member has in one unit.

    ``balance`` = open lots − ``owed``, and is negative while something is owed; ``usable`` is what
    can be spent on the day asked for, held points apart."""

    balance: int
    owed: int
    held: int
    usable: int

    @property
    def shown(self) -> int:
        """The balance where debts are not shown as negative."""
        return max(self.balance, 0)


class LotRow(NamedTuple):
    """Points of one award that are still there; ``expires_on`` None = never."""

    lot_id: int  # the transfer that made it
    points: int
    effective_on: date
    expires_on: date | None
    occurred_at: datetime


class StatementRow(NamedTuple):
    """One line of a member's statement; ``points`` is signed, as the member sees it."""

    transfer_id: int
    kind: str  # award, redeem, expire, reverse, adjust
    points: int
    balance_after: int
    occurred_at: datetime
    expires_on: date | None  # of the lot a credit made; None also for never
    why: Mapping[str, object]
    source: str
    external_id: str


class PostingRow(NamedTuple):
    """What the first transfer of a request did."""

    transfer_id: int
    kind: str
    points: int
    customer_id: int


class DatedRow(NamedTuple):
    """The days and the rules that a request was posted with."""

    effective_on: date
    expires_on: date | None  # None = never
    rule_version: int | None


class TotalsRow(NamedTuple):
    """Figures of a programme's unit: the first five within a span of time, the rest now."""

    issued: int
    redeemed: int  # less what was given back
    expired: int
    reversed: int  # awards taken back
    adjusted: int  # by staff, plus and minus
    outstanding: int  # what members hold: the programme owes it to them
    owed: int  # what members owe the programme


class Breach(NamedTuple):
    """How often one invariant does not hold, with the smallest id that shows it."""

    invariant: str
    times: int
    example: int | None  # null: it shows only in the sums


class Audit(NamedTuple):
    """What asking the ledger gave: all is well if nothing is breached."""

    transfers: int
    breaches: list[Breach]
    sealed_upto: int | None  # the last transfer of the newest seal that was checked

    @property
    def is_sound(self) -> bool:
        """Whether every invariant holds."""
        return not self.breaches
