"""What can be refused when several rooms work together."""

from huitou.kit.errors import HuitouError, Kind
from huitou.kit.text import gettext_noop as _


class RowsRejected(HuitouError):
    """Rows of the file cannot get in, and nobody asked to leave them out."""

    kind = Kind.INVALID
    code = "imports.rows_rejected"
    message = _(
        "{count} rows cannot be imported; nothing was. Mend them, or import the others "
        "with --skip-rejected."
    )


class ImportStopped(HuitouError):
    """The process that did the import ended before it was done."""

    kind = Kind.UNAVAILABLE
    code = "imports.stopped"
    message = _("The import was stopped before it was done. Nothing of it was kept.")


class NothingToRollBack(HuitouError):
    """The import is not in force: it was refused, failed, or is rolled back already."""

    kind = Kind.CONFLICT
    code = "imports.not_in_force"
    message = _("Import {import_id} is {state}: there is nothing to roll back.")


class FileGone(HuitouError):
    """The kept copy of the file is not there any more."""

    kind = Kind.MISSING
    code = "imports.file_gone"
    message = _("The file of import {import_id} is no longer kept; upload it again.")


class MappingWrong(HuitouError):
    """A mapping that is neither a pair nor a JSON object."""

    kind = Kind.INVALID
    code = "imports.mapping_wrong"
    message = _("“{text}” is no mapping: write FIELD=COLUMN or a JSON object.")


class SourceReserved(HuitouError):
    """Orders would be written over those that were sold at the till."""

    kind = Kind.INVALID
    code = "imports.source_reserved"
    message = _("Orders of “{source}” are sold there, not imported: give the source another name.")


class RejectsOverSource(HuitouError):
    """The rejects would be written over the file they come from."""

    kind = Kind.INVALID
    code = "imports.rejects_over_source"
    message = _("{name} is the file to import itself: write the rejected rows to another file.")


class RejectsUnwritable(HuitouError):
    """The file of rejects has no folder to be in, or is a folder."""

    kind = Kind.INVALID
    code = "imports.rejects_unwritable"
    message = _("The rejected rows cannot be written to {name}: its folder must be there.")


class CartInvalid(HuitouError):
    """A cart that cannot be sold."""

    kind = Kind.INVALID
    code = "till.cart_invalid"
    message = _("Put at least one row on the order; amounts are 0 or more, quantities above 0.")


class PointsNotPayable(HuitouError):
    """More points than there are, or than the ceiling of the order allows."""

    kind = Kind.CONFLICT
    code = "till.points_not_payable"
    message = _("{points} points cannot be used here; at most {payable} can.")


class QuoteChanged(HuitouError):
    """The cart costs or earns something else by now."""

    kind = Kind.CONFLICT
    code = "till.quote_changed"
    message = _(
        "The order is no longer as it was quoted: look at the new amounts and confirm again."
    )


class SaleMissing(HuitouError):
    """No order of the till has this number."""

    kind = Kind.MISSING
    code = "till.sale_missing"
    message = _("The till has sold no order {number}.")


class RowsGivenRejected(HuitouError):
    """Rows that another system sent cannot get in; ``rejections`` says which and why."""

    code = "imports.rows_given_rejected"
    message = _("{count} rows cannot get in; nothing was written.")


class PostingUnknown(HuitouError):
    """This system has posted no points under this key."""

    kind = Kind.MISSING
    code = "points.posting_unknown"
    message = _("No points were posted here under the key {key}.")
