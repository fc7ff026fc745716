"""One person's index and level from what they say now, between two measurements: the same
functions as a measurement's, on a batch of one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huitou.insights import attitudes, index, levels
from huitou.insights.frames import Columns

Floats = NDArray[np.float64]


def renewed(
    answers: Columns,
    row: Mapping[str, Any],
    *,
    as_of: date,
    valid_days: int,
    is_one_off: bool = False,
) -> dict[str, Any] | None:
    """What hangs on the answers among one person's scores, with all their answers; None for
    somebody who has bought nothing.

    Args:
        answers: all answers of the person in the order of day and wave, as ``attitudes.latest``
            takes them.
        row: the person's scores of the latest measurement: how often they buy and how likely they
            come back have not changed by speaking.
        as_of: the day whose answers count.
        valid_days: how long an answer counts.
        is_one_off: things are bought once in a lifetime: the chance of another purchase is no part.

    Returns:
        Columns of the score file by name: ``loyalty_index`` (0..100, None = fewer than two of three
        parts known), ``loyalty_level`` ("" = not asked), and what they are made of.
    """
    if not row.get("purchases"):
        return None
    said = attitudes.latest(
        answers, np.array([row["customer_id"]], dtype=np.int64), as_of, valid_days=valid_days
    )
    p_repeat = _number(row.get("p_repeat"))
    part, origin = np.full(1, np.nan), np.array([""], dtype=object)
    if not is_one_off:
        part, origin = index.repeat_part(p_repeat, said["asked_probability"])
    parts = np.column_stack([said["satisfaction"], part, said["recommendation"]])
    whole = index.combined(parts)
    evidence = _evidence(row, said, p_repeat, whole)
    passed = levels.gates(evidence, as_of, valid_days=valid_days)
    feeling = levels.attitude(evidence)
    return _plain(
        {
            "satisfaction": said["satisfaction"],
            "recommendation": said["recommendation"],
            "asked_probability": said["asked_probability"],
            "repeat_part": part,
            "repeat_origin": origin,
            "loyalty_index": whole,
            "index_known": (~np.isnan(parts)).sum(axis=1),
            "loyalty_level": levels.placed(passed),
            "square": levels.square(feeling, passed),
            "attitude": feeling,
            "level_gates": levels.packed(passed),
        }
    )


def _evidence(
    row: Mapping[str, Any], said: Columns, p_repeat: Floats, loyalty_index: Floats
) -> levels.Evidence:
    return levels.Evidence(
        purchases=np.array([row["purchases"]], dtype=np.int64),
        lasted_days=np.array([row["t_x_days"]], dtype=np.int64),
        p_repeat=p_repeat,
        loyalty_index=loyalty_index,
        content_since=said["content_since"],
        content_until=said["content_until"],
        referred=np.zeros(1, dtype=bool),
        **{name: said[name] for name in ("satisfaction", "recommendation", "prefers", "resists")},
    )


def _plain(columns: Columns) -> dict[str, Any]:
    """The one row of the columns; not a number is not known."""
    row = {name: column.tolist()[0] for name, column in columns.items()}
    return {
        name: None if isinstance(value, float) and np.isnan(value) else value
        for name, value in row.items()
    }


def _number(value: Any) -> Floats:
    return np.array([np.nan if value is None else float(value)])
