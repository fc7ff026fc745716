"""What a browser carries between the steps of signing in: a signed cookie, for half an hour."""

from dataclasses import asdict, dataclass
from typing import Final

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from huitou.customers.codes import SESSION_LIFE
from huitou.portal.access import MEMBER_COOKIE

JOINING_COOKIE: Final = "huitou_joining"
LIFE_SECONDS: Final = 30 * 60
_SALT: Final = "huitou.portal.joining"


@dataclass(frozen=True, slots=True)
class Step:
    """Who is signing in and how far they are."""

    email: str
    target: str  # where they wanted to go
    is_proven: bool = False  # the code was right


def step_of(request: HttpRequest) -> Step | None:
    """How far this browser is; ``None`` if it has not begun or took too long."""
    try:
        said = signing.loads(
            request.COOKIES.get(JOINING_COOKIE, ""), salt=_SALT, max_age=LIFE_SECONDS
        )
        return Step(**said)
    except (signing.BadSignature, TypeError):
        return None


def keep_step(response: HttpResponse, request: HttpRequest, step: Step) -> HttpResponse:
    """Remember how far this browser is."""
    response.set_cookie(
        JOINING_COOKIE,
        signing.dumps(asdict(step), salt=_SALT),
        max_age=LIFE_SECONDS,
        path=reverse("portal_home"),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


def let_in(response: HttpResponse, request: HttpRequest, token: str) -> HttpResponse:
    """Give the browser the member's secret, and forget the steps."""
    response.set_cookie(
        MEMBER_COOKIE,
        token,
        max_age=int(SESSION_LIFE.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    response.delete_cookie(JOINING_COOKIE, path=reverse("portal_home"))
    return response
