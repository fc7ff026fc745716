"""Words for the state of an order, in Chinese and English, as pending, paid, cancelled or
returned."""

from collections.abc import Mapping
from typing import Final

from huitou.connectors.files.arrow import Column
from huitou.connectors.files.dates import replaced
from huitou.kit.text import folded

_WORDS: Final = {
    "pending": (
        "pending", "unpaid", "on hold", "on-hold", "pending payment", "checkout-draft", "draft",
        "待付款", "未付款",
        "等待买家付款", "待支付", "未支付", "买家未付款",
    ),
    "paid": (
        "paid", "complete", "completed", "processing", "fulfilled", "shipped", "delivered",
        "success", "done",
        "closed", "sale", "交易成功", "已完成", "完成", "交易完成", "已付款", "已支付", "支付成功",
        "待发货", "已发货", "已收货", "待收货",
        "买家已付款,等待卖家发货", "买家已付款，等待卖家发货", "等待卖家发货",
        "卖家已发货,等待买家确认", "卖家已发货，等待买家确认",
        "等待买家确认收货", "销售", "正常", "收银", "待评价", "已结账", "交易结束",
    ),
    "cancelled": (
        "cancelled", "canceled", "cancel", "failed", "voided", "void", "trash", "交易关闭",
        "已关闭", "已取消", "取消", "作废",
        "已作废", "交易取消", "订单关闭", "撤单",
    ),
    "returned": (
        "returned", "return", "refunded", "refund", "credit note", "退货", "退款", "已退款",
        "已退货", "退款成功", "全额退款", "退单",
    ),
}  # fmt: skip
_STATUS: Final = {folded(word): status for status, words in _WORDS.items() for word in words}


def normalised(column: Column, own: Mapping[str, str]) -> Column:
    """Every known word as its status; "" stays empty, unknown words stay as they are.

    Args:
        column: strings, trimmed.
        own: words of one system that mean something else there, or nowhere else anything.
    """
    words = {**_STATUS, **{folded(word): status for word, status in own.items()}}

    def status(text: str) -> str:
        key = folded(text).removeprefix("wc-")
        return words.get(key, text)

    return replaced(column, "^$", status)
