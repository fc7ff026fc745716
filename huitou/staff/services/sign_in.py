"""The limit on failed sign-ins. Keys are digests: neither e-mails nor addresses are kept."""

import hashlib
from datetime import datetime

from django.conf import settings

from huitou.staff import models, queries, rules


def limit_key(*, email: str, address: str) -> str:
    """The digest that counts failures of this e-mail from this network address."""
    text = f"{settings.SECRET_KEY}\x00{email.strip().lower()}\x00{address}"
    return hashlib.sha256(text.encode()).hexdigest()


def is_limited(*, email: str, address: str, now: datetime) -> bool:
    """Whether this e-mail from this address, or the address for any e-mail, has failed too often to
    try now.
    """
    since = now - rules.FAILURE_WINDOW
    own = queries.failures_since(limit_key(email=email, address=address), since)
    anyone = queries.failures_since(limit_key(email="", address=address), since)
    return rules.is_limited(own) or rules.is_limited(anyone // rules.ADDRESS_ALLOWANCE)


def attempts_left(*, email: str, address: str, now: datetime) -> int:
    """How often this e-mail may still fail from this address within the window."""
    failed = queries.failures_since(
        limit_key(email=email, address=address), now - rules.FAILURE_WINDOW
    )
    return max(0, rules.FAILURES_ALLOWED - failed)


def note_failed_login(*, email: str, address: str, now: datetime) -> None:
    """Count a failed sign-in, and forget those that no longer matter."""
    models.LoginAttempt.objects.filter(at__lte=now - rules.FAILURE_WINDOW).delete()
    keys = {limit_key(email=email, address=address), limit_key(email="", address=address)}
    models.LoginAttempt.objects.bulk_create([models.LoginAttempt(key=key, at=now) for key in keys])


def clear_failures(*, email: str, address: str) -> None:
    """Forget the failures of this e-mail from this address: it has signed in."""
    models.LoginAttempt.objects.filter(key=limit_key(email=email, address=address)).delete()
