"""Words: the marker for translation, and the one way to make text comparable."""

import unicodedata


def gettext_noop(message: str) -> str:
    """Return ``message`` unchanged; marks it for the translation catalogue without Django."""
    return message


def folded(text: str) -> str:
    """``text`` as a stored search key: NFKC, casefolded, inner blanks single, ends trimmed."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
