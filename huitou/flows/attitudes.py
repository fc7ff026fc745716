"""What somebody answers moves their own index and level at once; the rest waits for the night."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from huitou.audiences import services as audiences
from huitou.insights import at_once
from huitou.insights import queries as insights
from huitou.insights.frames import Columns
from huitou.kit.clock import civil_day, zone
from huitou.staff import queries as staff
from huitou.voice import queries as voice
from huitou.voice.types import AttitudeRow


def follow_answer(fact_id: int, payload: Mapping[str, Any], now: datetime) -> None:
    """Somebody answered: their index is what they say now."""
    del fact_id
    if payload["customer_id"] is not None:
        renew([payload["customer_id"]], now=now)


def follow_measurement(fact_id: int, payload: Mapping[str, Any], now: datetime) -> None:
    """A measurement is in force; who answered while it ran is not in it and is written again."""
    del fact_id, payload
    run = insights.latest_run()
    if run is not None:
        renew(voice.answered_since(run.started_at), now=now)


def renew(customer_ids: Sequence[int], *, now: datetime) -> int:
    """Write index and level of these customers from all they have said; returns how many changed.

    Somebody the latest measurement does not know, and everybody before the first one, waits for the
    next.
    """
    company, run = staff.company(), insights.latest_run()
    if company is None or run is None or not customer_ids:
        return 0
    today = civil_day(now, zone(company.zone))
    valid_days = int(staff.setting("answers_valid_days", on=today))
    changed = 0
    for customer_id in customer_ids:
        row = insights.score_of(customer_id, scores_path=run.scores_path)
        found = row and at_once.attitude_of(
            _columns(customer_id, voice.attitudes_of(customer_id)),
            row,
            as_of=max(today, run.as_of),
            valid_days=valid_days,
            is_one_off=company.is_one_off,
        )
        if found:
            changed += audiences.put_attitude(
                customer_id=customer_id,
                loyalty_index=found.loyalty_index,
                loyalty_level=found.loyalty_level,
            )
    return changed


def _columns(customer_id: int, answers: Sequence[AttitudeRow]) -> Columns:
    """A person's answers as a measurement reads them."""
    return {
        "customer_id": np.full(len(answers), customer_id, dtype=np.int64),
        "answered_on": np.array([row.answered_on for row in answers], dtype="datetime64[D]"),
        **{
            name: _objects(getattr(row, name) for row in answers)
            for name in AttitudeRow._fields
            if name != "answered_on"
        },
    }


def _objects(values: Iterable[Any]) -> np.ndarray[Any, Any]:
    return np.array(list(values), dtype=object)
