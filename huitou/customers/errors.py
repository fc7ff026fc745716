"""What can go wrong with customers, and whose move it is."""

from huitou.kit.errors import HuitouError, Kind
from huitou.kit.text import gettext_noop as _


class NoSuchCustomer(HuitouError):
    """Nobody has this code."""

    kind = Kind.MISSING
    code = "customers.no_such"
    message = _("There is no customer {customer}.")
