"""``huitou upgrade``: a backup, then the tables of this version."""

import argparse
from datetime import UTC, datetime

from huitou.cli.words import gettext, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("--no-backup", action="store_true", help="do not back up first")


def run(args: argparse.Namespace) -> int:
    """Back up, unless there is nothing to lose, and migrate."""
    from huitou.platform import backup, queries, schema

    if schema.is_empty():
        schema.migrate()
        say(gettext("The tables are made."))
        return 0
    count = queries.pending_migrations()
    if count == 0:
        schema.migrate()  # the application's rights, should an outside server have lost them
        say(gettext("The tables are those of this version already."))
        return 0
    if not args.no_backup:
        made = backup.make(None, now=datetime.now(UTC))
        say(gettext("Backed up to {file}.").format(file=made.path))
    schema.migrate()
    say(gettext("The tables are those of this version now ({count} steps).").format(count=count))
    return 0
