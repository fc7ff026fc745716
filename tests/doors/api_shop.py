"""Another system at the interface: a key, and requests as it sends them."""

from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from huitou.staff import queries, services
from huitou.staff.types import ApiKeyIn

ROOT = "/api/v1"


class System:
    """Who asks, with their key; answers are kept as they came."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.known: dict[str, str] = {}  # what a test tells it of
        self.client = Client(headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"})

    @property
    def source(self) -> str:
        """Whose idempotency keys they are."""
        key = queries.api_key(self.secret)
        assert key is not None
        return f"api/{key.public_id}"

    def get(self, path: str, **query: Any) -> Any:
        """Ask; the answer."""
        return self.client.get(ROOT + path, query)

    def send(self, path: str, content: Any, *, key: str = "", method: str = "post") -> Any:
        """Write once for ``key``; without one, for a key of its own."""
        given = {"Idempotency-Key": key or uuid4().hex}
        send = getattr(self.client, method)
        return send(ROOT + path, content, content_type="application/json", headers=given)


def system(role: str = "integrator", *scopes: str, per_minute: int = 6_000) -> System:
    """A system with a key of this role, narrowed to these scopes."""
    key = ApiKeyIn("web shop", role, scopes, per_minute)
    return System(services.add_key(key=key, actor="cli", now=timezone.now()).secret)
