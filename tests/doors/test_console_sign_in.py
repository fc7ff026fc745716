"""Signing in and out."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.doors.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def form(email: str = "owner@example.com", password: str = PASSWORD, **more: str) -> dict[str, str]:
    return {"email": email, "password": password, **more}


def test_the_right_password_opens_the_page_that_was_asked_for(
    company: None, client: Client
) -> None:
    answer = client.post("/sign-in", form(next="/imports?before=7"))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/imports?before=7")
    assert client.get("/imports").status_code == 200


def test_another_site_is_never_the_next_page(company: None, client: Client) -> None:
    for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        answer = Client().post("/sign-in", form(next=elsewhere))
        assert answer.headers["Location"] == "/"


def test_a_wrong_password_says_how_often_one_may_still_try(company: None, client: Client) -> None:
    answer = client.post("/sign-in", form(password="wrong"))
    assert answer.status_code == 422
    assert "还可以再试 9 次" in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()


def test_somebody_unknown_is_refused_in_the_same_words(company: None, client: Client) -> None:
    known = client.post("/sign-in", form(password="wrong")).content.decode()
    unknown = client.post(
        "/sign-in", form(email="nobody@example.com", password="wrong")
    ).content.decode()
    assert "邮箱或密码不对" in known
    assert "邮箱或密码不对" in unknown


def test_after_ten_failures_even_the_right_password_has_to_wait(
    company: None, client: Client
) -> None:
    for _ in range(10):
        client.post("/sign-in", form(password="wrong"))
    answer = client.post("/sign-in", form())
    assert answer.status_code == 429
    assert client.get("/imports").status_code == 302


def test_an_inactive_user_stays_outside(signed_in: Callable[..., Client], client: Client) -> None:
    from django.utils import timezone

    from huitou.staff import queries, services
    from huitou.staff.types import UserChange

    browser = signed_in("analyst")
    found = queries.user_with_email("analyst@example.com")
    assert found is not None
    services.change_user(
        user_id=found.id, change=UserChange(is_active=False), actor="cli", now=timezone.now()
    )
    assert client.post("/sign-in", form(email="analyst@example.com")).status_code == 422
    assert browser.get("/").status_code == 302  # a session that was open ends as well


def test_nothing_about_the_business_is_said_before_signing_in(
    company: None, client: Client
) -> None:
    assert "山野咖啡" not in client.get("/sign-in").content.decode()


def test_signing_out_needs_a_post_and_ends_the_session(signed_in: Callable[..., Client]) -> None:
    browser = signed_in()
    assert browser.get("/sign-out").status_code == 405
    assert browser.post("/sign-out").headers["Location"] == "/sign-in"
    assert browser.get("/imports").status_code == 302


def test_remembering_is_thirty_days_else_until_the_browser_closes(company: None) -> None:
    kept, short = Client(), Client()
    kept.post("/sign-in", form(remember="on"))
    short.post("/sign-in", form())
    assert kept.cookies["sessionid"]["max-age"] == 30 * 24 * 3600
    assert short.cookies["sessionid"]["max-age"] == ""
    assert kept.cookies["sessionid"]["httponly"]


def test_a_form_from_elsewhere_is_refused_in_words(company: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in", form())
    assert answer.status_code == 403
    assert "这张表单过期了" in answer.content.decode()
