"""Signing in with a one-time code. Kept are digests: no code, no token, no network address."""

import hmac
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from huitou.customers import codes, errors, models, rules


def issue_code(*, email: str, address: str, now: datetime) -> str:
    """A new code for ``email``; the one before it counts no more. The caller sends it.

    Args:
        address: the network address that asks.

    Raises:
        EmailInvalid: no such address can be.
        CodesLimited: too many codes for this e-mail or from this address within an hour.
    """
    known = rules.email(email)
    if known is None:
        raise errors.EmailInvalid
    mail_key, from_key = _key("email", known), _key("address", address)
    since, code = now - codes.WINDOW, codes.new_code()
    with transaction.atomic():
        _one_by_one(mail_key, from_key)
        recent = models.SignInCode.objects.filter(created_at__gt=since)
        by_email = recent.filter(email_key=mail_key).count()
        by_address = recent.filter(address_key=from_key).count()
        if codes.is_limited(by_email=by_email, by_address=by_address):
            raise errors.CodesLimited(minutes=int(codes.WINDOW.total_seconds()) // 60)
        models.SignInCode.objects.filter(created_at__lte=now - codes.KEPT).delete()
        models.SignInCode.objects.create(
            email_key=mail_key,
            address_key=from_key,
            code_digest=_key("code", known, code),
            created_at=now,
        )
    return code


def check_code(*, email: str, code: str, now: datetime) -> str:
    """Use up the code of ``email``; returns the address as it is kept.

    Every wrong try is counted for good, whatever happens to the request.

    Raises:
        CodeOver: there is none, it is too old, it was used, or it was tried too often.
        CodeWrong: these are not its digits; ``left`` says how often one may still try.
    """
    known = rules.email(email) or ""
    with transaction.atomic():
        newest = (
            models.SignInCode.objects.select_for_update()
            .filter(email_key=_key("email", known))
            .order_by("-created_at", "-pk")
            .first()
        )
        if newest is None or newest.used_at or codes.is_over(newest.created_at, now=now):
            raise errors.CodeOver
        if newest.tries >= codes.TRIES:
            raise errors.CodeOver
        given = _key("code", known, codes.typed(code))
        is_right = hmac.compare_digest(newest.code_digest, given)
        newest.tries += 1
        newest.used_at = now if is_right else None
        newest.save(update_fields=["tries", "used_at"])
    if not is_right and newest.tries >= codes.TRIES:
        raise errors.CodeOver
    if not is_right:
        raise errors.CodeWrong(left=codes.TRIES - newest.tries)
    return known


def open_session(*, customer_id: int, now: datetime) -> str:
    """Let this customer in; returns the secret the browser keeps."""
    token = codes.new_token()
    with transaction.atomic():
        models.MemberSession.objects.filter(customer_id=customer_id, expires_at__lte=now).delete()
        models.MemberSession.objects.create(
            customer_id=customer_id,
            digest=codes.token_digest(token),
            created_at=now,
            expires_at=now + codes.SESSION_LIFE,
        )
    return token


def close_session(*, token: str) -> None:
    """End the session of this browser."""
    models.MemberSession.objects.filter(digest=codes.token_digest(token)).delete()


def close_sessions(*, customer_id: int) -> int:
    """End the sessions of every browser of this customer; returns how many."""
    return models.MemberSession.objects.filter(customer_id=customer_id).delete()[0]


def _one_by_one(*keys: str) -> None:
    """Of those who ask for the same at once, each counts the code of the one before: every new code
    comes with new tries, so the limit is what stops guessing."""
    with connection.cursor() as cursor:
        for key in keys:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7341004))", [key])


def _key(*parts: str) -> str:
    return codes.keyed_digest(settings.SECRET_KEY, *parts)
