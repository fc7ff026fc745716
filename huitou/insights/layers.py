"""Eight layers by windows of recency: every customer is in exactly one.

Source: the old-customer plan of the source texts with the gaps closed (decisions P4, P5).
"""

from collections.abc import Sequence
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

LAYERS: Final = (
    "no_purchase",
    "lost",
    "low_win_back",
    "high_win_back",
    "cooling",
    "new",
    "active",
    "developing",
)
Windows = tuple[int, int, int, int]


def checked(windows: Sequence[int]) -> Windows:
    """``windows`` as four whole days.

    Raises:
        ValueError: not four, not positive, or not strictly rising.
    """
    first, second, third, fourth = (int(days) for days in windows)
    if not 0 < first < second < third < fourth:
        raise ValueError(
            "windows must be four whole days that rise strictly, such as 45 90 180 360"
        )
    return first, second, third, fourth


def layer(
    dormancy: ir.IntegerValue, recent: ir.IntegerValue, earlier: ir.IntegerValue, windows: Windows
) -> ir.StringValue:
    """The layer of a customer; rules are read from the top, the first that fits wins.

    Args:
        dormancy: age of the last purchase in open days; null = no purchase.
        recent: purchases of age 0 … w1-1.
        earlier: purchases of age w1 and more.
        windows: four rising numbers of days; a boundary day belongs to the window it opens.
    """
    first, second, third, fourth = windows
    return ibis.cases(
        (dormancy.isnull(), "no_purchase"),
        (dormancy >= fourth, "lost"),
        (dormancy >= third, "low_win_back"),
        (dormancy >= second, "high_win_back"),
        (dormancy >= first, "cooling"),
        ((recent == 1) & (earlier == 0), "new"),
        (earlier >= 2, "active"),
        else_="developing",
    )


def by_layer(layers: NDArray[Any], values: NDArray[np.int64]) -> dict[str, int]:
    """Sum of whole numbers per layer; all eight codes are there."""
    return {code: int(values[layers == code].sum()) for code in LAYERS}
