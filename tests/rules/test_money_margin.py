"""The margin of an order: sales less goods, delivery and serving, each once."""

from datetime import date

import ibis
import pyarrow as pa
import pytest

from huitou.insights import money
from huitou.insights.engine import Engine
from huitou.insights.frames import ORDERS

D = date(2026, 6, 30)


def order(number, net, cost, costed, delivery):
    facts = {
        "order_id": number, "customer_id": number, "store_id": 1, "ordered_on": date(2026, 6, 1),
        "net_minor": net, "unmatched_minor": 0, "cost_minor": cost, "costed_minor": costed,
        "tax_minor": 0, "delivery_minor": delivery, "main_category": "", "is_counted": True,
    }  # fmt: skip
    return {name: facts[name] for name in ORDERS}


def test_delivery_is_taken_off_once_whether_the_cost_of_the_goods_is_known_or_not():
    # 100.00 of goods that cost 40.00, delivered for 5.00: the cost of the order is 45.00 and its
    # margin 55.00. 10.00 without a known cost, delivered for 1.00: the goods keep 60 % like the
    # others, 6.00, less the delivery.
    rows = [order(1, 10_000, 4_500, 10_000, 500), order(2, 1_000, None, 0, 100)]
    engine = Engine(threads=1)
    orders = engine.put(
        "orders", pa.Table.from_pylist(rows, schema=ibis.schema(ORDERS).to_pyarrow())
    )
    found = money.margin(engine, orders, money.Costs(), as_of=D)
    assert found.basis.cost_coverage == pytest.approx(10 / 11)
    margins = engine.rows(found.orders.order_by("order_id").select("margin_minor"))
    assert [row["margin_minor"] for row in margins] == [5_500, 500]
