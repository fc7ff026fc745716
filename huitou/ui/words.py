"""Errors as sentences in the reader's language."""

import re
from functools import cache
from typing import Any, Final

from django.utils.translation import gettext

from huitou.kit.errors import HuitouError
from huitou.ui import catalogue

_TELLING: Final = 24  # letters a message needs beside its facts, so that no other sentence fits it
_FACT: Final = re.compile(r"\{(\w+)\}")


def error_words(error: HuitouError | dict[str, Any]) -> str:
    """The sentence of an error, live or stored as ``{code, message, facts}`` with the English
    template or sentence.

    A stored error keeps the finished English sentence; where only that is left, it is shown as it
    is.
    """
    if isinstance(error, HuitouError):
        return error.words(gettext(error.message))
    message, facts = str(error.get("message", "")), error.get("facts") or {}
    template = _template(str(error.get("code", ""))) or message
    try:
        return gettext(template).format(**facts)
    except (KeyError, IndexError, ValueError):
        return message


def sentence(finished: str) -> str:
    """A finished English sentence in the reader's language.

    A reason kept on record has its facts in it already: the message it was made from is found again
    by its shape.
    """
    translated = gettext(finished) if finished else ""
    if translated != finished:
        return translated
    for pattern, template in _shapes():
        if (found := pattern.fullmatch(finished)) is not None:
            return gettext(template).format(**found.groupdict())
    return finished


@cache
def _shapes() -> list[tuple[re.Pattern[str], str]]:
    """Messages with named facts as patterns; the longest first, so that the most exact wins."""
    templates = [
        message
        for message in catalogue.messages()
        if _FACT.search(message) and len(_FACT.sub("", message)) >= _TELLING
    ]
    return [(_shape(template), template) for template in sorted(templates, key=len, reverse=True)]


def _shape(template: str) -> re.Pattern[str]:
    seen: set[str] = set()
    parts = []
    for n, part in enumerate(_FACT.split(template)):
        if n % 2 == 0:
            parts.append(re.escape(part))
        else:
            parts.append(f"(?P={part})" if part in seen else f"(?P<{part}>.{{1,80}}?)")
            seen.add(part)
    return re.compile("".join(parts), re.DOTALL)


def _template(code: str) -> str | None:
    """The message of the error class with this code, among all classes that are loaded."""
    waiting: list[type[HuitouError]] = [HuitouError]
    while waiting:
        candidate = waiting.pop()
        if candidate.code == code and candidate.message:
            return candidate.message
        waiting.extend(candidate.__subclasses__())
    return None
