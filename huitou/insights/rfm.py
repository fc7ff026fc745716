"""RFM quintile scores with shared ties: they describe, they do not rank people for spending."""

from typing import Final

import ibis
import ibis.expr.types as ir

BINS: Final = 5


def rank_score(value: ir.NumericColumn, bins: int = BINS) -> ir.IntegerColumn:
    """Score 1 (worst) … ``bins`` (best) by mid-rank among all rows; equal values share a score.

    Args:
        value: higher is better; not null.
        bins: how many scores there are.

    Returns:
        1 + ⌊bins · (2·worse + equal) / (2·n)⌋ in whole numbers, so no rounding at the edges.
        All equal gives the middle score; a score may be empty where ties are large.

    Source:
        Hughes, A. M. (1994), Strategic Database Marketing: quintiles. Ties there are cut
        arbitrarily; here they take the mid-rank.
    """
    everyone = ibis.window()
    worse = ibis.rank().over(ibis.window(order_by=value))
    equal = value.count().over(ibis.window(group_by=value))
    size = value.count().over(everyone)
    return (1 + (bins * (2 * worse + equal)) // (2 * size)).cast("int32")


def scores(people: ir.Table, money_column: str) -> ir.Table:
    """One row per buyer: the code of three digits, recency, frequency, money."""
    scored = people.select(
        "customer_id",
        recency=rank_score(-people.dormancy_days),
        frequency=rank_score(people.purchases),
        money=rank_score(people[money_column]),
    )
    digits = scored.recency * 100 + scored.frequency * 10 + scored.money
    return scored.select("customer_id", rfm=digits.cast("string"))
