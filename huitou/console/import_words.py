"""The words of imports: kinds, columns, dialects, states, stages. Codes of the rooms in, a message
out.
"""

from typing import Final

from huitou.kit.text import gettext_noop as _

KINDS: Final = {
    "orders": (_("Orders"), _("One row is one line of an order")),
    "customers": (_("Customers"), _("Names, phones, birthdays, refusals")),
    "answers": (_("Answers"), _("Answers to a survey")),
}
STATES: Final = {
    "planned": (_("Checked, not imported"), "info"),
    "applying": (_("Importing"), "info"),
    "applied": (_("Imported"), "ok"),
    "refused": (_("Refused"), "warn"),
    "failed": (_("Failed"), "bad"),
    "rolled_back": (_("Rolled back"), ""),
}
STAGES: Final = {
    "waiting": _("Waiting for the worker"),
    "reading": _("Reading the file"),
    "checking": _("Checking every row"),
    "comparing": _("Comparing with what is known"),
    "planning": _("Working out what would change"),
    "writing": _("Writing"),
    "applying": _("Writing"),
    "returns": _("Matching returns with sales"),
    "figures": _("First figures"),
    "rolling_back": _("Putting everything back"),
}
PRESETS: Final = {
    "generic": _("Any table"),
    "cdnow": _("CDNOW sample"),
    "online-retail": _("UCI Online Retail"),
    "taobao": _("Taobao / Tmall (Qianniu export)"),
    "youzan": _("Youzan"),
    "shopify": _("Shopify"),
    "woocommerce": _("WooCommerce"),
    "pos": _("Till export"),
}
COLUMNS: Final = {
    "order_id": _("Order number"),
    "line_no": _("Line number"),
    "customer": _("Customer"),
    "customer_name": _("Customer name"),
    "name": _("Name"),
    "kind": _("Person or company"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "ordered_at": _("Time of order"),
    "paid_at": _("Time of payment"),
    "amount": _("Amount paid"),
    "currency": _("Currency"),
    "store": _("Store"),
    "channel": _("Channel"),
    "sku": _("Item number"),
    "product": _("Item"),
    "category": _("Category"),
    "quantity": _("Quantity"),
    "unit_price": _("Unit price"),
    "unit_cost": _("Unit cost"),
    "discount": _("Discount"),
    "delivery": _("Delivery cost"),
    "tax": _("Tax"),
    "status": _("Status"),
    "refund_of": _("Return of order"),
    "birth_date": _("Date of birth"),
    "calendar": _("Calendar of the birthday"),
    "home_store": _("Home store"),
    "source": _("Where they came from"),
    "tags": _("Tags"),
    "consent_evidence": _("Evidence of consent"),
    "consent_sms": _("Consent: text message"),
    "consent_email": _("Consent: e-mail"),
    "consent_wechat": _("Consent: WeChat"),
    "consent_phone": _("Consent: phone"),
    "consent_post": _("Consent: post"),
    "consent_app": _("Consent: app"),
    "answered_at": _("Time of answer"),
    "wave": _("Survey wave"),
    "satisfaction": _("Satisfaction"),
    "recommendation": _("Would recommend"),
    "repurchase_probability": _("Would buy again"),
    "prefers_us": _("Prefers us"),
    "resists_offers": _("Resists offers of others"),
    "reason_to_stay": _("Reason to stay"),
    "expectation": _("Expectation"),
    "perception": _("Perception"),
    "touchpoint": _("Touchpoint"),
    "comment": _("Comment"),
    "benefit_product": _("Benefit: product"),
    "benefit_service": _("Benefit: service"),
    "benefit_staff": _("Benefit: staff"),
    "benefit_image": _("Benefit: image"),
    "cost_money": _("Cost: money"),
    "cost_time": _("Cost: time"),
    "cost_effort": _("Cost: effort"),
    "cost_psychological": _("Cost: unease"),
}
DELIMITERS: Final = {
    ",": _("Comma ,"),
    ";": _("Semicolon ;"),
    "\t": _("Tab"),
    "|": _("Bar |"),
    "blanks": _("Runs of blanks"),
}
ENCODINGS: Final = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "big5", "cp1252", "latin-1")
DATE_ORDERS: Final = {
    "ymd": _("year, month, day"),
    "dmy": _("day, month, year"),
    "mdy": _("month, day, year"),
}
DECIMAL_MARKS: Final = {".": _("Point 1,234.50"), ",": _("Comma 1.234,50")}
