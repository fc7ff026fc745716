"""What can happen in the ledger, in the past tense: ids and numbers."""

from dataclasses import dataclass
from typing import ClassVar

from huitou.platform.facts import Fact


@dataclass(frozen=True, slots=True)
class Posted(Fact):
    """One request was posted: the transfers of the fact, first to last, all of one member.

    The SQL functions of the ledger record it in the statement that posts; its transfers name it.
    """

    name: ClassVar[str] = "points.posted"
    programme_id: int
    customer_id: int
    first_transfer_id: int
    last_transfer_id: int
    transfers: int


@dataclass(frozen=True, slots=True)
class BatchPosted(Fact):
    """Many requests, or a sweep, were posted as one: transfers between these ids that name it."""

    name: ClassVar[str] = "points.batch_posted"
    programme_id: int
    first_transfer_id: int
    last_transfer_id: int
    transfers: int
