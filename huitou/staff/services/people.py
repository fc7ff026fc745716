"""Who works here: add, change, give a password."""

import re
from datetime import datetime
from typing import Final

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from huitou.platform import audit, facts
from huitou.staff import errors, models, types
from huitou.staff.facts import PasswordChanged, UserAdded

_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")
LANGUAGES: Final = ("zh-hans", "en")
THEMES: Final = ("auto", "light", "dark")


def add_user(*, user: types.UserIn, password: str, actor: str, now: datetime) -> int:
    """Let someone work here; returns the user's id.

    Raises:
        EmailInvalid, EmailTaken, RoleUnknown, PasswordWeak: nothing is written.
    """
    with transaction.atomic():
        user_id = store_user(user, password=password, now=now)
        _note(actor, "add_user", user_id, None, {"role": user.role}, now)
        facts.record(UserAdded(user_id, user.role))
        return user_id


def set_password(*, email: str, password: str, actor: str, now: datetime) -> int:
    """Replace a password; every session of that user ends. Returns the user's id.

    Raises:
        UserMissing, PasswordWeak: nothing is written.
    """
    with transaction.atomic():
        user = models.User.objects.select_for_update().filter(email=email.strip().lower()).first()
        if user is None:
            raise errors.UserMissing(user=email)
        _check_password(password, user)
        user.password = make_password(password)
        user.save(update_fields=["password"])
        _note(actor, "set_password", user.pk, None, None, now)
        facts.record(PasswordChanged(user.pk))
        return int(user.pk)


def change_user(
    *,
    user_id: int,
    role: str | None = None,
    is_active: bool | None = None,
    actor: str,
    now: datetime,
) -> None:
    """Change what someone may do, or whether they may come in at all.

    Raises:
        UserMissing, RoleUnknown: nothing is written.
        LastOwner: it would leave the house without an active owner.
    """
    with transaction.atomic():
        owners = _locked_owners()  # first, so that two owners cannot remove each other at once
        user = models.User.objects.select_for_update().filter(id=user_id).first()
        if user is None:
            raise errors.UserMissing(user=user_id)
        before = {"role": user.role, "is_active": user.is_active}
        user.role = known_role(role) if role is not None else user.role
        user.is_active = user.is_active if is_active is None else is_active
        stays_owner = user.role == "owner" and user.is_active
        if user_id in owners and not stays_owner and len(owners) == 1:
            raise errors.LastOwner
        user.save(update_fields=["role", "is_active"])
        _note(
            actor,
            "change_user",
            user_id,
            before,
            {"role": user.role, "is_active": user.is_active},
            now,
        )


def set_preferences(
    *, user_id: int, name: str | None = None, language: str | None = None, theme: str | None = None
) -> None:
    """Keep how someone is called and likes the screens.

    Languages are ``zh-hans`` and ``en``, themes ``auto``, ``light`` and ``dark``; what is None
    stays.
    """
    if language is not None and language not in LANGUAGES:
        raise ValueError("language")
    if theme is not None and theme not in THEMES:
        raise ValueError("theme")
    chosen = {"name": name, "language": language, "theme": theme}
    values = {name: value for name, value in chosen.items() if value is not None}
    if values:
        models.User.objects.filter(id=user_id).update(**values)


def store_user(user: types.UserIn, *, password: str, now: datetime) -> int:
    """Write a checked user in the current transaction; returns its id."""
    email = user.email.strip().lower()
    if not _EMAIL.fullmatch(email):
        raise errors.EmailInvalid
    row = models.User(
        email=email,
        name=user.name.strip() or email.partition("@")[0],
        role=known_role(user.role),
        language=user.language if user.language in LANGUAGES else LANGUAGES[0],
        created_at=now,
    )
    _check_password(password, row)
    row.password = make_password(password)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise errors.EmailTaken from error
    return int(row.pk)


def _locked_owners() -> set[int]:
    owners = (
        models.User.objects.select_for_update().filter(role="owner", is_active=True).order_by("id")
    )
    return set(owners.values_list("id", flat=True))


def known_role(role: str) -> str:
    """``role`` if it is one.

    Raises:
        RoleUnknown: it is not.
    """
    known = [one.value for one in types.Role]
    if role not in known:
        raise errors.RoleUnknown(role=role, known=", ".join(known))
    return role


def _check_password(password: str, user: models.User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise errors.PasswordWeak(reasons=" ".join(error.messages)) from error


def _note(
    actor: str, action: str, user_id: int, before: object, after: object, now: datetime
) -> None:
    audit.note(
        actor=actor, action=action, subject=f"user:{user_id}", before=before, after=after, now=now
    )
