"""The plan of an import of customers: every row read and checked, no customer twice."""

from collections.abc import Iterator
from datetime import date

import pyarrow as pa

from huitou.customers import rules
from huitou.customers.types import CustomerIn, Rejected


class CustomerPlan:
    """A file of customers, read and checked."""

    def __init__(self, *, source: str, uses_our_codes: bool, today: date) -> None:
        self.source = source
        self.uses_our_codes = uses_our_codes
        self.customers: dict[str, CustomerIn] = {}
        self.rejected: list[Rejected] = []
        self.ignored = 0
        self._today = today

    def read(self, chunk: pa.Table) -> None:
        """Check the next rows of the file."""
        for row in _rows(chunk):
            line = int(row.pop("line"))
            if row.pop("ignored", ""):
                self.ignored += 1
                continue
            found = rules.customer_in(row, line=line, today=self._today)
            if isinstance(found, Rejected):
                self.rejected.append(found)
            elif (first := self.customers.get(found.customer)) is not None:
                self.rejected.append(
                    Rejected(line, "customer", found.customer, "twice", {"line": first.line})
                )
            else:
                self.customers[found.customer] = found


def _rows(chunk: pa.Table) -> Iterator[dict[str, str]]:
    table = chunk.drop_columns([name for name in ("ignored_reason",) if name in chunk.column_names])
    for batch in table.to_batches(max_chunksize=10_000):
        columns = {name: batch.column(name).to_pylist() for name in batch.schema.names}
        for values in zip(*columns.values(), strict=True):
            yield dict(zip(columns, values, strict=True))
