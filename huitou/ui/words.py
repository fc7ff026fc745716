"""Errors as sentences in the reader's language."""

from typing import Any

from django.utils.translation import gettext

from huitou.kit.errors import HuitouError


def error_words(error: HuitouError | dict[str, Any]) -> str:
    """The sentence of an error, live or stored as ``{code, message, facts}`` with the English template or sentence.

    A stored error keeps the finished English sentence; where only that is left, it is shown as it is.
    """
    if isinstance(error, HuitouError):
        return error.words(gettext(error.message))
    message, facts = str(error.get("message", "")), error.get("facts") or {}
    template = _template(str(error.get("code", ""))) or message
    try:
        return gettext(template).format(**facts)
    except (KeyError, IndexError, ValueError):
        return message


def _template(code: str) -> str | None:
    """The message of the error class with this code, among all classes that are loaded."""
    waiting: list[type[HuitouError]] = [HuitouError]
    while waiting:
        candidate = waiting.pop()
        if candidate.code == code and candidate.message:
            return candidate.message
        waiting.extend(candidate.__subclasses__())
    return None
