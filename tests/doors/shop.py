"""A small measured shop for the doors: two stores, twelve customers, a report, and staff of several
roles."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client

from huitou.audiences import ladders
from huitou.audiences.models import Person, StandingSlot, StorePerson
from huitou.customers.models import Consent, Customer
from huitou.insights.models import Change, Reason, Run
from huitou.orders.models import Order
from huitou.staff.models import Company, Store, User
from huitou.voice.models import Answer

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
TODAY = date(2026, 6, 30)
REPORT = Path(__file__).parent / "data" / "report.json"
NAMES = [
    ("苏以宁", "suyining", "syn"),
    ("顾长风", "guchangfeng", "gcf"),
    ("何秋白", "heqiubai", "hqb"),
    ("沈知微", "shenzhiwei", "szw"),
    ("叶南枝", "yenanzhi", "ynz"),
    ("程念安", "chengnianan", "cna"),
    ("秦朗", "qinlang", "ql"),
    ("赵一帆", "zhaoyifan", "zyf"),
    ("梁思齐", "liangsiqi", "lsq"),
    ("方晓棠", "fangxiaotang", "fxt"),
    ("Ann-Kathrin O'Neill-Fitzgerald", "annkathrinoneillfitzgerald", "ako"),
    ("", "", ""),
]
LAYERS = ["active", "cooling", "high_win_back", "low_win_back"]
DAYS_AWAY = [12, 61, 96, 211]


@dataclass
class Shop:
    """What the tests speak of."""

    customers: list[Customer]
    stores: list[Store]
    run: Run | None


def report() -> dict[str, Any]:
    """The report of a finished measurement, as the screens get it."""
    found: dict[str, Any] = json.loads(REPORT.read_text(encoding="utf-8"))
    return found


def company_with_stores() -> list[Store]:
    """The company and two stores."""
    Company.objects.create(
        name="山野咖啡", zone="Asia/Shanghai", currency="CNY", industry="cafe", created_at=NOW
    )
    return Store.objects.bulk_create(
        Store(code=code, name=name, zone="Asia/Shanghai", created_at=NOW)
        for code, name in (("S1", "人民广场店"), ("S2", "静安寺店"))
    )


def user(role: str = "owner", *, stores: list[Store] | None = None, language: str = "en") -> User:
    """Someone who works here."""
    person = User(
        email=f"{role}@example.com", name="林晓舟", role=role, language=language, created_at=NOW
    )
    person.set_password("a-long-passphrase-1")
    person.save()
    person.stores.set(stores or [])
    return person


def client_of(person: User) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(person)
    return client


def with_orders() -> Shop:
    """The shop before its first measurement: customers and orders, no run."""
    stores = company_with_stores()
    customers = Customer.objects.bulk_create(
        Customer(
            code=f"M-{i:04}",
            name=name,
            name_folded=name.casefold(),
            name_pinyin=pinyin,
            name_initials=initials,
            phone=f"+86138000012{i:02}" if i % 3 else "",
            phone_reversed=f"86138000012{i:02}"[::-1] if i % 3 else "",
            phone_is_masked=i == 4,
            email="su@example.cn" if i == 0 else "",
            home_store=stores[i % 2],
            created_at=NOW,
        )
        for i, (name, pinyin, initials) in enumerate(NAMES)
    )
    for i, customer in enumerate(customers):
        _buys(customer, stores[i % 2], i)
    _speaks(customers[0])
    return Shop(customers, stores, None)


def measured() -> Shop:
    """The shop after a measurement."""
    shop = with_orders()
    shop.run = Run.objects.create(
        public_id="run_0CWX3S9Q7Z",
        state="done",
        as_of=TODAY,
        as_of_reason="today",
        horizon_days=60,
        value_days=1095,
        started_at=NOW,
        finished_at=NOW,
        data_hash="9f86d081884c7d659a2feaa0c55ad015",
        code_version="0.1.0",
        formula_version="1",
        model="mbgnbd",
        report=report()
        | {"churn_list": report()["churn_list"] | {"top": [c.pk for c in shop.customers[:8]]}},
    )
    for i, customer in enumerate(shop.customers[:11]):
        _stands(customer, i)
    StandingSlot.objects.create(slot=1, run_id=shop.run.pk, put_at=NOW)
    silence = {"days": 96, "usual_days": 12}
    Reason.objects.create(
        run=shop.run, customer_id=shop.customers[2].pk, code="silence", p_value=0.001, facts=silence
    )
    Change.objects.create(
        run=shop.run,
        customer_id=shop.customers[2].pk,
        ladder="layer",
        left="cooling",
        entered="high_win_back",
        changed_on=TODAY,
    )
    return shop


def _buys(customer: Customer, store: Store, i: int) -> None:
    last = TODAY - timedelta(DAYS_AWAY[i % 4])
    for k in range(3):
        day = last - timedelta(20 * k)
        Order.objects.create(
            source="generic",
            number=f"{customer.code}-{k}",
            customer=customer,
            store=store,
            status="paid",
            ordered_at=datetime(day.year, day.month, day.day, 4, tzinfo=UTC),
            ordered_on=day,
            total_minor=3200 + 100 * i,
            returned_minor=200 if k == 2 else 0,
            main_category="拿铁",
            is_counted=True,
            digest=b"",
            import_id=1,
            created_import_id=1,
        )
    Person.objects.create(
        customer_id=customer.pk,
        first_ordered_on=last - timedelta(40),
        last_ordered_on=last,
        purchases=3,
        net_minor=3 * (3200 + 100 * i) - 200,
        main_store_id=store.pk,
    )
    StorePerson.objects.create(customer_id=customer.pk, store_id=store.pk, last_ordered_on=last)


def _speaks(customer: Customer) -> None:
    Answer.objects.create(
        customer=customer,
        answered_at=NOW,
        answered_on=TODAY,
        wave="2026-06",
        satisfaction="fairly_satisfied",
        recommendation="very_likely",
        prefers_us=True,
        comment="早上排队久，手冲很稳定。",
    )
    for channel, state in (("sms", "given"), ("email", "refused")):
        Consent.objects.create(
            customer=customer,
            channel=channel,
            purpose="marketing",
            state=state,
            stated_at=NOW,
            evidence="form",
        )


def _stands(customer: Customer, i: int) -> None:
    values = {
        "slot": 1,
        "customer_id": customer.pk,
        "layer": LAYERS[i % 4],
        "stage": "repeat_purchase",
        "health": "at_risk" if i % 4 > 1 else "active",
        "dormancy_days": DAYS_AWAY[i % 4],
        "purchases": 3,
        "net_minor": 3 * (3200 + 100 * i) - 200,
        "net_360_minor": 9400,
        "rfm": "345",
        "p_repeat": 0.9 - 0.08 * i,
        "band": "high" if i < 3 else "middle",
        "p_alive": 0.8,
        "risk": 0.1 + 0.08 * i,
        "risk_days": 60 if i % 2 else 90,
        "expected_purchases": 2.4,
        "expected_spend": 31.5,
        "lifetime_value": 812.4,
        "margin_365": 240.0 + i,
        "value_at_risk": 120.0 - 3 * i,
        "loyalty_index": 79.2 if i == 0 else None,
        "loyalty_level": "preference" if i == 0 else "",
        "grid_cell": "develop",
        "mark": "yearly:11-11" if i == 3 else "",
        "value_place": -i,  # the value falls with i, the risk rises
        "risk_place": i,
        "layer_code": ladders.code(ladders.LAYERS, LAYERS[i % 4]),
        "stage_code": ladders.code(ladders.STAGES, "repeat_purchase"),
    }
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(values))
        cursor.execute(
            f"INSERT INTO audiences_standing ({', '.join(values)}) VALUES ({marks})",
            list(values.values()),
        )
