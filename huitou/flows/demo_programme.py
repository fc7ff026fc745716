"""The programme of a made-up shop: its rules, its members and what they earned, its coupons."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

from huitou.audiences import queries as audiences
from huitou.audiences import registry
from huitou.kit.clock import zone
from huitou.kit.conditions.parsing import parse
from huitou.kit.conditions.types import Expression
from huitou.programmes import presets
from huitou.programmes import services as programmes
from huitou.programmes.types import BatchIn, CouponKind, Expiry, ExpiryKind
from huitou.staff import queries as staff

ACTOR: Final = "demo"
PROGRAMME_DAYS: Final = 200  # before the last day: members have earned, some points expire soon
MEMBERS_PERCENT: Final = 60


def fill(*, last_on: date, now: datetime) -> int:
    """Start the programme some months ago and let most customers join and earn since; returns how
    many members there are."""
    company = staff.company()
    if company is None:
        raise RuntimeError("a company comes first")
    began = last_on - timedelta(PROGRAMME_DAYS)
    # A shop of its own: points live half a year, so that the first of them have expired by now.
    half_a_year = Expiry(ExpiryKind.ROLLING, months=6)
    rules = replace(presets.draft(company.industry), expiry=half_a_year)
    programmes.start(name="回头会员", rules=rules, valid_from=began, actor=ACTOR, now=now)
    opened = datetime.combine(began, time(9), zone(company.zone))
    everyone = audiences.members(_part(MEMBERS_PERCENT), today=last_on, now=now)
    members = programmes.enrol(customer_ids=everyone.tolist(), source="import", joined_at=opened)
    programmes.settle_members(customer_ids=None, now=now)
    _coupons(last_on, now)
    return members


def _part(percent: int) -> Expression:
    bucket = {"field": "random_bucket", "op": "between", "value": [0, percent - 1]}
    return parse({"v": 1, "where": {"all": [bucket]}}, registry.registry())


def _coupons(last_on: date, now: datetime) -> None:
    ends = last_on + timedelta(90)
    for batch in (
        BatchIn(
            "老朋友立减 10 元",
            CouponKind.AMOUNT,
            amount_minor=1_000,
            minimum_minor=2_500,
            ends_on=ends,
        ),
        BatchIn("生日八折", CouponKind.PERCENT, percent=20, ends_on=ends),
    ):
        programmes.add_batch(batch=batch, actor=ACTOR, now=now)
