"""Tills are answered before Django makes a request of them: only what is plain and goes well, and
as the routes answer it."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from django.utils import timezone

from huitou.api.at_once import at_once
from huitou.points import queries as points
from huitou.staff import queries as staff
from huitou.staff import services as people
from tests.doors.api_shop import ROOT, System, system
from tests.doors.member_shop import Member
from tests.doors.tills import code_of, give, take

pytestmark = pytest.mark.django_db(transaction=True)


class Answer:
    """What the server would send."""

    def __init__(self, site: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> None:
        self.content = b"".join(site(environ, self._begin))

    def _begin(self, status: str, headers: list[tuple[str, str]]) -> None:
        self.status_code, self.headers = int(status.split(maxsplit=1)[0]), dict(headers)

    def json(self) -> Any:
        return json.loads(self.content)


class Server:
    """The site as a server runs it; whether Django was asked."""

    def __init__(self, secret: str) -> None:
        self.secret, self.was_left = secret, False
        self._site, self._handler = at_once(self._left), WSGIHandler()

    def _left(self, environ: dict[str, Any], begin: Callable[..., Any]) -> Iterable[bytes]:
        self.was_left = True
        answer: Iterable[bytes] = self._handler(environ, begin)
        return answer

    def ask(self, content: Any, what: str = "earn", key: str = "k", **said: Any) -> Answer:
        self.was_left = False
        body = content if isinstance(content, str) else json.dumps(content)
        environ = (
            RequestFactory()
            .post(
                f"{ROOT}/points/{what}",
                body,
                content_type="application/json",
                HTTP_AUTHORIZATION=f"Bearer {self.secret}",
                HTTP_IDEMPOTENCY_KEY=key,
                HTTP_ACCEPT_LANGUAGE="en",
            )
            .environ
        )
        for name, value in said.items():
            environ[name] = value
            if value is None:
                del environ[name]
        return Answer(self._site, environ)


def test_a_till_gets_the_answer_of_the_route(till: System, known: Member) -> None:
    server, code = Server(till.secret), code_of(known)
    for what, route, left in (("earn", give, 140), ("redeem", take, 100)):
        for turn, replayed in enumerate((None, "true")):
            answer = server.ask({"customer": code, "points": 20}, what, key=f"front-{what}")
            assert not server.was_left
            theirs = route(till, known, 20, key=f"route-{what}")
            assert (answer.status_code, theirs.status_code) == (200, 200)
            assert answer.json().keys() == theirs.json().keys()
            assert answer.headers.get("Idempotency-Replayed") == replayed, turn
            its_own = {"X-Request-ID", "Content-Length"}
            plain = {n: v for n, v in answer.headers.items() if n not in its_own}
            assert plain == {n: v for n, v in theirs.headers.items() if n not in its_own}
            assert answer.headers["Content-Length"] == str(len(answer.content))
        assert theirs.json()["balance"] == left
    assert points.audit().breaches == []


def test_a_key_counts_once_whichever_way_it_comes(till: System, known: Member) -> None:
    server, content = Server(till.secret), {"customer": code_of(known), "points": 20}
    first = give(till, known, 20, key="same")
    again = server.ask(content, key="same")
    assert (again.content, again.headers["Idempotency-Replayed"]) == (first.content, "true")
    other = server.ask({**content, "points": 21}, key="same")
    assert server.was_left
    assert (other.status_code, other.json()["code"]) == (409, "points.conflict")


@pytest.mark.parametrize(
    ("changed", "said", "status"),
    [
        pytest.param({}, {"REQUEST_METHOD": "PUT"}, 405, id="another method"),
        pytest.param({}, {"PATH_INFO": f"{ROOT}/points/burn"}, 404, id="another address"),
        pytest.param({}, {"CONTENT_TYPE": "text/plain"}, 200, id="another type"),
        pytest.param({}, {"HTTP_IDEMPOTENCY_KEY": "a key"}, 422, id="a key with a space"),
        pytest.param({}, {"HTTP_IDEMPOTENCY_KEY": None}, 422, id="no key"),
        pytest.param({}, {"HTTP_AUTHORIZATION": None}, 401, id="no secret"),
        pytest.param({}, {"HTTP_AUTHORIZATION": "Bearer x"}, 401, id="a wrong secret"),
        pytest.param({}, {"HTTP_HOST": "elsewhere.example"}, 400, id="another site"),
        pytest.param({"points": 0}, {}, 422, id="no points"),
        pytest.param({"points": 5_000_000}, {}, 422, id="too many points"),
        pytest.param({"reason": "a word"}, {}, 422, id="a reason that is no code"),
        pytest.param({"reason": "x" * 3_000}, {}, 422, id="a long body"),
        pytest.param({"customer": "nobody"}, {}, 404, id="nobody"),
        pytest.param({"points": 101}, {}, 409, id="too few points"),
    ],
)
def test_all_else_is_left_to_the_route(
    till: System, known: Member, changed: dict[str, Any], said: dict[str, Any], status: int
) -> None:
    server = Server(till.secret)
    asked = {"customer": code_of(known), "points": 5, **changed}
    answer = server.ask(asked, "redeem", **said)
    assert (server.was_left, answer.status_code) == (True, status)


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '{"customer": "\\ud800", "points": 1}'])
def test_a_body_that_says_nothing_is_left_to_the_route(
    till: System, known: Member, body: str
) -> None:
    server = Server(till.secret)
    answer = server.ask(body)
    assert (server.was_left, answer.status_code) == (True, 422)


def test_a_key_without_the_right_or_in_force_no_more_does_nothing(
    till: System, known: Member
) -> None:
    content = {"customer": code_of(known), "points": 5}
    narrow = Server(system("integrator", "orders:write").secret)
    assert narrow.ask(content).status_code == 403
    server = Server(till.secret)
    assert server.ask(content, key="before").status_code == 200
    key = staff.api_key(till.secret)
    assert key is not None
    people.revoke_key(key_public_id=key.public_id, actor="cli", now=timezone.now())
    refused = server.ask(content, key="after")
    assert (refused.status_code, refused.json()["code"]) == (401, "staff.key_unknown")
    assert points.audit().breaches == []


def test_what_is_left_is_counted_once(known: Member) -> None:
    server = Server(system(per_minute=3).secret)
    codes = [
        server.ask({"customer": "nobody", "points": 5}, key=f"n{n}").status_code for n in range(4)
    ]
    assert codes in ([404, 404, 404, 429], [404, 404, 404, 404])  # a minute may begin between


def test_over_https_browsers_are_told_to_stay_there(
    till: System, known: Member, settings: Any
) -> None:
    settings.SECURE_HSTS_SECONDS = 60
    content, secure = {"customer": code_of(known), "points": 5}, {"wsgi.url_scheme": "https"}
    answer = Server(till.secret).ask(content, **secure)
    assert answer.headers["Strict-Transport-Security"] == "max-age=60"
    plain = Server(till.secret).ask(content)
    assert "Strict-Transport-Security" not in plain.headers
