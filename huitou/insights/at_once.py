"""One person's index and level from what they say now, between two measurements: the same
functions as a measurement's, on a batch of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huitou.insights import attitudes, index, levels
from huitou.insights.frames import Columns

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Attitude:
    """A person's index (None = fewer than two of three parts known) and level ("" = not asked)."""

    loyalty_index: float | None
    loyalty_level: str


def attitude_of(
    answers: Columns,
    row: Mapping[str, Any],
    *,
    as_of: date,
    valid_days: int,
    is_one_off: bool = False,
) -> Attitude | None:
    """What the index and the level of one person are with all their answers; None for somebody who
    has bought nothing.

    Args:
        answers: all answers of the person in the order of day and wave, as ``attitudes.latest``
            takes them.
        row: the person's scores of the latest measurement: how often they buy and how likely they
            come back have not changed by speaking.
        as_of: the day whose answers count.
        valid_days: how long an answer counts.
        is_one_off: things are bought once in a lifetime: the chance of another purchase is no part.
    """
    if not row.get("purchases"):
        return None
    said = attitudes.latest(
        answers, np.array([row["customer_id"]], dtype=np.int64), as_of, valid_days=valid_days
    )
    p_repeat = _number(row.get("p_repeat"))
    repeat = np.full(1, np.nan)
    if not is_one_off:
        repeat, _origin = index.repeat_part(p_repeat, said["asked_probability"])
    whole = index.combined(np.column_stack([said["satisfaction"], repeat, said["recommendation"]]))
    evidence = levels.Evidence(
        purchases=np.array([row["purchases"]], dtype=np.int64),
        lasted_days=np.array([row["t_x_days"]], dtype=np.int64),
        p_repeat=p_repeat,
        loyalty_index=whole,
        content_since=said["content_since"],
        content_until=said["content_until"],
        referred=np.zeros(1, dtype=bool),
        **{name: said[name] for name in ("satisfaction", "recommendation", "prefers", "resists")},
    )
    level = levels.placed(levels.gates(evidence, as_of, valid_days=valid_days))[0]
    return Attitude(None if np.isnan(whole[0]) else float(whole[0]), str(level))


def _number(value: Any) -> Floats:
    return np.array([np.nan if value is None else float(value)])
