"""The interface is what it says it is: schemathesis asks every route with values its own
description allows and forbids, and judges the answers by it."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode, checks
from schemathesis.core.result import Ok

from huitou.api.interface import routes
from huitou.customers import queries as customers
from huitou.wsgi import application
from tests.doors.api_shop import ROOT, System, system
from tests.doors.member_shop import member, start_programme

pytestmark = pytest.mark.django_db
EXAMPLES = 20  # of each route and mode; 60 found nothing more
ROUTES = [(route.method, route.path) for route in routes()]


@cache
def _described() -> Any:
    return schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", application)


@pytest.fixture
def described(company: None, keeps_connection: None) -> Any:
    return _described()


@pytest.fixture
def keeps_connection(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As Django's own client does: a request ends, and the transaction around the test stays."""
    monkeypatch.setattr("huitou.api.at_once.close_old_connections", lambda: None)
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def caller(company: None) -> System:
    start_programme()
    who = member()
    known = customers.codes_of([who.customer_id])[who.customer_id]
    caller = system("integrator", per_minute=100_000)
    caller.known = {"customers": known, "coupons": who.coupon}
    return caller


def _about_somebody(case: Any, caller: System) -> None:
    """Let a request speak of what there is, so that it gets as far as the ledger."""
    if "code" in (case.path_parameters or {}):
        case.path_parameters["code"] = caller.known[case.operation.path.split("/")[3]]
    if isinstance(case.body, dict) and isinstance(case.body.get("customer"), str):
        case.body["customer"] = caller.known["customers"]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("method", "path"), ROUTES, ids=lambda part: part)
def test_a_route_answers_as_it_is_described(
    described: Any, caller: System, method: str, path: str, mode: GenerationMode
) -> None:
    operation = described[f"{ROOT}{path}"][method]
    headers = {"Authorization": f"Bearer {caller.secret}"}
    judged = [
        checks.not_a_server_error,
        *(
            check
            for check in checks.CHECKS.get_all()
            if check.__name__
            in {
                "status_code_conformance",
                "content_type_conformance",
                "response_schema_conformance",
            }
        ),
    ]

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        if mode is GenerationMode.POSITIVE:
            _about_somebody(case, caller)
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=judged)

    ask()


def test_every_route_is_described(described: Any) -> None:
    found = {
        (one.ok().method.upper(), one.ok().path.removeprefix(ROOT))
        for one in described.get_all_operations()
        if isinstance(one, Ok)
    }
    assert found == set(ROUTES)
