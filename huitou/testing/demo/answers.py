"""What the asked answered: four waves, answers that lean on attitude, low ones during the slump."""

from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from huitou.testing.demo.visits import Bools, Floats, Ints, People, Visits

SATISFACTION: Final = np.array(["很不满意", "不满意", "满意", "比较满意", "很满意"])
RECOMMENDATION: Final = np.array(["不可能", "有可能", "很大可能"])
REASON_WORDS: Final = np.array(["convenience", "value", "price", "inertia", "incentive"])
TOUCHPOINTS: Final = np.array(["点单", "出品", "等候", "环境"])
COMMENTS: Final = (
    ("等了二十分钟，没有人解释。", "咖啡洒了一半，也没人管。", "这次真的失望。"),
    ("比以前慢了不少。", "座位没收拾干净。", "豆子换了？味道淡。"),
    ("挺好的，早上排队久。", "店员很客气。", "希望有更多素食。"),
    ("手冲稳定多了。", "常来，点单很快。", "喜欢桂花拿铁。"),
    ("店员记得我喝什么！", "每天的第一杯都在这里。", "推荐给同事了。"),
)
WAVE_DAYS: Final = 120
ASKED_SHARE: Final = 0.5
WINDOW_DAYS: Final = 45


def table(
    crowd: People, visits: Visits, codes: np.ndarray, first: date, random: np.random.Generator
) -> pa.Table:
    """Answer rows of the generic file: waves four months apart among recent visitors.

    The happy and the very unhappy answer more often, as they do in life.
    """
    last_day = int(visits.day.max())
    parts = []
    for number, wave_day in enumerate(range(last_day - 20, WAVE_DAYS // 2, -WAVE_DAYS)):
        seen = (visits.day <= wave_day) & (visits.day > wave_day - WINDOW_DAYS)
        person = np.unique(visits.person[seen])
        person = person[random.random(len(person)) < ASKED_SHARE]
        lean = np.abs(crowd.attitude[person] - 0.2)
        person = person[random.random(len(person)) < 0.14 + 0.12 * np.minimum(lean, 2)]
        hurt = np.isin(person, visits.person[seen & visits.is_slump])
        parts.append(_wave(crowd, person, hurt, codes, _Wave(number, wave_day, first), random))
    return pa.concat_tables(reversed(parts))


class _Wave:
    """A wave by its number (0 is the latest), its day and the day the records begin."""

    def __init__(self, number: int, day: int, first: date) -> None:
        self.day = day
        self.start = np.datetime64(first.isoformat()) + day
        self.name = f"{self.start.astype('datetime64[M]')}"


def _wave(
    crowd: People, person: Ints, hurt: Bools, codes: np.ndarray, wave: _Wave,
    random: np.random.Generator,
) -> pa.Table:  # fmt: skip
    size = len(person)
    mood = crowd.attitude[person] + random.normal(0, 0.6, size) - 1.5 * hurt
    level = np.searchsorted(np.array([-1.9, -1.15, -0.2, 0.75]), mood)
    advice = np.searchsorted(np.array([-1.0, 0.55]), mood + random.normal(0, 0.5, size))
    days = random.integers(0, 10, size)
    seconds = random.integers(9 * 3600, 21 * 3600, size)
    stamps = (wave.start + days).astype("datetime64[s]") + seconds.astype("timedelta64[s]")
    expectation = np.clip(np.round(7.2 + 0.4 * crowd.attitude[person]), 1, 10).astype(np.int64)
    felt = np.clip(np.round(7.3 + 1.1 * mood), 1, 10).astype(np.int64)
    items = {
        f"benefit_{name}": _item(mood, shift, random)
        for name, shift in (("product", 0.5), ("service", 0.1), ("staff", 0.3), ("image", 0.2))
    } | {
        f"cost_{name}": _item(-mood, shift, random)
        for name, shift in (
            ("money", 0.2),
            ("time", 0.1),
            ("effort", -0.6),
            ("psychological", -1.0),
        )
    }
    talks = random.random(size) < 0.35
    comment = [
        COMMENTS[place][random.integers(0, 3)] if says else ""
        for place, says in zip(level, talks, strict=True)
    ]
    return pa.table(
        {
            "customer": codes[person],
            "answered_at": np.char.replace(np.datetime_as_string(stamps, unit="s"), "T", " "),
            "wave": np.full(size, wave.name),
            "satisfaction": SATISFACTION[level],
            "recommendation": _sometimes(RECOMMENDATION[advice], 0.93, random),
            "prefers_us": _sometimes(np.where(mood > 0.2, "yes", "no"), 0.8, random),
            "resists_offers": _sometimes(np.where(mood > 0.9, "yes", "no"), 0.7, random),
            "reason_to_stay": _sometimes(random.choice(REASON_WORDS, size), 0.6, random),
            "expectation": expectation.astype(str),
            "perception": felt.astype(str),
            "touchpoint": random.choice(TOUCHPOINTS, size),
            "comment": comment,
            **items,
        }
    )


def _item(mood: Floats, shift: float, random: np.random.Generator) -> np.ndarray:
    score = np.round(3.1 + shift + 0.6 * mood + random.normal(0, 0.6, len(mood)))
    return _sometimes(np.clip(score, 1, 5).astype(np.int64).astype(str), 0.9, random)


def _sometimes(values: np.ndarray, share: float, random: np.random.Generator) -> np.ndarray:
    return np.where(random.random(len(values)) < share, values, "")
