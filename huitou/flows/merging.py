"""Two records that are one person become one, in every room at once; and two again.

Orders, coupons, cases, answers, promises, messages, consents and contacts move. What must never
change stays under the number of the record that goes, and is found by it: in which arm of a past
campaign it was, what was given to make up for something. A membership and its points never move:
who has them is the record that stays, and two members are not joined.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from huitou.audiences import erasure as audience_data
from huitou.campaigns import queries as campaigns
from huitou.customers import queries as customers
from huitou.customers import services
from huitou.customers.errors import (
    MergeCampaign,
    MergeChanged,
    MergeMember,
    MergeMissing,
    MergeSame,
    NoSuchCustomer,
)
from huitou.customers.queries import Choice, MergeRow
from huitou.flows import personal_data
from huitou.insights import erasure as insight_data
from huitou.kit.errors import HuitouError
from huitou.orders import services as orders
from huitou.platform.messages import erasure as messages
from huitou.points import queries as points
from huitou.points.types import POINTS, QUALIFYING
from huitou.programmes import erasure as membership
from huitou.programmes import queries as programme_queries
from huitou.programmes import services as programmes
from huitou.voice import services as voice

# Parts of a person's data in which something new speaks against taking a merge back.
WATCHED: Final = (
    "known_as", "contacts", "consents", "points", "qualifying", "coupons", "earned",
    "paid_with_points", "compensations", "orders", "answers", "invitations", "cases", "promises",
    "campaigns", "messages",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preview:
    """What joining would do: which fields win, how much moves, and what stands in the way."""

    choices: list[Choice]
    moves: Mapping[str, int]  # by part of a person's data
    refusal: HuitouError | None


def preview(*, kept_id: int, gone_id: int, now: datetime | None = None) -> Preview:
    """Look before joining; with ``now`` also how much moves, which reads every room. Writes
    nothing.

    Raises:
        MergeSame, NoSuchCustomer.
    """
    codes = _exist(kept_id, gone_id)
    refusal = None
    try:
        _allow(gone_id, codes[gone_id])
    except HuitouError as error:
        refusal = error
    counts = _counts(gone_id, now) if now is not None else {}
    moves = {part: count for part, count in counts.items() if count}
    return Preview(customers.choices(kept_id, gone_id), moves, refusal)


def merge(
    *, kept_id: int, gone_id: int, take: Collection[str] = (), actor: str, now: datetime
) -> int:
    """Join the second record to the first; the id of the merge.

    Args:
        take: of name, kind, phone, email, birthday, home_store, acquired_from: where the second
            record wins. What the first does not say it takes from the second in any case.

    Raises:
        MergeSame, NoSuchCustomer, MergeMember, MergeCampaign: nothing is written.
    """
    with transaction.atomic():
        services.lock()
        codes = _exist(kept_id, gone_id)
        membership.lock(customer_id=kept_id)
        _allow(gone_id, codes[gone_id])
        _refuse_points(gone_id, codes[gone_id])
        moved: dict[str, Any] = {
            **orders.hand_over(customer_id=gone_id, to=kept_id, now=now),
            **voice.hand_over(customer_id=gone_id, to=kept_id),
            **programmes.hand_over(customer_id=gone_id, to=kept_id),
            "messages": messages.hand_over(customer_id=gone_id, to=kept_id),
        }
        audience_data.erase(customer_id=gone_id)
        insight_data.erase(customer_id=gone_id)
        merge_id = services.merge(
            kept_id=kept_id, gone_id=gone_id, take=take, moved=moved, actor=actor, now=now
        )
        programmes.settle_members(customer_ids=[kept_id], now=now)
        services.keep_state(merge_id=merge_id, state=_counts(kept_id, now))
    return merge_id


def unmerge(*, merge_id: int, actor: str, now: datetime) -> MergeRow:
    """Make two records of one again, each as it was; whose they are is known only as long as
    nothing new has happened.

    Raises:
        MergeMissing, MergeNotLast, MergeChanged: nothing is written.
    """
    with transaction.atomic():
        services.lock()
        row = customers.merge_row(merge_id)
        if row is None:
            raise MergeMissing
        kept_id, gone_id = row.customer_id, row.gone_customer_id
        membership.lock(customer_id=kept_id)
        services.unmerge(merge_id=merge_id, actor=actor, now=now)
        _refuse_changes(row, now)
        orders.hand_over(customer_id=kept_id, to=gone_id, only=row.moved, now=now)
        voice.hand_over(customer_id=kept_id, to=gone_id, only=row.moved)
        programmes.hand_over(customer_id=kept_id, to=gone_id, only=row.moved)
        messages.hand_over(customer_id=kept_id, to=gone_id, only=row.moved["messages"])
        programmes.settle_members(customer_ids=[kept_id], now=now)
    return row


def _refuse_changes(row: MergeRow, now: datetime) -> None:
    """What is there is counted on both: some of it stands on either by now."""
    kept, other = _counts(row.customer_id, now), _counts(row.gone_customer_id, now)
    changed = sorted(part for part in WATCHED if kept[part] + other[part] != row.state.get(part))
    if changed:
        raise MergeChanged(parts=", ".join(changed))


def _exist(kept_id: int, gone_id: int) -> dict[int, str]:
    if kept_id == gone_id:
        raise MergeSame
    known = customers.codes_of([kept_id, gone_id])
    for wanted in (kept_id, gone_id):
        if wanted not in known:
            raise NoSuchCustomer(customer=wanted)
    return known


def _allow(gone_id: int, code: str) -> None:
    """Refuse to let a member go, or somebody whose campaign is still open."""
    if programme_queries.member(gone_id) is not None:
        raise MergeMember(customer=code)
    theme = campaigns.open_theme_of(gone_id)
    if theme is not None:
        raise MergeCampaign(customer=code, campaign=theme)


def _refuse_points(gone_id: int, code: str) -> None:
    """Who has points without being a member was one: nobody else is ever given any. Made sure of,
    because a ledger that names nobody could not be put right."""
    programme = programme_queries.programme()
    if programme is not None and any(
        points.statement(programme.id, gone_id, unit, limit=1) for unit in (POINTS, QUALIFYING)
    ):
        raise MergeMember(customer=code)


def _counts(customer_id: int, now: datetime) -> dict[str, int]:
    """How much stands in every watched part; of cases with every word said in them."""
    said = personal_data.everything_about(customer_id, now=now)
    counts = {part: len(said[part]) for part in WATCHED}
    counts["cases"] += sum(len(case["story"]) for case in said["cases"])
    return counts
