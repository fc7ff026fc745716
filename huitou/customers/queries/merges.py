"""Records that were joined: which, when, by whom, and what they said."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from huitou.customers import models, unions


class MergeRow(NamedTuple):
    """One merge: the record that stayed, the one that went."""

    merge_id: int
    customer_id: int
    gone_customer_id: int
    gone_code: str
    gone_name: str
    merged_at: datetime
    merged_by: str
    undone_at: datetime | None
    moved: Mapping[str, Any]
    state: Mapping[str, int]


class Choice(NamedTuple):
    """One thing both records may say: what they say, and which wins if nobody chooses."""

    name: str
    kept: Any
    gone: Any
    is_gone: bool


_ROW = (
    "pk", "customer_id", "gone_customer_id", "gone_code", "gone_before__name", "merged_at",
    "merged_by", "undone_at", "moved", "state",
)  # fmt: skip


def merges_of(customer_id: int) -> list[MergeRow]:
    """What was joined to this customer, newest first; undone ones too."""
    found = models.Merge.objects.filter(customer_id=customer_id).order_by("-pk")
    return [MergeRow(*row) for row in found.values_list(*_ROW)]


def merge_row(merge_id: int) -> MergeRow | None:
    """One merge; ``None`` if there is none."""
    row = models.Merge.objects.filter(pk=merge_id).values_list(*_ROW).first()
    return None if row is None else MergeRow(*row)


def joined_to(gone_id: int) -> int | None:
    """The customer to whom a record that is gone was joined; ``None`` if it was not."""
    found = models.Merge.objects.filter(gone_customer_id=gone_id, undone_at=None)
    return found.values_list("customer_id", flat=True).first()


def numbers_of(customer_id: int) -> list[int]:
    """The numbers of the records joined to this customer, in force: what cannot be moved still
    stands under them."""
    found = models.Merge.objects.filter(customer_id=customer_id, undone_at=None).order_by("pk")
    return list(found.values_list("gone_customer_id", flat=True))


def choices(kept_id: int, gone_id: int) -> list[Choice]:
    """What both records say, choice by choice; empty if one of them is missing."""
    fields = sorted({column for columns in unions.CHOICES.values() for column in columns})
    found = models.Customer.objects.filter(pk__in=[kept_id, gone_id]).values("pk", *fields)
    by_id = {row["pk"]: row for row in found}
    if len(by_id) < 2:
        return []
    kept, gone = by_id[kept_id], by_id[gone_id]
    wins = unions.taken(kept, gone, ())
    return [
        Choice(name, kept[columns[0]], gone[columns[0]], name in wins)
        for name, columns in unions.CHOICES.items()
    ]
