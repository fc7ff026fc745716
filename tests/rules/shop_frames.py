"""Frames of a made-up shop: purchases and answers in, frames and scores out."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import numpy as np
import pyarrow as pa

from huitou.insights import frames as shapes
from huitou.insights.engine import Engine
from huitou.insights.frames import Frames, ModelInForce, MoneyBasis, RunContext, Scores
from huitou.insights.kernels.newton import Fit
from huitou.kit.money import Currency

D = date(2026, 6, 30)
EPOCH = date(1970, 1, 1)
NAN = float("nan")

# (customer, day, net_minor); two entries of one day are two orders of one purchase.
Purchase = tuple[int, str, int]

MBG = Fit(
    name="mbgnbd",
    parameters={"r": 0.52484316, "alpha": 6.18308528, "a": 0.89135939, "b": 1.61400224},
    standard_errors={},
    covariance=np.diag([1e-4, 1e-2, 1e-3, 1e-2]),
    log_likelihood=0.0,
    converged=True,
    evaluations=1,
    gradient_norm=0.0,
    n=100,
)
MONEY = Fit(
    name="gamma_gamma",
    parameters={"p": 6.24880249, "q": 3.74458845, "v": 15.44774802},
    standard_errors={},
    covariance=np.diag([1e-2, 1e-3, 1e-1]),
    log_likelihood=0.0,
    converged=True,
    evaluations=1,
    gradient_norm=0.0,
    n=100,
)


def context(**other: Any) -> RunContext:
    facts: dict[str, Any] = {
        "as_of": D,
        "as_of_reason": "given",
        "zone": ZoneInfo("Asia/Shanghai"),
        "currency": Currency("CNY"),
        "windows": (45, 90, 180, 360),
        "horizon_days": 90,
        "horizon_reason": "given",
        "value_days": 1095,
        "median_gap_days": 30.0,
        "gap_customers": 200,
        "industry": "cafe",
        "is_one_off": False,
        "money": MoneyBasis("sales", 0.0, 0.0, None),
        **other,
    }
    return RunContext(**facts)


def frames_of(
    purchases: Iterable[Purchase],
    answers: Sequence[dict[str, Any]] = (),
    *,
    run: RunContext | None = None,
    model: ModelInForce | None = None,
) -> Frames:
    """The tables of a shop with one store, id 1, that never closes."""
    by_day: dict[tuple[int, date], list[int]] = {}
    for customer, day, net_minor in purchases:
        by_day.setdefault((customer, date.fromisoformat(day)), []).append(net_minor)
    days: list[dict[str, Any]] = []
    for (customer, day), nets in sorted(by_day.items()):
        before = days[-1] if days and days[-1]["customer_id"] == customer else None
        days.append(
            _row(
                shapes.DAYS,
                customer_id=customer,
                day=day,
                open_day=(day - EPOCH).days,
                number=before["number"] + 1 if before else 1,
                gap_days=(day - before["day"]).days if before else None,
                store_id=1,
                orders=len(nets),
                net_minor=sum(nets),
            )
        )
    people = [_person(c, days) for c in sorted({row["customer_id"] for row in days})]
    said = [
        _row(shapes.ANSWERS, **{"satisfaction": "", "recommendation": "", "touchpoint": "", **row})
        for row in answers
    ]
    engine = Engine(threads=1)
    tables = {
        name: engine.put(name, _table(shape, rows))
        for name, shape, rows in (
            ("orders", shapes.ORDERS, []),
            ("everyone", shapes.EVERYONE, []),
            ("answers", shapes.ANSWERS, said),
            ("days", shapes.DAYS, days),
            ("people", shapes.PEOPLE, people),
        )
    }
    return Frames(engine, run or context(), **tables, model=model)


def scores_of(frames: Frames, **columns: Any) -> Scores:
    """The scores every measure finds, with the given columns in place of unknown ones."""
    size = frames.size
    numbers = (
        "p_alive", "p_repeat", "expected_purchases", "expected_spend", "risk", "p_repeat_365",
        "expected_purchases_365", "expected_margin_365", "lifetime_value", "value_at_risk",
        "probably_lost",
    )  # fmt: skip
    found: Scores = {"customer_id": frames.column("customer_id")}
    found |= {name: np.full(size, NAN) for name in numbers}
    found |= {name: np.full(size, "", dtype=object) for name in ("health", "mark", "stage")}
    found["layer"] = np.full(size, "active", dtype=object)
    found["margin_share"] = np.ones(size)
    found["risk_days"] = np.full(size, 90, dtype=np.int32)
    return found | columns


def in_force() -> ModelInForce:
    return ModelInForce("mbgnbd", MBG, MONEY, "default")


def _row(shape: dict[str, str], **facts: Any) -> dict[str, Any]:
    return {name: facts.get(name) for name in shape}


def _table(shape: dict[str, str], rows: Sequence[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=ibis.schema(shape).to_pyarrow())


def _person(customer: int, days: Sequence[dict[str, Any]]) -> dict[str, Any]:
    mine = [row for row in days if row["customer_id"] == customer]
    first, last = mine[0]["day"], mine[-1]["day"]
    x, net = len(mine) - 1, sum(row["net_minor"] for row in mine)
    age = {row["day"]: (D - row["day"]).days for row in mine}
    year = [row for row in mine if age[row["day"]] < 365]
    return _row(
        shapes.PEOPLE,
        customer_id=customer,
        store_id=1,
        first_on=first,
        last_on=last,
        first_day=(first - EPOCH).days,
        last_day=(last - EPOCH).days,
        today_day=(D - EPOCH).days,
        purchases=len(mine),
        x=x,
        t_x_days=(last - first).days,
        T_days=(D - first).days,
        dormancy_days=(D - last).days,
        first_minor=mine[0]["net_minor"],
        day_net_minor=net,
        net_total_minor=net,
        money_minor=(net - mine[0]["net_minor"]) / x if x else None,
        recent=sum(each < 45 for each in age.values()),
        earlier=sum(each >= 45 for each in age.values()),
        days_365=len(year),
        net_360_minor=sum(row["net_minor"] for row in mine if age[row["day"]] < 360),
        net_365_minor=sum(row["net_minor"] for row in year),
        second_on=mine[1]["day"] if x else None,
        first_gap_days=(mine[1]["day"] - first).days if x else None,
        first_category="coffee",
    )
