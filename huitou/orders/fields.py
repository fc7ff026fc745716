"""What conditions on people may ask about what they bought."""

from typing import Final

from huitou.kit.conditions.types import Collection, Field, Kind, PersonCollection
from huitou.kit.text import gettext_noop as _

ORDERS: Final = _("Orders in a span of time")
PRODUCTS: Final = _("Products bought")

_ORDERS: Final = Collection(
    "orders",
    _("orders"),
    (
        Field("net", Kind.MONEY, _("net amount of the order"), unit="money"),
        Field("ordered_on", Kind.DATE, _("day of the order")),
        Field("store", Kind.CHOICE, _("store of the order")),
        Field("channel", Kind.CHOICE, _("channel of the order")),
        Field("category", Kind.CHOICE, _("main category of the order")),
        Field("discount", Kind.MONEY, _("discount of the order"), unit="money"),
    ),
    group=ORDERS,
)
_LINES: Final = Collection(
    "order_lines",
    _("lines of orders"),
    (
        Field("sku", Kind.CHOICE, _("product code")),
        Field("category", Kind.CHOICE, _("category of the product")),
        Field("quantity", Kind.NUMBER, _("quantity")),
        Field("amount", Kind.MONEY, _("amount of the line"), unit="money"),
        Field("store", Kind.CHOICE, _("store of the order")),
        Field("ordered_on", Kind.DATE, _("day of the order")),
    ),
    group=PRODUCTS,
)
COLLECTIONS: Final = (
    PersonCollection(
        _ORDERS,
        "orders_v_net",
        key="order_id",
        at="ordered_at",
        on="ordered_on",
        where="is_counted",
        columns={
            "net": "net_minor",
            "store": "CAST(store_id AS TEXT)",
            "channel": "NULLIF(channel, '')",
            "category": "NULLIF(main_category, '')",
            "discount": "discount_minor",
        },
    ),
    # Rows that were sold and not given back whole; the position tells rows of one order apart.
    PersonCollection(
        _LINES,
        "(SELECT l.order_id * 100000 + l.position AS line_id, o.customer_id, o.ordered_at,"
        " o.ordered_on, o.store_id, l.sku, l.category, l.quantity, l.amount_minor"
        " FROM orders_v_line AS l JOIN orders_v_net AS o ON o.order_id = l.order_id"
        " WHERE o.is_counted AND l.quantity > 0 AND NOT l.is_returned)",
        key="line_id",
        at="ordered_at",
        on="ordered_on",
        columns={
            "category": "NULLIF(category, '')",
            "amount": "amount_minor",
            "store": "CAST(store_id AS TEXT)",
        },
    ),
)
