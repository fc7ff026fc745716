"""The words of a message for one person: a text with fields in double braces, filled in. Pure."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from liquid import BoundTemplate, Environment, StrictUndefined
from liquid.exceptions import LiquidError

from huitou.campaigns import errors
from huitou.kit.text import gettext_noop as _

# Every field a message may ask for, and what it stands for.
FIELDS: Final[Mapping[str, str]] = {
    "name": _("Name, or “Customer” where we know none"),
    "shop": _("Name of the company"),
    "store": _("Name of their store"),
    "coupon": _("Their own coupon code"),
    "coupon_ends": _("Last day of the coupon"),
    "points": _("Their balance of points"),
    "tier": _("Their level of membership"),
}
MOST_CHARACTERS: Final = 20_000


class _Limited(Environment):
    """A template is somebody's text, not a programme: it may not run long or grow large."""

    loop_iteration_limit = 100
    output_stream_limit = 100_000
    block_nesting_limit = 20
    context_depth_limit = 10


_ENVIRONMENT: Final = _Limited(undefined=StrictUndefined, strict_filters=True)


def check(text: str) -> None:
    """Refuse a text that could not be filled in for everybody.

    Raises:
        MessageTooLong, MessageBroken, MergeFieldUnknown: what is wrong with it.
    """
    if len(text) > MOST_CHARACTERS:
        raise errors.MessageTooLong(length=len(text), most=MOST_CHARACTERS)
    for name in asked(text):
        if name not in FIELDS:
            raise errors.MergeFieldUnknown(field=name, known=", ".join(FIELDS))


def asked(text: str) -> list[str]:
    """The fields a text asks for.

    Raises:
        MessageBroken: it cannot be read.
    """
    return list(_parsed(text).global_variables())


def filled(text: str, person: Mapping[str, object]) -> str:
    """The text for one person; every field of FIELDS must be in ``person``, "" if not known.

    Raises:
        MessageBroken: it cannot be filled in.
    """
    try:
        return str(_parsed(text).render(**{name: person[name] for name in FIELDS})).strip()
    except LiquidError as error:
        raise errors.MessageBroken(line=_line(error)) from error


@lru_cache(maxsize=64)
def _parsed(text: str) -> BoundTemplate:
    try:
        return _ENVIRONMENT.from_string(text)
    except LiquidError as error:
        raise errors.MessageBroken(line=_line(error)) from error


def _line(error: LiquidError) -> int:
    token = getattr(error, "token", None)
    source, start = getattr(token, "source", ""), getattr(token, "start_index", 0)
    return source.count("\n", 0, max(start, 0)) + 1
