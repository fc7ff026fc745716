"""One pass over the bytes of a text: its encoding, its lines, and what makes it unreadable."""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from huitou.connectors.files import errors

LINE_LIMIT_BYTES: Final = 1 << 20
ENCODINGS: Final = ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "big5", "windows-1252")
# What people call them; UTF-16 is told by its mark.
ALIASES: Final = {
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16": None,
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "cp936": "gb18030",
    "cp1252": "windows-1252",
    "latin-1": "windows-1252",
    "latin1": "windows-1252",
    "iso-8859-1": "windows-1252",
}
SAMPLE_BYTES: Final = 1 << 18
ENOUGH_PAIRS: Final = 20_000

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Three-byte UTF-8 (all Chinese): by chance it appears in few GB18030 lines.
_WIDE_UTF8: Final = re.compile(rb"[\xe1-\xef][\x80-\xbf]{2}")
_CONTROL: Final = re.compile(rb"[\x01-\x08\x0e-\x1f]")


@dataclass(frozen=True)
class Survey:
    """``sample`` is the start of the file as UTF-8 bytes, whole lines; ``lines`` counts physical
    lines."""

    encoding: str
    lines: int
    bytes_expanded: int
    sample: bytes


def survey(chunks: Iterable[bytes], *, encoding: str | None = None) -> Survey:
    """Read everything once; only the start is kept.

    Raises:
        EmptyFile, NulBytes, BinaryFile, LineTooLong, UnknownEncoding, MixedEncodings
    """
    pieces = iter(chunks)
    first = next(pieces, b"")
    marked = next((name for mark, name in _MARKS if first.startswith(mark)), None)
    if marked is None and encoding is None and b"\0" in first[:4096] and _is_control_heavy(first):
        raise errors.BinaryFile
    encoding = encoding or marked
    tally = _Tally(encoding)
    for block in line_blocks(_chain(first, pieces), encoding=encoding or "bytes"):
        tally.add(block)
    if not tally.has_text:
        raise errors.EmptyFile
    found = encoding or tally.encoding_found()
    sample = tally.start.decode(found, "replace").encode() if encoding is None else tally.start
    return Survey(found, tally.lines, tally.bytes_expanded, sample)


def line_blocks(
    chunks: Iterable[bytes], *, encoding: str, block_bytes: int = 1 << 20
) -> Iterator[bytes]:
    """The text in blocks of whole physical lines ended by one ``\\n`` each, marks taken off.

    The blocks are UTF-8, or raw bytes where ``encoding`` is "bytes". A lone carriage return is a
    line end in a file without line feeds and a blank elsewhere.
    """
    line, carry, is_old_mac = 1, b"", None
    for chunk in _utf8_chunks(chunks, encoding):
        if is_old_mac is None:
            is_old_mac = b"\r" in chunk[:-1] and b"\n" not in chunk
        text = carry + chunk
        if is_old_mac:
            text = text.replace(b"\r", b"\n")
        end = text.rfind(b"\n") + 1
        if len(text) - end > LINE_LIMIT_BYTES:
            raise errors.LineTooLong(line=line + text.count(b"\n"), limit_bytes=LINE_LIMIT_BYTES)
        if end < block_bytes:
            carry = text
            continue
        block, carry = text[:end], text[end:]
        yield _checked(block, line)
        line += block.count(b"\n")
    if carry:
        yield _checked(carry if carry.endswith(b"\n") else carry + b"\n", line)


def _checked(block: bytes, line: int) -> bytes:
    """The block without carriage returns; refuses NUL bytes and endless lines, by number."""
    nul = block.find(b"\0")
    if nul >= 0:
        raise errors.NulBytes(line=line + block.count(b"\n", 0, nul))
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n").replace(b"\r", b" ")
    if len(block) > LINE_LIMIT_BYTES:
        _check_lengths(block, line)
    return block


