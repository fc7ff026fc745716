"""The roles and the database inside the cluster: made if missing, so that a crash between is no
harm.
"""

from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from huitou.platform.embedded import layout


def ensure(home: Path, sockets: Path) -> None:
    """The application's role with its password, the database, and what the role may do there."""
    with owner_connection(home, sockets, "postgres") as connection:
        password = sql.Literal(layout.secret(home, layout.APP_ROLE))
        role = sql.Identifier(layout.APP_ROLE)
        known = "SELECT 1 FROM pg_roles WHERE rolname = %s"
        if connection.execute(known, [layout.APP_ROLE]).fetchone() is None:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, password))
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        if connection.execute(known, [layout.DATABASE]).fetchone() is None:
            name = sql.Identifier(layout.DATABASE)
            connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
    grant(home, sockets, layout.DATABASE)


def grant(home: Path, sockets: Path, database: str) -> None:
    """Let the application read and write rows of ``database``: no new tables, no emptying of
    tables.
    """
    with owner_connection(home, sockets, database) as connection:
        grant_on(connection, database=database, role=layout.APP_ROLE)


def grant_on(connection: psycopg.Connection[Any], *, database: str, role: str) -> None:
    """Let ``role`` read and write rows of all that this connection's role makes, now and later."""
    names = {"role": sql.Identifier(role), "db": sql.Identifier(database)}
    for statement in (
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public "
        "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        "GRANT TEMPORARY ON DATABASE {db} TO {role}",
    ):
        connection.execute(sql.SQL(statement).format(**names))


def owner_connection(home: Path, sockets: Path, database: str) -> psycopg.Connection[Any]:
    """A connection as the owner: for the supervisor only."""
    return psycopg.connect(
        host=str(sockets),
        port=layout.PORT,
        user=layout.OWNER_ROLE,
        password=layout.secret(home, layout.OWNER_ROLE),
        dbname=database,
        autocommit=True,
    )
