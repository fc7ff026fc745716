"""A useless campaign, thousands of times over: how often does the result page cry "effective" or
"harmful"?

Two shops: one whose customers buy rarely, and a café. Each campaign is judged by the code that
judges real ones: two early looks where they are due, then the final analysis; by who came back, and
by money. Nothing the campaign does changes what anybody buys, so every verdict is a false alarm.

What the tests err in is not left to the simulation: of who came back it is added up over every
outcome there could be, of money it follows from how the arms are drawn again (``promised``). The
simulation tries whether the whole, looks and cuts and all, does what the sums say.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from math import floor, sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from huitou.insights.proof import looks, sizes, verdict
from huitou.insights.proof.difference import LEVEL_AFTER_LOOKS, LEVEL_OF_A_LOOK
from huitou.insights.proof.redraw import REDRAWS
from huitou.insights.proof.verdict import CAME_BACK, MONEY, Terms, Units
from huitou.insights.shares import wilson

# Money is re-drawn 9,999 times a test, so of it there are fewer campaigns.
CAMPAIGNS: Final = {
    CAME_BACK: int(os.environ.get("BENCH_CAMPAIGNS", "10000")),
    MONEY: int(os.environ.get("BENCH_CAMPAIGNS", "1000")),
}
LIMIT: Final = 0.05  # false alarms of all looks together
SIDE_LIMIT: Final = 0.035  # false "gain" and false "harm" each
UNITS: Final = 2_000
HELD_OUT: Final = 200
DAYS: Final = 30
Floats = NDArray[np.float64]
Amounts = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop: how often its customers buy in 30 days, how unequal they and their bills are."""

    name: str
    purchases: float  # mean of 30 days
    shape: float  # of the gamma-distributed rates: small = unequal customers
    sigma: float  # of the lognormal bill

    def share(self, part: float = 1.0) -> float:
        """Of its customers, those who buy at least once in this part of the 30 days."""
        return float(1 - (1 + part * self.purchases / self.shape) ** -self.shape)


SHOPS: Final = (
    Shop("rare_buyers", 0.36, 0.5, 0.8),
    Shop("cafe", 3.0, 0.85, 0.6),
)


def run() -> list[dict[str, Any]]:
    """False alarms of each shop by each outcome, and by side."""
    return list(_rows())


def _rows() -> Iterator[dict[str, Any]]:
    for outcome in (CAME_BACK, MONEY):
        for number, shop in enumerate(SHOPS):
            seed = 100 * number + (outcome == MONEY)
            gains, harms = _alarms(shop, outcome, seed=seed)
            name, promise = f"false_alarms_{shop.name}_{outcome}", promised(shop, outcome)
            yield _row(name, gains, harms, CAMPAIGNS[outcome], promise, seed)


def promised(shop: Shop, outcome: str) -> float:
    """The most the two looks and the final test err in together, without a simulation.

    Came back: each test summed over every pair of counts, at the shares of buyers at which the
    looks are due and at the end, and the three added up as if none of them ever agreed. Money: of
    so many draws of the arms, all as likely, those in which a verdict is given.
    """
    tests = [(tau, LEVEL_OF_A_LOOK) for tau in looks.LOOKS_AT] + [(1.0, LEVEL_AFTER_LOOKS)]
    if outcome == MONEY:
        draws = REDRAWS + 1
        return sum(2 * floor(draws * level / 2 + 1e-9) / draws for _tau, level in tests)
    return sum(_errs_in(tau * shop.share(), level) for tau, level in tests)


def _errs_in(share: float, level: float) -> float:
    """What the test of who came back errs in if this share does in both arms: every pair of counts
    that is likely at all, each with the level that its number of buyers gets."""
    sent = UNITS - HELD_OUT
    spread = 7 * sqrt(UNITS * share * (1 - share))
    total = 0.0
    for back in range(max(0, int(UNITS * share - spread)), int(UNITS * share + spread) + 1):
        held = np.arange(max(0, back - sent), min(back, HELD_OUT) + 1)
        chance = stats.binom.pmf(held, HELD_OUT, share) * stats.binom.pmf(back - held, sent, share)
        z = float(stats.norm.isf(sizes.kept_level(sent, HELD_OUT, back, level) / 2))
        gain = sizes.lower_end(back - held, sent, held, HELD_OUT, z) > 0
        harm = sizes.lower_end(held, HELD_OUT, back - held, sent, z) > 0
        total += float(chance[gain | harm].sum())
    return total


