"""What can be refused in the orders room, and whose move it is."""

from huitou.kit.errors import HuitouError, Kind
from huitou.kit.text import gettext_noop as _


class RollbackBlockedByImport(HuitouError):
    """A later import changed orders of the one to be rolled back."""

    kind = Kind.CONFLICT
    code = "orders.rollback_blocked_by_import"
    message = _("Later imports changed {count} of these orders: {imports}. Roll those back first.")


class RollbackBlockedByRefund(HuitouError):
    """A refund of another import names an order of the one to be rolled back."""

    kind = Kind.CONFLICT
    code = "orders.rollback_blocked_by_refund"
    message = _(
        "Refunds in other imports name {count} of these orders, such as {number}. "
        "Roll those imports back first."
    )


class OrderMissing(HuitouError):
    """No order has this id."""

    kind = Kind.MISSING
    code = "orders.missing"
    message = _("There is no such order.")
