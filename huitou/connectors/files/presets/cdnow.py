"""CDNOW_master.txt: customer, day, number of CDs and dollars between blanks; with or without a
header."""

from huitou.connectors.files.presets.shape import Preset
from huitou.connectors.files.types import Dialect

PRESET = Preset(
    name="cdnow",
    kind="orders",
    columns={
        "customer": ("customer_id", "id", "customer"),
        "ordered_at": ("date",),
        "quantity": ("number_of_cds", "cds", "quantity"),
        "amount": ("dollar_value", "dollars", "spend"),
    },
    telling=("customer_id", "date", "number_of_cds", "dollar_value"),
    positions=("customer", "ordered_at", "quantity", "amount"),
    currency="USD",
    dialect=Dialect(delimiter="blanks", date_order="ymd", decimal_mark="."),
)
