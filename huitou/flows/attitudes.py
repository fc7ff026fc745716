"""What somebody answers moves their own index and level at once; the rest waits for the night."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np

from huitou.audiences import services as audiences
from huitou.audiences.queries import PersonRow
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
    run = insights.latest_run()
    if run is None:
        return 0
    changed = 0
    for customer_id in customer_ids:
        row = insights.score_of(customer_id, scores_path=run.scores_path)
        found = None if row is None else _renewed(row, run.as_of, now)
        if found is not None:
            changed += audiences.put_attitude(
                customer_id=customer_id,
                loyalty_index=found["loyalty_index"],
                loyalty_level=found["loyalty_level"],
            )
    return changed


def up_to_date(
    row: Mapping[str, Any], person: PersonRow, *, as_of: date, now: datetime
) -> Mapping[str, Any]:
    """A person's scores of the measurement of ``as_of`` with what is known of their answers since,
    whatever day they are of: what lists show of ``person`` is what the reasons explain. The same
    row where they said nothing."""
    index = row.get("loyalty_index")  # score files of earlier versions may not have it
    stored = None if index is None else float(index)
    is_same = stored == person.loyalty_index
    is_same &= (row.get("loyalty_level") or "") == (person.loyalty_level or "")
    if is_same or not voice.has_answered(person.customer_id):
        return row
    return {**row, **(_renewed(row, as_of, now) or {})}


def _renewed(row: Mapping[str, Any], as_of: date, now: datetime) -> dict[str, Any] | None:
    company = staff.company()
    if company is None:
        return None
    today = civil_day(now, zone(company.zone))
    customer_id = row["customer_id"]
    return at_once.renewed(
        _columns(customer_id, voice.attitudes_of(customer_id)),
        row,
        as_of=max(today, as_of),
        valid_days=int(staff.setting("answers_valid_days", on=today)),
        is_one_off=company.is_one_off,
    )


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
