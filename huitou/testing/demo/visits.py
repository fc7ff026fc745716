"""When customers come: the MBG/NBD family in seasonal time, with a slump at one store."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from huitou.testing.demo import menu

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

WEEKDAY: Final = np.array([1.05, 1.06, 1.06, 1.08, 1.16, 0.92, 0.74])  # Monday first
MONTH: Final = np.array([0.98, 0.86, 1.03, 1.05, 1.04, 0.98, 0.92, 0.90, 1.04, 1.07, 1.10, 1.06])
SLUMP_START_DAYS: Final = 175  # before the last day
SLUMP_LENGTH_DAYS: Final = 45
SLUMP_LEAVING: Final = 3.0  # times the usual chance to stay away after such a visit


@dataclass(frozen=True, slots=True)
class People:
    """The hidden truth of each customer, one entry a customer."""

    attitude: Floats  # standard normal; drives answers, and through ``leaving`` behaviour
    rate_per_day: Floats  # visits a day while a customer
    leaving: Floats  # chance to stay away for good after a visit
    basket: Floats  # mean number of further lines in a basket
    branch: Ints  # the store they mostly go to
    arrived: Ints  # day of the first visit, days after the start


@dataclass(frozen=True, slots=True)
class Visits:
    """One entry a visit, in order of time."""

    person: Ints
    day: Ints  # days after the start
    branch: Ints
    is_slump: Bools


def seasons(first: date, days: int) -> Floats:
    """How lively each day is, mean about 1; 0 on the days the stores are closed."""
    calendar = [first + timedelta(days=n) for n in range(days)]
    lively = np.array([WEEKDAY[day.weekday()] * MONTH[day.month - 1] for day in calendar])
    closed = set(menu.festival_days(calendar[0], calendar[-1]))
    lively[[day in closed for day in calendar]] = 0.0
    return lively


def people(count: int, days: int, random: np.random.Generator) -> People:
    """Draw ``count`` customers: gamma rates, beta chances to leave that lean on attitude."""
    attitude = random.standard_normal(count)
    rate = random.gamma(0.85, 1 / 9.5, count) + 0.004
    patience = np.exp(-0.55 * attitude)  # the unhappy leave sooner
    leaving = np.clip(random.beta(0.75, 5.2, count) * patience, 0.0, 0.97)
    founders = random.random(count) < 0.34  # customers already when the records begin
    early = random.integers(0, 45, count)
    late = (days * np.sqrt(random.random(count))).astype(np.int64) % days  # the chain grows
    return People(
        attitude=attitude,
        rate_per_day=rate,
        leaving=leaving,
        basket=random.gamma(1.6, 0.32, count),
        branch=random.choice(
            len(menu.BRANCHES), count, p=[branch.share for branch in menu.BRANCHES]
        ),
        arrived=np.where(founders, early, late).astype(np.int64),
    )


def visits(crowd: People, first: date, days: int, random: np.random.Generator) -> Visits:
    """All visits of ``crowd`` in ``days`` days from ``first``, in order of day and person.

    Gaps are exponential in seasonal time (the running sum of the seasons), so nobody comes on a
    closed day.
    """
    clock = np.cumsum(seasons(first, days))
    open_days = np.flatnonzero(np.diff(clock, prepend=0.0) > 0)
    slump = (days - SLUMP_START_DAYS, days - SLUMP_START_DAYS + SLUMP_LENGTH_DAYS)
    alive = np.arange(len(crowd.attitude))
    day = open_days[np.minimum(np.searchsorted(open_days, crowd.arrived), len(open_days) - 1)]
    moment = clock[day] - random.random(len(day)) * 0.5
    collected: list[tuple[Ints, Ints, Ints, Bools]] = []
    while len(alive):
        away = random.random(len(alive)) < 0.12
        other = random.integers(0, len(menu.BRANCHES), len(alive))
        branch = np.where(away, other, crowd.branch[alive])
        in_slump = (branch == menu.SLUMP_BRANCH) & (day >= slump[0]) & (day < slump[1])
        collected.append((alive, day, branch, in_slump))
        leaving = crowd.leaving[alive] * np.where(in_slump, SLUMP_LEAVING, 1.0)
        stays = random.random(len(alive)) >= leaving
        moment = moment + random.exponential(1.0, len(alive)) / crowd.rate_per_day[alive]
        stays &= moment < clock[-1]
        alive, moment = alive[stays], moment[stays]
        day = np.searchsorted(clock, moment, side="left").astype(np.int64)
    person, days_of, branches, slumps = (
        np.concatenate(part) for part in zip(*collected, strict=True)
    )
    order = np.lexsort((person, days_of))
    return Visits(person[order], days_of[order], branches[order], slumps[order])
