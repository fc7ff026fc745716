"""Deny by default: every address of the site, walked by every role and by a stranger."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter

from huitou.staff import queries
from huitou.staff.types import Action, Role

pytestmark = pytest.mark.django_db
NEVER_THERE = "0" * 24
PUBLIC = {"sign_in", "setup", "setup_company", "setup_done", "preferences", "healthz", "welcome"}


def patterns(resolver: Any = None) -> Iterator[URLPattern]:
    for found in (resolver or get_resolver()).url_patterns:
        if isinstance(found, URLResolver):
            yield from patterns(found)
        elif getattr(found.callback, "door", "console") == "console":
            yield found  # the portal has its own walk


def address(pattern: URLPattern) -> str:
    wanted = pattern.pattern.converters
    given = {
        name: 999_999 if isinstance(converter, IntConverter) else NEVER_THERE
        for name, converter in wanted.items()
    }
    return reverse(pattern.name or "", kwargs=given)


def test_every_view_says_who_may_open_it() -> None:
    unmarked = [pattern.name for pattern in patterns() if not hasattr(pattern.callback, "access")]
    assert unmarked == []


def test_only_these_doors_are_public() -> None:
    public = {
        pattern.name
        for pattern in patterns()
        if getattr(pattern.callback, "access", "") == "public"
    }
    assert public == PUBLIC


def test_every_action_a_view_asks_for_is_known() -> None:
    asked = {getattr(pattern.callback, "access", "") for pattern in patterns()}
    assert asked <= {action.value for action in Action} | {"public", "signed_in"}


def test_a_stranger_is_led_to_the_door(company: None) -> None:
    for pattern in patterns():
        if pattern.name in PUBLIC:
            continue
        for answer in (Client().get(address(pattern)), Client().post(address(pattern))):
            assert answer.status_code == 302, pattern.name
            assert answer.headers["Location"].startswith("/sign-in"), pattern.name


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_a_role_opens_exactly_what_its_actions_allow(
    signed_in: Callable[..., Client], role: str
) -> None:
    browser = signed_in(role)
    for pattern in patterns():
        access = getattr(pattern.callback, "access", "")
        if access in {"public", "signed_in"}:
            continue
        answer = browser.get(address(pattern))
        refused = answer.status_code == 403
        if pattern.name == "overview" and answer.status_code == 302:
            refused = answer.headers["Location"] != "/"  # signing in leads on to what is theirs
        assert refused == (not queries.allows(role, access)), f"{role} at {pattern.name}"


def test_before_the_first_visit_every_door_leads_to_it(db: None) -> None:
    for pattern in patterns():
        if pattern.name not in PUBLIC:
            assert Client().get(address(pattern)).headers["Location"] == "/setup", pattern.name


def test_a_cashier_starts_at_the_till(signed_in: Callable[..., Client]) -> None:
    assert signed_in("cashier").get("/").headers["Location"] == "/till"
    assert signed_in("service_agent").get("/").headers["Location"] == "/customers"
    assert signed_in("partner").get("/").status_code == 403


def test_a_refusal_is_a_page_in_words(signed_in: Callable[..., Client]) -> None:
    answer = signed_in("cashier", language="en").get("/imports")
    assert answer.status_code == 403
    assert b"Ask an owner or manager" in answer.content
    answer = signed_in("partner").get("/imports")
    assert "你的角色不能做这件事" in answer.content.decode()


def test_a_poll_of_a_page_left_open_reloads_at_the_door(company: None) -> None:
    answer = Client().get("/imports", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/sign-in?next=")
