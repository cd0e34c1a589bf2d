"""Whether a CSV file is so well formed that the frame engine may read it: the fast way.

The engine fills short rows with nothing and passes over surplus fields without a word.
So every separator outside quotes is counted first, in blocks that stay in the cache, and
anything unusual sends the file the careful way: another number of fields, a quote out of place,
a carriage return by itself, a NUL byte, bytes that are not UTF-8, a very long or empty line.
"""

from codecs import getincrementaldecoder
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from socialcare.analytics.readers.csv_lines import MAX_FIELD

Bytes: TypeAlias = npt.NDArray[np.uint8]
Ints: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]

_BLOCK = 480 << 10
"""Bytes that are looked at together; two blocks hold no line longer than a field may be."""

_LARGE = 1 << 24
"""From so many bytes on two threads look at a half each, in the hope that nothing is quoted."""

_FEED, _RETURN, _QUOTE, _NOT_ASCII = 10, 13, 34, 128
_MARKS = b" +.,"
"""Without one of these, but for the separator, no id has blanks around it or lost digits."""


@attrs.frozen(kw_only=True)
class Shape:
    """What a file looks like.

    Attributes:
        regular: Whether every record has the same number of fields and nothing is unusual.
        records: How many records it has, its header included; exact if `regular`.
        quoted: Whether it has quotes.
        plain: Whether it has nothing of which ids that lost digits, or have blanks, are made.
    """

    regular: bool
    records: int = 0
    quoted: bool = False
    plain: bool = False

    def followed_by(self, other: "Shape") -> "Shape":
        """The shape of two regular parts, one after the other."""
        return Shape(
            regular=True,
            records=self.records + other.records,
            quoted=self.quoted or other.quoted,
            plain=self.plain and other.plain,
        )


IRREGULAR = Shape(regular=False)


class _Irregular(Exception):
    """Something unusual was found."""


