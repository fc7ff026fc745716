"""Addresses of the interface: all of them behind a key, but for its own description."""

from typing import Any, Final

from django.urls import URLPattern, path

from huitou.api.access import guarded
from huitou.api.interface import interface

OPEN: Final = "openapi-json"  # says nothing about the business


def _behind_its_door(found: Any) -> URLPattern:
    """The address as ninja made it, with whom it lets in."""
    view: Any = found.callback
    if found.name != OPEN:
        view, name = guarded(view), f"api_{found.name}"
    else:
        view.access, view.door, name = "public", "api", "api_description"
    made: URLPattern = path(str(found.pattern), view, name=name)
    return made


_MADE: Final[list[Any]] = list(interface.urls[0])
urlpatterns = [_behind_its_door(found) for found in _MADE if found.name != "api-root"]
