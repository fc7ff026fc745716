"""The plan of an import of orders: the whole file read, checked and summed column by column, in a
database of its own.

The workbench is DuckDB in memory; what does not fit goes to a folder and is deleted with the plan.
Nothing here knows PostgreSQL: what is already known of the orders comes in as a column
(``compare``)."""

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from huitou.kit.statements import statement
from huitou.orders.arriving import COLUMNS, NO_ROWS, ArrivingRows
from huitou.orders.digests import ABSENT, order_digests
from huitou.orders.types import Rejected, Tally, Terms

# Columns of an item that come from one column of the file alone, and what stands for them where it
# is absent.
_FROM_COLUMN: Final = {
    **{
        name: name
        for name in [
            "line_no",
            "customer",
            "customer_name",
            "phone",
            "email",
            "store",
            "channel",
            "status",
            "category",
            "refund_of",
        ]
    },
    "paid": "paid_at",
    "paid_kind": "paid_at",
    "unit_price": "unit_price",
    "unit_cost": "unit_cost",
    "discount_minor": "discount",
    "delivery_minor": "delivery",
    "tax_minor": "tax",
    "product": "product",
}
# Columns of a written line that have a default in the table.
_LINE_DEFAULTS: Final = frozenset(
    ["unit_cost", "discount_minor", "tax_minor", "delivery_minor", "refund_of"]
)
_TEXT: Final = "''"
_CONSTANTS: Final = {
    "paid": "NULL::TIMESTAMP",
    "paid_kind": "NULL::INTEGER",
    "unit_price": "NULL::DECIMAL(20,8)",
    "unit_cost": "NULL::DECIMAL(20,8)",
    "discount_minor": "0::BIGINT",
    "delivery_minor": "0::BIGINT",
    "tax_minor": "0::BIGINT",
}
MEMORY_LIMIT: Final = "600MB"
ROWS_AT_ONCE: Final = 300_000  # rows checked together
LINES_AT_ONCE: Final = 50_000  # rows written together
_DAY: Final = timedelta(days=1)


