"""The pages of stores and closed days: added, put right, closed, opened, taken back."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huitou.platform import audit
from huitou.staff import queries, services
from huitou.staff.types import ClosedSpan, StoreRow

pytestmark = pytest.mark.django_db
Make = Callable[..., Client]
NEW = {"code": "S2", "name": "静安寺店", "zone": "Asia/Urumqi"}
HOLIDAY = {"store": "", "first": "2027-02-05", "last": "2027-02-08", "reason": "春节"}


def stores() -> dict[str, StoreRow]:
    return {row.code: row for row in queries.stores()}


def test_a_store_is_added_and_put_right_on_record(signed_in: Make) -> None:
    manager = signed_in("manager", language="en")
    assert manager.post("/stores/new", NEW).status_code == 302
    store = stores()["S2"]
    assert (store.name, store.zone, store.is_online) == ("静安寺店", "Asia/Urumqi", False)
    changed = {"name": "网上店", "zone": "Asia/Shanghai", "is_online": "on"}
    assert manager.post(f"/stores/{store.id}", changed).status_code == 302
    after = stores()["S2"]
    assert (after.name, after.zone, after.is_online) == ("网上店", "Asia/Shanghai", True)
    page = manager.get(f"/stores/{store.id}").content.decode()
    assert "Asia/Urumqi → Asia/Shanghai" in page
    assert "Online: No → Yes" in page
    assert audit.entries(subject=f"store:{store.id}")[0].actor.startswith("user:")


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"code": "人民广场店"}, id="a code that is taken"),
        pytest.param({"code": ""}, id="no code"),
        pytest.param({"name": "x" * 201}, id="a name too long"),
        pytest.param({"name": "a\x07b"}, id="a sign nobody can read"),
        pytest.param({"zone": "Asia/Nowhere"}, id="no such zone"),
    ],
)
def test_a_store_that_cannot_be_is_refused_at_the_field(
    signed_in: Make, wrong: dict[str, str]
) -> None:
    answer = signed_in(language="en").post("/stores/new", NEW | wrong)
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert list(stores()) == ["人民广场店"]


def test_days_are_closed_for_all_or_one_and_read_as_spans(signed_in: Make) -> None:
    manager = signed_in("manager", language="en")
    assert manager.post("/stores/closed-days", HOLIDAY).status_code == 302
    one = stores()["人民广场店"]
    manager.post(
        "/stores/closed-days",
        {"store": str(one.id), "first": "2027-02-06", "last": "", "reason": "装修"},
    )
    assert queries.closed_spans() == [
        ClosedSpan(None, date(2027, 2, 5), date(2027, 2, 8), "春节"),
        ClosedSpan(one.id, date(2027, 2, 6), date(2027, 2, 6), "装修"),
    ]
    page = manager.get("/stores/closed-days").content.decode()
    assert "5 Feb 2027 – 8 Feb 2027" in page
    assert "Every store · 4 days · 春节" in page


def test_the_last_step_is_taken_back_and_only_what_it_changed(signed_in: Make) -> None:
    manager = signed_in("manager")
    services.close_days(days=[date(2027, 2, 5)], reason="盘点", actor="cli", now=timezone.now())
    manager.post("/stores/closed-days", HOLIDAY)
    assert "/stores/closed-days/undo" in manager.get("/stores/closed-days").content.decode()
    manager.post("/stores/closed-days/undo")
    kept = [ClosedSpan(None, date(2027, 2, 5), date(2027, 2, 5), "盘点")]
    assert queries.closed_spans() == kept
    assert "/stores/closed-days/undo" not in manager.get("/stores/closed-days").content.decode()
    manager.post("/stores/closed-days/undo")
    assert queries.closed_spans() == kept


def test_days_are_opened_again_and_that_is_taken_back_with_its_reason(signed_in: Make) -> None:
    manager = signed_in("manager")
    manager.post("/stores/closed-days", HOLIDAY)
    manager.post("/stores/closed-days/open", HOLIDAY)
    assert queries.closed_spans() == []
    manager.post("/stores/closed-days/undo")
    assert [span.reason for span in queries.closed_spans()] == ["春节"]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"first": ""}, id="no day"),
        pytest.param({"first": "2027-02-30"}, id="a day that never comes"),
        pytest.param({"last": "2027-02-04"}, id="it ends before it begins"),
        pytest.param({"last": "2028-02-10"}, id="longer than a year"),
        pytest.param({"first": "0001-01-01", "last": "0001-01-02"}, id="the year one"),
        pytest.param({"first": "9999-12-31", "last": "9999-12-31"}, id="the end of time"),
        pytest.param({"store": "999999"}, id="no such store"),
        pytest.param({"reason": "x" * 101}, id="a reason too long"),
        pytest.param({"reason": "a\x07b"}, id="a reason nobody can read"),
    ],
)
def test_days_that_cannot_be_are_refused_and_close_nothing(
    signed_in: Make, wrong: dict[str, str]
) -> None:
    manager = signed_in("manager")
    answer = manager.post("/stores/closed-days", HOLIDAY | wrong)
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    manager.post("/stores/closed-days/open", HOLIDAY | wrong)
    assert queries.closed_spans() == []


def test_a_span_ends_where_a_day_the_store_or_the_reason_is_another(company: None) -> None:
    first, now = date(2027, 2, 5), timezone.now()
    days = [first + timedelta(n) for n in (0, 1, 3)]
    services.close_days(days=days, reason="春节", actor="cli", now=now)
    services.close_days(days=[first + timedelta(2)], reason="盘点", actor="cli", now=now)
    assert [(span.days, span.reason) for span in queries.closed_spans()] == [
        (2, "春节"),
        (1, "盘点"),
        (1, "春节"),
    ]


@pytest.mark.parametrize("role", ["analyst", "cashier", "marketer"])
def test_who_changes_no_settings_changes_no_stores(signed_in: Make, role: str) -> None:
    browser = signed_in(role)
    assert browser.get("/stores").status_code == 403
    assert browser.post("/stores/new", NEW).status_code == 403
    assert browser.post("/stores/closed-days", HOLIDAY).status_code == 403
    assert list(stores()) == ["人民广场店"]


def test_the_pages_ask_the_database_a_dozen_times_at_most(
    signed_in: Make, django_assert_max_num_queries: Any
) -> None:
    manager = signed_in("manager")
    for n in range(12):
        manager.post("/stores/new", NEW | {"code": f"N{n}"})
    manager.post("/stores/closed-days", HOLIDAY)
    for address in ("/stores", "/stores/closed-days", f"/stores/{stores()['N3'].id}"):
        with django_assert_max_num_queries(12):
            manager.get(address)
