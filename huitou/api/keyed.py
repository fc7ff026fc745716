"""Every write of the interface happens once for its Idempotency-Key."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import Schema

from huitou.api.access import source_of
from huitou.flows import keyed


def kept(
    request: HttpRequest,
    key: str,
    operation: str,
    content: Schema | dict[str, Any],
    work: Callable[[], dict[str, Any]],
) -> dict[str, Any]:
    """The answer to ``work``, or the one that this key got before; ``operation`` names the route
    and what its address says."""
    plain = content.model_dump(mode="json") if isinstance(content, Schema) else content
    asked = keyed.Request(source_of(request), key, operation, plain)
    answer, is_repeat = keyed.once(asked, work)
    request.is_repeat = is_repeat  # type: ignore[attr-defined]
    return answer
