"""A link by which someone chooses their own password: good once, for three days."""

import hashlib
import secrets
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from huitou.platform import audit, facts
from huitou.staff import errors, models, rules, types
from huitou.staff.facts import PasswordChanged, UserAdded, UserInvited
from huitou.staff.services.people import check_password, row_of, store_user


def invite_user(*, user: types.UserIn, actor: str, now: datetime) -> types.Invited:
    """Let someone work here who chooses their own password.

    Raises:
        EmailInvalid, EmailTaken, RoleUnknown, StoreMissing: nothing is written.
    """
    with transaction.atomic():
        user_id = store_user(user, password=None, now=now)
        after = {"role": user.role, "stores": sorted(user.stores)}
        _note(actor, "add_user", user_id, after, now)
        facts.record(UserAdded(user_id, user.role))
        return types.Invited(user_id, _new_token(user_id, actor, now))


def new_invitation(*, user_id: int, actor: str, now: datetime) -> types.Invited:
    """Another link for someone who works here; earlier ones open nothing any more. A password they
    have stays until they choose another.

    Raises:
        UserMissing: there is nobody of this id.
        AccountClosed: they may not come in.
    """
    with transaction.atomic():
        user = models.User.objects.select_for_update().filter(id=user_id).first()
        if user is None:
            raise errors.UserMissing(user=user_id)
        if not user.is_active:
            raise errors.AccountClosed
        return types.Invited(user_id, _new_token(user_id, actor, now))


def invited_user(token: str, *, now: datetime) -> types.UserRow:
    """Whom a link is for.

    Raises:
        InvitationInvalid: it is wrong, used, replaced or too old.
    """
    return row_of(_matching(token, now=now).user)


def choose_password(*, token: str, password: str, now: datetime) -> int:
    """Use up a link: its holder has this password from now on. Returns the user's id.

    Raises:
        InvitationInvalid: it is wrong, used, replaced or too old.
        PasswordWeak: the link stays usable.
    """
    with transaction.atomic():
        found = _matching(token, now=now, is_locking=True)
        user = found.user
        check_password(password, user)
        user.password = make_password(password)
        user.save(update_fields=["password"])
        found.used_at = now
        found.save(update_fields=["used_at"])
        _note(f"user:{user.pk}", "choose_password", user.pk, None, now)
        facts.record(PasswordChanged(user.pk))
        return int(user.pk)


def _matching(token: str, *, now: datetime, is_locking: bool = False) -> models.Invitation:
    """The unused invitation of ``token``. Found by its digest: the token has 256 random bits, so
    there is nothing to guess and nothing to stretch."""
    rows = models.Invitation.objects.select_related("user").filter(
        digest=_digest(token), used_at=None, user__is_active=True
    )
    found = (rows.select_for_update() if is_locking else rows).first()
    if found is None or rules.is_invitation_over(found.created_at, now=now):
        raise errors.InvitationInvalid
    return found


def _new_token(user_id: int, actor: str, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    models.Invitation.objects.filter(user_id=user_id, used_at=None).delete()
    models.Invitation.objects.create(user_id=user_id, digest=_digest(token), created_at=now)
    _note(actor, "invite_user", user_id, None, now)
    facts.record(UserInvited(user_id))
    return token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _note(actor: str, action: str, user_id: int, after: object, now: datetime) -> None:
    audit.note(
        actor=actor, action=action, subject=f"user:{user_id}", before=None, after=after, now=now
    )
