"""``huitou db``: the embedded database: start, stop, status, backup, restore, upgrade."""

import argparse
import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from huitou.cli.words import gettext, say
from huitou.settings import env as environment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the subcommands."""
    names = "start|stop|status|backup|restore|upgrade"
    commands = parser.add_subparsers(dest="command", required=True, metavar=names)
    commands.add_parser("start", help="start it; it stays until it is stopped")
    commands.add_parser("stop", help="stop it: open sessions end, what is committed stays")
    status = commands.add_parser("status", help="whether it runs, where it lies, how large it is")
    backup = commands.add_parser("backup", help="write a backup and read it back")
    backup.add_argument(
        "file", nargs="?", type=Path, help="default: a dated file in the data folder"
    )
    restore = commands.add_parser("restore", help="put a backup in the place of what is here")
    restore.add_argument("file", type=Path)
    restore.add_argument("--force", action="store_true", help="replace the data that are here")
    upgrade = commands.add_parser("upgrade", help="move the data to this version of PostgreSQL")
    upgrade.add_argument("--check", action="store_true", help="only look whether it would work")
    for sub in (status, backup):
        sub.add_argument("--json", action="store_true")


def needs(args: argparse.Namespace) -> str:
    """Backups need a running database; the rest looks after itself."""
    return "database" if args.command in {"backup", "restore"} else "nothing"


def run(args: argparse.Namespace) -> int:
    """Run one of them."""
    work = {
        "start": _start, "stop": _stop, "status": _status,
        "backup": _backup, "restore": _restore, "upgrade": _upgrade,
    }  # fmt: skip
    return work[args.command](args)


def _cluster() -> Any:
    """The embedded server of the data folder.

    Raises:
        OutsideServer: another server is named.
    """
    from huitou.cli import opening
    from huitou.platform import errors
    from huitou.platform.embedded.cluster import Cluster

    env = environment.read()
    if env.database_url:
        raise errors.OutsideServer
    opening.folder_is_usable(env)
    return Cluster(env.home)


def _start(args: argparse.Namespace) -> int:
    del args
    if _cluster().start():
        say(gettext("The database was started."))
    else:
        say(gettext("The database runs already."))
    return 0


def _stop(args: argparse.Namespace) -> int:
    del args
    if _cluster().stop():
        say(gettext("The database was stopped."))
    else:
        say(gettext("The database does not run."))
    return 0


def _status(args: argparse.Namespace) -> int:
    found = _outside() if environment.read().database_url else _embedded()
    if args.json:
        print(json.dumps(found, default=str))
    else:
        for name, value in found.items():
            print(f"{name.replace('_', ' '):<16} {value if value is not None else '–'}")
    return 0 if found["state"] == "running" else 1


def _embedded() -> dict[str, Any]:
    cluster = _cluster()
    status = cluster.status()
    size = None
    if status.major is not None:
        size = sum(file.stat().st_size for file in status.data.rglob("*") if file.is_file())
    backups = len(list((cluster.home / "backups").glob("*.tar")))
    return {**dataclasses.asdict(status), "size_bytes": size, "backups": backups}


def _outside() -> dict[str, Any]:
    from huitou.cli import opening
    from huitou.platform import server

    opening.start_django()
    return server.status()


def _backup(args: argparse.Namespace) -> int:
    from huitou.platform import backup

    made = backup.make(args.file, now=datetime.now(UTC))
    if args.json:
        print(json.dumps(dataclasses.asdict(made), default=str))
    else:
        words = gettext("Backed up to {file} ({size} bytes, {files} files, read back).")
        say(words.format(file=made.path, size=f"{made.size_bytes:,}", files=made.files))
    return 0


def _restore(args: argparse.Namespace) -> int:
    from huitou.platform import backup, queries

    found = backup.restore(args.file, force=args.force)
    words = gettext("Restored the backup of {made_at} UTC.")
    say(words.format(made_at=f"{found.made_at:%Y-%m-%d %H:%M}"))
    if queries.pending_migrations():
        say(gettext("Its tables are of an older version: run “huitou upgrade”."))
    return 0


def _upgrade(args: argparse.Namespace) -> int:
    from huitou.platform.embedded import upgrading

    cluster = _cluster()
    before = upgrading.upgrade(cluster, check_only=args.check)
    if before is None:
        say(gettext("The database is of this version of PostgreSQL already."))
    elif args.check:
        say(gettext("The database can be moved from PostgreSQL {version}.").format(version=before))
    else:
        words = gettext(
            "The database was moved from PostgreSQL {version}; the old one is kept as {folder}."
        )
        say(words.format(version=before, folder=f"postgres.old-{before}"))
    return 0
