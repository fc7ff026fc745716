"""Who moved between two runs: the table of layers, and the dated changes of every ladder."""

from typing import Any, Final

import ibis
import ibis.expr.types as ir
import numpy as np

from huitou.insights.engine import Columns, Engine

LADDERS: Final = ("layer", "stage", "level", "band")


def aligned(before: Columns, now: Columns, column: str) -> tuple[np.ndarray[Any, Any], ...]:
    """Values of ``column`` before and now over everyone of either run; "" = was not there.

    Both are sorted by ``customer_id``. Returns (customer_id, left, entered).
    """
    ids = np.union1d(before["customer_id"], now["customer_id"])
    left = np.full(len(ids), "", dtype=object)
    entered = np.full(len(ids), "", dtype=object)
    left[np.searchsorted(ids, before["customer_id"])] = before[column]
    entered[np.searchsorted(ids, now["customer_id"])] = now[column]
    return ids, left, entered


def table(engine: Engine, before: ir.Table | None, now: ir.Table) -> dict[str, Any]:
    """Counts of (layer at the last run, layer now), with those who arrived and those erased.

    Rows and columns sum to the customers of both runs.
    """
    if before is None:
        return {"cells": [], "arrived": 0, "erased": 0}
    joined = before.outer_join(now, "customer_id").select(
        left=ibis.coalesce(before.layer, ""), entered=ibis.coalesce(now.layer, "")
    )
    counted = joined.group_by("left", "entered").agg(customers=joined.count().cast("int64"))
    rows = engine.rows(counted.order_by("left", "entered"))
    return {
        "cells": [row for row in rows if row["left"] and row["entered"]],
        "arrived": sum(row["customers"] for row in rows if not row["left"]),
        "erased": sum(row["customers"] for row in rows if not row["entered"]),
    }


def changes(engine: Engine, before: ir.Table | None, now: ir.Table) -> ir.Table | None:
    """One row per customer and ladder that differs from the last run: ladder, left, entered.

    Where there is no last run nobody has changed. An arrival is a change from "".
    """
    if before is None:
        return None
    parts = []
    for ladder in LADDERS:
        if ladder not in before.columns or ladder not in now.columns:
            continue
        joined = now.left_join(before, "customer_id").select(
            customer_id=now.customer_id,
            ladder=ibis.literal(ladder),
            left=ibis.coalesce(before[ladder], ""),
            entered=ibis.coalesce(now[ladder], ""),
        )
        parts.append(joined.filter(joined.left != joined.entered))
    whole = parts[0].union(*parts[1:]) if len(parts) > 1 else parts[0]
    return engine.save("changes", whole.order_by("customer_id", "ladder"))
