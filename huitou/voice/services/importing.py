"""Writes of answers: a file brought in, in one transaction, and its way back."""

from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa
from django.db import connection

from huitou.platform import facts
from huitou.platform.copying import copy_in
from huitou.voice import errors
from huitou.voice.facts import ImportApplied, ImportRolledBack
from huitou.voice.planning import AnswerPlan
from huitou.voice.services.statements import rows, run
from huitou.voice.types import ITEMS

MANY: Final = 5_000  # rows written at once that the planner should know of
LOCK: Final = 7_341_002  # of the advisory lock every writer of answers holds until its commit
_TEXTS: Final = [
    "wave",
    "satisfaction",
    "recommendation",
    "reason_to_stay",
    "touchpoint",
    "comment",
]


def lock() -> None:
    """Wait until nobody else writes answers; held until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def compare(plan: AnswerPlan, *, customers: Mapping[str, int]) -> dict[str, int]:
    """How many answers of the plan are new, changed and unchanged. In a transaction.

    Args:
        customers: id of every customer of the plan by the name the file has for them.
    """
    run("open_answers")
    copy_in(_table(plan, customers), relation="voice_incoming")
    run("judge_answers")
    return dict.fromkeys(("new", "changed", "unchanged"), 0) | dict(rows("answer_steps"))


def apply(*, import_id: int) -> None:
    """Write the new and changed answers that were compared; under the lock, in the same
    transaction."""
    values = {"import_id": import_id}
    run("keep_answer_images", values)
    run("delete_changed")
    written = run("add_answers", values)
    if written >= MANY:
        run("take_stock")
    facts.record(ImportApplied(import_id, written))


def roll_back(*, import_id: int) -> tuple[int, int]:
    """Remove the answers the import brought and restore those it changed; returns how many of each.

    Raises:
        RollbackBlocked: a later import changed some of them; ``imports`` names the ids.
    """
    lock()
    values = {"import_id": import_id}
    later = rows("answers_changed_later", values)
    if later:
        raise errors.RollbackBlocked(
            count=sum(row[1] for row in later), imports=[row[0] for row in later]
        )
    written = run("delete_brought", values)
    restored = run("restore_answers", values)
    run("forget_answer_images", values)
    facts.record(ImportRolledBack(import_id, written - restored, restored))
    return written - restored, restored


def _table(plan: AnswerPlan, customers: Mapping[str, int]) -> pa.Table:
    answers = list(plan.answers.values())

    def column(name: str, kind: pa.DataType) -> Any:
        return pa.array([getattr(answer, name) for answer in answers], kind)

    return pa.table(
        {
            "customer_id": pa.array([customers[answer.customer] for answer in answers], pa.int64()),
            "answered_at": pa.array(
                [answer.answered_at.replace(tzinfo=None) for answer in answers], pa.timestamp("us")
            ),
            "answered_on": column("answered_on", pa.date32()),
            **{name: column(name, pa.string()) for name in _TEXTS},
            **{
                name: column(name, pa.float64())
                for name in ("repurchase_probability", "expectation", "perception")
            },
            **{name: column(name, pa.bool_()) for name in ("prefers_us", "resists_offers")},
            **{
                name: pa.array([answer.items[name] for answer in answers], pa.int16())
                for name in ITEMS
            },
        }
    )
