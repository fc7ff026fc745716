"""A company, people who said yes or no, and messages for them."""

from datetime import UTC, datetime

from huitou.customers import models as people
from huitou.customers import services as customers
from huitou.customers.types import Statement
from huitou.platform import models
from huitou.platform.messages import services as outbox
from huitou.platform.messages.types import Outgoing
from huitou.staff import services as staff
from huitou.staff.types import CompanyIn

NOW = datetime(2026, 6, 30, 4, 0, tzinfo=UTC)  # noon in Shanghai: not quiet
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)  # before whatever a test does at its own hour


def found_company():
    staff.set_company(
        company=CompanyIn("山野咖啡", "Asia/Shanghai", "CNY", "cafe"), actor="cli", now=NOW
    )


def person(code, *, email="", phone="", said=None):
    """A customer; ``said`` is their consent to marketing by e-mail and SMS."""
    made = people.Customer.objects.create(
        code=code,
        name=code,
        email=email if email is not None else "",
        phone=phone,
        phone_reversed="".join(filter(str.isdigit, phone))[::-1],
        created_at=NOW,
    )
    if said:
        consent(made.pk, "email", said)
        consent(made.pk, "sms", said)
    return made.pk


def consent(customer_id, channel, state, purpose="marketing"):
    customers.state_consents(
        customer_id=customer_id,
        statements=[Statement(channel, purpose, state, "test")],
        now=LONG_AGO,
    )


def outgoing(key, customer_id=None, *, address="", purpose="marketing", **more):
    fields = {"channel": "email", "source": "campaign:cmp_1", "subject": "新茶", "text": "新茶到了"}
    return Outgoing(
        purpose=purpose,
        customer_id=customer_id,
        address=address or f"{key}@example.com",
        key=key,
        **{**fields, **more},
    )


def queue(key, customer_id=None, **more):
    """Queue one message; its id."""
    now = more.pop("now", NOW)
    return outbox.queue(outgoing(key, customer_id, **more), now=now)


def subscriber(code, **more):
    """Somebody who wants marketing, with an address."""
    return person(code, email=f"{code}@example.com", said="given", **more)


def states():
    """Key, state and reason of every message, in order."""
    rows = models.Message.objects.order_by("pk").values_list("key", "state", "reason")
    return {key: (state, reason) if reason else state for key, state, reason in rows}


def one(key):
    return models.Message.objects.get(key=key)
