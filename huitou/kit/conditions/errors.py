"""What is refused in a condition."""

from collections.abc import Mapping
from typing import Final

from huitou.kit.errors import HuitouError, Kind
from huitou.kit.text import gettext_noop as _

REASONS: Final[Mapping[str, str]] = {
    "not_an_object": _("this must be one condition: an object with named parts"),
    "unknown_version": _('this version of conditions is not known; write "v": 1'),
    "unknown_shape": _("this is none of all, any, not, audience, field or agg"),
    "too_deep": _("groups stand in groups more than {limit} deep"),
    "too_many": _("more than {limit} conditions"),
    "unknown_part": _("the part {given} is not known here"),
    "unknown_field": _("there is nothing called {given} to ask about"),
    "unknown_audience": _("there is no audience called {given}"),
    "audience_circle": _("the audience {given} would contain itself"),
    "unknown_op": _("{given} cannot be asked of {field}"),
    "unknown_agg": _("{given} cannot be made of {field}"),
    "unknown_choice": _("{given} is none of the choices of {field}"),
    "bad_window": _("the span of time must be days, hours, since or ever, from 1 to {limit}"),
    "bad_value": _("{given} is not a value of {field}"),
    "empty_list": _("name at least one value of {field}"),
    "backwards": _("the first value of {field} is after the second"),
}


class ConditionError(HuitouError):
    """A condition cannot be used; ``path`` says where, ``reason`` is a code of ``REASONS``."""

    kind = Kind.INVALID
    code = "conditions.invalid"
    message = _("The condition at {path} cannot be used: {why}")

    def __init__(self, path: str, reason: str, **facts: object) -> None:
        self.path = path
        self.reason = reason
        self.why_facts = facts
        super().__init__(path=path, reason=reason, why=REASONS[reason].format(**facts), **facts)
