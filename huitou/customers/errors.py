"""What can be refused in the customers room, and whose move it is."""

from huitou.kit.errors import HuitouError, Kind
from huitou.kit.text import gettext_noop as _


class NoSuchCustomer(HuitouError):
    """Nobody has this code."""

    kind = Kind.MISSING
    code = "customers.no_such"
    message = _("There is no customer {customer}.")


class RollbackBlocked(HuitouError):
    """A later import changed customers of the one to be rolled back."""

    kind = Kind.CONFLICT
    code = "customers.rollback_blocked"
    message = _(
        "Later imports changed {count} of these customers: {imports}. Roll those back first."
    )
