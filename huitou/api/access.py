"""Who may use which route: a key of its own for every system, deny by default.

No cookie opens anything here and nothing here sets one, so there is nothing a browser could be
made to do: no CSRF token is needed.
"""

import hashlib
import threading
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from ninja.security import HttpBearer

from huitou.api import answers, errors
from huitou.platform import logs
from huitou.staff import queries as staff
from huitou.staff import services
from huitou.staff.errors import KeyLimited, KeyTooNarrow, KeyUnknown
from huitou.staff.types import ApiKeyRow, Scope

View = Callable[..., HttpResponseBase]
TAKEN_AT_ONCE: Final = 50  # requests a process may count by itself; of large limits, a hundredth
MOST_SEEN: Final = 1_000  # keys a process remembers
_COUNTED: Final = "huitou.counted"  # no header is called so: those begin with HTTP_
_SEEN: Final[dict[bytes, ApiKeyRow]] = {}  # by the digest of the secret; may be revoked by now


class Key(HttpBearer):
    """The mark of a route: the scope its key needs."""

    openapi_name = "Key"
    openapi_description = "An API key: huitou keys add NAME"

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> ApiKeyRow:
        """The door has read the header already."""
        return self.authenticate(request, "")

    def authenticate(self, request: HttpRequest, token: str) -> ApiKeyRow:
        """The key that the door has let in, if it opens this.

        Raises:
            KeyTooNarrow: it does not.
        """
        del token  # looked up once, by the door
        key = key_of(request)
        if not staff.opens(key.role, key.scopes, self.scope.value):
            raise KeyTooNarrow(scope=self.scope.value)
        return key


def key_of(request: HttpRequest) -> ApiKeyRow:
    """The key of a request that was let in."""
    found: ApiKeyRow = request.api_key  # type: ignore[attr-defined]
    return found


def source_of(request: HttpRequest) -> str:
    """Whose idempotency keys these are."""
    return f"api/{key_of(request).public_id}"


def actor_of(request: HttpRequest) -> str:
    """The system as the record of facts names it."""
    return f"api_key:{key_of(request).id}"


def guarded(view: View, *, is_known_enough: bool = False) -> View:
    """The view lets in only who has a key in force and has not asked too often.

    ``is_known_enough``: a key that this process has seen need not be looked up, because the view
    does nothing for one that is not in force any more."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            key, is_sure = let_in(request, timezone.now(), is_known_enough=is_known_enough)
            request.api_key = key  # type: ignore[attr-defined]
        except Exception as error:
            return answers.failed(request, error)
        with logs.bound(actor=actor_of(request)):
            found = view(request, *args, **kwargs)
        if not is_sure and found.status_code >= 400 and _in_force(_secret(request)) is None:
            return answers.failed(request, KeyUnknown())
        if found.status_code == 405:
            refused = answers.refusal(errors.MethodUnknown(method=request.method), status=405)
            refused.headers["Allow"] = found.headers.get("Allow", "")
            return refused
        if getattr(request, "is_repeat", False):
            found.headers["Idempotency-Replayed"] = "true"
        return found

    answer.csrf_exempt = True  # type: ignore[attr-defined]
    answer.door = "api"  # type: ignore[attr-defined]
    answer.access = "key"  # type: ignore[attr-defined]
    return answer


def sure_of_key(request: HttpRequest) -> None:
    """Look the key up that was only known from before.

    Raises:
        KeyUnknown: it is in force no more.
    """
    if _in_force(_secret(request)) is None:
        raise KeyUnknown


def let_in(request: HttpRequest, now: datetime, *, is_known_enough: bool) -> tuple[ApiKeyRow, bool]:
    """The key, and whether it is in force for sure; the request is counted, once.

    Raises:
        KeyUnknown, KeyLimited.
    """
    secret = _secret(request)
    key = _SEEN.get(_digest(secret)) if is_known_enough else None
    is_sure = key is None
    if key is None:
        key = _in_force(secret)
    if key is None:
        raise KeyUnknown
    if _COUNTED not in request.META and not _ALLOWANCE.take(key, now):
        raise KeyLimited(per_minute=key.per_minute, seconds=60 - now.second)
    request.META[_COUNTED] = True
    return key, is_sure


def _secret(request: HttpRequest) -> str:
    word, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if word.lower() == "bearer" else ""


def _in_force(secret: str) -> ApiKeyRow | None:
    """The key as it is on record now; it is remembered, or forgotten."""
    digest = _digest(secret)
    key = staff.api_key(secret) if secret else None
    if key is None:
        _SEEN.pop(digest, None)
        return None
    if len(_SEEN) >= MOST_SEEN:
        _SEEN.clear()
    _SEEN[digest] = key
    return key


def _digest(secret: str) -> bytes:
    """What a process remembers instead of the secret."""
    return hashlib.sha256(secret.encode()).digest()


class _Allowance:
    """Requests this process may still let in: taken from the minute's limit some at a time."""

    def __init__(self) -> None:
        self._left: dict[int, tuple[datetime, int]] = {}
        self._lock = threading.Lock()

    def take(self, key: ApiKeyRow, now: datetime) -> bool:
        """Whether one more may come in."""
        minute = now.replace(second=0, microsecond=0)
        with self._lock:
            counted, left = self._left.get(key.id, (minute, 0))
            if counted != minute or left < 1:
                most = max(TAKEN_AT_ONCE, key.per_minute // 100)
                wanted = max(1, min(most, key.per_minute // 10))
                left = services.take_allowance(key_id=key.id, wanted=wanted, now=now)
            self._left[key.id] = (minute, max(left - 1, 0))
            return left > 0


_ALLOWANCE: Final = _Allowance()
