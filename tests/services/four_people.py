"""Four people of whom different things are known, for audiences to choose among."""

from datetime import UTC, date, datetime, timedelta

from django.db import connection

from huitou.audiences import models, queries
from huitou.customers.models import Consent, Customer, Identity
from huitou.orders.models import Order
from huitou.staff.models import Store
from huitou.voice.models import Answer

TODAY = date(2026, 6, 30)
NOW = datetime(2026, 6, 30, 4, tzinfo=UTC)
AT = {"today": TODAY, "now": NOW}
EVERYBODY = {"v": 1, "where": {"all": []}}


def leaf(field, op, value):
    return {"field": field, "op": op, "value": value}


def condition(*nodes):
    return {"v": 1, "where": {"all": list(nodes)}}


def expression(*nodes):
    return queries.read(condition(*nodes))


def codes(*nodes, sight=None):
    ids = queries.members(expression(*nodes), **AT, sight=sight).tolist()
    return sorted(Customer.objects.filter(pk__in=ids).values_list("code", flat=True))


def count_of_orders(op, value, window="ever", where=()):
    return {
        "agg": "count", "of": "orders", "window": window, "where": list(where), "op": op,
        "value": value,
    }  # fmt: skip


def two_stores():
    """North and south."""
    made = [Store(code=code, name=code, zone="Asia/Shanghai", created_at=NOW) for code in "NS"]
    return Store.objects.bulk_create(made)


def four_people(stores):
    """A: buys often and agreed to messages. B: bought once long ago and withdrew. C: never bought,
    never asked, no address. D: no longer wants messages, nothing else is known."""
    a, b, c, d = Customer.objects.bulk_create(
        [
            Customer(
                code="A", name="安", name_folded="安", phone="+8613800000001", email="a@example.cn",
                home_store=stores[0], tags=["VIP", "friend"], birth_date=date(1990, 7, 3),
                created_at=NOW,
            ),
            Customer(code="B", name="柏", phone="+8613800000002", home_store=stores[1],
                     created_at=NOW),
            Customer(code="C", created_at=NOW),
            Customer(code="D", phone="+86138****0004", phone_is_masked=True, email="d@example.cn",
                     created_at=NOW),
        ]
    )  # fmt: skip
    Identity.objects.create(source="wechat", value="o-1", customer=a)
    for customer, channel, state, hours in (
        (a, "sms", "refused", 30),
        (a, "sms", "given", 20),
        (b, "sms", "given", 30),
        (b, "sms", "withdrawn", 20),
        (d, "email", "refused", 5),
    ):
        Consent.objects.create(
            customer=customer, channel=channel, purpose="marketing", state=state,
            stated_at=NOW - timedelta(hours=hours),
        )  # fmt: skip
    for customer, days, net, category in (
        (a, 0, 3000, "beans"),
        (a, 29, 2000, "coffee"),
        (a, 30, 1000, "coffee"),
        (a, 200, 500, "coffee"),
        (b, 200, 800, "beans"),
    ):
        _order(customer, stores[0], days, net, category)
    for customer, days, satisfaction in ((a, 9, "dissatisfied"), (a, 3, "satisfied")):
        Answer.objects.create(
            customer=customer, answered_at=NOW - timedelta(days=days), satisfaction=satisfaction,
            answered_on=TODAY - timedelta(days=days),
        )  # fmt: skip
    models.Person.objects.bulk_create(
        [
            models.Person(customer_id=a.pk, first_ordered_on=TODAY - timedelta(200),
                          last_ordered_on=TODAY, purchases=4, net_minor=6500),
            models.Person(customer_id=b.pk, first_ordered_on=TODAY - timedelta(200),
                          last_ordered_on=TODAY - timedelta(200), purchases=1, net_minor=800),
        ]
    )  # fmt: skip
    _stand(a, "active", risk=0.12, rfm="555")
    _stand(b, "low_win_back", risk=0.8, rfm="211")
    models.StandingSlot.objects.create(slot=1, run_id=1, put_at=NOW)
    models.StorePerson.objects.create(
        customer_id=a.pk, store_id=stores[0].pk, last_ordered_on=TODAY
    )
    return {"A": a, "B": b, "C": c, "D": d}


def _order(customer, store, days, net, category):
    day = TODAY - timedelta(days=days)
    Order.objects.create(
        source="pos", number=f"{customer.code}-{days}", customer=customer, store=store,
        status="paid", ordered_on=day, ordered_at=NOW - timedelta(days=days), total_minor=net,
        main_category=category, is_counted=True, digest=b"", import_id=1, created_import_id=1,
    )  # fmt: skip


def _stand(customer, layer, *, risk, rfm):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audiences_standing (slot, customer_id, layer, stage, health, purchases,"
            " net_minor, net_360_minor, rfm, band, risk, loyalty_level, grid_cell, mark)"
            " VALUES (1, %s, %s, 'repeat_purchase', 'active', 1, 1, 1, %s, '', %s, '', '', '')",
            [customer.pk, layer, rfm, risk],
        )
