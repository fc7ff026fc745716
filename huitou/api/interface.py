"""The whole interface: its parts, its description, how it answers failures."""

from typing import Any, Final, NamedTuple

from django.http import Http404
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from huitou.api import (
    answers,
    audiences,
    checkout,
    coupons,
    customers,
    messages,
    orders,
    points,
    voice,
)
from huitou.api.access import Key

ROOT: Final = "/api/v1/"
DESCRIPTION: Final = (
    "Money is in minor units, instants carry their zone. Every write needs an Idempotency-Key; "
    "lists come in pages; what is refused answers {code, message, facts}."
)


class Interface(NinjaAPI):
    """The interface stands at one address, and nobody asks Django where."""

    def get_root_path(self, path_params: Any) -> str:
        """Where its addresses begin."""
        del path_params
        return ROOT


interface = Interface(
    title="Huitou",
    version="1",
    description=DESCRIPTION,
    docs_url=None,  # a page of documents would load its scripts from elsewhere
    urls_namespace="api",
)
for part in (orders, customers, voice, audiences, points, coupons, checkout, messages):
    interface.add_router("", part.router)
for failure in (ValidationError, HttpError, Http404, Exception):  # ninja has its own for the first
    interface.add_exception_handler(failure, answers.failed)


class Route(NamedTuple):
    """One thing that can be asked, and what a key must open for it."""

    method: str
    path: str  # /orders
    scope: str


def routes() -> list[Route]:
    """Every route in the order of its address. One without a scope is a mistake: it raises."""
    found = []
    for _prefix, router in interface._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                (key,) = operation.auth_callbacks
                assert isinstance(key, Key), path
                found += [Route(method, path, key.scope.value) for method in operation.methods]
    return sorted(found, key=lambda route: (route.path, route.method))
