"""The canonical columns of every kind of file and the names they go by, in Chinese and English."""

from typing import Final

from huitou.kit.text import folded

REQUIRED: Final = {
    "orders": ("customer", "ordered_at"),
    "customers": ("customer",),
    "answers": ("customer", "answered_at"),
}
# One of these must be there: an order without money is not one.
MONEY: Final = ("amount", "unit_price")

_BENEFITS = ("benefit_product", "benefit_service", "benefit_staff", "benefit_image")
_COSTS = ("cost_money", "cost_time", "cost_effort", "cost_psychological")
_CHANNELS = ("sms", "email", "wechat", "phone", "post", "app")

DATES: Final = frozenset({"ordered_at", "paid_at", "answered_at", "birth_date"})
MONEYS: Final = frozenset({"amount", "unit_price", "unit_cost", "discount", "delivery", "tax"})
DECIMALS: Final = MONEYS | {"quantity"}
CODES: Final = frozenset({"order_id", "customer", "phone", "sku", "refund_of"})

ORDERS: Final[dict[str, tuple[str, ...]]] = {
    "order_id": (
        "订单编号", "订单号", "订单id", "交易号", "交易单号", "单号", "小票号", "流水号",
        "销售单号", "单据编号",
        "order", "order id", "order no", "order number", "invoice", "invoice no", "invoice number",
        "invoiceno", "receipt", "receipt no", "transaction id", "ticket",
    ),
    "line_no": ("行号", "序号", "明细序号", "line", "line no", "line number", "row"),
    "customer": (
        "客户", "顾客", "客户编号", "顾客编号", "客户id", "顾客id", "会员", "会员号", "会员卡号",
        "会员编号", "会员id",
        "用户id", "用户编号", "买家", "买家会员名", "买家昵称", "客户代码", "customer",
        "customer id", "customer no",
        "customer number", "customer code", "client", "client id", "member", "member id",
        "member no",
        "user", "user id", "buyer", "customerid", "cust id", "account",
    ),
    "customer_name": (
        "客户姓名", "顾客姓名", "会员姓名", "姓名", "客户名称", "顾客名称", "收货人姓名", "收货人",
        "customer name", "name",
        "full name", "buyer name", "client name",
    ),
    "phone": (
        "手机", "手机号", "手机号码", "联系手机", "联系电话", "电话", "会员手机", "会员手机号",
        "phone", "mobile",
        "phone number", "telephone", "mobile phone", "tel",
    ),
    "email": ("邮箱", "电子邮箱", "电子邮件", "email", "e mail", "email address", "mail"),
    "ordered_at": (
        "下单时间", "下单日期", "订单创建时间", "订单时间", "订单日期", "消费时间", "消费日期",
        "交易时间", "交易日期",
        "销售时间", "销售日期", "购买日期", "购买时间", "日期", "时间", "创建时间", "ordered at",
        "order date", "date",
        "ordered on", "order time", "created at", "invoice date", "invoicedate", "purchase date",
        "transaction date", "sale date", "datetime", "timestamp",
    ),
    "paid_at": (
        "付款时间", "支付时间", "订单付款时间", "付款日期", "paid at", "payment date", "date paid",
    ),
    "amount": (
        "实付金额", "实付", "实收金额", "实收", "金额", "支付金额", "成交金额", "消费金额",
        "销售额", "小计", "行金额",
        "买家实际支付金额", "amount", "paid amount", "line total", "total", "net amount", "sales",
        "revenue",
        "amount paid", "dollars", "dollar value", "value", "spend",
    ),
    "currency": ("币种", "货币", "货币代码", "currency", "currency code"),
    "store": (
        "门店", "店铺", "门店名称", "店铺名称", "门店编号", "分店", "网点", "store", "shop",
        "store id", "store name",
        "store code", "branch", "outlet", "location",
    ),
    "channel": ("渠道", "销售渠道", "订单来源", "来源渠道", "channel", "sales channel"),
    "sku": (
        "商品编码", "商品编号", "商家编码", "货号", "条码", "商品条码", "sku编码", "sku",
        "stock code", "stockcode",
        "product id", "product code", "item code", "barcode", "item id",
    ),
    "product": (
        "商品", "商品名称", "品名", "产品", "产品名称", "宝贝标题", "标题", "product",
        "product name", "item",
        "item name", "description", "title",
    ),
    "category": (
        "品类", "类别", "分类", "商品分类", "商品类别", "category", "product category",
        "department",
    ),
    "quantity": (
        "数量", "购买数量", "件数", "商品数量", "销售数量", "quantity", "qty", "units",
        "number of cds", "pieces",
    ),
    "unit_price": (
        "单价", "价格", "售价", "销售单价", "商品单价", "unit price", "unitprice", "price",
    ),
    "unit_cost": (
        "成本", "单位成本", "成本价", "进价", "成本单价", "unit cost", "cost", "cost price",
    ),
    "discount": ("优惠", "折扣", "优惠金额", "折扣金额", "discount", "discount amount"),
    "delivery": (
        "运费", "邮费", "配送费", "delivery", "shipping", "delivery fee", "shipping fee", "freight",
    ),
    "tax": ("税", "税额", "税费", "tax", "tax amount", "vat"),
    "status": ("状态", "订单状态", "交易状态", "status", "order status", "state", "payment status"),
    "refund_of": (
        "原订单号", "退货原单号", "原单号", "refund of", "returned order", "original order",
    ),
}  # fmt: skip

