"""The screens of an import: each with someone who may, something refused, and nobody's business of
a stranger.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from huitou.flows import imports as flow
from huitou.platform.imports import queries

pytestmark = pytest.mark.django_db
Make = Callable[..., Client]
ORDERS = """order_id,customer,ordered_at,amount,currency
A1,C1,2026-01-03,12.50,CNY
A2,C2,2026-01-04,8.00,CNY
"""


def upload(
    browser: Client, content: str = ORDERS, kind: str = "orders", name: str = "orders.csv"
) -> Any:
    file = SimpleUploadedFile(name, content.encode(), content_type="text/csv")
    return browser.post("/imports/new", {"kind": kind, "file": file})


def checked(browser: Client, content: str = ORDERS) -> str:
    """An import as the worker leaves it after checking: its public id."""
    place = upload(browser, content).headers["Location"]
    answer = browser.post(place, {"step": "check"})
    assert answer.status_code == 302, answer.content.decode()
    public_id = str(answer.headers["Location"]).rsplit("/", 1)[-1]
    flow.plan_submitted(public_id, now=timezone.now())
    return public_id


def test_a_file_is_looked_at_before_anything_happens(signed_in: Make) -> None:
    browser = signed_in()
    place = upload(browser).headers["Location"]
    page = browser.get(place).content.decode()
    assert "<option selected>customer</option>" in page
    assert queries.latest() == []


def test_a_file_of_another_session_is_not_there(signed_in: Make) -> None:
    place = upload(signed_in()).headers["Location"]
    assert signed_in("integrator").get(place).status_code == 404


def test_without_a_file_or_with_an_unknown_kind_the_form_comes_back(signed_in: Make) -> None:
    browser = signed_in()
    assert browser.post("/imports/new", {"kind": "orders"}).status_code == 422
    assert upload(browser, kind="secrets").status_code == 422


def test_an_empty_file_says_that_it_is_empty(signed_in: Make) -> None:
    browser = signed_in(language="en")
    place = upload(browser, "").headers["Location"]
    answer = browser.get(place)
    assert answer.status_code == 422
    assert "The file is empty." in answer.content.decode()


def test_a_column_that_is_needed_must_be_chosen(signed_in: Make) -> None:
    browser = signed_in()
    place = upload(browser).headers["Location"]
    answer = browser.post(
        place, {"step": "check", "mapped": "generic", "map_ordered_at": "ordered_at"}
    )
    assert answer.status_code == 422
    assert queries.latest() == []


def test_what_was_mapped_is_remembered_for_the_next_file_like_it(signed_in: Make) -> None:
    browser = signed_in()
    content = ORDERS.replace("customer", "who").replace("ordered_at", "when")
    chosen = {
        "mapped": "generic",
        "map_order_id": "order_id",
        "map_customer": "who",
        "map_ordered_at": "when",
        "map_amount": "amount",
    }
    place = upload(browser, content).headers["Location"]
    assert browser.post(place, {"step": "check", **chosen}).status_code == 302
    page = browser.get(upload(browser, content).headers["Location"]).content.decode()
    assert "<option selected>who</option>" in page
    assert "<option selected>when</option>" in page


def test_a_plan_shows_counts_and_is_applied_only_when_confirmed(signed_in: Make) -> None:
    browser = signed_in()
    public_id = checked(browser)
    row = queries.one(public_id)
    assert (row.state, row.counts["new"]) == ("planned", 2)
    assert "confirm" in browser.get(f"/imports/{public_id}").content.decode()
    browser.post(f"/imports/{public_id}/confirm")
    assert queries.one(public_id).state == "applying"
    flow.apply_confirmed(public_id, skip_rejected=False, now=timezone.now())
    page = browser.get(f"/imports/{public_id}").content.decode()
    assert "100.0%" in page  # of the sales have a known customer
    assert "roll-back" in page


def test_rejected_rows_are_listed_and_can_be_left_out(signed_in: Make) -> None:
    browser = signed_in()
    public_id = checked(browser, ORDERS + "A3,C3,2026-02-30,9.00,CNY\n")
    page = browser.get(f"/imports/{public_id}").content.decode()
    assert "2026-02-30" in page
    assert browser.get(f"/imports/{public_id}/rejects").status_code == 404  # not written yet
    browser.post(f"/imports/{public_id}/confirm", {"skip_rejected": "1"})
    flow.apply_confirmed(public_id, skip_rejected=True, now=timezone.now())
    answer = browser.get(f"/imports/{public_id}/rejects")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content).decode().splitlines()[1:] == [
        "A3,C3,2026-02-30,9.00,CNY"
    ]


def test_confirming_twice_is_refused_in_words(signed_in: Make) -> None:
    browser = signed_in()
    public_id = checked(browser)
    browser.post(f"/imports/{public_id}/confirm")
    assert browser.post(f"/imports/{public_id}/confirm").status_code == 409


def test_an_import_is_rolled_back_only_by_who_may(signed_in: Make) -> None:
    browser = signed_in()
    public_id = checked(browser)
    browser.post(f"/imports/{public_id}/confirm")
    flow.apply_confirmed(public_id, skip_rejected=False, now=timezone.now())
    assert signed_in("integrator").post(f"/imports/{public_id}/roll-back").status_code == 403
    assert browser.post(f"/imports/{public_id}/roll-back").status_code == 302
    assert queries.one(public_id).state == "rolled_back"


def test_a_poll_gets_the_progress_while_it_runs_and_the_page_afterwards(signed_in: Make) -> None:
    browser = signed_in()
    place = upload(browser).headers["Location"]
    address = browser.post(place, {"step": "check"}).headers["Location"]
    poll = browser.get(address, headers={"HX-Request": "true"})
    assert b'id="progress"' in poll.content
    flow.plan_submitted(address.rsplit("/", 1)[-1], now=timezone.now())
    done = browser.get(address, headers={"HX-Request": "true"})
    assert (done.status_code, done.headers["HX-Redirect"]) == (204, address)


def test_pages_of_imports_ask_little_of_the_database(
    signed_in: Make, django_assert_max_num_queries: Any
) -> None:
    browser = signed_in()
    public_id = checked(browser)
    place = upload(browser).headers["Location"]
    for address in (
        "/imports",
        "/imports/new",
        f"/imports/{public_id}",
        place,
        "/measure",
        "/profile",
    ):
        with django_assert_max_num_queries(12):
            assert browser.get(address).status_code == 200


def test_a_measurement_is_asked_for_once(signed_in: Make) -> None:
    from django.db import connection

    browser = signed_in("analyst")
    for _ in range(2):
        assert browser.post("/measure").headers["Location"] == "/measure"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'insights.measure'"
        )
        assert cursor.fetchone() == (1,)
    assert b'id="progress"' in browser.get("/measure").content
    assert signed_in("cashier").post("/measure").status_code == 403


def test_no_import_no_measurement_for_a_stranger(company: None, client: Client) -> None:
    assert upload(client).status_code == 302
    assert client.post("/measure").headers["Location"].startswith("/sign-in")
