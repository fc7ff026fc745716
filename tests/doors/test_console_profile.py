"""What someone may change about themselves, and what every answer carries."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from huitou.staff import queries
from tests.doors.conftest import PASSWORD

pytestmark = pytest.mark.django_db
Make = Callable[..., Client]


def me() -> Any:
    return queries.user_with_email("owner@example.com")


def test_language_and_theme_are_kept_for_the_user(signed_in: Make) -> None:
    browser = signed_in()
    answer = browser.post("/preferences", {"language": "en", "theme": "dark", "next": "/profile"})
    assert answer.headers["Location"] == "/profile"
    assert (me().language, me().theme) == ("en", "dark")
    page = browser.get("/profile").content.decode()
    assert '<html lang="en" data-theme="dark">' in page


def test_a_language_nobody_knows_changes_nothing(signed_in: Make) -> None:
    signed_in().post("/preferences", {"language": "xx", "theme": "pink"})
    assert (me().language, me().theme) == ("zh-hans", "auto")


def test_a_stranger_may_choose_the_language_of_the_door(company: None, client: Client) -> None:
    assert (
        client.post("/preferences", {"language": "en", "next": "/sign-in"}).headers["Location"]
        == "/sign-in"
    )
    assert '<html lang="en">' in client.get("/sign-in").content.decode()


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("fr-FR,en;q=0.5", "en"),
        ("", "zh-Hans"),
    ],
)
def test_a_browser_is_answered_in_its_language_else_in_chinese(
    company: None, client: Client, asked: str, language: str
) -> None:
    page = client.get("/sign-in", headers={"Accept-Language": asked})
    assert f'<html lang="{language}">' in page.content.decode()
    assert page.headers["Content-Language"] == language


def test_a_new_name_is_saved_and_an_empty_one_is_not(signed_in: Make) -> None:
    browser = signed_in()
    assert browser.post("/profile", {"part": "name", "name": "林舟"}).status_code == 302
    assert me().name == "林舟"
    assert browser.post("/profile", {"part": "name", "name": ""}).status_code == 422


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(signed_in: Make) -> None:
    here, elsewhere = signed_in(), signed_in()
    new = "another-long-phrase-2"
    wrong = here.post("/profile", {"part": "password", "current": "wrong", "password": new})
    assert wrong.status_code == 422
    right = here.post("/profile", {"part": "password", "current": PASSWORD, "password": new})
    assert right.status_code == 302
    assert here.get("/profile").status_code == 200
    assert elsewhere.get("/profile").status_code == 302


def test_every_answer_carries_the_policy_and_its_number(signed_in: Make) -> None:
    answer = signed_in().get("/profile")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy.replace("style-src-attr 'unsafe-inline'", "")
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert len(answer.headers["X-Request-ID"]) == 16


def test_an_address_without_a_page_says_so_in_words(signed_in: Make) -> None:
    answer = signed_in(language="en").get("/nothing-here")
    assert answer.status_code == 404
    assert b"There is nothing at this address" in answer.content


def test_health_is_for_everyone_and_says_nothing_of_the_business(
    company: None, client: Client
) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["ok"] is True
    assert "山野咖啡" not in answer.content.decode()


def test_the_pages_of_failures_never_ask_the_database(django_assert_num_queries: Any) -> None:
    from django.test import RequestFactory

    from huitou.console import errors

    with django_assert_num_queries(0):
        answer = errors.broken(RequestFactory().get("/"))
    assert answer.status_code == 500


def test_a_database_that_is_down_is_a_503_in_words(client: Client) -> None:
    from unittest.mock import patch

    from django.db import OperationalError
    from django.db.backends.utils import CursorWrapper

    client.raise_request_exception = False
    with patch.object(CursorWrapper, "execute", side_effect=OperationalError("server gone")):
        answer = client.get("/sign-in")
    assert answer.status_code == 503
    assert "连不上数据库" in answer.content.decode()