CUSTOMERS: Final[dict[str, tuple[str, ...]]] = {
    "customer": ORDERS["customer"],
    "name": ORDERS["customer_name"],
    "kind": ("类型", "客户类型", "顾客类型", "kind", "type", "customer type"),
    "phone": ORDERS["phone"],
    "email": ORDERS["email"],
    "birth_date": (
        "生日",
        "出生日期",
        "birth date",
        "birthday",
        "date of birth",
        "dob",
        "birthdate",
    ),
    "calendar": ("历法", "生日历法", "calendar"),
    "home_store": ("归属门店", "所属门店", "开卡门店", "常去门店", "门店", "home store", "store"),
    "source": ("来源", "获客来源", "客户来源", "source", "acquired from", "acquisition source"),
    "tags": ("标签", "tags", "tag", "labels"),
    "consent_evidence": ("同意凭据", "同意依据", "consent evidence"),
    **{
        f"consent_{code}": (f"{word}同意", f"同意{word}", f"consent {code}")
        for code, word in zip(
            _CHANNELS, ("短信", "邮件", "微信", "电话", "邮寄", "应用推送"), strict=True
        )
    },
}

ANSWERS: Final[dict[str, tuple[str, ...]]] = {
    "customer": ORDERS["customer"],
    "answered_at": (
        "回答时间", "答题时间", "填写时间", "提交时间", "提交答卷时间", "调查日期", "日期", "时间",
        "answered at",
        "submitted at", "date", "response date", "timestamp", "answered on",
    ),
    "wave": ("期次", "调查期", "批次", "波次", "wave", "survey", "round"),
    "satisfaction": (
        "满意度", "整体满意度", "总体满意度", "satisfaction", "overall satisfaction", "csat",
    ),
    "recommendation": (
        "推荐", "推荐可能性", "推荐意愿", "推荐度", "recommendation", "recommend",
        "would recommend", "nps",
    ),
    "repurchase_probability": (
        "再次购买可能性", "重复购买可能性", "重购可能性", "再购可能性", "复购意愿", "再次购买概率",
        "repurchase probability", "repurchase", "would buy again",
    ),
    "prefers_us": ("首选我们", "偏爱我们", "是否首选", "prefers us", "preferred"),
    "resists_offers": ("不为竞品优惠所动", "拒绝竞品优惠", "抵制优惠", "resists offers"),
    "reason_to_stay": ("留下的原因", "继续购买的原因", "留存原因", "reason to stay"),
    "expectation": ("期望", "期望值", "expectation", "expected"),
    "perception": ("感知", "感知值", "实际感受", "perception", "perceived"),
    "touchpoint": ("接触点", "触点", "环节", "touchpoint", "touch point"),
    "comment": ("评论", "意见", "建议", "留言", "comment", "comments", "feedback", "remarks"),
    **{
        code: (word, code.replace("_", " "))
        for code, word in zip(
            (*_BENEFITS, *_COSTS),
            (
                "产品价值", "服务价值", "人员价值", "形象价值", "货币成本", "时间成本", "体力成本",
                "精神成本",
            ),
            strict=True,
        )
    },
}  # fmt: skip

FIELDS: Final = {"orders": ORDERS, "customers": CUSTOMERS, "answers": ANSWERS}


def key(name: str) -> str:
    """A column name made comparable: folded, without punctuation between words and units in
    brackets."""
    plain = folded(name).split("(")[0].strip() or folded(name)
    return " ".join(plain.replace("_", " ").replace("-", " ").replace(".", " ").split())


def names(kind: str, field: str) -> tuple[str, ...]:
    """Comparable names of ``field``: its own first, then its synonyms from likely to unlikely."""
    own = key(field)
    return (own, *(key(name) for name in FIELDS[kind][field] if key(name) != own))


def known_names(kind: str) -> frozenset[str]:
    """Every comparable name any field of this kind goes by."""
    return frozenset(name for field in FIELDS[kind] for name in names(kind, field))
