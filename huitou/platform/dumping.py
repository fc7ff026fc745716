"""The database out to a file and back in, with PostgreSQL's own programs."""

import os
import secrets
import subprocess
import time
from pathlib import Path
from typing import Any, Final

import psycopg
from django.db import connections
from psycopg import sql

from huitou.platform import errors
from huitou.platform.embedded import binaries, roles

SWAP_SECONDS: Final = 30


def application_role() -> str:
    """The role the application works as."""
    return str(connections["default"].settings_dict["USER"])


def dump(target: Path) -> None:
    """Write the whole database to ``target`` in PostgreSQL's custom format, as of one moment."""
    name = str(connections["owner"].settings_dict["NAME"])
    _run("pg_dump", "--format=custom", "--no-password", f"--file={target}", f"--dbname={name}")


def check(dumped: Path) -> None:
    """Read ``dumped`` from end to end: every table and row of it can be written out again."""
    _run("pg_restore", "--file=/dev/null", str(dumped))


def restore(dumped: Path, *, with_privileges: bool) -> None:
    """Fill a new database from ``dumped``, then let it take the place of the present one in one
    step.
    """
    name = str(connections["owner"].settings_dict["NAME"])
    fresh = f"{name}_restore_{secrets.token_hex(4)}"
    with _maintenance() as keeper:
        keeper.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(fresh)))
        try:
            options = ["--exit-on-error", "--no-owner", "--no-password", f"--dbname={fresh}"]
            if not with_privileges:
                options.append("--no-privileges")
            _run("pg_restore", *options, str(dumped))
            _grant(fresh)
            _swap(keeper, present=name, fresh=fresh)
        finally:
            keeper.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(fresh))
            )


def _swap(keeper: psycopg.Connection[Any], *, present: str, fresh: str) -> None:
    """Let two databases change names, in one transaction; the old one gets the draft's."""
    connections.close_all()
    held = sql.Identifier(f"{fresh}_old")
    old, new = sql.Identifier(present), sql.Identifier(fresh)
    deadline = time.monotonic() + SWAP_SECONDS
    while True:
        keeper.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = ANY(%s) AND pid <> pg_backend_pid()",
            [[present, fresh]],
        )
        try:
            with keeper.transaction():
                for source, target in ((old, held), (new, old), (held, new)):
                    keeper.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(source, target))
        except psycopg.errors.ObjectInUse:  # somebody came in between: end them too
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def _grant(database: str) -> None:
    role = application_role()
    if role != connections["owner"].settings_dict["USER"]:
        with psycopg.connect(**_parameters() | {"dbname": database}, autocommit=True) as connection:
            roles.grant_on(connection, database=database, role=role)


def _maintenance() -> psycopg.Connection[Any]:
    return psycopg.connect(**_parameters() | {"dbname": "postgres"}, autocommit=True)


def _parameters() -> dict[str, Any]:
    settings = connections["owner"].settings_dict
    named = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    options = {
        name: value
        for name, value in settings["OPTIONS"].items()
        if name.startswith("ssl") or name == "connect_timeout"
    }
    return {name: settings[key] for name, key in named.items() if settings[key]} | options


def _run(program: str, *arguments: str) -> None:
    parameters = _parameters()
    password = parameters.pop("password", "")
    # pg_restore to a file takes no connection; the variables do no harm there.
    environment = {f"PG{name.upper()}": str(value) for name, value in parameters.items()}
    environment |= {"LC_ALL": "C", "PATH": os.defpath, "PGPASSWORD": str(password)}
    done = subprocess.run(
        [binaries.find().path(program), *arguments],
        check=False,
        text=True,
        capture_output=True,
        env=environment,
    )
    if done.returncode == 0:
        return
    words = done.stderr.strip().splitlines()[-1][:300] if done.stderr.strip() else ""
    if "No space left on device" in done.stderr or "could not extend file" in done.stderr:
        raise errors.DiskFull
    raise errors.BackupFailed(program=program, words=words)
