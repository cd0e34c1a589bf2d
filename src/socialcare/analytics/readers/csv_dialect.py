"""How a text file of columns is written: its encoding, its separator, its header."""

from collections.abc import Sequence
from io import BytesIO

import attrs

from socialcare.analytics.readers.csv_lines import lines_of
from socialcare.analytics.readers.csv_records import Lines, Splitter
from socialcare.errors import UnreadableExport

SEPARATORS = (",", ";", "\t", "|")
_MAGIC = {
    b"PK\x03\x04": "a zip file or an Excel workbook; unpack it, or save the sheet as CSV",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; save the sheet as CSV",
    b"%PDF": "a PDF; CSV, JSON Lines or Parquet would be right",
    b"SQLite format 3": "an SQLite database; CSV, JSON Lines or Parquet would be right",
}
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 27}) + b"\x7f"


@attrs.frozen(kw_only=True)
class Dialect:
    """How a CSV file is written.

    Attributes:
        separator: What stands between fields.
        columns: The names in its header, each different.
        skip: How many lines stand before the header.
        header: How many lines the header takes.
    """

    separator: str
    columns: tuple[str, ...]
    skip: int = 0
    header: int = 1


def encoding_of(beginning: bytes) -> str:
    """`utf-8`, `utf-16-le` or `utf-16-be`, by the first bytes of a text."""
    if beginning.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if beginning.startswith(b"\xfe\xff"):
        return "utf-16-be"
    even, odd = beginning[0:512:2].count(0), beginning[1:512:2].count(0)
    many = len(beginning[:512]) // 5
    if max(even, odd) > max(many, 1) and min(even, odd) * 8 < max(even, odd):
        return "utf-16-be" if even > odd else "utf-16-le"
    return "utf-8"


def refuse_binary(beginning: bytes, source: str) -> None:
    """Raises `UnreadableExport` if these are not the first bytes of a text."""
    for magic, what in _MAGIC.items():
        if beginning.startswith(magic):
            raise UnreadableExport(source, f"this is {what}")
    control = len(beginning) - len(beginning.translate(None, _CONTROL))
    if control * 20 > len(beginning):
        raise UnreadableExport(
            source,
            "this is a binary file; CSV, JSON Lines or Parquet would be right",
        )


def dialect_of(beginning: bytes, source: str) -> Dialect:
    """How a CSV file is written, by its first bytes in UTF-8.

    Raises:
        UnreadableExport: If it is empty or binary.
    """
    if not beginning.strip(b"\xef\xbb\xbf \t\r\n"):
        raise UnreadableExport(
            source, "the file is empty; expected a header line with the names of the columns"
        )
    refuse_binary(beginning, source)
    lines = Lines(lines_of(BytesIO(beginning)))
    skip, told = _before_header(lines)
    separator = told or _separator(lines)
    names, used = _header(lines, separator, source)
    return Dialect(separator=separator, columns=unique_names(names), skip=skip, header=used)


def _before_header(lines: Lines) -> tuple[int, str | None]:
    """How many lines stand before the header, and the separator if one of them names it."""
    skip = 0
    while (line := lines.take()) is not None:
        text = line.text.strip("\r")
        if text[:4].lower() == "sep=" and len(text) == 5:
            return skip + 1, text[4]
        if text.strip():
            lines.give_back((line,))
            break
        skip += 1
    return skip, None


def _separator(lines: Lines) -> str:
    """The separator that gives the header the most fields, and the next lines as many."""
    some = [line for line in (lines.take() for _ in range(20)) if line is not None]
    lines.give_back(some)
    return max(SEPARATORS, key=lambda one: _fitness([line.text for line in some], one))


def _fitness(texts: Sequence[str], separator: str) -> tuple[int, int]:
    widths = [_width(text, separator) for text in texts]
    if not widths or widths[0] < 2:
        return (0, 0)
    return (sum(width == widths[0] for width in widths[1:]) + 1, widths[0])


def _width(text: str, separator: str) -> int:
    split = Splitter(separator)
    split.feed(text)
    return len(split.fields)


def _header(lines: Lines, separator: str, source: str) -> tuple[list[str], int]:
    """The names of the columns, and how many lines they take."""
    split = Splitter(separator)
    used, wrong = 0, ""
    while (line := lines.take()) is not None:
        used += 1
        wrong = split.feed(line.text)
        if wrong or not split.open:
            break
    if split.open or wrong:
        raise UnreadableExport(source, "the header's quotes do not close; expected column names")
    return split.fields, used


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names without blanks around them; a repeated one with its number.

    >>> unique_names(["id", " text ", "id", ""])
    ('id', 'text', 'id (2)', 'column 4')
    """
    seen: dict[str, int] = {}
    found = []
    for place, name in enumerate(names, start=1):
        bare = name.strip() or f"column {place}"
        seen[bare] = seen.get(bare, 0) + 1
        found.append(bare if seen[bare] == 1 else f"{bare} ({seen[bare]})")
    return tuple(found)