def shape_of(path: Path, separator: str, width: int, *, each: bool) -> Shape:
    """The shape of a UTF-8 file.

    Args:
        path: The file.
        separator: What stands between fields.
        width: How many fields the header has.
        each: Whether to check each record by itself. Where the engine reads all columns it
            refuses records with too many fields, and the total then proves the rest.
    """
    counter = partial(Counter, separator=ord(separator), width=width, each=each)
    size = path.stat().st_size
    if size >= _LARGE:
        middle = _line_after(path, size // 2, size)

        def half(start: int, end: int) -> Shape:
            return _shape(path, start, end, counter(bare=True))

        with ThreadPoolExecutor(max_workers=2) as pool:
            first, second = pool.map(half, (0, middle), (middle, size))
        if first.regular and second.regular:
            return first.followed_by(second)
    return _shape(path, 0, size, counter())


def _shape(path: Path, start: int, end: int, counter: "Counter") -> Shape:
    """The shape of a part of a file that begins with a record."""
    try:
        for block, following in _blocks(path, start, end):
            counter.count(block, following)
        return counter.shape()
    except (_Irregular, UnicodeDecodeError):
        return IRREGULAR


def shape_of_block(block: bytes, separator: str, width: int) -> Shape:
    """The shape of a part of a file that begins and ends with whole lines."""
    counter = Counter(separator=ord(separator), width=width, each=True)
    try:
        counter.count(block, b"")
        return counter.shape()
    except (_Irregular, UnicodeDecodeError):
        return IRREGULAR


def lines_of_records(block: bytes, first: int) -> Ints:
    """The line where each record of a regular block begins, if its first line has this number."""
    data = np.frombuffer(block, np.uint8)
    ends = np.flatnonzero(data == _FEED)
    quotes = np.flatnonzero(data == _QUOTE)
    closing = np.flatnonzero((np.searchsorted(quotes, ends) & 1) == 0)
    starts = np.concatenate(([0], closing + 1))
    return first + (starts if block[-1] != _FEED else starts[:-1])


def _line_after(path: Path, place: int, size: int) -> int:
    """Where a line begins after a place in a file of this size; its end if that is far."""
    with path.open("rb") as file:
        file.seek(place)
        line = file.readline(MAX_FIELD)
        return place + len(line) if line.endswith(b"\n") else size


def _blocks(path: Path, start: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    """The blocks of a part of a file, each with the two bytes that follow it, if so many do."""
    with path.open("rb", buffering=0) as file:
        file.seek(start)
        block = file.read(min(_BLOCK, end - start))
        left = end - start - len(block)
        block = block if start else block.removeprefix(b"\xef\xbb\xbf")
        while block:
            following = file.read(min(_BLOCK, left))
            left -= len(following)
            yield block, following[:2]
            block = following


@attrs.define(kw_only=True)
class Counter:
    """Counts separators and records outside quotes, block by block.

    Attributes:
        separator, width, each: As `shape_of` has them.
        bare: Whether quotes are unusual too, so that every line feed ends a record.
    """

    separator: int
    width: int
    each: bool
    bare: bool = False
    separators: int = 0
    records: int = 0
    quoted: bool = False
    plain: bool = True
    _inside: bool = False
    _before: int = _FEED
    _since: int = 0
    _fields: int = 0
    _decoder: object = attrs.field(factory=getincrementaldecoder("utf-8"))

    def count(self, block: bytes, following: bytes) -> None:
        """Takes the next block."""
        data = np.frombuffer(block, np.uint8)
        if data.max() >= _NOT_ASCII or self._decoder.getstate()[0]:  # type: ignore[attr-defined]  # typed as object
            self._decoder.decode(block)  # type: ignore[attr-defined]
        if b"\0" in block:
            raise _Irregular
        self.plain = self.plain and not any(
            mark in block for mark in _MARKS if mark != self.separator
        )
        if b"\r" in block:
            _check_returns(data, following)
        marks = data == self.separator
        quoted = b'"' in block
        if quoted and self.bare:
            raise _Irregular
        if self.each or self._inside or quoted:
            self._count_closely(data, marks, following)
        else:
            self._count_plainly(data == _FEED, marks)
        self._before = block[-1]

    def _count_plainly(self, feeds: Flags, marks: Flags) -> None:
        """Counts in a block without quotes; two such blocks hold no line over a megabyte."""
        records = int(np.count_nonzero(feeds))
        if not records and len(feeds) == _BLOCK:
            raise _Irregular
        self.records += records
        self.separators += int(np.count_nonzero(marks))
        self._since = len(feeds)

    def _count_closely(self, data: Bytes, marks: Flags, following: bytes) -> None:
        """Counts in a block by the places of separators, quotes and line feeds."""
        ends = np.flatnonzero(data == _FEED)
        if self._inside or (data == _QUOTE).any():
            ends = self._with_quotes(data, ends, marks, following)
        else:
            self.separators += int(np.count_nonzero(marks))
        self._check_lengths(ends, len(data))
        if self.each:
            self._check_each(marks, ends)
        self.records += len(ends)

    def _with_quotes(self, data: Bytes, ends: Ints, marks: Flags, following: bytes) -> Ints:
        """Counts separators outside quotes, clears the marks inside; the ends of records."""
        self.quoted = True
        quotes = np.flatnonzero(data == _QUOTE)
        self._check_quotes(data, quotes, following)
        at = np.flatnonzero(marks)
        inside = (np.searchsorted(quotes, at) & 1).astype(bool) ^ self._inside
        marks[at[inside]] = False
        self.separators += len(at) - int(np.count_nonzero(inside))
        outside = (np.searchsorted(quotes, ends) & 1).astype(bool) == self._inside
        self._inside ^= bool(len(quotes) & 1)
        return np.asarray(ends[outside])

    def _check_quotes(self, data: Bytes, quotes: Ints, following: bytes) -> None:
        """Every quote opens a field, closes one, or stands beside another quote."""
        if not len(quotes):
            return
        around = np.concatenate(
            (np.array([self._before], np.uint8), data, np.frombuffer(following, np.uint8))
        )
        padded = np.append(around, np.array([_FEED, _FEED], np.uint8))
        opening = quotes[int(self._inside) :: 2]
        closing = quotes[int(not self._inside) :: 2]
        before = padded[opening]
        fine = (before == self.separator) | (before == _FEED) | (before == _QUOTE)
        after, then = padded[closing + 2], padded[closing + 3]
        fine_after = (after == self.separator) | (after == _FEED) | (after == _QUOTE)
        fine_after |= (after == _RETURN) & (then == _FEED)
        if not (fine.all() and fine_after.all()):
            raise _Irregular

    def _check_lengths(self, ends: Ints, size: int) -> None:
        """No record may be longer than a field may be."""
        if not len(ends):
            self._since += size
            longest = self._since
        else:
            longest = max(self._since + int(ends[0]), int(np.diff(ends).max(initial=0)))
            self._since = size - int(ends[-1]) - 1
        if longest > MAX_FIELD:
            raise _Irregular

    def _check_each(self, marks: Flags, ends: Ints) -> None:
        """Every record that ends in this block has as many separators as the header."""
        before = np.zeros(len(ends) + 1, np.int64)
        places = np.flatnonzero(marks)
        before[1:] = np.searchsorted(places, ends)
        found = np.diff(before)
        if len(found):
            found[0] += self._fields
            self._fields = len(places) - int(before[-1])
        else:
            self._fields += len(places)
        if (found != self.width - 1).any():
            raise _Irregular

    def shape(self) -> Shape:
        """The shape, after the last block."""
        if self._inside or self._before == _RETURN:
            raise _Irregular
        self._decoder.decode(b"", final=True)  # type: ignore[attr-defined]
        if self._before != _FEED:
            self.records += 1
            if self.each and self._fields != self.width - 1:
                raise _Irregular
        if self.separators != self.records * (self.width - 1):
            raise _Irregular
        return Shape(regular=True, records=self.records, quoted=self.quoted, plain=self.plain)


def _check_returns(data: Bytes, following: bytes) -> None:
    """Every carriage return stands before a line feed."""
    after = np.append(data[1:], np.frombuffer(following[:1], np.uint8))
    returns = np.flatnonzero(data[: len(after)] == _RETURN)
    if (after[returns] != _FEED).any() or (len(after) < len(data) and data[-1] == _RETURN):
        raise _Irregular


def record_lines(path: Path, records: Sequence[int]) -> list[int]:
    """The lines, from 1, where these records of a regular file begin; the header is record 0."""
    wanted = np.asarray(records, np.int64)
    starts = np.full(len(wanted), 1, np.int64)
    seen = lines = 0
    inside = False
    for block, _ in _blocks(path, 0, path.stat().st_size):
        data = np.frombuffer(block, np.uint8)
        ends = np.flatnonzero(data == _FEED)
        quotes = np.flatnonzero(data == _QUOTE) if b'"' in block else ends[:0]
        outside = (np.searchsorted(quotes, ends) & 1).astype(bool) == inside
        closing = np.flatnonzero(outside)
        # Record r begins on the line after the end of record r - 1.
        here = (wanted > seen) & (wanted <= seen + len(closing))
        starts[here] = lines + closing[wanted[here] - seen - 1] + 2
        seen += len(closing)
        lines += len(ends)
        inside ^= bool(len(quotes) & 1)
    return [int(line) for line in starts]
