"""After the till sold: what the rooms below the order are told of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huitou.orders import services as orders


def settle_sold(fact_id: int, payload: Mapping[str, Any], now: datetime) -> None:
    """Tell the figures of the order's customer and month; while an import is being written it is
    tried again later, so that nothing else waits."""
    del fact_id
    orders.settle_sold(order_ids=[int(payload["order_id"])], now=now)
