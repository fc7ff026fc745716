"""What can fail in the plumbing, and whose move it is."""

from huitou.kit.errors import HuitouError, Kind
from huitou.kit.text import gettext_noop as _


class DatabaseDown(HuitouError):
    """The database cannot be reached, or the connection was lost in the middle."""

    kind = Kind.UNAVAILABLE
    code = "platform.database_down"
    message = _(
        "The database cannot be reached. Nothing that was not confirmed was kept. "
        "See “huitou db status”, then try again."
    )


class DiskFull(HuitouError):
    """There is no room left on the disk."""

    kind = Kind.UNAVAILABLE
    code = "platform.disk_full"
    message = _(
        "The disk is full. Nothing that was not confirmed was kept. Free some space, then try again."
    )


class MigrationsPending(HuitouError):
    """The tables are not those of this version."""

    kind = Kind.CONFLICT
    code = "platform.migrations_pending"
    message = _(
        "The database is not ready for this version ({count} steps to go). Run “huitou upgrade” first."
    )


class ImportMissing(HuitouError):
    """No import has this id."""

    kind = Kind.MISSING
    code = "platform.import_missing"
    message = _("There is no import {import_id}.")


class ImportBusy(HuitouError):
    """The import is in another state than this step needs."""

    kind = Kind.CONFLICT
    code = "platform.import_busy"
    message = _("Import {import_id} is {state}; this cannot be done now.")
