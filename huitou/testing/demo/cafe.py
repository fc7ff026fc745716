"""The café chain as three files in the generic form: orders, customers, answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from huitou.testing.demo import answers, baskets, menu, names, visits

CUSTOMERS: Final = 20_000
DAYS: Final = 549  # 18 months
STRANGERS_SHARE: Final = 0.28  # of all bills: nobody showed a card


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop as the generator made it: tables of texts, and the days all stores were closed."""

    orders: pa.Table
    customers: pa.Table
    answers: pa.Table
    closed: tuple[date, ...]
    first: date
    last: date


def shop(last: date, *, customers: int = CUSTOMERS, days: int = DAYS, seed: int = 20) -> Shop:
    """Draw the whole shop; ``last`` is the last day with sales, ``days`` how many there are."""
    random = np.random.default_rng(seed)
    first = last - timedelta(days=days - 1)
    crowd = visits.people(customers, days, random)
    seen = visits.visits(crowd, first, days, random)
    codes = np.array([f"HT{number:06d}" for number in random.permutation(customers) + 1])
    known = _known_sales(crowd, seen, codes, first, days, random)
    strangers = _strangers(len(seen.day), first, days, random)
    sales = pa.concat_tables([known, strangers])
    rows = pa.concat_tables([sales, baskets.refunds(known, random)])
    rows = rows.filter(pc.less_equal(rows["ordered_at"], pa.scalar(f"{last} 23:59:59")))
    return Shop(
        orders=rows.sort_by([("ordered_at", "ascending"), ("order_id", "ascending")]),
        customers=_customers(crowd, codes, first, random),
        answers=answers.table(crowd, seen, codes, first, random),
        closed=tuple(menu.festival_days(first, last)),
        first=first,
        last=last,
    )


def _known_sales(
    crowd: visits.People, seen: visits.Visits, codes: np.ndarray, first: date, days: int,
    random: np.random.Generator,
) -> pa.Table:  # fmt: skip
    favourite = baskets.favourites(crowd, random)
    sold = baskets.lines(crowd.basket[seen.person], favourite[seen.person], seen.day, days, random)
    when = baskets.moments(seen.day, first, random)
    numbers = _numbers(len(seen.day), "A")
    return baskets.bills_table(sold, codes[seen.person], when, seen.branch, numbers)


def _strangers(known_bills: int, first: date, days: int, random: np.random.Generator) -> pa.Table:
    count = round(known_bills * STRANGERS_SHARE / (1 - STRANGERS_SHARE))
    lively = visits.seasons(first, days)
    day = random.choice(days, count, p=lively / lively.sum())
    branch = random.choice(len(menu.BRANCHES), count, p=[store.share for store in menu.BRANCHES])
    nobody = np.full(count, -1)
    sold = baskets.lines(np.full(count, 0.25), nobody, day, days, random)
    when = baskets.moments(day, first, random)
    return baskets.bills_table(sold, np.full(count, ""), when, branch, _numbers(count, "B"))


def _numbers(count: int, prefix: str) -> np.ndarray:
    return np.char.add(prefix, np.char.zfill(np.arange(1, count + 1).astype(str), 7))


def _customers(
    crowd: visits.People, codes: np.ndarray, first: date, random: np.random.Generator
) -> pa.Table:
    count = len(codes)
    stores = np.array([store.name for store in menu.BRANCHES])
    has_phone = random.random(count) < 0.86
    has_email = random.random(count) < 0.31
    agreed = has_phone & (random.random(count) < 0.58)
    born = np.datetime64("1965-01-01") + random.integers(0, 15_000, count)
    knows_birthday = random.random(count) < 0.44
    source = random.choice(
        np.array(["门店", "朋友推荐", "小红书", "大众点评"]), count, p=[0.55, 0.2, 0.13, 0.12]
    )
    emails = np.char.add(np.char.lower(codes), "@example.com")
    evidence = f"入会时在门店平板上勾选，{first.year} 年起"
    return pa.table(
        {
            "customer": codes,
            "name": names.person_names(count, random),
            "kind": np.full(count, "person"),
            "phone": np.where(has_phone, names.phones(count, random), ""),
            "email": np.where(has_email, emails, ""),
            "birth_date": np.where(knows_birthday, born.astype(str), ""),
            "home_store": stores[crowd.branch],
            "source": source,
            "consent_sms": np.where(agreed, "given", np.where(has_phone, "refused", "")),
            "consent_evidence": np.where(agreed, evidence, ""),
        }
    )


def write(made: Shop, folder: Path) -> Mapping[str, Path]:
    """Write the three files as UTF-8 CSV into ``folder``; returns their paths by kind."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {kind: folder / f"{kind}.csv" for kind in ("orders", "customers", "answers")}
    for kind, path in paths.items():
        pyarrow.csv.write_csv(getattr(made, kind), path)
    return paths
