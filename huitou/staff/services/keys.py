"""Keys of other systems: made once, shown once, revoked for good, held to so many requests."""

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import transaction

from huitou.kit.ids import public_id
from huitou.kit.text import gettext_noop as _
from huitou.platform import audit, facts, prepared
from huitou.staff import errors, models, rules, types
from huitou.staff.facts import ApiKeyAdded, ApiKeyRevoked
from huitou.staff.services.people import known_role

MARK: Final = "huitou_"  # so that a leaked key is found by who looks for secrets in texts
SECRET_BYTES: Final = 32
SHOWN: Final = len(MARK) + 6
NAME_LENGTH: Final = 100
MOST_PER_MINUTE: Final = 100_000
# Who asks at the same instant waits for the row, and counts on from what is there then.
_TAKE: Final = """
UPDATE staff_apikey k
   SET counted_minute = %s, counted = t.counted + t.taken, last_used_at = %s
  FROM (SELECT c.id, c.counted, least(%s::int, greatest(c.per_minute - c.counted, 0)) AS taken
          FROM (SELECT id, per_minute,
                       CASE WHEN counted_minute = %s THEN counted ELSE 0 END AS counted
                  FROM staff_apikey WHERE id = %s FOR UPDATE) c) t
 WHERE k.id = t.id
RETURNING t.taken
"""


def add_key(*, key: types.ApiKeyIn, actor: str, now: datetime) -> types.NewApiKey:
    """Make a key; its secret is in the answer and nowhere else.

    Raises:
        RoleUnknown, KeyInvalid: nothing is written.
    """
    role = known_role(key.role)
    _check(key)
    secret = MARK + secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        row = models.ApiKey.objects.create(
            public_id=public_id("key", now),
            name=key.name.strip(),
            beginning=secret[:SHOWN],
            digest=rules.key_digest(secret),
            role=role,
            scopes=sorted(set(key.scopes)),
            per_minute=key.per_minute,
            created_by=actor,
            created_at=now,
        )
        audit.note(
            actor=actor,
            action="add_api_key",
            subject=f"api_key:{row.pk}",
            before=None,
            after={"role": role, "scopes": row.scopes, "per_minute": row.per_minute},
            now=now,
        )
        facts.record(ApiKeyAdded(int(row.pk), role))
        return types.NewApiKey(row.public_id, secret)


def revoke_key(*, key_public_id: str, actor: str, now: datetime) -> None:
    """Let a key open nothing any more, from this moment; twice changes nothing.

    Raises:
        KeyMissing: there is none of this id.
    """
    with transaction.atomic():
        rows = models.ApiKey.objects.select_for_update().filter(public_id=key_public_id)
        row = rows.first()
        if row is None:
            raise errors.KeyMissing(key=key_public_id)
        if row.revoked_at is not None:
            return
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
        audit.note(
            actor=actor,
            action="revoke_api_key",
            subject=f"api_key:{row.pk}",
            before={"revoked": False},
            after={"revoked": True},
            now=now,
        )
        facts.record(ApiKeyRevoked(int(row.pk)))


def take_allowance(*, key_id: int, wanted: int, now: datetime) -> int:
    """Take up to ``wanted`` of the requests that the key may still make in this minute; returns
    how many, 0 = none are left.

    A server takes some at once and hands them out itself, so that a request writes nothing: all
    servers together never allow more than the limit.
    """
    minute = now.replace(second=0, microsecond=0)
    found = prepared.rows(_TAKE, [minute, now, wanted, minute, key_id])
    return int(found[0][0])


def _check(key: types.ApiKeyIn) -> None:
    known = {scope.value for scope in types.Scope}
    is_named = 0 < len(key.name.strip()) <= NAME_LENGTH and key.name.isprintable()
    faults = {
        "name": None if is_named else _("1 to 100 readable characters"),
        "scopes": _of_known(key.scopes, known),
        "per_minute": None
        if 1 <= key.per_minute <= MOST_PER_MINUTE
        else _("a whole number from 1 to 100,000"),
    }
    for field, reason in faults.items():
        if reason is not None:
            raise errors.KeyInvalid(field=field, reason=reason)


def _of_known(scopes: Collection[str], known: Collection[str]) -> str | None:
    return None if set(scopes) <= set(known) else _("such as orders:write or points:read")
