"""The catalogue of words: every msgid of code and templates, the Chinese fragments, and the
compiled file Django reads.

A msgid is the English sentence. Its Chinese stands in ``locale/zh_Hans/words/<area>.po``, one
fragment per area, each
msgid in exactly one of them. ``python -m huitou.ui.catalogue`` compiles the fragments into
``django.mo``.
"""

import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE: Final = Path(__file__).resolve().parent.parent
LOCALE: Final = Path(__file__).resolve().parent / "locale" / "zh_Hans"
WORDS: Final = LOCALE / "words"
COMPILED: Final = LOCALE / "LC_MESSAGES" / "django.mo"
_KEYWORDS: Final[dict[str, tuple[int | tuple[int, str], ...] | None]] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_NAMED: Final = re.compile(r"(?<!%)%\((\w+)\)|(?<!\{)\{(\w+)[^{}]*\}(?!\})")
Key = tuple[str, str]  # context ("" = none), msgid (the singular of a plural)


class WordsBroken(SystemExit):
    """The fragments contradict each other or cannot be read; every problem in one message."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(
            "\n".join(["The words need a fix:", *(f"  - {line}" for line in problems)])
        )


def used() -> dict[Key, str]:
    """Every message of code and templates, with one place where it stands."""
    found: dict[Key, str] = {}
    for path, source in _sources():
        for line, message, _comments, context in extract(
            "python", io.BytesIO(source), keywords=_KEYWORDS
        ):
            singular = message[0] if isinstance(message, tuple | list) else message
            if singular:
                found.setdefault(
                    (context or "", singular), f"{path.relative_to(PACKAGE.parent)}:{line}"
                )
    return found


def merged() -> Catalog:
    """All fragments as one catalogue.

    Raises:
        WordsBroken: a fragment cannot be read, two translate one msgid differently, or one is empty
        or loses a fact.
    """
    whole, problems = _gathered()
    if problems:
        raise WordsBroken(problems)
    return whole


def messages() -> list[str]:
    """Every msgid that has Chinese, without context."""
    return [_singular(message) for message in _gathered()[0] if message.id and not message.context]


def missing() -> list[str]:
    """Messages without Chinese, each with the place that uses it."""
    catalogue = merged()
    known = {(message.context or "", _singular(message)) for message in catalogue if message.id}
    return [
        f"{place}: {message!r}"
        for (context, message), place in sorted(used().items())
        if (context, message) not in known
    ]


def build() -> Path:
    """Compile what is sound in the fragments; ``merged`` tells what is not.

    The file is whole before it has its name, so a running site never reads half of it.
    """
    stamp = _newest()  # before reading: a fragment written meanwhile makes the file stale again
    catalogue, _problems = _gathered()
    COMPILED.parent.mkdir(parents=True, exist_ok=True)
    draft = COMPILED.with_name(f".django.{os.getpid()}.mo")
    with draft.open("wb") as writer:
        write_mo(writer, catalogue)
    os.utime(draft, ns=(stamp, stamp))
    draft.replace(COMPILED)
    return COMPILED


def is_stale() -> bool:
    """Whether the compiled file is missing or made of other fragments than there are."""
    return not COMPILED.exists() or COMPILED.stat().st_mtime_ns != _newest()


def _newest() -> int:
    return max(path.stat().st_mtime_ns for path in [WORDS, *WORDS.glob("*.po")])


def _gathered() -> tuple[Catalog, list[str]]:
    """The fragments as one catalogue, and what is wrong with them; the first translation of a msgid
    stays.
    """
    whole = Catalog(locale="zh_Hans_CN", domain="django", charset="utf-8", fuzzy=False)
    problems: list[str] = []
    for path in sorted(WORDS.glob("*.po")):
        for message in _messages(path, problems):
            problems += [f"{path.name}: {line}" for line in _faults(message)]
            known = whole.get(message.id, message.context)
            if known is None:
                whole.add(message.id, message.string, context=message.context)
            elif known.string != message.string:
                problems.append(
                    f"{path.name}: “{_singular(message)}” is translated differently elsewhere"
                )
    return whole, problems


def _sources() -> Iterator[tuple[Path, bytes]]:
    """Every source of messages as Python text; a template becomes the calls Django would make."""
    from django.utils.translation import templatize

    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, path.read_bytes()
    for path in sorted(PACKAGE.rglob("templates/**/*.html")):
        calls = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        yield (
            path,
            f"({calls})".encode(),
        )  # inside brackets the indentation of HTML is none of Python's


def _messages(path: Path, problems: list[str]) -> list[Message]:
    try:
        with path.open("rb") as reader:
            catalogue = read_po(reader, locale="zh_Hans_CN", charset="utf-8", abort_invalid=True)
    except Exception as error:  # whatever the reader of the format says belongs in the one report
        problems.append(f"{path.name}: {error}")
        return []
    return [message for message in catalogue if message.id]


def _faults(message: Message) -> list[str]:
    """What is wrong with a translation: it is empty, or names facts the message lacks."""
    msgid = _singular(message)
    strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
    if not any(strings):
        return [f"“{msgid}” has no translation"]
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    allowed = {name for text in ids for name in _names(text)}
    surplus = {name for text in strings for name in _names(text)} - allowed
    return (
        [f"“{msgid}” names {', '.join(sorted(surplus))}, which the message does not"]
        if surplus
        else []
    )


def _names(text: str) -> set[str]:
    return {first or second for first, second in _NAMED.findall(text)}


def _singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


if __name__ == "__main__":
    build()
    sys.stdout.write(f"{COMPILED}\n")
