"""The one base of every anticipated failure: whose move it is, a stable code, words and facts."""

from collections.abc import Mapping
from enum import Enum
from typing import ClassVar, Final


class Kind(Enum):
    """Six kinds of failure; each names the next move."""

    INVALID = "invalid"  # fix what you sent
    MISSING = "missing"  # name something else
    CONFLICT = "conflict"  # the state disagrees
    FORBIDDEN = "forbidden"  # ask someone
    LIMITED = "limited"  # wait
    UNAVAILABLE = "unavailable"  # an outside system must recover; we retry


# How each door that speaks HTTP answers.
HTTP_STATUS: Final[Mapping[Kind, int]] = {
    Kind.INVALID: 422,
    Kind.MISSING: 404,
    Kind.CONFLICT: 409,
    Kind.FORBIDDEN: 403,
    Kind.LIMITED: 429,
    Kind.UNAVAILABLE: 503,
}


class HuitouError(Exception):
    """An anticipated failure. Subclasses fix ``kind``, ``code`` and ``message``.

    ``message`` is a translatable template; an instance carries ``facts``, the named values it
    needs (numbers, ids, short words).
    """

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "huitou.error"
    message: ClassVar[str] = ""

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.words())

    def words(self, template: str | None = None) -> str:
        """The sentence, in English or in the given translated ``template``."""
        return (template if template is not None else self.message).format(**self.facts)
