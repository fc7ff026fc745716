"""The plan of an import of answers: every row read and checked, no answer twice."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa

from huitou.voice import rules
from huitou.voice.types import AnswerIn, Rejected, Scale


class AnswerPlan:
    """A file of answers, read and checked."""

    def __init__(
        self,
        *,
        source: str,
        uses_our_codes: bool,
        zone: ZoneInfo,
        on_scale: Scale | None,
        now: datetime,
    ) -> None:
        self.source = source
        self.uses_our_codes = uses_our_codes
        self.answers: dict[tuple[str, datetime, str], AnswerIn] = {}
        self.rejected: list[Rejected] = []
        self.ignored = 0
        self._zone, self._scale, self._now = zone, on_scale, now

    def read(self, chunk: pa.Table) -> None:
        """Check the next rows of the file."""
        for row in _rows(chunk):
            line = int(row.pop("line"))
            if row.pop("ignored", ""):
                self.ignored += 1
                continue
            found = rules.answer_in(
                row, line=line, zone=self._zone, on_scale=self._scale, now=self._now
            )
            if isinstance(found, Rejected):
                self.rejected.append(found)
                continue
            key = (found.customer, found.answered_at, found.wave)
            if (first := self.answers.get(key)) is not None:
                self.rejected.append(
                    Rejected(line, "customer", found.customer, "twice", {"line": first.line})
                )
            else:
                self.answers[key] = found

    def know(self, customers: Mapping[str, int]) -> None:
        """Reject answers of customers without an id in ``customers``, and those given twice under
        two names."""
        seen: dict[tuple[int, datetime, str], AnswerIn] = {}
        for key, answer in list(self.answers.items()):
            customer_id = customers.get(answer.customer)
            if customer_id is None:
                self._reject(key, "unknown_customer")
            elif (
                first := seen.setdefault((customer_id, answer.answered_at, answer.wave), answer)
            ) is not answer:
                self._reject(key, "twice", line=first.line)
        self.rejected.sort(key=lambda row: row.line)

    def _reject(self, key: tuple[str, datetime, str], reason: str, **facts: object) -> None:
        answer = self.answers.pop(key)
        self.rejected.append(Rejected(answer.line, "customer", answer.customer, reason, facts))


def _rows(chunk: pa.Table) -> Iterator[dict[str, str]]:
    table = chunk.drop_columns([name for name in ("ignored_reason",) if name in chunk.column_names])
    for batch in table.to_batches(max_chunksize=10_000):
        columns = {name: batch.column(name).to_pylist() for name in batch.schema.names}
        for values in zip(*columns.values(), strict=True):
            yield dict(zip(columns, values, strict=True))
