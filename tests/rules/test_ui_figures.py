"""Numbers, money, chances and days as the word list writes them."""

from datetime import date, datetime

import pytest

from huitou.ui import figures

ZH, EN = "zh-hans", "en"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (208412, 0, "208,412"),
        (-3.5, 1, "−3.5"),
        (0.25, 1, "0.3"),
        (-0.2, 0, "0"),
        (1e6, 0, "1,000,000"),
    ],
)
def test_a_number_has_thousands_and_a_true_minus(value: float, digits: int, text: str) -> None:
    assert figures.number(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"), [(1.8, "+1.8"), (-0.7, "−0.7"), (0, "0.0"), (0.04, "0.0")]
)
def test_a_change_carries_its_sign_except_at_zero(value: float, text: str) -> None:
    assert figures.signed(value, 1) == text


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        (208412, ZH, "20.8 万"),
        (123_456_789, ZH, "1.2 亿"),
        (9_999, ZH, "9,999"),
        (208412, EN, "208,412"),
        (1_234_567, EN, "1.2M"),
    ],
)
def test_large_counts_are_shortened_in_chinese_from_ten_thousand(
    value: int, language: str, text: str
) -> None:
    assert figures.large(value, language) == text


@pytest.mark.parametrize(
    ("minor", "currency", "language", "text"),
    [
        (41_300_000, "CNY", ZH, "¥41.3 万"),
        (232_700, "CNY", ZH, "¥2,327"),
        (2_215, "CNY", ZH, "¥22.15"),
        (-232_700, "CNY", EN, "−¥2,327"),
        (120_000_000, "USD", EN, "$1.2M"),
        (5_000, "JPY", EN, "¥5,000"),
        (1_000, "CHF", EN, "CHF\u00a010.00"),
    ],
)
def test_money_is_short_when_large_and_exact_when_small(
    minor: int, currency: str, language: str, text: str
) -> None:
    assert figures.money(minor, currency, language) == text


def test_exact_money_keeps_its_minor_units() -> None:
    assert figures.money_exact(41_300_050, "CNY", ZH) == "¥413,000.50"


@pytest.mark.parametrize(
    ("share", "zh", "en"),
    [
        (0.34, "100 人里约 34 人", "about 34 in 100"),
        (0.002, "100 人里不到 1 人", "fewer than 1 in 100"),
        (0.999, "100 人里超过 99 人", "more than 99 in 100"),
        (0.99, "100 人里约 99 人", "about 99 in 100"),
    ],
)
def test_a_chance_of_a_person_is_a_natural_frequency(share: float, zh: str, en: str) -> None:
    assert (figures.in_hundred(share, ZH), figures.in_hundred(share, EN)) == (zh, en)


def test_intervals_and_differences_follow_the_language() -> None:
    assert figures.interval(71, 88, ZH, unit="%") == "71 – 88%"
    assert figures.interval(71, 88, EN, unit="%") == "71 to 88%"
    assert figures.points_change(-0.007, ZH) == "−0.7 个百分点"
    assert figures.points_change(0.018, EN) == "+1.8 points"
    assert figures.percent(0.34) == "34%"


def test_days_follow_the_language() -> None:
    assert figures.day(date(2026, 11, 24), ZH) == "11 月 24 日"
    assert figures.day(date(2026, 11, 24), EN) == "24 Nov"
    assert figures.day(date(2026, 11, 24), ZH, with_year=True) == "2026 年 11 月 24 日"
    assert figures.month(date(2026, 7, 1), EN) == "Jul 2026"
    assert figures.moment(datetime(2026, 11, 24, 12, 4), ZH) == "11 月 24 日 12:04"  # noqa: DTZ001
