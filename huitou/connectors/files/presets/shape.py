"""What a preset is: the columns of one system's export and how its rows become order lines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from huitou.connectors.files.types import Dialect


@dataclass(frozen=True, kw_only=True)
class Preset:
    """One system's export.

    ``columns`` canonical column -> the names it has there, likeliest first; names beginning with
    ``_`` are columns only ``finish`` sees (``_..._amount`` are read as numbers, ``_..._at`` as
    dates). ``telling`` are the header names that together say which system wrote the file.
    ``status`` adds to, and overrides, the common status words. ``whole_orders``: ``finish`` gets
    all rows of an order in one table. ``needs`` are canonical columns ``finish`` cannot do without.
    ``_customer_else`` stands in, row by row, where the customer is empty.
    """

    name: str
    kind: str
    columns: Mapping[str, tuple[str, ...]]
    telling: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    currency: str | None = None
    status: Mapping[str, str] = field(default_factory=dict)
    whole_orders: bool = False
    needs: tuple[str, ...] = ()
    dialect: Dialect = field(default_factory=Dialect)
    finish: Callable[[pa.Table], pa.Table] | None = None
