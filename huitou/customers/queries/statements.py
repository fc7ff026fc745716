"""The statements of this room, ready to read."""

from pathlib import Path
from typing import Final

from huitou.kit.statements import statement
from huitou.platform.statements import Statements

_BESIDE: Final = str(Path(__file__).parent)
rows = Statements(_BESIDE).rows


def text(name: str) -> str:
    """A statement as it is written."""
    return statement(_BESIDE, name)
