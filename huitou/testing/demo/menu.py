"""What the café chain sells, where and at what cost."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class Dish:
    """One line of the menu; prices in yuan at the start, before the two price changes."""

    sku: str
    name: str
    category: str
    price: int
    unit_cost: float
    weight: float  # how often it is chosen
    since_days: int = 0  # days after the start on which it came on the menu


@dataclass(frozen=True, slots=True)
class Branch:
    """One store of the chain and its share of the visits."""

    code: str
    name: str
    share: float


MENU: Final = (
    Dish("C01", "美式咖啡", "咖啡", 18, 4.1, 12),
    Dish("C02", "拿铁", "咖啡", 24, 6.4, 18),
    Dish("C03", "燕麦拿铁", "咖啡", 28, 8.2, 9),
    Dish("C04", "卡布奇诺", "咖啡", 25, 6.6, 6),
    Dish("C05", "云南水洗手冲", "手冲", 32, 9.0, 5),
    Dish("C06", "埃塞日晒手冲", "手冲", 38, 12.5, 3),
    Dish("C07", "冷萃咖啡", "咖啡", 26, 5.9, 6),
    Dish("C08", "桂花拿铁", "季节限定", 30, 8.8, 5, 250),
    Dish("C09", "青提美式", "季节限定", 27, 7.7, 4, 420),
    Dish("T01", "茉莉绿茶", "茶饮", 20, 3.6, 4),
    Dish("T02", "柠檬红茶", "茶饮", 22, 4.8, 4),
    Dish("B01", "原味贝果", "面包", 16, 5.2, 6),
    Dish("B02", "可颂", "面包", 18, 6.1, 8),
    Dish("B03", "全麦三明治", "轻食", 29, 12.4, 5),
    Dish("B04", "鸡胸能量碗", "轻食", 39, 18.9, 2),
    Dish("K01", "巴斯克蛋糕", "甜点", 32, 11.3, 4),
    Dish("K02", "提拉米苏", "甜点", 34, 12.6, 3),
    Dish("K03", "肉桂卷", "甜点", 19, 5.7, 3),
    Dish("P01", "拼配咖啡豆 250g", "豆子", 78, 34.0, 0.8),
    Dish("P02", "单品咖啡豆 200g", "豆子", 98, 47.0, 0.5),
    Dish("M01", "随行杯", "周边", 129, 61.0, 0.15),
)

BRANCHES: Final = (
    Branch("S01", "静安寺店", 0.24),
    Branch("S02", "徐家汇店", 0.20),
    Branch("S03", "陆家嘴店", 0.18),
    Branch("S04", "虹口足球场店", 0.14),
    Branch("S05", "大学路店", 0.13),
    Branch("S06", "七宝店", 0.11),
)

SLUMP_BRANCH: Final = 3  # the store where service broke down for a while
PRICE_STEPS: Final = ((240, 1.05), (450, 1.04))  # (days after the start, factor from then on)
# Lunar new year's eves, from the published calendar: the stores close for a week from then.
FESTIVAL_EVES: Final = (
    date(2023, 1, 21),
    date(2024, 2, 9),
    date(2025, 1, 28),
    date(2026, 2, 16),
    date(2027, 2, 5),
    date(2028, 1, 25),
    date(2029, 2, 12),
    date(2030, 2, 2),
)
FESTIVAL_DAYS: Final = 7


def festival_days(first: date, last: date) -> list[date]:
    """The days between ``first`` and ``last``, both included, on which every store is closed."""
    days = [eve + timedelta(days=n) for eve in FESTIVAL_EVES for n in range(FESTIVAL_DAYS)]
    return [day for day in days if first <= day <= last]
