# ruff: noqa: N806 - T is the age of a customer in every paper and in the score file
"""The CDNOW purchases, read as files from an installed package, and the published numbers."""

import json
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

ORACLES = Path(__file__).resolve().parent.parent / "oracles"


class Customers(NamedTuple):
    """Columns of the models: repeat purchases, days, mean money of the repeat days."""

    x: np.ndarray
    t_x_days: np.ndarray
    T_days: np.ndarray
    money: np.ndarray


def oracle(file: str, name: str) -> dict[str, Any]:
    """One case of ``tests/oracles``."""
    (case,) = [c for c in json.loads((ORACLES / file).read_text())["cases"] if c["name"] == name]
    return case


def _located(name: str) -> Path:
    return Path(str(distribution("lifetimes").locate_file(f"lifetimes/datasets/{name}")))


@cache
def sample(*, rounded_weeks: bool = False) -> Customers:
    """The 1/10 sample, 2,357 customers and 39 weeks; times in whole days or ``rounded_weeks``."""
    columns = np.genfromtxt(
        _located("cdnow_customers_summary_with_transactions.csv"), delimiter=",", names=True
    )
    days = columns["t_x"] * 7, columns["T"] * 7
    t_x, T = days if rounded_weeks else (np.round(each).astype(int) for each in days)
    return Customers(columns["x"].astype(int), t_x, T, columns["zbar"])


@cache
def purchases() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All 69,659 purchases: customer, date, dollars."""
    rows = np.genfromtxt(_located("CDNOW_master.txt"), skip_header=1, dtype=str)
    written = rows[:, 1]
    dates = np.array([f"{d[:4]}-{d[4:6]}-{d[6:]}" for d in written], dtype="datetime64[D]")
    return rows[:, 0].astype(int), dates, rows[:, 3].astype(float)


@cache
def full(until: str = "1997-09-30") -> Customers:
    """All 23,570 customers at the end of ``until``: same-day rows are one purchase."""
    customer, dates, dollars = purchases()
    seen = dates <= np.datetime64(until)
    who, code = np.unique(customer[seen], return_inverse=True)
    day = dates[seen].astype(int)
    days, at = np.unique(np.stack((code, day)), axis=1, return_inverse=True)
    spent = np.bincount(at.reshape(-1), dollars[seen])
    owner, day = days
    first = np.full(len(who), day.max())
    np.minimum.at(first, owner, day)
    last = np.zeros(len(who), dtype=int)
    np.maximum.at(last, owner, day)
    x = np.bincount(owner) - 1
    repeat = day != first[owner]
    total = np.bincount(owner[repeat], spent[repeat], len(who))
    money = np.where(x > 0, total / np.maximum(x, 1), np.nan)
    return Customers(x, last - first, np.datetime64(until).astype(int) - first, money)
