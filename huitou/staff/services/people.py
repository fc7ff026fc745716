"""Who works here: add, change, give a password."""

import re
import secrets
from datetime import datetime
from typing import Final

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from huitou.platform import audit, facts
from huitou.staff import errors, models, queries, types
from huitou.staff.facts import PasswordChanged, UserAdded, UserChanged

_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")
_READABLE: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # without 1, l, 0, o, i
LANGUAGES: Final = ("zh-hans", "en")
THEMES: Final = ("auto", "light", "dark")


def add_user(*, user: types.UserIn, password: str, actor: str, now: datetime) -> int:
    """Let someone work here; returns the user's id.

    Raises:
        EmailInvalid, EmailTaken, RoleUnknown, PasswordWeak: nothing is written.
    """
    with transaction.atomic():
        user_id = store_user(user, password=password, now=now)
        after = {"role": user.role, "stores": sorted(user.stores)}
        _note(actor, "add_user", user_id, None, after, now)
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
        check_password(password, user)
        user.password = make_password(password)
        user.save(update_fields=["password"])
        models.Invitation.objects.filter(user=user, used_at=None).delete()
        _note(actor, "set_password", user.pk, None, None, now)
        facts.record(PasswordChanged(user.pk))
        return int(user.pk)


def change_user(*, user_id: int, change: types.UserChange, actor: str, now: datetime) -> None:
    """Change who someone is here, what they may do, whether they may come in at all.

    Raises:
        UserMissing, RoleUnknown, StoreMissing, EmailInvalid, EmailTaken: nothing is written.
        OwnAccount: it is one's own role, stores or account.
        LastOwner: it would leave the house without an active owner.
        ChangedMeanwhile: it is not any more as it was on the screen.
    """
    with transaction.atomic():
        owners = _locked_owners()  # first, so that two owners cannot remove each other at once
        user = models.User.objects.select_for_update().filter(id=user_id).first()
        if user is None:
            raise errors.UserMissing(user=user_id)
        held = tuple(user.stores.order_by("id").values_list("id", flat=True))
        if change.seen and change.seen != queries.user_mark(row_of(user), held):
            raise errors.ChangedMeanwhile
        before, address = _state(user, held), user.email
        stores = held if change.stores is None else tuple(sorted(set(change.stores)))
        _apply(user, change)
        after = _state(user, stores)
        if actor == f"user:{user_id}" and before != after:
            raise errors.OwnAccount
        stays_owner = user.role == "owner" and user.is_active
        if user_id in owners and not stays_owner and len(owners) == 1:
            raise errors.LastOwner
        _save(user, stores if stores != held else None)
        if not user.is_active or user.email != address:  # a link went to who may not come in
            models.Invitation.objects.filter(user_id=user_id, used_at=None).delete()
        _note(actor, "change_user", user_id, before, after, now)
        facts.record(UserChanged(user_id, user.role, user.is_active))


def _apply(user: models.User, change: types.UserChange) -> None:
    if change.role is not None:
        user.role = known_role(change.role)
    if change.is_active is not None:
        user.is_active = change.is_active
    if change.name is not None and change.name.strip():
        user.name = change.name.strip()
    if change.email is not None:
        user.email = _known_email(change.email)


def _save(user: models.User, stores: tuple[int, ...] | None) -> None:
    try:
        with transaction.atomic():
            user.save(update_fields=["name", "email", "role", "is_active"])
    except IntegrityError as error:
        raise errors.EmailTaken from error
    if stores is not None:
        user.stores.set(_known_stores(stores))


def _state(user: models.User, stores: tuple[int, ...]) -> dict[str, object]:
    """What the audit trail keeps of someone: nothing that names them."""
    return {"role": user.role, "is_active": user.is_active, "stores": list(stores)}


def row_of(user: models.User) -> types.UserRow:
    """Someone as the rooms above know them."""
    return types.UserRow(
        user.pk,
        user.email,
        user.name,
        user.role,
        user.language,
        user.theme,
        user.is_active,
        user.created_at,
        user.last_login,
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


def store_user(user: types.UserIn, *, password: str | None, now: datetime) -> int:
    """Write a checked user in the current transaction; returns its id. Without a password they
    cannot sign in until they chose one."""
    email = _known_email(user.email)
    row = models.User(
        email=email,
        name=user.name.strip() or email.partition("@")[0],
        role=known_role(user.role),
        language=user.language if user.language in LANGUAGES else LANGUAGES[0],
        created_at=now,
    )
    if password is not None:
        check_password(password, row)
    row.password = make_password(password)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise errors.EmailTaken from error
    row.stores.set(_known_stores(user.stores))
    return int(row.pk)


def generated_password() -> str:
    """A password nobody guesses and everybody can read aloud: four groups of four signs."""
    return "-".join("".join(secrets.choice(_READABLE) for _sign in range(4)) for _group in range(4))


def _known_email(text: str) -> str:
    email = text.strip().lower()
    if not _EMAIL.fullmatch(email) or not email.isprintable():
        raise errors.EmailInvalid
    return email


def _known_stores(ids: tuple[int, ...]) -> list[models.Store]:
    wanted = set(ids)
    found = list(models.Store.objects.filter(id__in=wanted))
    if unknown := wanted - {int(store.pk) for store in found}:
        raise errors.StoreMissing(store=min(unknown))
    return found


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


def check_password(password: str, user: models.User) -> None:
    """Hold a password to the rules.

    Raises:
        PasswordWeak: it breaks them.
    """
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
