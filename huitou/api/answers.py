"""How the interface answers what was refused: JSON with a code, words and facts, whoever asks."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext
from ninja.errors import HttpError, ValidationError

from huitou.api import errors
from huitou.kit.errors import HTTP_STATUS, HuitouError
from huitou.platform import faults
from huitou.staff.errors import KeyLimited, KeyUnknown

log = logging.getLogger("huitou.api")
PREFIX: Final = "/api/"


def refusal(error: HuitouError, *, status: int | None = None) -> HttpResponse:
    """The answer to an anticipated failure: whose move it is, in the reader's language."""
    facts = {name: _plain(value) for name, value in error.facts.items()}
    told = {"code": error.code, "message": error.words(gettext(error.message)), "facts": facts}
    given = status if status is not None else HTTP_STATUS[error.kind]
    if isinstance(error, KeyUnknown):
        given = 401
    answer = JsonResponse(told, status=given, json_dumps_params={"ensure_ascii": False})
    if given == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, KeyLimited):
        answer.headers["Retry-After"] = str(error.facts["seconds"])
    return answer


def failed(request: HttpRequest, failure: Exception | type[Exception]) -> HttpResponse:
    """The answer to whatever was raised; what nobody anticipated is logged once, here."""
    if isinstance(failure, ValidationError):
        return refusal(errors.RequestInvalid(fields=", ".join(map(_fault, failure.errors))))
    if isinstance(failure, HttpError):
        return refusal(errors.Unreadable())
    known = faults.known(failure) if isinstance(failure, Exception) else None
    if known is not None:
        return refusal(known)
    log.exception("api.broken", exc_info=True)
    request_id = getattr(request, "request_id", "")
    return refusal(errors.Broken(request=request_id), status=500)


def is_of_the_interface(request: HttpRequest) -> bool:
    """Whether the address is one of other systems."""
    return request.path.startswith(PREFIX)


def missing(request: HttpRequest) -> HttpResponse:
    """The answer where no route is."""
    del request
    return refusal(errors.AddressUnknown())


def _fault(fault: Mapping[str, Any]) -> str:
    """Where and what is wrong, never what stood there: it may be about a person."""
    where = [str(part) for part in fault.get("loc", ())[1:]]
    if where[:1] in (["payload"], ["content"]):
        where = where[1:]
    return f"{'.'.join(where) or 'body'}: {fault.get('type', 'wrong')}"


def _plain(value: object) -> object:
    if isinstance(value, str | int | float | bool | type(None)):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, Sequence):
        return [_plain(part) for part in value]
    return str(value)
