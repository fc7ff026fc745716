"""A member nobody else is called like goes through the portal and the till; no log line, fact or
line of the audit says anything of them."""

import json
import re

import pytest
from django.test import Client

from huitou.customers import queries as customers
from huitou.platform.logs import JsonLines
from huitou.platform.models import AuditEntry, Fact, Message, Progress
from tests.doors.member_shop import start_programme
from tests.doors.test_canary_of_logs import EMAIL, NAME, PHONE, TELLING, records

pytestmark = pytest.mark.django_db
__all__ = ["records"]


def joins(browser: Client) -> int:
    browser.post("/m/sign-in", {"email": EMAIL})
    code = re.search(r"\d{6}", Message.objects.latest("id").subject)
    assert code
    browser.post("/m/code", {"code": "000000" if code.group() != "000000" else "111111"})
    browser.post("/m/code", {"code": code.group()})
    said = {"name": NAME, "phone": PHONE, "has_agreed": "on", "marketing_sms": "on"}
    assert browser.post("/m/join", said).status_code == 302
    (customer_id,) = customers.by_email(EMAIL)
    return customer_id


def test_no_line_says_anything_of_a_member(signed_in, records):
    start_programme()
    browser, till = Client(headers={"Accept-Language": "en"}), signed_in("cashier", language="en")
    customer_id = joins(browser)
    for wish in (NAME, PHONE, EMAIL, PHONE[-4:]):
        assert till.get("/till", {"q": wish}).status_code == 200
        till.get(f"/till/nowhere/{wish}")
        browser.get(f"/m/nowhere/{wish}")
    sale = f"/till/sale?customer={customer_id}"
    joined = till.post(
        "/till/join",
        {
            "name": NAME,
            "phone": PHONE,
            "email": EMAIL,
            "has_agreed": "on",
            "is_another": "on",
            "key": "e" * 32,
        },
    )
    assert joined.status_code == 302
    till.post(sale, {"amount": NAME, "coupon": EMAIL})
    for page in ("", "points", "card", "orders", "me", "privacy", "privacy/data", "cases"):
        assert browser.get(f"/m/{page}").status_code == 200, page
    browser.post("/m/about", {"name": NAME + " II", "phone": PHONE})
    browser.post("/m/privacy", {"marketing_email": "on"})
    browser.post("/m/privacy/forget")
    lines = "\n".join(map(JsonLines().format, records))
    kept = [list(model.objects.values()) for model in (Fact, AuditEntry, Progress)]
    said = lines + json.dumps(kept, ensure_ascii=False, default=str)
    assert "customers.welcomed" in lines
    assert [word for word in TELLING if word in said.casefold()] == []
