"""The tables of this version: whether the database has them, and how it gets them."""

from typing import Any

from django.core.management import call_command
from django.db import connection, connections

from huitou.platform import errors, queries
from huitou.platform.embedded import roles
from huitou.platform.server import OLDEST_MAJOR


def check() -> None:
    """Refuse to work on tables of another version.

    Raises:
        MigrationsPending: some migrations of this version have not been applied.
    """
    if count := queries.pending_migrations():
        raise errors.MigrationsPending(count=count)


def check_server() -> None:
    """Refuse a server we do not know: too old for what the tables need.

    Raises:
        ServerTooOld: its major version is below the oldest supported.
    """
    connection.ensure_connection()
    major = connection.pg_version // 10000  # type: ignore[attr-defined]
    if major < OLDEST_MAJOR:
        raise errors.ServerTooOld(found=major, oldest=OLDEST_MAJOR)


def is_empty() -> bool:
    """Whether nothing was ever put into this database: no version of ours has made its tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations')")
        return bool(cursor.fetchone() == (None,))


def migrate() -> None:
    """Bring the tables to this version, as the owner; then let the application's role use them."""
    owner = connections["owner"]
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    role = connection.settings_dict["USER"]
    if role and role != owner.settings_dict["USER"]:
        owner.ensure_connection()
        raw: Any = owner.connection
        roles.grant_on(raw, database=owner.settings_dict["NAME"], role=role)
    owner.close()
