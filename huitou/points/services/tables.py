"""Post a table of awards: an import's orders, set-based."""

from datetime import datetime

import pyarrow as pa

from huitou.points.types import BatchPosted


def post_awards(programme_id: int, awards: pa.Table, *, now: datetime) -> BatchPosted:
    """Post every row of ``awards`` in order; the same rows as posting them one by one.

    Columns: source, external_id (text), leg (int, optional: 1), customer_id (int), unit (text),
    points (int > 0), occurred_at (timestamp with zone), effective_on, expires_on (date; null =
    never), rule_version (int), why (text holding a JSON object, optional).

    One fact covers all. A row whose key happened with another request is refused; the others stay.
    """
    raise NotImplementedError
