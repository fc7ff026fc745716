"""Deny by default: every route of the interface, walked by keys of every role and by strangers."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from huitou.api.interface import routes
from huitou.staff import queries, rules, services
from huitou.staff.types import Role, Scope
from tests.doors.api_shop import ROOT, System, system

pytestmark = pytest.mark.django_db


def asked(client: Client, method: str, path: str):
    """The answer to a request that has the right form and speaks of nothing there is."""
    address = ROOT + re.sub(r"\{\w+\}", "no-such", path)
    return client.generic(method, address, "{}", content_type="application/json")


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_a_key_opens_exactly_what_its_role_opens(company: None, role: str) -> None:
    caller = system(role)
    for route in routes():
        answer = asked(caller.client, route.method, route.path)
        is_refused = answer.status_code == 403
        assert is_refused == (not rules.opens(role, (), route.scope)), f"{role} at {route}"
        assert answer.status_code != 401
        if is_refused:
            assert answer.json()["facts"] == {"scope": route.scope}


@pytest.mark.parametrize("scope", [scope.value for scope in Scope])
def test_a_narrowed_key_opens_only_its_scopes(company: None, scope: str) -> None:
    caller = system("integrator", scope)
    opened = {
        route.scope
        for route in routes()
        if asked(caller.client, route.method, route.path).status_code != 403
    }
    assert opened == {scope}


@pytest.mark.parametrize(
    "header",
    [
        pytest.param({}, id="no key"),
        pytest.param({"Authorization": "Bearer huitou_wrong"}, id="a wrong key"),
        pytest.param({"Authorization": "Basic b3duZXI6b3duZXI="}, id="another way to sign in"),
    ],
)
def test_a_stranger_learns_nothing(company: None, header: dict[str, str]) -> None:
    for route in routes():
        answer = asked(Client(headers=header), route.method, route.path)
        assert (answer.status_code, answer.json()["code"]) == (401, "staff.key_unknown"), route
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_console_opens_nothing_here_and_a_key_nothing_there(
    signed_in: Callable[..., Client],
) -> None:
    owner = signed_in("owner")
    assert owner.get(f"{ROOT}/audiences").status_code == 401
    assert system("owner").client.get("/customers").status_code == 302


def test_a_revoked_key_is_refused_at_once(company: None) -> None:
    caller = system()
    assert caller.get("/audiences").status_code == 200
    key = queries.api_keys()[0].public_id
    services.revoke_key(key_public_id=key, actor="cli", now=timezone.now())
    assert caller.get("/audiences").status_code == 401


def test_who_asks_too_often_is_told_how_long_to_wait(company: None) -> None:
    caller = system(per_minute=3)
    answers = [caller.get("/audiences") for _ in range(8)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) >= 2  # a minute may end meanwhile
    assert 0 < int(refused[0].headers["Retry-After"]) <= 60
    assert refused[0].json()["facts"]["per_minute"] == 3


def test_no_answer_sets_a_cookie_and_all_are_json(company: None) -> None:
    caller = system()
    answers = [
        caller.get("/nothing/here"),
        caller.client.delete(f"{ROOT}/orders"),
        caller.client.post(f"{ROOT}/orders", "{", content_type="application/json"),
        caller.get("/audiences"),
        Client().get(f"{ROOT}/openapi.json"),
    ]
    assert [answer.status_code for answer in answers] == [404, 405, 422, 200, 200]
    for answer in answers:
        assert not answer.cookies
        assert answer.headers["Content-Type"].startswith("application/json")
        assert "no-store" in answer.headers["Cache-Control"]


def test_a_key_is_in_no_answer_and_in_no_log(
    company: None, caplog: pytest.LogCaptureFixture
) -> None:
    caller: System = system()
    answer = caller.send("/points/earn", {"customer": "x", "points": 1})
    assert answer.status_code == 404
    assert caller.secret not in answer.content.decode() + caplog.text