class OrderPlan:
    """A file of orders, read and checked. Use as a context: the workbench goes when it ends."""

    def __init__(self, terms: Terms, *, spill: Path) -> None:
        self.terms = terms
        self.con = duckdb.connect(
            config={"temp_directory": str(spill), "memory_limit": MEMORY_LIMIT}
        )
        self.con.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
        self._run("tables", words={"decimals": str(terms.currency.decimals)})
        self._file = ArrivingRows(factor=self._factor)
        self._ignored = 0
        self._waiting: list[pa.Table] = []
        self._has_items = False

    def __enter__(self) -> "OrderPlan":
        return self

    def __exit__(self, *_: object) -> None:
        self.con.close()

    def read(self, chunk: pa.Table) -> None:
        """Check the next rows of the file; in the order of the file."""
        self._waiting.append(chunk)
        if sum(piece.num_rows for piece in self._waiting) >= ROWS_AT_ONCE:
            self._check_waiting()

    def finish_reading(self) -> None:
        """Join the rows to orders once all are read, and find what only whole orders show."""
        terms = self.terms
        self._check_waiting()
        self.con.register("run", self._file.runs.table())
        self.con.register(
            "zone",
            pa.table(
                {"store": list(terms.zones), "zone": list(terms.zones.values())},
                schema=pa.schema([("store", pa.string()), ("zone", pa.string())]),
            ),
        )
        self._run("numbered", number_given="order_id" in self._file.columns)
        self._run("repeats")
        self._run("lines", words={"has_status": str("status" in self._file.columns).lower()})
        self._run("orders", default_store=terms.store, zone=terms.zone, factor=self._factor)
        latest = terms.now.replace(tzinfo=None) - (terms.now.utcoffset() or _DAY * 0) + _DAY
        self._digest()
        self._run(
            "order_faults",
            latest=latest,
            refuse_anonymous=terms.refuse_anonymous,
            has_status="status" in self._file.columns,
            has_line_no="line_no" in self._file.columns,
        )
        self._run("spread_faults")
        self._run("drop_rejected")
        self._ignored += self._one(
            "SELECT count(*) FROM item WHERE run_no IN (SELECT run_no FROM repeat)"
        )

    def sound_orders(self) -> pa.Table:
        """ord_no, number, digest of every order that may get in."""
        return self._table(
            "SELECT ord_no, number, '\\x' || digest AS digest FROM ord JOIN digest USING (ord_no) "
            "WHERE ord_no NOT IN (SELECT ord_no FROM bad_order)"
        )

    def compare(self, known: pa.Table) -> Tally:
        """Decide what to do with each order; those not ``known`` (ord_no, id, is_same,
        created_import_id) are new."""
        self.con.register("known", known)
        self._run("steps")
        self.con.unregister("known")
        counted = dict.fromkeys(("new", "changed", "unchanged"), (0, 0))
        for step, orders, rows in self.con.execute(
            "SELECT step, count(*), sum(rows_count) FROM step JOIN ord USING (ord_no) GROUP BY step"
        ).fetchall():
            counted[step] = (int(orders), int(rows))
        return Tally(
            rows={step: rows for step, (_, rows) in counted.items()}
            | {"rejected": self.rejected_count(), "ignored": self._ignored},
            orders={step: orders for step, (orders, _) in counted.items()}
            | {"rejected": self._one("SELECT count(*) FROM bad_order")},
        )

    def rejected_count(self) -> int:
        """How many rows do not get in."""
        return self._one("SELECT count(*) FROM rejected")

    def rejected(self, limit: int) -> list[Rejected]:
        """The first rows that do not get in, in the order of the file."""
        found = self.con.execute(
            "SELECT line, field, given, reason, because_line FROM rejected ORDER BY n LIMIT ?",
            [limit],
        ).fetchall()
        return [Rejected(*row) for row in found]

    def rejected_lines(self) -> Iterator[int]:
        """The lines of all rows that do not get in, in the order of the file."""
        table = self._table("SELECT line FROM rejected ORDER BY n")
        for batch in table.to_batches():
            lines: list[Any] = batch.column(0).to_pylist()
            yield from lines

    def rows(self, name: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """The rows of ``sql/<name>.sql`` from the workbench, for those who write the plan."""
        return self._table(statement(__file__, name), parameters)

    def lines_to_copy(self) -> pa.RecordBatchReader:
        """The rows to write, as they are asked for. A column the file lacks is left to its default:
        millions of zeros need not travel."""
        text = statement(__file__, "plan/to_copy_lines")
        found = self.con.sql(f"{self._without_absent(_LINE_DEFAULTS)} FROM ({text})")
        rows: pa.RecordBatchReader = found.to_arrow_reader(LINES_AT_ONCE)
        return rows

    def show(self, name: str, table: pa.Table) -> None:
        """Let the workbench know ``table`` as ``name``."""
        self.con.register(name, table)

    def number(self, ids: pa.Table) -> None:
        """Give the new orders their ids (ord_no, id)."""
        self.con.register("new_id", ids)
        self._run("to_write")

    def _digest(self) -> None:
        """Give every order its digest, for the comparison with what is known."""
        heads = self._table(statement(__file__, "plan/digest_heads"))
        found = statement(__file__, "plan/digested")
        select = self._without_absent(ABSENT.keys() - {"status"})
        digests = order_digests(self._table(f"{select} FROM ({found})"), heads)
        self.con.register("digest", pa.table({"ord_no": heads.column("ord_no"), "digest": digests}))

    def _without_absent(self, names: Collection[str]) -> str:
        """``SELECT *`` but for those of the columns ``names`` that the file has nothing for."""
        absent = [
            name
            for name, column in _FROM_COLUMN.items()
            if name in names and column not in self._file.columns
        ]
        return f"SELECT * EXCLUDE ({', '.join(absent)})" if absent else "SELECT *"

    @property
    def _factor(self) -> int:
        return int(10**self.terms.currency.decimals)

    def _reading_facts(self) -> dict[str, Any]:
        decimals = self.terms.currency.decimals
        return {
            "has_number": "order_id" in self._file.columns,
            "currency": self.terms.currency.code,
            "too_fine": rf"[.][0-9]{{{decimals}}}[0-9]*[1-9]",
            "factor": self._factor,
            "may_have_control": self._file.may_have_control,
        }

    def _check_waiting(self) -> None:
        """Check the chunks that wait, all at once: each statement costs as much as 50,000 rows."""
        if not self._waiting and self._has_items:
            return
        chunk = (
            pa.concat_tables(self._waiting, promote_options="default") if self._waiting else NO_ROWS
        )
        self._waiting.clear()
        table = self._file.prepared(chunk)
        self._show(table)
        self._keep_items()
        self.con.unregister("given")
        if "ignored" in table.column_names:
            self._ignored += int(pc.sum(table.column("ignored")).as_py() or 0)

    def _keep_items(self) -> None:
        """Add the rows of the chunk; those that cannot get in become faults.

        What the file has no column for is not kept row by row: the view ``item`` has it as a
        constant."""
        absent = [name for name, column in _FROM_COLUMN.items() if column not in self._file.columns]
        select = self._without_absent(absent)
        into = "INSERT INTO item_row BY NAME" if self._has_items else "CREATE TABLE item_row AS"
        found = statement(__file__, "plan/items")
        self.con.execute(f"{into} {select} FROM ({found})", self._reading_facts())
        if not self._has_items:
            constants = ["*", *(f"{_CONSTANTS.get(name, _TEXT)} AS {name}" for name in absent)]
            self.con.execute(f"CREATE VIEW item AS SELECT {', '.join(constants)} FROM item_row")
            self._has_items = True
        if self._one("SELECT count(*) FROM item_row WHERE reason IS NOT NULL"):
            self._run("keep_faults")
            self.con.execute("DELETE FROM item_row WHERE reason IS NOT NULL")

    def _show(self, table: pa.Table) -> None:
        """``table`` as the view ``chunk``: a column the file lacks is a constant there and costs
        nothing."""
        self.con.register("given", table)
        absent = [
            f"'' AS {name}" for name in (*COLUMNS, "problem") if name not in table.column_names
        ]
        absent += ["false AS ignored"] if "ignored" not in table.column_names else []
        self.con.execute(
            f"CREATE OR REPLACE TEMP VIEW chunk AS SELECT {', '.join(['*', *absent])} FROM given"
        )

    def _run(self, name: str, *, words: Mapping[str, str] | None = None, **parameters: Any) -> None:
        """Run one statement; ``words`` of ours stand where a view or a macro takes no parameter."""
        text = statement(__file__, f"plan/{name}")
        for place, word in (words or {}).items():
            text = text.replace(f"{{{place}}}", word)
        self.con.execute(text, parameters) if parameters else self.con.execute(text)

    def _one(self, query: str) -> int:
        return int(self.con.execute(query).fetchall()[0][0])

    def _table(self, query: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        found = self.con.sql(query, params=dict(parameters) if parameters else None)
        table: pa.Table = found.to_arrow_table()
        return table
