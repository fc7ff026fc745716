"""The table of a run: one row per known customer, by customer id."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huitou.insights.frames import Columns, Frames, Scores
from huitou.insights.report import Everyone

# Of the summary, under the names of the score file; money in major units, the rest as it is.
_SUMMARY: Final = {
    "store_id": "store_id",
    "first_on": "first_on",
    "last_on": "last_on",
    "purchases": "purchases",
    "x": "x",
    "t_x_days": "t_x_days",
    "T_days": "T_days",
    "dormancy_days": "dormancy_days",
    "net_minor": "net_total_minor",
    "net_360_minor": "net_360_minor",
    "net_365_minor": "net_365_minor",
    "margin_365_minor": "margin_365_minor",
    "days_365": "days_365",
    "recent": "recent",
    "earlier": "earlier",
}
# What a customer without a purchase has instead of a null.
_WITHOUT_PURCHASE: Final[Mapping[str, Any]] = {
    "purchases": 0,
    "net_minor": 0,
    "net_360_minor": 0,
    "net_365_minor": 0,
    "layer": "no_purchase",
}
# Of the score file, under the names that lists and audiences have for them.
_STANDING: Final = {
    name: name
    for name in (
        "customer_id", "layer", "stage", "health", "dormancy_days", "purchases", "net_minor",
        "net_360_minor", "rfm", "p_repeat", "band", "p_alive", "risk", "risk_days",
        "expected_purchases", "expected_spend", "lifetime_value", "margin_365", "value_at_risk",
        "loyalty_index", "loyalty_level", "grid_cell", "mark",
    )
} | {"margin_365": "expected_margin_365"}  # fmt: skip
WORDS: Final = ("layer", "stage", "health", "mark", "rfm", "band", "loyalty_level", "grid_cell")


def table(frames: Frames, scores: Scores, everyone: Everyone, standing: pa.Table) -> pa.Table:
    """Every column of the run for everyone known, sorted by ``customer_id``.

    ``standing`` has the columns that are already made.
    """
    made = dict(zip(standing.column_names, standing.columns, strict=True))
    columns: dict[str, Any] = {}

    def add(name: str, values: NDArray[Any]) -> None:
        columns[name] = made[name] if name in made else _spread(name, values, everyone)

    columns["customer_id"] = standing["customer_id"]
    for name, source in _SUMMARY.items():
        add(name, frames.column(source))
    add("money", frames.money_major())
    add("first_category", frames.column("first_category"))
    for name, values in scores.items():
        if name in columns or name.startswith("previous_") or name in {"stage", "quiet"}:
            continue
        add(name, values)
    columns["stage"] = standing["stage"]
    columns["quiet"] = pa.array(everyone.quiet)
    return pa.table(columns)


def standing(frames: Frames, scores: Scores, everyone: Everyone) -> pa.Table:
    """The columns of the score file that lists and audiences read, as soon as they are known."""
    columns: dict[str, Any] = {
        "customer_id": pa.array(everyone.customer_id),
        "stage": pa.array(everyone.stage, pa.string()),
    }
    for name in _STANDING.values():
        if name not in columns:
            values = frames.column(_SUMMARY[name]) if name in _SUMMARY else scores[name]
            columns[name] = _spread(name, values, everyone)
    return pa.table(columns)


def _spread(name: str, values: NDArray[Any], everyone: Everyone) -> Any:
    """A column of the buyers as a column of everyone; the others have null, "" or 0."""
    rows, size = everyone.buyer_rows, len(everyone.customer_id)
    known = np.zeros(size, dtype=bool)
    known[rows] = True
    if len(rows) == size:
        return _arrow(values, known)
    fallback = _WITHOUT_PURCHASE.get(name, "" if values.dtype == object else None)
    whole = np.full(size, 0 if fallback is None else fallback, dtype=values.dtype)
    whole[rows] = values
    return _arrow(whole, known if fallback is None else np.ones(size, dtype=bool))


def _arrow(values: NDArray[Any], known: NDArray[np.bool_]) -> Any:
    """The values as an Arrow column; what is not known, no number or no date is null."""
    if values.dtype == object:
        return pa.array(values, pa.string())
    if values.dtype.kind == "f":
        return pa.array(values, mask=np.isnan(values) | ~known)
    if values.dtype.kind == "M":
        days = values.astype("datetime64[D]")
        return pa.array(days, pa.date32(), mask=np.isnat(days) | ~known)
    return pa.array(values, mask=None if known.all() else ~known)


def standings(whole: pa.Table) -> pa.Table:
    """The columns that lists and audiences read, under their names there."""
    return pa.table({name: whole[source] for name, source in _STANDING.items()})


def previous_columns(before: Columns, customer_id: NDArray[np.int64]) -> Columns:
    """What the run before said of these customers: ``previous_…``, NaN or "" for arrivals."""
    found: Columns = {}
    place = np.searchsorted(before["customer_id"], customer_id)
    place = np.minimum(place, max(len(before["customer_id"]) - 1, 0))
    if not len(before["customer_id"]):
        return found
    known = before["customer_id"][place] == customer_id
    for name, values in before.items():
        if name == "customer_id":
            continue
        nothing: Any = "" if values.dtype == object else np.nan
        found[f"previous_{name}"] = np.where(known, values[place], nothing)
    return found
