"""What kind of file this is, and its bytes: unpacked while they stream, never beyond the limits."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from huitou.connectors.files import errors

READ_BYTES: Final = 1 << 20
EXPANDED_LIMIT_BYTES: Final = 8 << 30
WORKBOOK_LIMIT_BYTES: Final = 1 << 30
RATIO_LIMIT: Final = 250  # deflate reaches 1,032; orders as text stay under 60
RATIO_FREE_BYTES: Final = 32 << 20  # below this a ratio says nothing
CELL_LIMIT: Final = 40_000_000  # a workbook's sheet is held in memory as a rectangle

MEMBER_LIMIT: Final = 10_000  # a workbook has a few dozen

_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARQUET: Final = b"PAR1"
_FOREIGN: Final = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"Rar!", b"7z\xbc\xaf", b"BZh",
    b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"SQLite format 3", b"MZ\x90",
)  # fmt: skip
_CELL_REFERENCE: Final = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')


def container(path: Path) -> tuple[str, bool]:
    """The container (text, xlsx, xls, parquet) and whether it is text packed by gzip."""
    if not path.is_file():
        raise errors.FileMissing(name=path.name)
    with path.open("rb") as file:
        head = file.read(16)
    if not head:
        raise errors.EmptyFile
    if head.startswith(_ZIP):
        _check_workbook(path)
        return "xlsx", False
    if head.startswith(_OLE):
        return "xls", False
    if head.startswith(_PARQUET):
        return "parquet", False
    if head.startswith(_FOREIGN):
        raise errors.BinaryFile
    if head.startswith(_GZIP):
        start = next(text_chunks(path, is_gzip=True), b"")
        if start.startswith((*_FOREIGN, _GZIP, _ZIP, _OLE, _PARQUET)):
            raise errors.BinaryFile
        return "text", True
    return "text", False


def text_chunks(path: Path, *, is_gzip: bool) -> Iterator[bytes]:
    """The file's bytes, unpacked, in pieces of at most a few MiB.

    Raises:
        TooLargeExpanded: as soon as the unpacked size or its ratio passes the limit.
        DamagedFile: the archive breaks off or does not check.
    """
    packed_bytes = path.stat().st_size
    expanded_bytes = 0
    with path.open("rb") as file:
        for chunk in _unpacked(file) if is_gzip else iter(lambda: file.read(READ_BYTES), b""):
            expanded_bytes += len(chunk)
            if is_gzip:
                _check_size(expanded_bytes, packed_bytes, EXPANDED_LIMIT_BYTES)
            yield chunk


def _unpacked(file: IO[bytes]) -> Iterator[bytes]:
    """Every member of a gzip file, one after the other."""
    member = zlib.decompressobj(wbits=31)
    packed = file.read(READ_BYTES)
    try:
        while packed:
            if chunk := member.decompress(packed, READ_BYTES * 4):
                yield chunk
            packed = member.unconsumed_tail or member.unused_data
            if member.eof:
                packed = packed.lstrip(b"\0") or file.read(READ_BYTES)
                member = zlib.decompressobj(wbits=31)
                if not packed:
                    return
            elif not packed:
                packed = file.read(READ_BYTES)
        if rest := member.flush():
            yield rest
    except zlib.error as error:
        raise errors.DamagedFile from error
    if not member.eof:
        raise errors.DamagedFile


def _check_size(expanded_bytes: int, packed_bytes: int, limit_bytes: int) -> None:
    is_bomb = expanded_bytes > RATIO_FREE_BYTES and expanded_bytes > packed_bytes * RATIO_LIMIT
    if is_bomb or expanded_bytes > limit_bytes:
        raise errors.TooLargeExpanded(limit_bytes=limit_bytes, limit_ratio=RATIO_LIMIT)


def _check_workbook(path: Path) -> None:
    """Refuse what is no workbook, unpacks to too much, or spans more cells than memory holds."""
    packed_bytes = path.stat().st_size
    try:
        with zipfile.ZipFile(path) as archive:
            if len(archive.infolist()) > MEMBER_LIMIT:
                raise errors.DamagedFile
            names = {member.filename for member in archive.infolist()}
            if "[Content_Types].xml" not in names or not any(n.startswith("xl/") for n in names):
                raise errors.BinaryFile
            declared = sum(member.file_size for member in archive.infolist())
            _check_size(declared, packed_bytes, WORKBOOK_LIMIT_BYTES)
            for member in archive.infolist():
                _check_member(archive, member)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise errors.DamagedFile from error


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Unpack once without keeping: a central directory can lie about sizes and about cells."""
    is_sheet = member.filename.startswith("xl/worksheets/")
    widest, deepest, tail = 0, 0, b""
    with archive.open(member) as file:
        while chunk := file.read(READ_BYTES):
            if not is_sheet:
                continue
            text = tail + chunk
            for letters, number in _CELL_REFERENCE.findall(text):
                widest = max(widest, _column_number(letters))
                deepest = max(deepest, int(number))
            tail = text[-64:]
    if widest * deepest > CELL_LIMIT:
        raise errors.TooLargeExpanded(limit_bytes=WORKBOOK_LIMIT_BYTES, limit_ratio=RATIO_LIMIT)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
