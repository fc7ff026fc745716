"""How numbers, money, chances and days are written, in Chinese and in English.

The rules are those of the design language: thousands marked, large numbers in 万 or M with one
decimal, a true minus
sign, chances of a person as a natural frequency, intervals only for groups.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from babel.numbers import get_currency_symbol

from huitou.kit.money import Currency

Number = int | float | Decimal
_MONTHS: Final = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]
MINUS: Final = "−"
MOST_DIGITS: Final = 4
NOTHING: Final = "–"  # what stands where there is no figure


def is_chinese(language: str) -> bool:
    """Whether ``language`` (a Django code such as ``zh-hans``) is written by the Chinese rules."""
    return language.lower().startswith("zh")


def number(value: Number, digits: int = 0) -> str:
    """``208412`` as ``208,412``; rounds half up, never shows a hyphen for a minus, never ``−0``."""
    rounded = _rounded(value, digits)
    text = f"{abs(rounded):,.{digits}f}"
    return MINUS + text if rounded < 0 else text


def signed(value: Number, digits: int = 0) -> str:
    """A change: ``+1.8``, ``−0.7``; no sign at zero."""
    rounded = _rounded(value, digits)
    return ("+" if rounded > 0 else "") + number(rounded, digits)


def large(value: Number, language: str) -> str:
    """A count that need not be exact: ``20.8 万``, ``1.2 亿``; 1.2M in English from a million."""
    scaled, unit = _scaled(Decimal(str(value)), language)
    return number(value) if not unit else number(scaled, 1) + unit


def money(minor: Number, currency: str, language: str) -> str:
    """Money for reading: ``¥41.3 万`` or ``¥1.2M`` when large, ``¥2,327`` from a hundred on, else
    exact.
    """
    major = Decimal(str(minor)).scaleb(-Currency(currency).decimals)
    scaled, unit = _scaled(major, language)
    if unit:
        return _with_symbol(number(scaled, 1) + unit, currency, language)
    digits = 0 if abs(major) >= 100 else Currency(currency).decimals
    return _with_symbol(number(major, digits), currency, language)


def money_exact(minor: Number, currency: str, language: str) -> str:
    """Money to the last minor unit: ``¥221.50``."""
    decimals = Currency(currency).decimals
    return _with_symbol(number(Decimal(str(minor)).scaleb(-decimals), decimals), currency, language)


def percent(share: Number, digits: int = 0) -> str:
    """A share 0..1 as ``34%``."""
    return number(Decimal(str(share)) * 100, digits) + "%"


def apart_from_zero(value: Number, language: str, digits: int = 0) -> str:
    """A number that is not zero, never written as zero: ``−0.003`` where ``−0.0`` would leave a
    reader guessing on which side it lies; ``just below 0`` where four digits do not tell it.
    """
    for places in range(digits, max(digits, MOST_DIGITS) + 1):
        if value == 0 or _rounded(value, places) != 0:
            return number(value, places)
    if is_chinese(language):
        return "略低于 0" if value < 0 else "略高于 0"
    return "just below 0" if value < 0 else "just above 0"


def money_apart_from_zero(minor: Number, currency: str, language: str) -> str:
    """The same of money: ``−¥0.003``."""
    major = Decimal(str(minor)).scaleb(-Currency(currency).decimals)
    if major == 0 or _rounded(major, Currency(currency).decimals) != 0:
        return money(minor, currency, language)
    text = apart_from_zero(major, language, Currency(currency).decimals)
    return _with_symbol(text, currency, language) if "0." in text else text


def points_change(difference: Number, language: str, digits: int = 1) -> str:
    """The difference of two shares (0..1) in percentage points: ``−0.7 points``."""
    word = " 个百分点" if is_chinese(language) else " points"
    return signed(Decimal(str(difference)) * 100, digits) + word


def interval(low: Number, high: Number, language: str, *, digits: int = 0, unit: str = "") -> str:
    """Both ends of an interval: ``71 – 88%``, ``71 to 88%``. ``unit`` stands once, at the end."""
    join = " – " if is_chinese(language) else " to "
    return number(low, digits) + join + number(high, digits) + unit


def in_hundred(share: Number, language: str) -> str:
    """A person's chance as a natural frequency: ``100 人里约 34 人``, ``about 34 in 100``."""
    people = _rounded(Decimal(str(share)) * 100, 0)
    if people < 1:
        return "100 人里不到 1 人" if is_chinese(language) else "fewer than 1 in 100"
    if people > 99:
        return "100 人里超过 99 人" if is_chinese(language) else "more than 99 in 100"
    return f"100 人里约 {people} 人" if is_chinese(language) else f"about {people} in 100"


def day(value: date, language: str, *, with_year: bool = False) -> str:
    """``11 月 24 日`` or ``24 Nov``, with the year when asked."""
    if is_chinese(language):
        text = f"{value.month} 月 {value.day} 日"
        return f"{value.year} 年 {text}" if with_year else text
    text = f"{value.day} {_MONTHS[value.month - 1]}"
    return f"{text} {value.year}" if with_year else text


def month(value: date, language: str) -> str:
    """``2026 年 7 月`` or ``Jul 2026``."""
    if is_chinese(language):
        return f"{value.year} 年 {value.month} 月"
    return day(value, language, with_year=True).split(" ", 1)[1]


def moment(value: datetime, language: str, *, with_year: bool = False) -> str:
    """Day and wall-clock time of a local instant: ``11 月 24 日 12:24``; the caller has chosen the
    zone.
    """
    return f"{day(value.date(), language, with_year=with_year)} {value:%H:%M}"


def symbol(currency: str, language: str) -> str:
    """``¥`` for CNY; the code and a blank where a currency has no sign of its own."""
    sign = (
        "¥"
        if currency == "CNY"
        else get_currency_symbol(currency, "zh_Hans_CN" if is_chinese(language) else "en")
    )
    return sign if not sign[-1].isalpha() else sign + "\u00a0"


def _with_symbol(text: str, currency: str, language: str) -> str:
    sign = symbol(currency, language)
    return MINUS + sign + text[1:] if text.startswith(MINUS) else sign + text


def _rounded(value: Number, digits: int) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP) + 0


def _scaled(value: Decimal, language: str) -> tuple[Decimal, str]:
    size = abs(value)
    if is_chinese(language):
        steps = [(10**8, " 亿"), (10**4, " 万")]
    else:
        steps = [(10**9, "B"), (10**6, "M")]
    for step, unit in steps:
        if size >= step:
            return value / step, unit
    return value, ""
