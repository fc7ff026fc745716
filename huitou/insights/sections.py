"""The measures of a run and their order: columns first, then the parts of the report."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from huitou.insights import (
    attitudes,
    churn,
    cohorts,
    contributions,
    economics,
    expectation,
    grid,
    habits,
    index,
    levels,
    loyalty_rate,
    manifestations,
    new_existing,
    pareto,
    perceived_value,
    reasons,
    retention,
    secure,
)
from huitou.insights.frames import Columns, Frames, Scores

# A later measure reads the columns of an earlier one. The first make what lists and audiences read.
STANDING: Final[tuple[Callable[[Frames, Scores], Columns], ...]] = (
    attitudes.columns,
    index.columns,
    levels.columns,
    grid.columns,
)
COLUMNS: Final[tuple[Callable[[Frames, Scores], Columns], ...]] = (
    habits.columns,
    manifestations.columns,
    reasons.columns,
    churn.columns,
)
# These read nothing that COLUMNS add: they are computed beside them, on a core that would idle.
EARLY: Final = frozenset(
    {
        "loyalty_rate",
        "cohorts",
        "retention",
        "expectation",
        "perceived_value",
        "economics",
        "typical",
    }
)
SECTIONS: Final[Mapping[str, Callable[[Frames, Scores], Any]]] = {
    "loyalty_rate": loyalty_rate.section,
    "cohorts": cohorts.section,
    "retention": retention.section,
    "pareto": pareto.section,
    "index": index.section,
    "secure": secure.section,
    "levels": levels.section,
    "satisfied_not_returning": levels.satisfied_not_returning,
    "expectation": expectation.section,
    "perceived_value": perceived_value.section,
    "manifestations": manifestations.section,
    "grid": grid.section,
    "churn_list": churn.section,
    "economics": economics.section,
    "new_existing": new_existing.section,
    "typical": contributions.section,
}
