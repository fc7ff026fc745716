"""Cases of a made-up shop: a month of complaints, suggestions, questions and praise, told and
answered by the same services a real desk uses, each at its own moment."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import numpy as np

from huitou.audiences import queries as audiences
from huitou.audiences.queries import Filters
from huitou.kit.clock import civil_day, zone
from huitou.staff import queries as staff
from huitou.voice import queries
from huitou.voice import services as voice
from huitou.voice.types import CaseIn, PromiseIn, Reply

CASES: Final = 60
_HOUR: Final = timedelta(hours=1)
_SLOW: Final = 0.06  # answered after their time


class Told(NamedTuple):
    """One thing a customer says, and what the shop says to it."""

    kind: str
    topic: str
    text: str
    cause: str
    remedy: str
    answer: str
    promise: str


THINGS: Final = (
    Told("complaint", "delivery", "外送两杯手冲，一杯洒了三分之一，袋子全湿了。", "保温箱隔板松动",
         "更换隔板，补寄一杯", "您好，骑手的保温箱隔板已经更换，给您补一杯。", "补寄一杯手冲"),
    Told("complaint", "waiting", "早上八点排了二十五分钟，前面只有三个人。", "早班少一人",
         "早高峰加一人", "您好，那天早班少了一位同事，从明天起早高峰加人。", ""),
    Told("complaint", "points", "生日券显示已使用，但我没有用过。", "门店误扫了券码",
         "补发一张", "您好，查到是门店误扫，已经给您补发。", "补发生日券"),
    Told("complaint", "product", "杯盖有裂口，烫到了手。", "一批杯盖有裂纹",
         "整批停用", "您好，非常抱歉，这批杯盖已经全部停用。", "回电问候"),
    Told("complaint", "service", "问了两遍才有人理我。", "交接班没有留人",
         "交接班留一人在吧台", "您好，对不起，我们改了交接班的安排。", ""),
    Told("suggestion", "product", "豆袋上标烘焙日期，字再大些。", "", "",
         "谢谢您的建议，下一批豆袋会把日期印大。", "下一批豆袋把日期印大"),
    Told("suggestion", "place", "二楼能不能多几个插座。", "", "",
         "谢谢您，二楼月底加四个插座。", "月底加四个插座"),
    Told("enquiry", "product", "拼配豆适合做冷萃吗？", "", "",
         "适合，粗研磨，一比十二，冷藏十二小时。", ""),
    Told("enquiry", "other", "周末几点关门？", "", "", "周末晚上十一点关门。", ""),
    Told("praise", "service", "店员记得我不要糖，很暖心。", "", "",
         "谢谢您，我们会告诉那位同事。", ""),
)  # fmt: skip
_SOURCES: Final = ("portal", "phone", "answer", "visit", "social")


def fill(*, now: datetime, cases: int = CASES, seed: int = 20) -> int:
    """Tell and answer ``cases`` cases of the last 30 days; how many. The newest still wait."""
    people = [user for user in staff.users() if staff.allows(user.role, "handle_cases")]
    page = audiences.people(Filters(), slot=None, sort="last_purchase", descending=True, limit=200)
    stores = [store.id for store in staff.stores()]
    if not people or not page.rows:
        return 0
    random = np.random.default_rng(seed)
    ages = sorted(random.uniform(0.5, 30 * 24, size=cases), reverse=True)
    for age in ages:
        thing = THINGS[int(random.integers(len(THINGS)))]
        row = page.rows[int(random.integers(len(page.rows)))]
        told = CaseIn(
            kind=thing.kind,
            source=str(random.choice(_SOURCES)),
            text=thing.text,
            customer_id=row.customer_id,
            store_id=int(random.choice(stores)) if stores else None,
        )
        received = now - float(age) * _HOUR
        number = voice.open_case(case=told, actor="system", now=received).public_id
        agent = people[int(random.integers(len(people)))].id
        _work((number, told.store_id), thing, agent, received, now, random)
    return len(ages)


def _work(
    told: tuple[str, int | None],
    thing: Told,
    agent: int,
    received: datetime,
    now: datetime,
    random: np.random.Generator,
) -> None:
    """What became of a case, its number and store ``told``, by ``now``."""
    number, store_id = told
    after = float(random.uniform(25, 40) if random.random() < _SLOW else random.gamma(2, 3))
    answered_at = received + after * _HOUR
    begun_at = received + min(after / 3, 2) * _HOUR
    actor = f"user:{agent}"
    if begun_at < now:
        as_ = voice.Classified(thing.kind, thing.topic, store_id, agent)
        voice.classify(public_id=number, as_=as_, actor=actor, now=begun_at)
        said = Reply("您好，已经收到，我去查一下。", key=f"demo:{number}")
        voice.reply(public_id=number, said=said, actor=actor, now=begun_at)
    if answered_at >= now:
        return
    if thing.remedy:
        found = voice.Found("近期类似情况已一并查看", thing.cause, thing.remedy)
        voice.work_out(public_id=number, found=found, actor=actor, now=answered_at)
    _answer(number, thing, actor, answered_at)
    closed_at = answered_at + float(random.uniform(20, 70)) * _HOUR
    if thing.kind != "praise" and closed_at < now and random.random() < 0.93:
        _settle(number, actor, closed_at)


def _answer(number: str, thing: Told, actor: str, at: datetime) -> None:
    company = staff.company()
    today = civil_day(at, zone(company.zone if company else "UTC"))
    promise = PromiseIn(thing.promise, today + timedelta(days=3)) if thing.promise else None
    said = Reply(thing.answer, is_answer=True, promise=promise)
    voice.reply(public_id=number, said=said, actor=actor, now=at)


def _settle(number: str, actor: str, at: datetime) -> None:
    for promise_id in _promises(number):
        voice.keep_promise(promise_id=promise_id, actor=actor, now=at)
    voice.confirm(public_id=number, actor="member", now=at)
    voice.close_case(public_id=number, lesson="", actor=actor, now=at)


def _promises(number: str) -> Sequence[int]:
    row = queries.case(number)
    assert row is not None, "a case that was just told is there"
    return [one.promise_id for one in queries.promises_of_case(row.case_id)]
