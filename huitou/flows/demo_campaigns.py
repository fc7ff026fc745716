"""Campaigns of a made-up shop whose true effects are known: one good, one useless, one harmful.

Each is drawn and sent through the same flows a real campaign takes, on a day that has passed. Then
some people of one arm, drawn by lot, buy once more: of the sent group where the campaign is good,
of the control group where it is harmful. So the share of an arm that came because of it is known,
and the interval on the result page can be held against it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

import numpy as np

from huitou.audiences import services as audiences
from huitou.campaigns import queries as campaigns
from huitou.campaigns.types import CampaignRow, Terms
from huitou.flows import campaign_terms, message_lists
from huitou.flows import campaigns as flow
from huitou.insights import queries as insights
from huitou.kit.clock import zone
from huitou.orders import services as orders
from huitou.orders.types import Sale, SaleRow
from huitou.platform.messages import lists
from huitou.programmes import services as programmes
from huitou.staff import queries as staff

ACTOR: Final = "demo"
WINDOW_DAYS: Final = 30
_MEAN_MINOR: Final = 3_200
_ROUND_MINOR: Final = 100


@dataclass(frozen=True, slots=True)
class Made:
    """One campaign and its truth: the share of an arm that buys because of it (below 0 = in spite).

    Its public id and salt are fixed, so that the draw on the same customers is the same draw.
    """

    public_id: str
    theme: str
    goal: str
    text: str
    buckets: tuple[int, int]  # hundredths of all customers, both ends in
    effect: float
    days_ago: int


CAMPAIGNS: Final = (
    Made("cam_0000000000DEMA0001", "好久不见，回来喝一杯", "win_back",
         "{{ name }}您好，好久不见。到店报手机尾号，拿铁请您喝。", (0, 33), 0.09, 46),
    Made("cam_0000000000DEMB0002", "新品上市提醒", "new_products",
         "{{ name }}您好，{{ shop }}的新品上市了。", (34, 66), 0.0, 45),
    Made("cam_0000000000DEMC0003", "周年庆倒计时，最后一天", "daily_sales",
         "{{ name }}！周年庆最后一天！错过再等一年！", (67, 99), -0.09, 44),
)  # fmt: skip


def fill(*, last_on: date, seed: int = 20, made: Iterable[Made] = CAMPAIGNS) -> dict[str, float]:
    """Draw and send the campaigns on their days before ``last_on``, and let people answer.

    Returns:
        Of each campaign the share of the arm, 0..1, that truly came because of it (negative where
        the control group came instead): what its interval should hold.
    """
    random = np.random.default_rng(seed)
    return {one.public_id: _one(one, last_on, random) for one in made}


def judge(*, now: datetime) -> dict[str, str]:
    """Give the final verdicts of the campaigns whose window is over; their words by campaign."""
    flow.end_due(now)
    rows = campaigns.by_id(row.id for row in campaigns.campaigns())
    proofs = insights.proofs_of(list(rows))
    return {rows[pk].public_id: proof.verdict for pk, proof in proofs.items()}


def _one(made: Made, last_on: date, random: np.random.Generator) -> float:
    day = last_on - timedelta(days=made.days_ago)
    now = _at(day, time(10))
    audience = audiences.save(
        name=f"演示：{made.theme}"[:80], expression=_expression(made), now=now
    ).public_id
    public_id = campaign_terms.save(
        public_id=None, audience=audience, terms=_terms(made), actor=ACTOR, now=now,
        key=(made.public_id, f"{made.public_id}:salt"),
    )  # fmt: skip
    flow.confirm(public_id, at=None, actor=ACTOR, now=now)
    flow.work(now, batches=1_000)
    row = campaigns.one(public_id)
    if not row.is_drawn:  # nobody may be written to
        return 0.0
    list_id = message_lists.make(
        channel=row.channel, source=flow.source_of(public_id), actor=ACTOR, now=now
    )
    lists.close(list_id, has_left=True, actor=ACTOR, now=now + timedelta(hours=2))
    return _answers(made, row, day, random)


def _answers(made: Made, row: CampaignRow, day: date, random: np.random.Generator) -> float:
    """Let as many people of an arm as the effect says buy who else would not have."""
    counts = campaigns.counts([row.id])[row.id]
    arm, size = (
        ("treated", counts.treated) if made.effect >= 0 else ("held_out", counts.held_out)
    )  # fmt: skip
    people = [one.customer_id for one in campaigns.people(row.id, arm=arm, limit=10**6)]
    until = day + timedelta(days=WINDOW_DAYS)
    buyers = insights.buyers_between(people, since=_at(day, time(10)), until_on=until)
    quiet = np.array(sorted(set(people) - buyers), dtype=np.int64)
    wanted = min(round(abs(made.effect) * size), len(quiet))
    chosen = random.choice(quiet, wanted, replace=False).tolist()
    sold = [_buy(row.public_id, place, pk, day, random) for place, pk in enumerate(chosen)]
    orders.settle_sold(order_ids=sold, now=_at(until, time(22)))
    programmes.settle_members(customer_ids=chosen, now=_at(until, time(22)))
    return (1 if made.effect >= 0 else -1) * wanted / size if size else 0.0


def _buy(
    public_id: str, place: int, customer_id: int, day: date, random: np.random.Generator
) -> int:
    on = day + timedelta(days=int(random.integers(1, WINDOW_DAYS)))
    sold_at = _at(on, time(int(random.integers(8, 20)), int(random.integers(60))))
    amount = max(
        _ROUND_MINOR, round(random.gamma(2, _MEAN_MINOR / 2) / _ROUND_MINOR) * _ROUND_MINOR
    )
    row = SaleRow(amount, 0, 0, Decimal(1), "", "拿铁", "")
    sale = Sale(
        "demo", f"{public_id}-{place}", staff.stores()[0].id, customer_id, "", sold_at, (row,)
    )
    return orders.sell(sale=sale, now=sold_at)


def _expression(made: Made) -> Mapping[str, Any]:
    bucket = {"field": "random_bucket", "op": "between", "value": list(made.buckets)}
    return {"v": 1, "where": {"all": [bucket]}}


def _terms(made: Made) -> Terms:
    return Terms(
        theme=made.theme, goal=made.goal, audience_id=None, audience_name="", audience_version=0,
        expression={}, channel="sms", subject="", text=made.text, window_days=WINDOW_DAYS,
        holdout_percent=30,
    )  # fmt: skip


def _at(day: date, at: time) -> datetime:
    company = staff.company()
    return datetime.combine(day, at, zone(company.zone if company else "UTC"))