def _check_lengths(block: bytes, line: int) -> None:
    """A line longer than the limit covers a whole stretch of half the limit without a line feed."""
    start = 0
    while len(block) - start > LINE_LIMIT_BYTES:
        end = block.rfind(b"\n", start, start + LINE_LIMIT_BYTES + 1)
        if end < 0:
            at = line + block.count(b"\n", 0, start)
            raise errors.LineTooLong(line=at, limit_bytes=LINE_LIMIT_BYTES)
        start = end + 1


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _utf8_chunks(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Chunks transcoded to UTF-8 (checked), without the byte order mark."""
    if encoding == "bytes":
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    line, is_first = 1, True
    pieces = iter(chunks)
    while True:
        chunk = next(pieces, None)
        pending = decoder.getstate()[0]
        try:
            text = decoder.decode(chunk or b"", final=chunk is None)
        except UnicodeDecodeError as error:
            seen = (pending + (chunk or b""))[: error.start].decode(encoding, "replace")
            raise errors.UnknownEncoding(line=line + seen.count("\n"), encoding=encoding) from error
        if is_first and text:
            text, is_first = text.removeprefix("\ufeff"), False
        line += text.count("\n")
        if text:
            yield text.encode()
        if chunk is None:
            return


def _is_control_heavy(head: bytes) -> bool:
    """Whether the start looks like a program or picture rather than damaged text."""
    start = head[:4096]
    strange = len(_CONTROL.findall(start)) + start.count(b"\0")
    return strange > len(start) * 0.1


class _Tally:
    """Counts over the blocks of a text whose encoding may still be unknown."""

    def __init__(self, encoding: str | None) -> None:
        self.lines = self.bytes_expanded = 0
        self.start = b""
        self.has_text = False
        self._is_known = encoding is not None
        self._wide_lines = self._other_lines = self._high_pairs = self._pairs = 0
        self._first_wide = self._first_other = self._first_bad = 0
        self._seen_plain = True

    def add(self, block: bytes) -> None:
        if len(self.start) < SAMPLE_BYTES:
            end = block.find(b"\n", SAMPLE_BYTES) + 1
            self.start += block[: end or len(block)]
        self.has_text = self.has_text or not block.isspace()
        if len(_CONTROL.findall(block[:4096])) > 400:
            raise errors.BinaryFile
        if not self._is_known and not block.isascii():
            self._look(block)
        self.lines += block.count(b"\n")
        self.bytes_expanded += len(block)

    def _look(self, block: bytes) -> None:
        """Ask line by line only where the block is not plain UTF-8 in a file that was so far."""
        is_utf8 = _decodes(block, "utf-8")
        if is_utf8 and not self._other_lines:
            if _may_be_wide(block) and (wide := _WIDE_UTF8.search(block)) is not None:
                self._first_wide = self._first_wide or self._line_at(block, wide.start())
                self._wide_lines += block.count(b"\n")
            return
        for number, text in enumerate(block.split(b"\n"), start=self.lines + 1):
            if not text.isascii():
                self._look_at_line(text, number)

    def _line_at(self, block: bytes, offset: int) -> int:
        return self.lines + 1 + block.count(b"\n", 0, offset)

    def _look_at_line(self, text: bytes, number: int) -> None:
        if _decodes(text, "utf-8"):
            if _WIDE_UTF8.search(text):
                self._wide_lines += 1
                self._first_wide = self._first_wide or number
            return
        self._other_lines += 1
        self._first_other = self._first_other or number
        try:
            decoded = text.decode("gb18030")
        except UnicodeDecodeError:
            self._first_bad = self._first_bad or number
            return
        if self._pairs > ENOUGH_PAIRS:
            return
        for letter in decoded:
            if ord(letter) > 127:
                pair = letter.encode("gb18030")
                self._pairs += 1
                self._high_pairs += len(pair) == 4 or pair[1] >= 0xA1

    def encoding_found(self) -> str:
        """UTF-8 or GB18030; Western single-byte text is never guessed, only taken when named."""
        if not self._other_lines:
            return "utf-8"
        if self._wide_lines > max(self._other_lines // 50, 0):
            is_mostly_utf8 = self._wide_lines >= self._other_lines
            at = self._first_other if is_mostly_utf8 else self._first_wide
            rest = "utf-8" if is_mostly_utf8 else "gb18030"
            raise errors.MixedEncodings(line=at, encoding=rest)
        if self._first_bad or self._high_pairs < self._pairs * 0.7:
            raise errors.UnknownEncoding(
                line=self._first_bad or self._first_other, encoding="utf-8"
            )
        return "gb18030"


def _may_be_wide(block: bytes) -> bool:
    """Whether there is a byte that could begin a three-byte letter: quicker asked than searched."""
    return int(np.frombuffer(block, dtype=np.uint8).max(initial=0)) >= 0xE1


def _decodes(text: bytes, encoding: str) -> bool:
    try:
        text.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
