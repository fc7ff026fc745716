"""A till's sales lines (收银流水): a row a line, returns as rows of the type 退货, sums at the
bottom left out."""

import pyarrow as pa

from huitou.connectors.files.arrow import compute as pc
from huitou.connectors.files.presets.shape import Preset


def finish(table: pa.Table) -> pa.Table:
    """Leave out the rows of sums."""
    is_sum = pc.match_substring_regex(table.column("order_id"), "^(合计|总计|小计|共计)")
    reason = pc.if_else(is_sum, "summary_row", "")
    names = table.column_names
    table = table.set_column(names.index("ignored_reason"), "ignored_reason", reason)
    problem = pc.if_else(is_sum, "", table.column("problem"))
    table = table.set_column(names.index("problem"), "problem", problem)
    return table.set_column(names.index("ignored"), "ignored", is_sum)


PRESET = Preset(
    name="pos",
    kind="orders",
    columns={
        "order_id": ("小票号", "流水号", "销售单号"),
        "line_no": ("行号", "序号"),
        "customer": ("会员卡号", "会员号", "会员手机", "会员手机号"),
        "customer_name": ("会员姓名",),
        "phone": ("会员手机", "会员手机号"),
        "ordered_at": ("交易时间", "销售时间", "交易日期", "销售日期"),
        "store": ("门店", "门店编号", "门店名称"),
        "sku": ("商品编码", "商品条码", "货号"),
        "product": ("商品名称", "品名"),
        "category": ("类别", "品类", "商品分类"),
        "quantity": ("数量", "销售数量"),
        "unit_price": ("单价", "零售价", "售价"),
        "unit_cost": ("成本价", "进价", "成本单价"),
        "discount": ("优惠金额", "折扣金额", "优惠"),
        "amount": ("实收金额", "实收", "实付金额"),
        "status": ("交易类型", "销售类型", "类型"),
        "refund_of": ("原小票号", "原单号"),
    },
    telling=("小票号", "交易时间", "会员卡号", "商品名称", "实收金额"),
    currency="CNY",
    needs=("order_id",),
    finish=finish,
)
