"""Addresses of the interface: all of them behind a key, but for its own description."""

from typing import Any, Final

from django.urls import ResolverMatch, URLPattern, path
from django.urls.resolvers import RegexPattern, URLResolver

from huitou.api import points
from huitou.api.access import guarded
from huitou.api.interface import ROOT, interface

OPEN: Final = "openapi-json"  # says nothing about the business


def _behind_its_door(found: Any) -> URLPattern:
    """The address as ninja made it, with whom it lets in."""
    view: Any = found.callback
    if found.name != OPEN:
        is_known_enough = found.name in points.ASK_FOR_THE_KEY
        view, name = guarded(view, is_known_enough=is_known_enough), f"api_{found.name}"
    else:
        view.access, view.door, name = "public", "api", "api_description"
    made: URLPattern = path(str(found.pattern), view, name=name)
    return made


_MADE: Final[list[Any]] = list(interface.urls[0])
urlpatterns = [_behind_its_door(found) for found in _MADE if found.name != "api-root"]
_RESOLVER: Final = URLResolver(RegexPattern(f"^{ROOT}"), urlpatterns)
# Most requests go to addresses without a parameter: nothing has to be tried for them.
_PLAIN: Final = {
    address: _RESOLVER.resolve(address)
    for address in (f"{ROOT}{pattern.pattern}" for pattern in urlpatterns)
    if "<" not in address
}


def found(address: str) -> ResolverMatch:
    """Who answers at this address.

    Raises:
        Resolver404: nobody.
    """
    return _PLAIN.get(address) or _RESOLVER.resolve(address)
