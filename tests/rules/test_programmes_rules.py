"""How many points, until when, which tier: the numbers are counted by hand or the design's."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitou.programmes import cards, discounts, presets
from huitou.programmes import rules as rule
from huitou.programmes.types import (
    CouponKind,
    CouponState,
    Expiry,
    ExpiryKind,
    Rounding,
    Rules,
    RulesRow,
    Tier,
)

LADDER = (
    Tier("base", "普通", "Member", 0),
    Tier("silver", "白银", "Silver", 1_000, 110),
    Tier("gold", "黄金", "Gold", 3_000, 125),
)


def rolling(months):
    return Expiry(ExpiryKind.ROLLING, months=months)


def fixed(month, day, least=0):
    return Expiry(ExpiryKind.FIXED, month=month, day=day, least_months=least)


@pytest.mark.parametrize(
    ("base_minor", "rate", "rounding", "points"),
    [
        pytest.param(6_200, "1", Rounding.FLOOR, 62, id="one point a yuan"),
        pytest.param(6_299, "1", Rounding.FLOOR, 62, id="a fraction is dropped"),
        pytest.param(6_250, "1", Rounding.HALF_UP, 63, id="a half goes up"),
        pytest.param(6_201, "1", Rounding.CEILING, 63, id="a fraction goes up"),
        pytest.param(9_999, "1/10", Rounding.FLOOR, 9, id="one point for ten yuan"),
        pytest.param(10_000, "1/3", Rounding.FLOOR, 33, id="a third has no decimals to lose"),
        pytest.param(30_000, "1/3", Rounding.CEILING, 100, id="exact stays exact"),
        pytest.param(0, "1", Rounding.CEILING, 0, id="nothing earns nothing"),
    ],
)
def test_points_are_counted_exactly_and_rounded_once(base_minor, rate, rounding, points):
    assert rule.points_of(base_minor, rate=Fraction(rate), factor=100, rounding=rounding) == points


@pytest.mark.parametrize(
    ("earned_on", "expiry", "last"),
    [
        pytest.param(date(2026, 1, 31), rolling(1), date(2026, 2, 28), id="through 28 February"),
        pytest.param(date(2027, 1, 31), rolling(13), date(2028, 2, 29), id="a leap day"),
        pytest.param(date(2026, 6, 30), rolling(12), date(2027, 6, 30), id="a year"),
        pytest.param(date(2026, 6, 30), fixed(12, 31), date(2026, 12, 31), id="the year's end"),
        pytest.param(date(2026, 12, 31), fixed(12, 31), date(2026, 12, 31), id="on the very day"),
        pytest.param(
            date(2026, 12, 1), fixed(12, 31, 6), date(2027, 12, 31), id="at least half a year"
        ),
        pytest.param(date(2026, 3, 1), fixed(2, 29), date(2027, 2, 28), id="29 February"),
        pytest.param(date(2026, 3, 1), Expiry(ExpiryKind.NEVER), None, id="never"),
    ],
)
def test_the_last_day_is_a_day_on_which_points_can_be_used(earned_on, expiry, last):
    assert rule.last_day(earned_on, expiry) == last


@pytest.mark.parametrize(
    ("points", "code", "missing"),
    [
        pytest.param(0, "base", "silver", id="from nothing"),
        pytest.param(999, "base", "silver", id="one short"),
        pytest.param(1_000, "silver", "gold", id="a threshold belongs to its tier"),
        pytest.param(2_999, "silver", "gold", id="still silver"),
        pytest.param(90_000, "gold", None, id="the top"),
    ],
)
def test_a_tier_is_the_highest_that_is_reached(points, code, missing):
    reached, following = rule.tier_of(points, LADDER), rule.next_tier(points, LADDER)
    assert reached is not None
    assert reached.code == code
    assert (following.code if following else None) == missing


def test_rules_of_a_day_are_the_latest_begun_and_of_equals_the_last_made():
    made = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [
        RulesRow(version, version, day, Rules(Fraction(version)), "cli", made)
        for version, day in ((1, date(2026, 1, 1)), (2, date(2026, 5, 1)), (3, date(2026, 5, 1)))
    ]
    found = [
        rule.in_force(rows, day)
        for day in (date(2025, 12, 31), date(2026, 4, 30), date(2026, 5, 1))
    ]
    assert [row.version if row else None for row in found] == [None, 1, 3]


def test_every_preset_is_sound_and_survives_being_stored():
    for rules in (presets.STANDARD, *presets.BY_INDUSTRY.values()):
        assert rule.faults(rules) == []
        assert rule.from_json(rule.as_json(rules)) == rules


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        pytest.param({"tiers": (LADDER[1],)}, "tiers", id="the ladder begins above 0"),
        pytest.param({"tiers": (LADDER[0], LADDER[2], LADDER[1])}, "tiers", id="not rising"),
        pytest.param({"paying_ceiling_percent": 101}, "paying_ceiling_percent", id="over all"),
        pytest.param({"points_for_one_major": 0}, "points_for_one_major", id="for nothing"),
        pytest.param({"expiry": rolling(0)}, "expiry_months", id="no month"),
        pytest.param({"expiry": fixed(2, 30)}, "expiry_date", id="30 February"),
    ],
)
def test_rules_that_cannot_be_name_their_field(changed, field):
    rules = Rules(**{"points_per_major": Fraction(1), **changed})
    assert [found for found, _ in rule.faults(rules)] == [field]


@pytest.mark.parametrize(
    ("due_minor", "usable", "points"),
    [
        pytest.param(10_000, 9_999, 5_000, id="half of 100 yuan"),
        pytest.param(10_000, 300, 300, id="as many as there are"),
        pytest.param(10_000, 0, 0, id="none"),
        pytest.param(1, 300, 0, id="half of a fen is nothing"),
    ],
)
def test_points_pay_up_to_the_ceiling(due_minor, usable, points):
    rules = Rules(Fraction(1), points_for_one_major=100, paying_ceiling_percent=50)
    assert rule.payable_points(due_minor, usable=usable, rules=rules, factor=100) == points


@pytest.mark.parametrize(
    ("kind", "amount", "percent", "order", "off"),
    [
        pytest.param(CouponKind.AMOUNT, 2_000, 0, 10_000, 2_000, id="20 yuan"),
        pytest.param(CouponKind.AMOUNT, 2_000, 0, 1_500, 1_500, id="never more than the order"),
        pytest.param(CouponKind.PERCENT, 0, 15, 9_999, 1_500, id="14.9985 is rounded to 15.00"),
        pytest.param(CouponKind.PERCENT, 0, 75, 10_001, 7_501, id="half a fen goes up"),
        pytest.param(CouponKind.PERCENT, 0, 100, 10_001, 10_001, id="all of it is exactly all"),
    ],
)
def test_a_coupon_takes_off_what_it_says(kind, amount, percent, order, off):
    found = discounts.coupon_minor(kind, amount_minor=amount, percent=percent, order_minor=order)
    assert found == off


@given(
    weights=st.lists(st.integers(0, 10**9), min_size=1, max_size=12),
    part=st.fractions(0, 1, max_denominator=1000),
)
def test_a_discount_is_spread_to_the_last_minor_unit_and_no_row_goes_below_nothing(weights, part):
    total = int(sum(weights) * part)
    shares = discounts.shares(total, weights)
    assert sum(shares) == total
    assert all(0 <= share <= weight for share, weight in zip(shares, weights, strict=True))


def test_the_last_day_of_a_coupon_is_a_day_on_which_it_can_be_used():
    last = date(2026, 6, 30)
    assert discounts.state_on("issued", ends_on=last, today=last) is CouponState.ISSUED
    assert discounts.state_on("issued", ends_on=last, today=date(2026, 7, 1)) is CouponState.EXPIRED
    assert (
        discounts.state_on("redeemed", ends_on=last, today=date(2027, 1, 1)) is CouponState.REDEEMED
    )


def test_a_code_is_read_however_it_is_typed():
    code = cards.coupon_code(2**60 - 1 - 12345)
    assert len(code) == 12
    assert cards.plain(f" {cards.grouped(code).lower()} ") == code
    assert cards.plain("ho1l-i0O0") == "H0111000"
    assert cards.card_number(7)[0] == "H"


@pytest.mark.parametrize(
    ("points", "points_for_one_major", "factor", "paying"),
    [
        pytest.param(13, 500, 100, 10, id="five points are a fen: three stay"),
        pytest.param(4, 500, 100, 0, id="less than a fen"),
        pytest.param(250, 100, 1, 200, id="a hundred points are a yen"),
        pytest.param(13, 100, 100, 13, id="a point is a fen"),
        pytest.param(13, 1, 100, 13, id="a point is a yuan"),
        pytest.param(13, 30, 100, 13, id="thirteen points are 43 fen"),
    ],
)
def test_points_that_pay_no_whole_minor_unit_stay(points, points_for_one_major, factor, paying):
    rules = Rules(Fraction(1), points_for_one_major=points_for_one_major)
    assert rule.points_that_pay(points, rules=rules, factor=factor) == paying
