"""The statements of this room, ready to run."""

from pathlib import Path
from typing import Final

from huitou.platform.statements import Statements

_STATEMENTS: Final = Statements(str(Path(__file__).parent))
run = _STATEMENTS.run
rows = _STATEMENTS.rows
