"""The answers given to keyed writes, so that a retry gets the same one.

For writes that post no transfer (a checkout, an order, a coupon): in one transaction look with
``recall`` first, do the work, keep the answer with ``keep``."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import connection

from huitou.platform import errors, models

_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_KEEP = """
INSERT INTO platform_keptanswer (source, key, digest, answer, kept_at)
VALUES (%s, %s, %s, %s, statement_timestamp())
"""


def recall(source: str, key: str, digest: str) -> dict[str, Any] | None:
    """The answer kept for (source, key); None while there is none.

    Inside a transaction the key is the caller's until its end: the same request coming in twice
    at once waits here, and then gets the answer.

    Raises:
        KeyReused: it was kept for another request (``digest`` differs).
    """
    with connection.cursor() as cursor:
        cursor.execute(_ALONE, [f"{source}\n{key}"])
    kept = models.KeptAnswer.objects.filter(source=source, key=key)
    row = kept.values_list("digest", "answer").first()
    if row is None:
        return None
    if row[0] != digest:
        raise errors.KeyReused(source=source, key=key)
    answer: dict[str, Any] = json.loads(row[1])
    return answer


def is_kept(source: str, key: str) -> bool:
    """Whether there is an answer for (source, key): whatever the request was."""
    return models.KeptAnswer.objects.filter(source=source, key=key).exists()


def keep(source: str, key: str, digest: str, answer: Mapping[str, Any]) -> None:
    """Keep ``answer`` for ever, in the caller's transaction, with its keys in their order."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [source, key, digest, json.dumps(answer, ensure_ascii=False)])


def digest_of(request: Mapping[str, Any]) -> str:
    """The same text for the same request, whatever the order of its keys."""
    text = json.dumps(request, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
