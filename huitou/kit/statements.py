"""SQL statements kept in files, read once."""

from functools import cache
from pathlib import Path


@cache
def statement(room_file: str, name: str) -> str:
    """The text of ``sql/<name>.sql`` beside ``room_file`` (a module's ``__file__``)."""
    return (Path(room_file).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")
