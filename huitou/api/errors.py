"""What can be refused before a request reaches a room."""

from huitou.kit.errors import HuitouError, Kind
from huitou.kit.text import gettext_noop as _


class AddressUnknown(HuitouError):
    """No route has this address."""

    kind = Kind.MISSING
    code = "api.address_unknown"
    message = _("There is nothing at this address.")


class MethodUnknown(HuitouError):
    """The route has other methods."""

    code = "api.method_unknown"
    message = _("This address does not know {method}.")


class Unreadable(HuitouError):
    """The body is not JSON."""

    code = "api.unreadable"
    message = _("The body is not JSON.")


class RequestInvalid(HuitouError):
    """A field is missing or wrong; ``fields`` says which, never what stood in it."""

    code = "api.request_invalid"
    message = _("The request is not as the interface describes it: {fields}.")


class Broken(HuitouError):
    """Nobody anticipated this."""

    kind = Kind.UNAVAILABLE
    code = "api.broken"
    message = _(
        "Something went wrong on our side; it is in our log as {request}. "
        "Try again with the same key."
    )


class EvidenceMissing(HuitouError):
    """Consent is said to be given, and not how."""

    code = "api.evidence_missing"
    message = _("Consent counts as given only with its evidence.")
