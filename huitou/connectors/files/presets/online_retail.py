"""UCI Online Retail: invoices of a British gift shop, in pounds.

Invoices beginning with C are returns. Those beginning with A adjust bad debt; rows of negative
quantity without C correct the stock: neither is a sale, both are ignored with the reason. Service
codes (POST, DOT, M, D, BANK CHARGES) stay lines: the customer paid them. Country is the customer's,
neither a shop nor a channel, and is left out.
"""

import pyarrow as pa

from huitou.connectors.files.arrow import Column
from huitou.connectors.files.arrow import compute as pc
from huitou.connectors.files.presets.shape import Preset


def finish(table: pa.Table) -> pa.Table:
    """Mark returns and what is no sale; write customer numbers without ``.0``."""
    order = table.column("order_id")
    returned = pc.starts_with(order, "C")
    minus = pc.starts_with(table.column("quantity"), "-")
    reason = pc.case_when(
        pc.make_struct(pc.starts_with(order, "A"), pc.and_not(minus, returned)),
        "bad_debt",
        "stock_correction",
        "",
    )
    customer = pc.replace_substring_regex(table.column("customer"), r"^(\d+)\.0$", r"\1")
    status = pc.if_else(returned, "returned", "paid")
    table = table.set_column(table.column_names.index("customer"), "customer", customer)
    table = _put(table, "status", status)
    table = _put(table, "ignored_reason", reason)
    return _put(table, "ignored", pc.not_equal(reason, ""))


def _put(table: pa.Table, name: str, column: Column) -> pa.Table:
    if name in table.column_names:
        return table.set_column(table.column_names.index(name), name, column)
    return table.append_column(name, column)


PRESET = Preset(
    name="online-retail",
    kind="orders",
    columns={
        "order_id": ("InvoiceNo", "Invoice"),
        "customer": ("CustomerID", "Customer ID"),
        "ordered_at": ("InvoiceDate",),
        "sku": ("StockCode",),
        "product": ("Description",),
        "quantity": ("Quantity",),
        "unit_price": ("UnitPrice", "Price"),
    },
    telling=("InvoiceNo", "StockCode", "InvoiceDate", "UnitPrice", "CustomerID"),
    currency="GBP",
    needs=("order_id", "quantity"),
    finish=finish,
)
