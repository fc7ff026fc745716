"""Raw cells into canonical columns: cleaned, dated, in plain decimals, with the preset's own
rules."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from huitou.connectors.files import dates, decimals, fields, statuses, texts
from huitou.connectors.files.arrow import Column, arrays, repeated
from huitou.connectors.files.arrow import compute as pc
from huitou.connectors.files.presets.shape import Preset
from huitou.connectors.files.spelled import Spelled


@dataclass(frozen=True)
class Reading:
    """What is needed to read raw tables of one file: ``positions`` canonical column -> raw
    column."""

    preset: Preset
    positions: Mapping[str, int]
    date_order: str
    decimal_mark: str
    currency: str | None


def tables(raw: Iterable[pa.Table], reading: Reading) -> Iterator[pa.Table]:
    """Canonical tables in the order of the file; orders kept whole where the preset needs it."""
    preset = reading.preset
    held: pa.Table | None = None
    for piece in raw:
        table = _normalised(piece, reading)
        if table.num_rows == 0:
            continue
        if preset.whole_orders:
            table, held = _cut_before_last_order(
                table if held is None else pa.concat_tables([held, table])
            )
            if table.num_rows == 0:
                continue
        yield _finished(table, reading)
    if held is not None and held.num_rows:
        yield _finished(held, reading)


def _normalised(raw: pa.Table, reading: Reading) -> pa.Table:
    clean = {
        position: Spelled.of(raw.column(str(position))).changed(texts.cleaned)
        for position in sorted(set(reading.positions.values()))
    }
    spelled = {field: clean[position] for field, position in reading.positions.items()}
    problem = raw.column("problem")
    line = raw.column("line")
    blank = _blank(list(clean.values()))
    if blank is not None:
        keep = pc.invert(blank)
        spelled = {field: column.filter(keep) for field, column in spelled.items()}
        problem, line = problem.filter(keep), line.filter(keep)
    if (instead := spelled.pop("_customer_else", None)) is not None and "customer" in spelled:
        own = spelled["customer"].column()
        spelled["customer"] = Spelled(pc.if_else(pc.equal(own, ""), instead.column(), own))
    problem = _with_lost_digits(problem, spelled)
    columns, sign = _columns(spelled, reading)
    if reading.preset.kind == "orders":
        _add_currency(columns, sign, reading.currency, len(line))
    return pa.table(
        {
            **columns,
            "line": line,
            "problem": problem,
            "ignored": arrays.repeat(arrays.scalar(False), len(line)),
            "ignored_reason": repeated("", len(line)),
        }
    )


def _columns(
    spelled: Mapping[str, Spelled], reading: Reading
) -> tuple[dict[str, Column], Column | None]:
    """Dates, numbers and statuses in their canonical form, and the currency signs beside money."""
    columns: dict[str, Column] = {}
    sign = None
    for field, column in spelled.items():
        words = column.words
        if field in fields.DATES or field.endswith("_at"):
            words = dates.iso(words, reading.date_order)
        elif field in fields.DECIMALS or field.endswith("_amount"):
            if sign is None and field in {"amount", "unit_price", "_total_amount"}:
                signs = decimals.currency_of(words)
                sign = None if signs is None else column.column(signs)
            words = decimals.plain(words, reading.decimal_mark)
        elif field == "status":
            words = statuses.normalised(words, reading.preset.status)
        columns[field] = column.column(words)
    return columns, sign


def _blank(columns: Sequence[Spelled]) -> Column | None:
    """Where every cell is empty; None if nowhere."""
    if not all(pc.any(pc.equal(column.words, "")).as_py() for column in columns):
        return None
    blank = None
    for column in columns:
        empty = pc.equal(column.column(), "")
        blank = empty if blank is None else pc.and_(blank, empty)
    return blank if blank is not None and pc.any(blank).as_py() else None


def _with_lost_digits(problem: Column, spelled: Mapping[str, Spelled]) -> Column:
    """Mark rows whose codes a spreadsheet has rounded, or whose cells hold its errors."""
    for field, column in spelled.items():
        for is_wrong, code in (
            (texts.rounded(column.words) if field in fields.CODES else None, "number_rounded"),
            (texts.faulty(column.words) if field in _CHECKED else None, "cell_error"),
        ):
            if is_wrong is not None and pc.any(is_wrong).as_py():
                untold = pc.and_(column.column(is_wrong), pc.equal(problem, ""))
                problem = pc.if_else(untold, code, problem)
    return problem


_CHECKED = fields.CODES | fields.DECIMALS | fields.DATES | {"_total_amount"}


def _add_currency(
    columns: dict[str, Column],
    sign: Column | None,
    default: str | None,
    count: int,
) -> None:
    """The file's own currency column counts first, then signs beside the money, then what is usual
    here."""
    if "currency" in columns:
        named = pc.utf8_upper(columns["currency"])
        columns["currency"] = pc.if_else(pc.is_in(named, pa.array(_YUAN)), "CNY", named)
        if default:
            empty = pc.equal(columns["currency"], "")
            columns["currency"] = pc.if_else(empty, default, columns["currency"])
        return
    if sign is not None:
        columns["currency"] = pc.if_else(pc.equal(sign, ""), default or "", sign)
    elif default:
        columns["currency"] = arrays.chunked_array([repeated(default, count)])


_YUAN = ["人民币", "RMB", "元", "人民币元"]


def _cut_before_last_order(table: pa.Table) -> tuple[pa.Table, pa.Table]:
    """All complete orders, and the rows of the last one, which the next piece may continue."""
    orders = table.column("order_id").to_pylist()
    start = len(orders) - 1
    while start > 0 and orders[start] in ("", orders[start - 1]):
        start -= 1
    return table.slice(0, start), table.slice(start)


def _finished(table: pa.Table, reading: Reading) -> pa.Table:
    return reading.preset.finish(table) if reading.preset.finish else table
