"""What can be refused in the voice room, and whose move it is."""

from huitou.kit.errors import HuitouError, Kind
from huitou.kit.text import gettext_noop as _


class RollbackBlocked(HuitouError):
    """A later import changed answers of the one to be rolled back."""

    kind = Kind.CONFLICT
    code = "voice.rollback_blocked"
    message = _("Later imports changed {count} of these answers: {imports}. Roll those back first.")


class ScaleUnknown(HuitouError):
    """The scale that was named cannot be one of satisfaction."""

    kind = Kind.INVALID
    code = "voice.scale_unknown"
    message = _(
        "{scale} is no scale of five steps: write it from worst to best, such as 1-5 or 5-1."
    )
