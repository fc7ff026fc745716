"""What can be refused about saved audiences, and whose move it is."""

from huitou.kit.errors import HuitouError, Kind
from huitou.kit.text import gettext_noop as _


class AudienceMissing(HuitouError):
    """There is no such audience, or it is archived."""

    kind = Kind.MISSING
    code = "audiences.no_such"
    message = _("There is no audience {audience}.")


class AudienceNameInvalid(HuitouError):
    """An audience needs a short name."""

    kind = Kind.INVALID
    code = "audiences.name_invalid"
    message = _("Give the audience a name of 1 to {longest} characters.")


class AudienceNameTaken(HuitouError):
    """Another audience is called so."""

    kind = Kind.CONFLICT
    code = "audiences.name_taken"
    message = _("Another audience is called “{name}” already.")


class AudienceChanged(HuitouError):
    """Somebody saved the audience while it was being edited."""

    kind = Kind.CONFLICT
    code = "audiences.changed"
    message = _("Somebody saved version {version} of this audience while you were editing it.")


class AudienceInUse(HuitouError):
    """Other audiences name it: it can be neither renamed nor archived."""

    kind = Kind.CONFLICT
    code = "audiences.in_use"
    message = _("These audiences are built on it: {names}. Change them first.")
