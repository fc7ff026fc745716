"""A useless campaign, a thousand times over: how often does the result page cry "effective" or
"harmful"?

Two shops: one whose customers buy rarely, and a café. Each campaign is judged by the code that
judges real ones: two early looks where they are due, then the final analysis; by who came back, and
by money. Nothing the campaign does changes what anybody buys, so every verdict is a false alarm.
"""

import os
import sys
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huitou.insights.proof import looks, verdict
from huitou.insights.proof.verdict import CAME_BACK, MONEY, Terms, Units
from huitou.insights.shares import wilson

CAMPAIGNS: Final = int(os.environ.get("BENCH_CAMPAIGNS", "1000"))
LIMIT: Final = 0.05  # false alarms of all looks together
SIDE_LIMIT: Final = 0.035  # false "gain" and false "harm" each
UNITS: Final = 2_000
HELD_OUT: Final = 200
DAYS: Final = 30
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop: how often its customers buy in 30 days, how unequal they and their bills are."""

    name: str
    purchases: float  # mean of 30 days
    shape: float  # of the gamma-distributed rates: small = unequal customers
    sigma: float  # of the lognormal bill


SHOPS: Final = (
    Shop("rare_buyers", 0.36, 0.5, 0.8),
    Shop("cafe", 3.0, 0.85, 0.6),
)


def run() -> list[dict[str, Any]]:
    """False alarms of each shop by each outcome, and by side."""
    rows = []
    for number, shop in enumerate(SHOPS):
        for outcome in (CAME_BACK, MONEY):
            gains, harms = _alarms(shop, outcome, seed=100 * number + (outcome == MONEY))
            rows.append(_row(f"false_alarms_{shop.name}_{outcome}", gains, harms))
    return rows


def _row(name: str, gains: int, harms: int) -> dict[str, Any]:
    """Held against the lower end of what was seen: a rate of exactly 5 % must not fail by luck."""
    rate = (gains + harms) / CAMPAIGNS
    least, most = wilson(gains + harms, CAMPAIGNS)
    sides = [float(wilson(side, CAMPAIGNS)[0]) for side in (gains, harms)]
    seen = max(float(least) / LIMIT, *(side / SIDE_LIMIT for side in sides))
    ratio = 1 / seen if seen > 0 else float(CAMPAIGNS)
    return {
        "name": name, "ratio": ratio, "bar": 1.0, "holds": ratio >= 1.0,
        "detail": {
            "campaigns": CAMPAIGNS, "false_alarms": rate, "interval": [float(least), float(most)],
            "gain": gains / CAMPAIGNS, "harm": harms / CAMPAIGNS, "limit": LIMIT,
        },
    }  # fmt: skip


def _alarms(shop: Shop, outcome: str, *, seed: int) -> tuple[int, int]:
    """How many of the useless campaigns are called effective, and how many harmful."""
    random = np.random.default_rng(seed)
    said = [_judged(shop, outcome, random) for _campaign in range(CAMPAIGNS)]
    return said.count(verdict.EFFECTIVE), said.count(verdict.HARMFUL)


def _judged(shop: Shop, outcome: str, random: np.random.Generator) -> str:
    """One campaign from its draw to its verdict; a look that stops is the verdict."""
    rate = random.gamma(shop.shape, shop.purchases / shop.shape / DAYS, UNITS)
    treated = np.ones(UNITS, dtype=np.bool_)
    treated[random.permutation(UNITS)[:HELD_OUT]] = False
    days = random.poisson(rate[:, None], (UNITS, DAYS))
    spent = _money(days, shop, random)
    before = _money(random.poisson(rate[:, None], (UNITS, DAYS)), shop, random)
    expected = float((before.sum(axis=1) > 0).sum())
    terms = Terms(100 * HELD_OUT / UNITS, primary=outcome, looks_planned=2,
                  seed=int(random.integers(2**31)))  # fmt: skip
    done = 0
    for day in range(1, DAYS):
        back = days[:, :day].sum(axis=1) > 0
        progress = looks.Progress(int(back.sum()), expected, int(back[~treated].sum()), done)
        if looks.may_look(progress, looks_planned=terms.looks_planned):
            done += 1
            seen = verdict.look(_units(treated, days[:, :day], spent[:, :day], before), terms)
            if seen["verdict"] != verdict.WAITING:
                return str(seen["verdict"])
    return str(verdict.judge(_units(treated, days, spent, before), terms)["verdict"])


def _money(days: NDArray[np.int64], shop: Shop, random: np.random.Generator) -> Floats:
    """What each purchase of each day comes to, summed by day."""
    bills = random.lognormal(3, shop.sigma, days.shape)
    return np.where(days > 0, days * bills, 0.0)


def _units(
    treated: NDArray[np.bool_], days: NDArray[np.int64], spent: Floats, before: Floats
) -> Units:
    bought = days.sum(axis=1)
    past = before.sum(axis=1)
    # Purchases are no outcome here: left at zero, their re-draws cost nothing.
    nothing = np.zeros(len(treated))
    return Units(treated, bought > 0, spent.sum(axis=1), nothing, past, past > 0)


if __name__ == "__main__":
    found = run()
    for row in found:
        detail = row["detail"]
        print(
            f"{row['name']}: {detail['false_alarms']:.1%} false alarms of {detail['campaigns']}"
            f" (gain {detail['gain']:.1%}, harm {detail['harm']:.1%};"
            f" 95% {detail['interval'][0]:.1%} to {detail['interval'][1]:.1%})"
        )
    sys.exit(0 if all(row["holds"] for row in found) else 1)
