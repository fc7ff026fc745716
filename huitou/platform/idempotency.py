"""The answers given to keyed writes, so that a retry gets the same one.

For writes that post no transfer (a checkout, an order, a coupon): look with ``recall`` first, keep
the answer with ``keep`` in the transaction of the write."""

from typing import Any


def recall(source: str, key: str, digest: str) -> dict[str, Any] | None:
    """The answer kept for (source, key); None while there is none.

    Raises:
        KeyReused: it was kept for another request (``digest`` differs).
    """
    raise NotImplementedError


def keep(source: str, key: str, digest: str, answer: dict[str, Any]) -> None:
    """Keep ``answer`` for ever, in the caller's transaction.

    Raises:
        KeyReused: someone else's request with this key was kept meanwhile; the caller's
            transaction must end without effect.
    """
    raise NotImplementedError


def digest_of(request: dict[str, Any]) -> str:
    """The same text for the same request: hash of its JSON with sorted keys."""
    raise NotImplementedError
