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


class SaleInvalid(HuitouError):
    """An order of the till that cannot be."""

    kind = Kind.INVALID
    code = "orders.sale_invalid"
    message = _("An order has at least one row, and every amount is 0 or more.")


class ReturnTooMuch(HuitouError):
    """More comes back than is left of the order."""

    kind = Kind.CONFLICT
    code = "orders.return_too_much"
    message = _("More would come back than is left of order {number}.")


class OrdersBusy(HuitouError):
    """An import is being written, and returns have to wait for it."""

    kind = Kind.UNAVAILABLE
    code = "orders.busy"
    message = _("An import of orders is being written. Try again in a minute.")
