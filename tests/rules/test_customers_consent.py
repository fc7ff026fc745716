"""When a statement of an earlier day counts from: nobody knows the hour, so the stricter holds."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from huitou.customers import agreement

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 6, 30, 18, 30, tzinfo=UTC)  # 1 July, 02:30, in Shanghai


@pytest.mark.parametrize(
    ("said_on", "state", "at"),
    [
        pytest.param(None, "given", NOW, id="without a day it was said now"),
        pytest.param(date(2026, 7, 1), "given", NOW, id="today of the company is now"),
        pytest.param(
            date(2026, 6, 30), "given", datetime(2026, 6, 29, 16, tzinfo=UTC),
            id="consent counts from the first instant of its day",
        ),
        pytest.param(
            date(2026, 6, 30), "withdrawn", datetime(2026, 6, 30, 15, 59, 59, 999999, tzinfo=UTC),
            id="a withdrawal counts from the last",
        ),
        pytest.param(
            date(2026, 6, 30), "refused", datetime(2026, 6, 30, 15, 59, 59, 999999, tzinfo=UTC),
            id="and so does a refusal",
        ),
    ],
)  # fmt: skip
def test_a_statement_of_an_earlier_day_is_read_strictly(said_on, state, at):
    assert agreement.stated_at(said_on, state, now=NOW, zone=SHANGHAI) == at
