"""A write of another system, once for its key: a retry gets the answer of the first time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from huitou.platform import idempotency

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked, of which operation, under which key; ``source`` is whose key that is."""

    source: str
    key: str
    operation: str
    content: Mapping[str, Any]


def once(request: Request, work: Callable[[], Answer]) -> tuple[Answer, bool]:
    """Do ``work`` and keep its answer, in one transaction; or give the answer kept before. Also
    says whether it was kept.

    A refusal keeps nothing: the same key may succeed later.

    Raises:
        KeyReused: the key was used for another request.
        and what ``work`` raises.
    """
    digest = idempotency.digest_of({"operation": request.operation, "content": request.content})
    with transaction.atomic():
        kept = idempotency.recall(request.source, request.key, digest)
        if kept is not None:
            return kept, True
        answer = work()
        idempotency.keep(request.source, request.key, digest, answer)
        return answer, False
