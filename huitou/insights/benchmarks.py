"""Outside figures with their source: shown beside ours, never computed with (P12)."""

from dataclasses import asdict, dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One sourced figure. ``date`` is "" where the source gives none."""

    code: str
    figure: float
    unit: str  # share, multiple, percent_more, percentage_points
    source: str
    scope: str
    date: str
    is_claim: bool = True  # no data stand behind it


_SOURCES: Final = {
    "000": "网络营销客户忠诚度分析",
    "001": "12个营销点子",
    "003": "如何通過客戶關系管理提高客戶滿意度和忠誠度",
    "004": "客户忠诚度",
}


def _source(number: str, line: int) -> str:
    return f"{_SOURCES[number]} ({number}:{line})"


BENCHMARKS: Final = (
    Benchmark("loyalty_rate", 0.50, "share", _source("003", 21), "US small and medium firms", ""),
    Benchmark(
        "profit_gain_low", 0.25, "share", _source("000", 19), "per 5 points of retention", ""
    ),
    Benchmark(
        "profit_gain_high", 1.0, "share", _source("000", 19), "per 5 points of retention", ""
    ),
    Benchmark(
        "win_over_keep", 5.0, "multiple", _source("004", 27), "cost to win / cost to keep", ""
    ),
    Benchmark("tries_new_products", 0.50, "percent_more", _source("004", 27), "existing / new", ""),
    Benchmark("spends_more", 0.31, "percent_more", _source("004", 27), "existing / new", ""),
    Benchmark("top_20_share", 0.80, "share", _source("003", 17), "20/80/30", ""),
    Benchmark(
        "member_spend", 3.0, "multiple", _source("004", 25), "Nike Plus members / others", ""
    ),
    Benchmark("recommended_sales", 2.0, "multiple", _source("004", 17), "against paid ads", ""),
    Benchmark("trust_recommendation", 0.83, "share", _source("004", 34), "consumers", ""),
    Benchmark(
        "satisfied_market",
        0.455,
        "share",
        _source("001", 96),
        "home owners, 15 Chinese cities",
        "2001-09",
        is_claim=False,
    ),
)
_BY_CODE: Final = {row.code: row for row in BENCHMARKS}


def facts(*codes: str) -> list[dict[str, Any]]:
    """The named benchmarks for the report.

    Raises:
        KeyError: no benchmark has that code.
    """
    return [asdict(_BY_CODE[code]) for code in codes]
