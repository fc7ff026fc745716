"""Open the house for a command: settings, database, tables, as far as the command needs them."""

import logging
import os
import sys
from typing import Final

from huitou.cli.words import gettext
from huitou.platform import errors
from huitou.platform.embedded import layout
from huitou.settings import env as environment

NEEDS: Final = ("nothing", "settings", "database", "tables")


def prepare(needs: str) -> None:
    """Make ready what a command needs; each later word of ``NEEDS`` includes the earlier.

    A database nobody has used yet gets its tables at once; one of another version is refused.

    Raises:
        FolderUnusable: the data folder cannot be made or written.
        MigrationsPending: the tables are of another version.
    """
    depth = NEEDS.index(needs)
    if depth >= 1:
        start_django()
    if depth >= 2:
        start_database()
    if depth >= 3:
        ensure_tables()


def start_django() -> None:
    """Load Django with our settings; a command's log goes to stderr from warnings up."""
    env = environment.read()
    folder_is_usable(env)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huitou.settings")
    import django

    django.setup()
    logging.getLogger("huitou").setLevel(logging.WARNING)


def folder_is_usable(env: environment.Env) -> None:
    """Make the data folder if it is missing.

    Raises:
        FolderUnusable: it cannot be made or written.
    """
    try:
        layout.prepare(env.home)
        layout.secret(env.home, "web-key")
    except OSError as error:
        reason = error.strerror or str(error)
        raise errors.FolderUnusable(folder=str(env.home), reason=reason) from error


def start_database() -> bool:
    """Start the embedded server unless an outside one is named; whether we started it."""
    env = environment.read()
    if env.database_url:
        return False
    from huitou.platform.embedded.cluster import Cluster

    started = Cluster(env.home).start()
    if started:
        note(gettext("The database was started; “huitou db stop” ends it."))
    return started


def ensure_tables() -> None:
    """Make the tables of a fresh database; refuse those of another version.

    Raises:
        MigrationsPending: the tables are of another version.
        ServerTooOld: the outside server is too old.
    """
    from huitou.platform import schema

    schema.check_server()
    if schema.is_empty():
        schema.migrate()
    schema.check()


def note(words: str) -> None:
    """Tell a person something that is no result, if a person is looking."""
    if sys.stderr.isatty():
        print(words, file=sys.stderr)
