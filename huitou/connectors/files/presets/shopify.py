"""Shopify ``orders_export.csv``: a row a line item, the order's own figures on its first row only.

The customer is the e-mail address, without one the phone. Total (delivery and taxes included) is
parcelled out over the lines by price x quantity less line discount. Refunded Amount becomes a
return; a cancelled order counts nothing.
"""

import pyarrow as pa

from huitou.connectors.files.arrow import compute as pc
from huitou.connectors.files.presets.shape import Preset
from huitou.connectors.files.presets.whole_orders import with_amounts


def finish(table: pa.Table) -> pa.Table:
    """An order with a cancelling date is cancelled whatever its payment says."""
    if "_cancelled_at" in table.column_names and "status" in table.column_names:
        is_cancelled = pc.not_equal(table.column("_cancelled_at"), "")
        status = pc.if_else(is_cancelled, "cancelled", table.column("status"))
        table = table.set_column(table.column_names.index("status"), "status", status)
    return with_amounts(table)


PRESET = Preset(
    name="shopify",
    kind="orders",
    columns={
        "order_id": ("Name",),
        "customer": ("Email",),
        "_customer_else": ("Phone",),
        "customer_name": ("Billing Name", "Shipping Name"),
        "phone": ("Phone", "Billing Phone", "Shipping Phone"),
        "email": ("Email",),
        "ordered_at": ("Created at",),
        "paid_at": ("Paid at",),
        "currency": ("Currency",),
        "store": ("Location",),
        "channel": ("Source",),
        "sku": ("Lineitem sku",),
        "product": ("Lineitem name",),
        "quantity": ("Lineitem quantity",),
        "unit_price": ("Lineitem price",),
        "discount": ("Discount Amount",),
        "delivery": ("Shipping",),
        "tax": ("Taxes",),
        "status": ("Financial Status",),
        "_total_amount": ("Total",),
        "_refunded_amount": ("Refunded Amount",),
        "_line_discount_amount": ("Lineitem discount",),
        "_cancelled_at": ("Cancelled at",),
    },
    telling=("Name", "Financial Status", "Lineitem quantity", "Lineitem name", "Lineitem price"),
    status={
        "refunded": "paid",
        "partially_refunded": "paid",
        "voided": "cancelled",
        "expired": "cancelled",
        "authorized": "pending",
        "partially_paid": "pending",
    },
    whole_orders=True,
    needs=("order_id",),
    finish=finish,
)
