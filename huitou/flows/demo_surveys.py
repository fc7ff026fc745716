"""A survey of a made-up shop: codes in the stores, on cups and in parcels, and three weeks of
answers, some under a member's name, given by the services the page that asks uses."""

from datetime import datetime, timedelta
from typing import Final

import numpy as np

from huitou.audiences import queries as audiences
from huitou.audiences.queries import Filters
from huitou.kit.clock import zone
from huitou.staff import queries as staff
from huitou.voice import services
from huitou.voice.types import Given, Sheet, SurveyIn, TouchpointIn

ANSWERS: Final = 120
_ACTOR: Final = "demo"
_HORIZON_DAYS: Final = 60
_MEMBERS: Final = 0.35  # of the answers
_SATISFACTION: Final = (
    "very_satisfied",
    "fairly_satisfied",
    "satisfied",
    "dissatisfied",
    "very_dissatisfied",
)
_RECOMMENDATION: Final = ("very_likely", "possible", "impossible")
_INTENTION: Final = ("certain", "likely", "even", "unlikely", "none")
# How often each answer is given, best first, and what is said with it.
_SHARES: Final = (0.34, 0.30, 0.20, 0.11, 0.05)
_COMMENTS: Final = (
    ("手冲很稳定，常来。", "店员记得我不要糖。", "新出的桂花拿铁好喝。"),
    ("早上排队久，其他都好。", "座位再多几个就好了。", ""),
    ("还可以。", "", "味道比上个月淡一点。"),
    ("等了二十分钟。", "奶泡凉了。", "二楼没人收桌子。"),
    ("外送洒了一半。", "问了两遍才有人理。", ""),
)


def fill(*, now: datetime, answers: int = ANSWERS, seed: int = 31) -> str:
    """Open the survey, its places and give ``answers`` answers of the last three weeks; returns its
    public id."""
    company = staff.company()
    assert company is not None, "the shop is made first"
    opened_at = now - timedelta(days=21)
    survey = services.open_survey(
        survey=SurveyIn(
            f"{opened_at:%Y-%m} 到店感受",
            "谢谢您来。这次感觉怎么样？四个小问题，不到一分钟。",
            "Thank you for coming. How was it? Four small questions, less than a minute.",
            None if company.is_one_off else _HORIZON_DAYS,
        ),
        actor=_ACTOR,
        now=opened_at,
    )
    places = _places(survey, opened_at)
    members = _members()
    random = np.random.default_rng(seed)
    ages = np.sort(random.uniform(0.01, 20.9, size=answers))[::-1]
    for number, days in enumerate(ages):
        level = int(random.choice(len(_SHARES), p=_SHARES))
        is_member = bool(members) and random.random() < _MEMBERS
        services.answer(
            sheet=Sheet(
                places[int(random.integers(len(places)))],
                f"demo{seed}x{number}",
                "zh-hans",
                _given(level, random, asks_intention=not company.is_one_off),
            ),
            member_id=members[int(random.integers(len(members)))] if is_member else None,
            zone=zone(company.zone),
            now=now - timedelta(days=float(days)),
        )
    return survey


def _places(survey: str, now: datetime) -> list[str]:
    """One code on the counter of every store, one for cups, one for parcels; their tokens."""
    wanted = [
        TouchpointIn("store", f"{store.name or store.code}收银台", store.id)
        for store in staff.stores()
    ]
    wanted += [TouchpointIn("cup", "外带杯"), TouchpointIn("parcel", "豆子包裹卡")]
    return [
        services.open_touchpoint(survey=survey, touchpoint=one, actor=_ACTOR, now=now)
        for one in wanted
    ]


def _members() -> list[int]:
    page = audiences.people(Filters(), slot=None, sort="last_purchase", descending=True, limit=150)
    return [row.customer_id for row in page.rows]


def _given(level: int, random: np.random.Generator, *, asks_intention: bool) -> Given:
    """An answer whose parts lean the same way; now and then a question is left out."""

    def near(choices: tuple[str, ...]) -> str:
        if random.random() < 0.1:
            return ""
        place = level / (len(_SATISFACTION) - 1) * (len(choices) - 1) + random.normal(0, 0.6)
        return choices[int(np.clip(round(place), 0, len(choices) - 1))]

    said = _COMMENTS[level]
    comment = said[int(random.integers(len(said)))] if random.random() < 0.4 else ""
    intention = near(_INTENTION) if asks_intention else ""
    return Given(_SATISFACTION[level], near(_RECOMMENDATION), intention, comment)
