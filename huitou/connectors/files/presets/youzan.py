"""Youzan (有赞) order report: one row an item, the order's figures repeated or only on its first
row."""

from huitou.connectors.files.presets.shape import Preset
from huitou.connectors.files.presets.whole_orders import with_amounts

PRESET = Preset(
    name="youzan",
    kind="orders",
    columns={
        "order_id": ("订单号",),
        "customer": ("买家手机号", "买家手机", "客户手机号", "买家昵称", "买家姓名"),
        "_customer_else": ("买家昵称",),
        "customer_name": ("买家姓名", "收货人/提货人", "收货人"),
        "phone": ("收货人手机号/提货人手机号", "收货人手机号", "收货人电话"),
        "ordered_at": ("订单创建时间", "下单时间"),
        "paid_at": ("买家付款时间", "付款时间"),
        "store": ("归属店铺", "店铺名称", "下单网点"),
        "channel": ("订单来源",),
        "sku": ("规格编码", "商品编码"),
        "product": ("商品名称", "全部商品名称"),
        "category": ("商品类目", "商品分组"),
        "quantity": ("商品数量",),
        "unit_price": ("商品单价",),
        "delivery": ("运费",),
        "status": ("订单状态",),
        "_line_amount": ("商品优惠后价格小计", "商品实际成交金额"),
        "_total_amount": ("订单实付金额", "实付金额", "应收订单金额"),
        "_refunded_amount": ("订单已退款金额", "已退款金额"),
    },
    telling=("订单号", "订单状态", "订单实付金额", "商品名称", "买家付款时间"),
    currency="CNY",
    whole_orders=True,
    needs=("order_id",),
    finish=with_amounts,
)
