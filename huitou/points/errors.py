"""What can be refused in the ledger, and whose move it is."""

from huitou.kit.errors import HuitouError, Kind
from huitou.kit.text import gettext_noop as _


class PointsShort(HuitouError):
    """The member has fewer usable points than asked for."""

    kind = Kind.CONFLICT
    code = "points.short"
    message = _("This needs {needed} points; {available} can be used.")


class KeyConflict(HuitouError):
    """The same key came with another request before."""

    kind = Kind.CONFLICT
    code = "points.conflict"
    message = _("{source} {external_id} was posted before with other content. Nothing was changed.")


class NothingToReverse(HuitouError):
    """There is no award or redemption of this key."""

    kind = Kind.MISSING
    code = "points.nothing_to_reverse"
    message = _("No posting {of_source} {of_external_id} can be reversed.")


class ReversedBeyond(HuitouError):
    """More would be taken back, or given back, than was posted."""

    kind = Kind.CONFLICT
    code = "points.reversed_beyond"
    message = _("Only {left} points of {of_source} {of_external_id} can still be reversed.")


class LedgerUnsound(HuitouError):
    """An invariant of the ledger does not hold."""

    kind = Kind.CONFLICT
    code = "points.unsound"
    message = _("The ledger does not add up: {breaches}. Stop posting and ask for help.")
