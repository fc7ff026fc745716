"""Taobao and Tmall, order report of the seller's desk (千牛 订单导出): one row an order, GB18030,
masked phones.

Masked phones are passed on
masked. An order with 退款金额 gets a return of that amount.
"""

import pyarrow as pa

from huitou.connectors.files.arrow import compute as pc
from huitou.connectors.files.presets.shape import Preset
from huitou.connectors.files.presets.whole_orders import with_amounts


def finish(table: pa.Table) -> pa.Table:
    """Who bought: the nick name; where it is empty or masked the OAID, without one nobody we know.

    A masked nick name is shared by many people and would make them one.
    """
    nick = table.column("customer")
    unknown = pc.or_(pc.equal(nick, ""), pc.match_substring(nick, "*"))
    instead = table.column("_oaid") if "_oaid" in table.column_names else ""
    customer = pc.if_else(unknown, instead, nick)
    table = table.set_column(table.column_names.index("customer"), "customer", customer)
    return with_amounts(table)


PRESET = Preset(
    name="taobao",
    kind="orders",
    columns={
        "order_id": ("订单编号", "主订单编号"),
        "customer": ("买家会员名", "买家昵称", "OAID", "买家OAID"),
        "_oaid": ("OAID", "买家OAID"),
        "customer_name": ("收货人姓名",),
        "phone": ("联系手机", "联系电话"),
        "ordered_at": ("订单创建时间",),
        "paid_at": ("订单付款时间", "订单付款时间 "),
        "store": ("店铺名称",),
        "product": ("宝贝标题", "商品标题"),
        "quantity": ("宝贝总数量", "购买数量"),
        "delivery": ("买家应付邮费",),
        "status": ("订单状态", "交易状态"),
        "_total_amount": ("买家实际支付金额", "买家实付金额", "总金额"),
        "_refunded_amount": ("退款金额",),
    },
    telling=("订单编号", "买家实际支付金额", "订单状态", "订单创建时间", "宝贝标题"),
    currency="CNY",
    status={
        "退款中的订单": "paid",
        "付款以后用户退款成功,交易自动关闭": "cancelled",
        "交易关闭": "cancelled",
        "卖家部分发货": "paid",
    },
    whole_orders=True,
    needs=("order_id",),
    finish=finish,
)
