"""The rows of a small table, whatever program saved it: CSV in any usual encoding, a workbook."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from huitou.connectors.files import errors, opening, sniffing

_ENCODINGS: Final = ("utf-8-sig", "gb18030")


def rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the physical line it begins on; the header comes first.

    Raises:
        FileUnreadable: a subclass says what is wrong with the file.
    """
    container, is_gzip = opening.container(path)
    if container in {"xlsx", "xls"}:
        yield from _sheet(path)
        return
    if container != "text":
        raise errors.BinaryFile
    text = _decoded(b"".join(opening.text_chunks(path, is_gzip=is_gzip)))
    head = text[:65_536]
    delimiter = sniffing.delimiter_of(head, '"')
    yield from sniffing.records(text, delimiter, '"')


def _decoded(raw: bytes) -> str:
    """UTF-16 with its mark, UTF-8, else what Chinese programs save."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace").replace("\r\n", "\n")
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise errors.BinaryFile


def _sheet(path: Path) -> Iterator[tuple[int, list[str]]]:
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    for number, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        texts = [_text(cell) for cell in cells]
        if any(texts):
            yield number, texts


def _text(cell: object) -> str:
    """A phone number a workbook took for a number, as its digits again."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
