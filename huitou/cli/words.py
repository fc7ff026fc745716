"""Words of the command line in the language of the terminal, also before Django is up."""

import gettext as catalogues
from functools import cache
from pathlib import Path
from typing import Final

import huitou

COMPILED: Final = Path(huitou.__file__).parent / "ui/locale/zh_Hans/LC_MESSAGES/django.mo"


def gettext(message: str) -> str:
    """``message`` in the language of the terminal; English is its own translation."""
    return _catalogue().gettext(message)


def say(words: str) -> None:
    """Print a result, at once even into a pipe."""
    print(words, flush=True)


@cache
def _catalogue() -> catalogues.NullTranslations:
    from huitou.settings import env

    if env.read().language == "en" or not COMPILED.exists():
        return catalogues.NullTranslations()
    with COMPILED.open("rb") as reader:
        return catalogues.GNUTranslations(reader)
