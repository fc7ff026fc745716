"""The shapes that every part of the interface shares. Money in minor units, instants with their
zone, no text that a database cannot keep."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from ninja import Field, Header, Schema
from pydantic import AfterValidator, AwareDatetime, StringConstraints

MOST_MINOR: Final = 10**12
MOST_POINTS: Final = 1_000_000
PAGE: Final = 50
KEY: Final = r"^[A-Za-z0-9._:/-]+$"  # of a write, up to so long
LONGEST_KEY: Final = 100
_READABLE: Final = r"^[^\x00-\x1f\x7f]*$"
_WORDS: Final = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"  # with line ends


def _of_our_time(instant: datetime) -> datetime:
    if not 1970 <= instant.year <= 2200:
        raise ValueError("between 1970 and 2200")
    return instant.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_of_our_time)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_READABLE)]
Text = Annotated[str, StringConstraints(max_length=500, pattern=_READABLE)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=4_000, pattern=_WORDS)]
Minor = Annotated[int, Field(ge=0, le=MOST_MINOR)]
Id = Annotated[int, Field(ge=1, le=2**62)]
Points = Annotated[int, Field(ge=1, le=MOST_POINTS)]
Limit = Annotated[int, Field(ge=1, le=1_000)]
IdempotencyKey = Annotated[
    str,
    Header(
        ...,
        alias="Idempotency-Key",
        min_length=1,
        max_length=LONGEST_KEY,
        pattern=KEY,
        description="The same key with the same request happens once and gets the same answer; "
        "with another request it is refused (409). Kept for ever, for each API key.",
    ),
]


class Refusal(Schema):
    """Whose move it is: a stable code, words, and the named values in them."""

    code: str
    message: str
    facts: dict[str, Any]


REFUSED: Final = frozenset({401, 403, 404, 409, 422, 429, 503})


def answers(shape: Any, status: int = 200) -> dict[Any, Any]:
    """What a route can answer."""
    return {status: shape, REFUSED: Refusal}