def _row(
    name: str, gains: int, harms: int, campaigns: int, promise: float, seed: int
) -> dict[str, Any]:
    """Held against what is promised, and against the lower end of what was seen: a rate just below
    5 % must not fail by luck, and none above it pass by luck."""
    rate = (gains + harms) / campaigns
    least, most = wilson(gains + harms, campaigns)
    sides = [float(wilson(side, campaigns)[0]) for side in (gains, harms)]
    seen = max(promise / LIMIT, float(least) / LIMIT, *(side / SIDE_LIMIT for side in sides))
    ratio = 1 / seen if seen > 0 else float(campaigns)
    return {
        "name": name, "ratio": ratio, "bar": 1.0, "holds": ratio >= 1.0,
        "detail": {
            "campaigns": campaigns, "seed": seed, "false_alarms": rate,
            "interval": [float(least), float(most)], "promised": promise,
            "gain": gains / campaigns, "harm": harms / campaigns, "limit": LIMIT,
        },
    }  # fmt: skip


def _alarms(shop: Shop, outcome: str, *, seed: int) -> tuple[int, int]:
    """How many of the useless campaigns are called effective, and how many harmful."""
    random = np.random.default_rng(seed)
    said = [_judged(shop, outcome, random) for _campaign in range(CAMPAIGNS[outcome])]
    return said.count(verdict.EFFECTIVE), said.count(verdict.HARMFUL)


def _judged(shop: Shop, outcome: str, random: np.random.Generator) -> str:
    """One campaign from its draw to its verdict; a look that stops is the verdict."""
    rate = random.gamma(shop.shape, shop.purchases / shop.shape / DAYS, UNITS)
    treated = np.ones(UNITS, dtype=np.bool_)
    treated[random.permutation(UNITS)[:HELD_OUT]] = False
    days = random.poisson(rate[:, None], (UNITS, DAYS))
    past = random.poisson(rate[:, None], (UNITS, DAYS))
    spent, before = days, past.sum(axis=1)  # of who came back no amount is asked
    if outcome == MONEY:
        spent, before = _money(days, shop, random), _money(past, shop, random).sum(axis=1)
    expected = float((before > 0).sum())
    terms = Terms(100 * HELD_OUT / UNITS, primary=outcome, looks_planned=2,
                  seed=int(random.integers(2**31)))  # fmt: skip
    so_far = np.cumsum(days, axis=1)
    done = 0
    for day in range(1, DAYS):
        back = so_far[:, day - 1] > 0
        progress = looks.Progress(int(back.sum()), expected, int(back[~treated].sum()), done)
        if looks.may_look(progress, looks_planned=terms.looks_planned):
            done += 1
            units = _units(treated, back, spent[:, :day].sum(axis=1), before)
            seen = verdict.look(units, terms)["verdict"]
            if seen != verdict.WAITING:
                return str(seen)
    return verdict.word(_units(treated, so_far[:, -1] > 0, spent.sum(axis=1), before), terms)


def _money(days: NDArray[np.int64], shop: Shop, random: np.random.Generator) -> Floats:
    """What each purchase of each day comes to, summed by day."""
    spent = np.zeros(days.shape)
    bought = days > 0
    spent[bought] = days[bought] * random.lognormal(3, shop.sigma, int(bought.sum()))
    return spent


def _units(
    treated: NDArray[np.bool_], back: NDArray[np.bool_], spent: Amounts, before: Amounts
) -> Units:
    # Purchases are no outcome here.
    nothing = np.zeros(len(treated))
    return Units(treated, back, spent * 1.0, nothing, before * 1.0, before > 0)


if __name__ == "__main__":
    found = []
    for row in _rows():
        found.append(row)
        detail = row["detail"]
        print(
            f"{row['name']}: {detail['false_alarms']:.2%} false alarms of {detail['campaigns']},"
            f" seed {detail['seed']} (gain {detail['gain']:.2%}, harm {detail['harm']:.2%};"
            f" 95% {detail['interval'][0]:.2%} to {detail['interval'][1]:.2%};"
            f" promised at most {detail['promised']:.2%})",
            flush=True,
        )
    sys.exit(0 if all(row["holds"] for row in found) else 1)
