"""Lines of a text file, one after the other, in bounded memory and whatever they hold.

A line is decoded as UTF-8; where that fails, as Windows-1252.
A line that is too long is passed over without ever being held.
"""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

MAX_LINE = 8_000_000
"""Bytes of a line."""

MAX_FIELD = 1_000_000
"""Characters of a field."""

TOO_LONG = "line_too_long"
NUL = "nul_byte"
MIXED = "mixed_encoding"

_BLOCK = 1 << 20
_BOM = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """One line of a file; a tuple, since there can be millions.

    Attributes:
        number: Its number from 1.
        text: What it holds without its line feed; only its beginning if it is too long.
        troubles: Which of `line_too_long`, `nul_byte` and `mixed_encoding` apply.
    """

    number: int
    text: str
    troubles: tuple[str, ...] = ()


def lines_of(file: BinaryIO) -> Iterator[Line]:
    """The lines of a file that is open for reading bytes."""
    number = 1
    for block in blocks_of(file):
        for line in lines_in(block, number):
            yield line
            number += 1


def lines_in(block: bytes, number: int) -> Iterator[Line]:
    """The lines of a block of whole lines, of which the first has this number."""
    lines = (_too_long(block),) if len(block) > MAX_LINE else _decoded(block)
    for at, (text, troubles) in enumerate(lines, number):
        yield Line(at, text, troubles)


def _too_long(block: bytes) -> tuple[str, tuple[str, ...]]:
    return block[:200].decode("utf-8", "replace"), (TOO_LONG,)


def blocks_of(file: BinaryIO) -> Iterator[bytes]:
    """Whole lines, some at a time; a line over `MAX_LINE` by its beginning, longer than that."""
    rest = b""
    block = file.read(_BLOCK).removeprefix(_BOM)
    while block:
        end = block.rfind(b"\n") + 1
        if end:
            yield from _split_long(rest + block[:end])
            rest = block[end:]
        elif len(rest) <= MAX_LINE:
            rest += block
        block = file.read(_BLOCK)
    if rest:
        yield from _split_long(rest)


def _split_long(block: bytes) -> Iterator[bytes]:
    """The block, with a line over `MAX_LINE` as a block of its own."""
    end = block.find(b"\n") + 1 or len(block)
    if end <= MAX_LINE:
        yield block
        return
    yield block[:end]
    if end < len(block):
        yield block[end:]


def _decoded(block: bytes) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The lines of a block as texts, with what troubles them."""
    lines = block.removesuffix(b"\n").split(b"\n")
    try:
        text = block.decode("utf-8")
    except UnicodeDecodeError:
        yield from map(_decoded_alone, lines)
        return
    if "\0" in text:
        yield from map(_decoded_alone, lines)
        return
    for line in text.removesuffix("\n").split("\n"):
        yield line, ()


def _decoded_alone(line: bytes) -> tuple[str, tuple[str, ...]]:
    troubles: tuple[str, ...] = ()
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        text, troubles = _as_windows(line), (MIXED,)
    if "\0" in text:
        return text.replace("\0", ""), (*troubles, NUL)
    return text, troubles


def _as_windows(line: bytes) -> str:
    """Windows-1252, with the five bytes that it leaves open as Latin-1 has them."""
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        return line.decode("latin-1")
