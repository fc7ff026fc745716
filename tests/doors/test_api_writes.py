"""What other systems may do, end to end: each write happens once, each refusal says whose move it
is."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from huitou.audiences import services as audiences
from huitou.customers import queries as customers
from huitou.orders.models import Order
from huitou.platform.imports import queries as imports
from huitou.points import queries as points
from huitou.programmes import queries as programmes
from huitou.voice import queries as voice
from huitou.voice import services as hearing
from huitou.voice.types import SurveyIn
from tests.doors.api_shop import System, system
from tests.doors.member_shop import Member, buy

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(known: Member) -> System:
    return system()


def code_of(who: Member) -> str:
    return customers.codes_of([who.customer_id])[who.customer_id]


def order(number: str, amount_minor: int = 2_500, **more: Any) -> dict[str, Any]:
    line = {"amount_minor": amount_minor, "sku": "LATTE", "product": "拿铁"}
    said = {"number": number, "ordered_at": "2026-11-20T10:15:00+08:00", "lines": [line]}
    return {**said, "customer": "W-77", **more}


def test_orders_come_in_by_the_plan_of_a_file_and_once(shop: System) -> None:
    sent = {"orders": [order("A-1"), order("A-2", 1_999)], "source": "web"}
    first = shop.send("/orders", sent, key="batch-1")
    assert first.status_code == 200, first.content
    assert (first.json()["new"], first.json()["rejected"]) == (2, 0)
    again = shop.send("/orders", sent, key="batch-1")
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    other = shop.send("/orders", sent)
    assert other.json()["unchanged"] == 2
    rows = Order.objects.filter(source="web").order_by("number")
    assert list(rows.values_list("number", "total_minor")) == [("A-1", 2_500), ("A-2", 1_999)]
    assert imports.one(first.json()["import_id"]).state == "applied"
    found = shop.get("/customers/W-77/orders", limit=1).json()
    assert len(found["orders"]) == 1
    rest = shop.get("/customers/W-77/orders", limit=1, after=found["next"]).json()
    assert {found["orders"][0]["number"], rest["orders"][0]["number"]} == {"A-1", "A-2"}
    assert rest["next"] is None


def test_an_order_that_cannot_be_says_which_row_and_nothing_is_written(shop: System) -> None:
    ahead = (timezone.now() + timedelta(days=3)).isoformat()
    sent = {"orders": [order("B-1"), order("B-2", ordered_at=ahead)]}
    refused = shop.send("/orders", sent, key="batch-2")
    assert refused.status_code == 422
    told = refused.json()
    assert told["code"] == "imports.rows_given_rejected"
    assert told["facts"]["rejections"][0]["line"] == 2
    assert not Order.objects.filter(number__startswith="B-").exists()
    some = shop.send("/orders", {**sent, "skip_rejected": True}, key="batch-2").json()
    assert (some["new"], some["rejections"][0]["order"]) == (1, 1)


def test_what_was_sold_at_the_till_is_not_written_over(shop: System, known: Member) -> None:
    sold = buy(known, 4_800, key="a" * 32)
    refused = shop.send("/orders", {"orders": [order(sold.number, 900_000)], "source": "till"})
    assert refused.status_code == 422
    assert refused.json()["code"] == "imports.source_reserved"
    assert Order.objects.get(source="till").total_minor == 4_800


def test_a_retry_on_a_later_day_is_the_request_it_was(
    shop: System, known: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"customer": code_of(known), "points": 5}
    corrected = {**given, "reason": "goodwill"}
    first = shop.send("/points/earn", given, key="late").json()
    adjusted = shop.send("/points/adjust", corrected, key="late").json()
    later = timezone.now() + timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    again = shop.send("/points/earn", given, key="late")
    assert again.json() == first
    assert again.headers["Idempotency-Replayed"] == "true"
    assert shop.send("/points/adjust", corrected, key="late").json() == adjusted
    assert shop.send("/points/earn", {**given, "points": 6}, key="late").status_code == 409
    assert shop.send("/points/adjust", {**corrected, "points": -5}, key="late").status_code == 409


def test_the_same_key_with_another_request_is_refused(shop: System) -> None:
    shop.send("/orders", {"orders": [order("C-1")]}, key="k")
    other = shop.send("/orders", {"orders": [order("C-2")]}, key="k")
    assert (other.status_code, other.json()["code"]) == (409, "platform.key_reused")


def test_a_write_without_a_key_of_its_own_is_refused(shop: System) -> None:
    answer = shop.client.post(
        "/api/v1/orders", {"orders": [order("D-1")]}, content_type="application/json"
    )
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["facts"]["fields"]


def test_customers_are_added_changed_found_and_asked_what_they_agree_to(shop: System) -> None:
    new = {"name": "王晓明", "phone": "13900005678", "email": "xm@example.com"}
    first = shop.send("/customers", new, key="c-1")
    assert first.status_code == 201, first.content
    assert shop.send("/customers", new, key="c-1").json() == first.json()
    code = first.json()["code"]
    found = shop.get("/customers", q="5678").json()
    assert [one["code"] for one in found["customers"]] == [code]
    changed = shop.send(f"/customers/{code}", {"tags": ["常客"]}, method="put")
    assert changed.json() == {"code": code, "step": "changed"}
    added = shop.send("/customers/W-88", {"name": "李雷"}, method="put")
    assert added.json()["step"] == "new"
    said = {"channel": "sms", "purpose": "marketing", "state": "given"}
    refused = shop.send(f"/customers/{code}/consents", said)
    assert (refused.status_code, refused.json()["code"]) == (422, "api.evidence_missing")
    kept = shop.send(f"/customers/{code}/consents", {**said, "evidence": "web form 3"})
    assert kept.json() == {"is_new": True}
    one = shop.get(f"/customers/{code}").json()
    assert one["tags"] == ["常客"]
    assert [row["state"] for row in one["consents"]] == ["given"]
    told = shop.get(f"/customers/{code}/consents").json()
    assert [(row["evidence"], row["source"]) for row in told["statements"]] == [
        ("web form 3", "api")
    ]
    assert told["more"] is False


def test_points_are_given_taken_and_given_back_once_each(shop: System, known: Member) -> None:
    code = code_of(known)
    wanted = {"customer": code, "points": 120, "reason": "quiz-4"}
    first = shop.send("/points/earn", wanted, key="e-1")
    assert first.status_code == 200, first.content
    again = shop.send("/points/earn", wanted, key="e-1")
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (first.json(), "true")
    other = shop.send("/points/earn", {**wanted, "points": 5}, key="e-1")
    assert (other.status_code, other.json()["code"]) == (409, "points.conflict")
    short = shop.send("/points/redeem", {"customer": code, "points": 500})
    assert (short.status_code, short.json()["facts"]) == (409, {"needed": 500, "available": 120})
    assert (
        shop.send("/points/redeem", {"customer": code, "points": 50}, key="r-1").json()["balance"]
        == 70
    )
    back = {"customer": code, "points": 20, "of_key": "r-1"}
    assert shop.send("/points/refund", back, key="f-1").json()["balance"] == 90
    taken = {"customer": code, "points": 120, "of_key": "e-1"}
    assert shop.send("/points/refund", taken).status_code == 200
    missing = shop.send("/points/refund", {**back, "of_key": "no"})
    assert (missing.status_code, missing.json()["code"]) == (404, "points.posting_unknown")
    corrected = {"customer": code, "points": 40, "reason": "missed"}
    assert shop.send("/points/adjust", corrected).status_code == 200
    lines = shop.get(f"/customers/{code}/statement", limit=2).json()
    assert [line["kind"] for line in lines["lines"]] == ["adjust", "reverse"]
    older = shop.get(f"/customers/{code}/statement", before=lines["next"]).json()
    assert older["lines"][-1]["why"] == {"what": "api", "reason": "quiz-4"}
    account = shop.get(f"/customers/{code}/points").json()
    assert account["card_number"] == known.card_number
    assert points.audit().is_sound


def test_a_cart_is_quoted_sold_as_quoted_and_taken_back(shop: System, known: Member) -> None:
    store = shop_store()
    cart = {"store": store, "customer": code_of(known), "lines": [{"amount_minor": 3_000}]}
    cart["coupon"] = known.coupon
    quote = shop.client.post("/api/v1/quote", cart, content_type="application/json").json()
    assert (quote["coupon_minor"], quote["due_minor"], quote["earned_points"]) == (500, 2_500, 25)
    stale = shop.send("/checkout", {**cart, "digest": "0" * 64})
    assert (stale.status_code, stale.json()["code"]) == (409, "till.quote_changed")
    assert stale.json()["facts"]["due_minor"] == 2_500
    sold = shop.send("/checkout", {**cart, "digest": quote["digest"]}, key="s-1")
    assert sold.status_code == 200, sold.content
    assert sold.json()["balance"] == 25
    again = shop.send("/checkout", {**cart, "digest": quote["digest"]}, key="s-1")
    assert again.json() == sold.json()
    back = shop.send("/refunds", {"number": sold.json()["number"]}, key="b-1").json()
    assert (back["refund_minor"], back["clawed_points"], back["coupon_is_back"]) == (
        2_500,
        25,
        True,
    )


def test_a_coupon_is_looked_at_used_once_and_given_back(shop: System, known: Member) -> None:
    code = code_of(known)
    small = shop.get(f"/coupons/{known.coupon}", amount_minor=1_000, customer=code)
    assert (small.status_code, small.json()["code"]) == (409, "programmes.coupon_minimum")
    worth = shop.get(f"/coupons/{known.coupon}", amount_minor=2_000, customer=code).json()
    assert worth["discount_minor"] == 500
    use = {"order_number": "W-1", "amount_minor": 2_000, "customer": code}
    assert shop.send(f"/coupons/{known.coupon}/redeem", use).json()["discount_minor"] == 500
    twice = shop.send(f"/coupons/{known.coupon}/redeem", {**use, "order_number": "W-2"})
    assert (twice.status_code, twice.json()["code"]) == (409, "programmes.coupon_used")
    other = shop.send(f"/coupons/{known.coupon}/release", {"order_number": "W-9"})
    assert other.status_code == 404
    freed = shop.send(f"/coupons/{known.coupon}/release", {"order_number": "W-1"}).json()
    assert freed["is_good"]
    batch = shop.get("/coupons/batches").json()[0]["batch"]
    issued = shop.send(
        f"/coupons/batches/{batch}/issue", {"customers": [code], "count": 2}, key="i-1"
    ).json()
    assert set(issued["of_customers"]) == {code}
    assert len(issued["codes"]) == 2
    today = timezone.localdate()
    assert programmes.coupon(issued["codes"][0], today=today).state == "issued"


def test_what_customers_say_comes_in_and_its_answer_is_read(shop: System, known: Member) -> None:
    code, now = code_of(known), timezone.now()
    survey = hearing.open_survey(survey=SurveyIn("门店问卷"), actor="user:1", now=now)
    sent = {"survey": survey, "satisfaction": "dissatisfied", "customer": code}
    kept = shop.send("/answers", sent, key="a-1")
    assert kept.status_code == 201, kept.content
    assert shop.send("/answers", sent, key="a-1").json() == kept.json()
    page = shop.get(f"/surveys/{survey}/answers").json()
    assert [(one["customer"], one["satisfaction"]) for one in page["answers"]] == [
        (code, "dissatisfied")
    ]
    told = {"kind": "complaint", "text": "咖啡是凉的。", "customer": code}
    opened = shop.send("/cases", told, key="v-1")
    assert opened.status_code == 201, opened.content
    assert shop.send("/cases", told, key="v-1").json() == opened.json()
    case = opened.json()["case"]
    row = voice.case(case)
    assert row is not None
    assert row.source == "api"
    assert shop.send(f"/cases/{case}/words", {"text": "还在等。"}).status_code == 200
    story = shop.get(f"/cases/{case}").json()
    assert [one["text"] for one in story["messages"]] == ["咖啡是凉的。", "还在等。"]
    assert story["due_at"] is not None
    assert [one["case"] for one in shop.get(f"/customers/{code}/cases").json()] == [case]
    assert shop.get("/cases/C-2026-9999").status_code == 404


def test_audiences_are_listed_counted_and_paged(shop: System, known: Member) -> None:
    for n in range(2):
        shop.send("/customers", {"name": f"客人{n}"})
    everybody = {"v": 1, "where": {"all": []}}
    made = audiences.save(name="所有人", expression=everybody, now=timezone.now()).public_id
    assert [one["audience"] for one in shop.get("/audiences").json()] == [made]
    counted = shop.get(f"/audiences/{made}").json()
    assert counted["people"] == 3
    assert {one["channel"]: one["reachable"] for one in counted["reach"]}["email"] == 0
    first = shop.get(f"/audiences/{made}/members", limit=2).json()
    rest = shop.get(f"/audiences/{made}/members", limit=2, after=first["next"]).json()
    assert first["customers"][0] == code_of(known)
    assert len({*first["customers"], *rest["customers"]}) == first["people"] == 3
    assert rest["next"] is None
    assert shop.get("/audiences/aud_0").status_code == 404
    assert shop.get("/campaigns").json() == {"campaigns": [], "next": None}
    assert shop.get("/campaigns/cmp_0").status_code == 404


def test_nothing_about_a_person_stands_in_the_log_or_in_a_refusal(
    shop: System, caplog: pytest.LogCaptureFixture
) -> None:
    canary = {"name": "金丝雀", "phone": "13987654321", "email": "canary@example.com"}
    caplog.set_level("INFO")
    shop.send("/customers", canary)
    shop.send("/customers/W-99", canary, method="put")
    refused = shop.send("/customers", {**canary, "phone": "canary-canary", "birth_date": "canary"})
    told = shop.send("/cases", {"kind": "canary", "text": "金丝雀说"})
    assert (refused.status_code, told.status_code) == (422, 422)
    seen = caplog.text + refused.content.decode() + told.content.decode()
    seen += " ".join(str(getattr(one, "fields", "")) for one in caplog.records)
    assert not [word for word in ("金丝雀", "13987654321", "canary") if word in seen]


def shop_store() -> str:
    from huitou.staff import queries

    return queries.stores()[0].code
