"""WooCommerce order exports with one row a line item, in the column names of the two usual export
extensions.

The order's total (delivery and taxes included) is parcelled out over the lines; what was refunded
becomes a return.
"""

from huitou.connectors.files.presets.shape import Preset
from huitou.connectors.files.presets.whole_orders import with_amounts

PRESET = Preset(
    name="woocommerce",
    kind="orders",
    columns={
        "order_id": ("order_id", "Order ID", "order_number", "Order Number"),
        "customer": ("billing_email", "Email (Billing)", "customer_email", "customer_id"),
        "_customer_else": ("billing_phone", "Phone (Billing)"),
        "customer_name": ("billing_full_name", "billing_first_name", "First Name (Billing)"),
        "phone": ("billing_phone", "Phone (Billing)"),
        "email": ("billing_email", "Email (Billing)", "customer_email"),
        "ordered_at": ("date", "order_date", "Order Date"),
        "paid_at": ("paid_date", "Paid Date"),
        "currency": ("order_currency", "Order Currency"),
        "sku": ("item_sku", "SKU"),
        "product": ("item_name", "Item Name"),
        "quantity": ("item_quantity", "Quantity (- Refund)", "Quantity"),
        "discount": ("discount_total", "Cart Discount Amount"),
        "delivery": ("shipping_total", "Order Shipping Amount"),
        "tax": ("tax_total", "Order Total Tax Amount"),
        "status": ("status", "Order Status"),
        "_line_amount": ("item_total", "Order Line Total", "Item Total"),
        "_total_amount": ("order_total", "Order Total Amount"),
        "_refunded_amount": ("refunded_total", "Order Refund Amount"),
    },
    telling=("order_id", "order_total", "item_name", "item_quantity", "order_currency"),
    status={"refunded": "paid"},
    whole_orders=True,
    needs=("order_id",),
    finish=with_amounts,
)
