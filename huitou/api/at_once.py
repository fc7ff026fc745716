"""Points given and taken by tills, answered before Django makes a request of them.

What is asked all day in one plain form needs no session, no address to look for and no signal.
Only what goes well is answered here, and as the routes of ``api.points`` answer it. All else (a key
not seen yet or used too often, a word out of place, too few points) is left to them: they look
again, and say what is wrong."""

import io
import json
import re
import secrets
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from django.db import close_old_connections
from django.http import HttpRequest
from django.utils import timezone

from huitou.api import access, door, points
from huitou.api.interface import ROOT
from huitou.api.shapes import KEY, LONGEST_KEY
from huitou.flows import points_at_once
from huitou.platform import logs
from huitou.points.types import Posted, State

Environment = dict[str, Any]
Site = Callable[[Environment, Callable[..., Any]], Iterable[bytes]]

_LONGEST: Final = 2_000  # bytes of a body: longer ones are not plain
_KEY: Final = re.compile(KEY)
_ROUTES: Final = {
    f"{ROOT}points/earn": points_at_once.earn,
    f"{ROOT}points/redeem": points_at_once.redeem,
}
_HEADERS: Final = (*door.HEADERS.items(), ("Content-Type", points.JSON))  # of every answer


class _Answer(NamedTuple):
    body: bytes
    headers: list[tuple[str, str]]


class _Asked(HttpRequest):
    """A request of which nothing is read but what is asked of it."""

    def __init__(self, environ: Environment) -> None:
        self.META = environ
        self.headers = door.Headers(environ)  # type: ignore[assignment]
        self.request_id = secrets.token_hex(8)

    def _get_scheme(self) -> str:
        scheme: str = self.META["wsgi.url_scheme"]
        return scheme


def at_once(site: Site) -> Site:
    """The site, with tills served first."""

    def respond(environ: Environment, start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = _answered(environ)
        if answer is None:
            return site(environ, start_response)
        start_response("200 OK", answer.headers)
        return [answer.body]

    return respond


def _answered(environ: Environment) -> _Answer | None:
    """The answer to what is plain and goes well; None: the site has to be asked."""
    post = _ROUTES.get(environ["PATH_INFO"])
    if post is None or environ["REQUEST_METHOD"] != "POST":
        return None
    key, body = environ.get("HTTP_IDEMPOTENCY_KEY", ""), _body(environ)
    if body is None or len(key) > LONGEST_KEY or not _KEY.fullmatch(key):
        return None
    asked, now = _Asked(environ), timezone.now()
    try:
        if not door.is_for_us(asked):
            return None
        asked.api_key, _ = access.let_in(asked, now, is_known_enough=True)  # type: ignore[attr-defined]
        points.WRITE(asked)
        payload = points.PointsIn.model_validate(json.loads(body))
        close_old_connections()  # as Django does before each of its requests
        with logs.bound(request_id=asked.request_id, actor=access.actor_of(asked)):
            wanted = points.wanted_by(asked, payload, key)
            posted = post(wanted, points.named_by(asked, payload), now=now)
    except Exception:  # whatever it was, the site meets it again, and says so
        return None
    return None if posted is None else _told(asked, posted)


def _body(environ: Environment) -> bytes | None:
    """The body of a plain request, which can be read again; None: it is not plain."""
    length = environ.get("CONTENT_LENGTH") or ""
    if environ.get("CONTENT_TYPE") != "application/json" or not length.isdecimal():
        return None
    if int(length) > _LONGEST:
        return None
    body: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _told(asked: _Asked, posted: Posted) -> _Answer:
    body = points.told(posted).encode()
    spoken = door.language(asked.META.get("HTTP_ACCEPT_LANGUAGE", ""))
    headers = [
        *_HEADERS,
        *door.of_this_site(asked),
        ("Content-Length", str(len(body))),
        ("X-Request-ID", asked.request_id),
        ("Content-Language", door.LANGUAGES[spoken]),
    ]
    if posted.state is State.REPEATED:
        headers.append(("Idempotency-Replayed", "true"))
    return _Answer(body, headers)
