"""The first visit: a printed token lets its holder become the owner, once."""

import hashlib
import hmac
import secrets
from datetime import datetime

from django.db import connection, transaction

from huitou.platform import audit, facts
from huitou.staff import errors, models, queries, rules, types
from huitou.staff.facts import OwnerCreated
from huitou.staff.services.people import store_user

_FIRST_VISIT_LOCK = 0x68756974  # one number for everyone who would be the first owner


def new_setup_token(*, now: datetime) -> str | None:
    """A new token for the first visit, from now on the only one; None if there is an owner."""
    with transaction.atomic():
        _lock()
        if queries.has_owner():
            return None
        token = secrets.token_urlsafe(24)
        models.SetupToken.objects.filter(used_at=None).delete()
        models.SetupToken.objects.create(digest=_digest(token), created_at=now)
        return token


def setup_token_is_valid(token: str, *, now: datetime) -> bool:
    """Whether ``token`` would make its holder the owner now."""
    return not queries.has_owner() and _matching(token, now=now) is not None


def create_owner(*, token: str, user: types.UserIn, password: str, now: datetime) -> int:
    """Use up ``token`` and make ``user`` the owner; returns the user's id. The role in ``user`` is
    not read.

    Raises:
        AlreadySetUp: there is an owner.
        SetupTokenInvalid: the token is wrong, used or too old.
        EmailInvalid, PasswordWeak: the token stays usable.
    """
    with transaction.atomic():
        _lock()
        if queries.has_owner():
            raise errors.AlreadySetUp
        found = _matching(token, now=now)
        if found is None:
            raise errors.SetupTokenInvalid
        owner = types.UserIn(user.email, user.name, "owner", user.language)
        user_id = store_user(owner, password=password, now=now)
        models.SetupToken.objects.filter(id=found).update(used_at=now)
        audit.note(
            actor=f"user:{user_id}",
            action="create_owner",
            subject=f"user:{user_id}",
            before=None,
            after={"role": "owner"},
            now=now,
        )
        facts.record(OwnerCreated(user_id))
        return user_id


def _matching(token: str, *, now: datetime) -> int | None:
    """The id of the unused token that ``token`` is; every stored digest is compared in constant
    time.
    """
    given, found = _digest(token), None
    for row in models.SetupToken.objects.filter(used_at=None):
        same = hmac.compare_digest(row.digest, given)
        if same and not rules.is_expired(row.created_at, now=now):
            found = row.pk
    return found


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_FIRST_VISIT_LOCK])
