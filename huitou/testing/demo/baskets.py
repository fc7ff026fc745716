"""What each visit put on the bill: favourite dishes, companions, price changes, refunds."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import pyarrow as pa

from huitou.testing.demo import menu
from huitou.testing.demo.visits import Floats, Ints, People, Visits

REFUND_SHARE: Final = 0.004  # of lines
DISCOUNT_SHARE: Final = 0.07  # of lines sold below the menu's price
DISCOUNT: Final = 0.2


@dataclass(frozen=True, slots=True)
class Lines:
    """One entry a line of a bill, in order of bills. Money in fen."""

    bill: Ints
    dish: Ints
    quantity: Ints
    amount: Ints  # paid for the line
    discount: Ints


def prices(days: int) -> Floats:
    """The factor on the menu's prices of each day."""
    factor = np.ones(days)
    for start, step in menu.PRICE_STEPS:
        factor[start:] *= step
    return factor


def lines(
    basket: Floats, favourite: Ints, day: Ints, days: int, random: np.random.Generator
) -> Lines:
    """The lines of bills with mean size ``1 + basket``; ``favourite`` is -1 for a stranger.

    Six first lines in ten are the favourite dish of the person; the rest follows the menu.
    """
    counts = 1 + random.poisson(basket)
    bill = np.repeat(np.arange(len(counts)), counts)
    is_first = np.diff(bill, prepend=-1) > 0
    weight = np.array([dish.weight for dish in menu.MENU])
    since = np.array([dish.since_days for dish in menu.MENU])
    dish = random.choice(len(weight), len(bill), p=weight / weight.sum())
    likes = is_first & (favourite[bill] >= 0) & (random.random(len(bill)) < 0.6)
    dish = np.where(likes, favourite[bill], dish)
    dish = np.where(day[bill] < since[dish], 1, dish)  # not on the menu yet: a latte instead
    quantity = 1 + (random.random(len(bill)) < 0.06).astype(np.int64)
    yuan = np.array([dish.price for dish in menu.MENU])[dish] * prices(days)[day[bill]]
    full = np.round(yuan).astype(np.int64) * 100 * quantity
    is_cheaper = random.random(len(bill)) < DISCOUNT_SHARE
    discount = np.where(is_cheaper, (full * DISCOUNT).astype(np.int64) // 100 * 100, 0)
    return Lines(bill, dish, quantity, full - discount, discount)


def bills_table(
    sold: Lines, codes: np.ndarray, when: np.ndarray, branch: Ints, numbers: np.ndarray
) -> pa.Table:
    """Order rows of the generic preset for the bills in ``sold``."""
    skus = np.array([dish.sku for dish in menu.MENU])
    names = np.array([dish.name for dish in menu.MENU])
    kinds = np.array([dish.category for dish in menu.MENU])
    costs = np.array([f"{dish.unit_cost:.2f}" for dish in menu.MENU])
    stores = np.array([store.name for store in menu.BRANCHES])
    bill = sold.bill
    return pa.table(
        {
            "order_id": numbers[bill],
            "customer": codes[bill],
            "ordered_at": when[bill],
            "store": stores[branch[bill]],
            "sku": skus[sold.dish],
            "product": names[sold.dish],
            "category": kinds[sold.dish],
            "quantity": sold.quantity.astype(str),
            "amount": yuan_text(sold.amount),
            "discount": yuan_text(sold.discount),
            "unit_cost": costs[sold.dish],
            "currency": np.full(len(bill), "CNY"),
            "status": np.full(len(bill), "paid"),
            "refund_of": np.full(len(bill), ""),
        }
    )


def refunds(table: pa.Table, random: np.random.Generator) -> pa.Table:
    """Return rows for a few lines of ``table``, each an order of its own a day after the sale."""
    chosen = np.flatnonzero(random.random(len(table)) < REFUND_SHARE)
    rows = table.take(chosen)
    numbers = [str(text) for text in rows["order_id"].to_pylist()]
    moments = [str(text) for text in rows["ordered_at"].to_pylist()]
    later = [f"{date.fromisoformat(text[:10]) + timedelta(days=1)}{text[10:]}" for text in moments]
    changed: dict[str, list[str]] = {
        "order_id": [f"R{number}-{place}" for place, number in enumerate(numbers)],
        "ordered_at": later,
        "quantity": [f"-{text}" for text in rows["quantity"].to_pylist()],
        "amount": [f"-{text}" for text in rows["amount"].to_pylist()],
        "discount": [""] * len(rows),
        "status": ["returned"] * len(rows),
        "refund_of": numbers,
    }
    for name, values in changed.items():
        rows = rows.set_column(rows.schema.get_field_index(name), name, pa.array(values))
    return rows


def moments(day: Ints, first: date, random: np.random.Generator) -> np.ndarray:
    """Texts ``YYYY-MM-DD HH:MM:SS`` of each visit: a morning rush, lunch, and afternoons."""
    rush = random.choice(3, len(day), p=[0.46, 0.24, 0.30])
    centre = np.array([8.6, 12.6, 15.6])[rush]
    width = np.array([0.7, 0.6, 1.5])[rush]
    second = np.clip(random.normal(centre, width), 7.0, 20.9) * 3600
    start = np.datetime64(first.isoformat(), "s")
    stamps = start + day * np.timedelta64(86400, "s") + second.astype("timedelta64[s]")
    return np.char.replace(np.datetime_as_string(stamps, unit="s"), "T", " ")


def yuan_text(fen: Ints) -> np.ndarray:
    """Fen as yuan with two decimals."""
    whole, part = np.divmod(fen, 100)
    return np.char.add(np.char.add(whole.astype(str), "."), np.char.zfill(part.astype(str), 2))


def favourites(crowd: People, random: np.random.Generator) -> Ints:
    """The dish each person likes best."""
    weight = np.array([dish.weight for dish in menu.MENU])
    return random.choice(len(weight), len(crowd.attitude), p=weight / weight.sum())


def first_of_each(visits: Visits, count: int) -> Ints:
    """The first visit day of each person; every person has one."""
    first = np.full(count, -1, dtype=np.int64)
    first[visits.person[::-1]] = visits.day[::-1]
    return first
