"""Records of a CSV file, whatever is broken in it: the careful way.

The grammar is that of RFC 4180 with any separator; a quote inside an unquoted field is text.
A record whose quotes don't close is set aside by its first line alone, and reading goes on with
the next line, so that one stray quote can't swallow the rest of the file.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import attrs

from socialcare.analytics.readers.csv_lines import MAX_FIELD, MAX_LINE, TOO_LONG, Line

_NEVER_CLOSED = "a quote is opened and never closed"
_AFTER_QUOTE = "text follows a closing quote"


class Record(NamedTuple):
    """One record that has the fields it should have; a tuple, since there can be millions."""

    line: int
    fields: list[str]


@attrs.frozen
class Broken:
    """One record, or the first line of one, that can't be read."""

    line: int
    code: str
    reason: str
    text: str


@attrs.define
class Lines:
    """Lines that can be taken back, with what troubles those that were used.

    Attributes:
        source: Lines at hand.
        further: Gives more of them, where a record goes on.
        back: Lines that were taken back, the next one last.
        troubled: Lines that became part of a record, and have troubles.
        blank: How many lines were empty.
    """

    source: Iterator[Line]
    further: Callable[[], Iterator[Line]] = lambda: iter(())
    back: list[Line] = attrs.field(factory=list)
    troubled: list[Line] = attrs.field(factory=list)
    blank: int = 0

    def first(self) -> Line | None:
        """The next line of those at hand, where a record may begin, or None."""
        return self.back.pop() if self.back else next(self.source, None)

    def take(self) -> Line | None:
        """The next line, if need be of those further on, or None at the end."""
        line = self.first()
        if line is None:
            self.source = self.further()
            line = next(self.source, None)
        return line

    def give_back(self, lines: Iterable[Line]) -> None:
        """Puts lines back, so that they come again in the same order."""
        self.back.extend(reversed(tuple(lines)))

    def use(self, lines: Iterable[Line]) -> None:
        """Notes what troubles lines that became part of a record."""
        self.troubled.extend(line for line in lines if line.troubles)


def records(lines: Lines, separator: str, width: int) -> Iterator[Record | Broken]:
    """The records of a file, each with `width` fields, or what is broken in it.

    Lines that are empty are no records; `lines` counts them.
    """
    while (line := lines.first()) is not None:
        if TOO_LONG in line.troubles:
            yield Broken(line.number, TOO_LONG, f"the line is over {MAX_LINE:,} bytes", line.text)
            continue
        if '"' in line.text:
            yield _quoted(line, lines, separator, width)
            continue
        body = line.text.removesuffix("\r")
        if not body or (body.isspace() and separator not in body):
            lines.blank += 1
            continue
        if line.troubles:
            lines.use((line,))
        yield _checked(line, body.split(separator), width, len(body))


def _checked(line: Line, fields: list[str], width: int, size: int) -> Record | Broken:
    """The record, if it has as many fields as it should, and none that is too long."""
    if len(fields) != width:
        reason = f"found {len(fields)} fields, expected {width}"
        return Broken(line.number, "broken_row", reason, line.text)
    longest = max(map(len, fields)) if size > MAX_FIELD else 0
    if longest > MAX_FIELD:
        reason = f"a field has {longest:,} characters, over {MAX_FIELD:,}"
        return Broken(line.number, TOO_LONG, reason, line.text)
    return Record(line.number, fields)


def _quoted(line: Line, lines: Lines, separator: str, width: int) -> Record | Broken:
    """A record with quotes, which can take several lines."""
    split = Splitter(separator)
    used = [line]
    reason = split.feed(line.text)
    while split.open and not reason:
        following = lines.take()
        if following is None or TOO_LONG in following.troubles or split.size > MAX_FIELD:
            lines.give_back(() if following is None else (following,))
            reason = _NEVER_CLOSED
            break
        used.append(following)
        reason = split.feed(following.text)
    return _settled(split.fields, reason, used, lines, width, separator)


def _settled(
    fields: list[str], reason: str, used: list[Line], lines: Lines, width: int, separator: str
) -> Record | Broken:
    swallowed = len(fields) != width and any(_whole(line, separator, width) for line in used[1:])
    if reason or swallowed:
        lines.give_back(used[1:])
        used = used[:1]
    lines.use(used)
    if reason or swallowed:
        return Broken(used[0].number, "broken_row", reason or _NEVER_CLOSED, used[0].text)
    return _checked(used[0], fields, width, sum(len(line.text) for line in used))


def _whole(line: Line, separator: str, width: int) -> bool:
    """Whether a line is a record by itself."""
    split = Splitter(separator)
    return not split.feed(line.text) and not split.open and len(split.fields) == width


@attrs.define
class Splitter:
    """Splits a record into fields, line by line.

    Attributes:
        fields: The fields that are complete.
        open: Whether a quote is open, so that the record goes on in the next line.
        size: How much the open field holds so far.
    """

    separator: str
    fields: list[str] = attrs.field(factory=list)
    open: bool = False
    size: int = 0
    _pieces: list[str] = attrs.field(factory=list)

    def feed(self, text: str) -> str:
        """Takes one line; returns what is wrong with it, or nothing."""
        at = 0
        while True:
            if not self.open and not text.startswith('"', at):
                end = text.find(self.separator, at)
                if end < 0:
                    self.fields.append(text[at:].removesuffix("\r"))
                    return ""
                self.fields.append(text[at:end])
                at = end + 1
                continue
            at = self._inside(text, at if self.open else at + 1)
            if self.open or text[at:] in ("", "\r"):
                return ""
            if text[at] != self.separator:
                return _AFTER_QUOTE
            at += 1

    def _inside(self, text: str, at: int) -> int:
        """Takes a quoted field up to its closing quote; where it ends."""
        self.open = True
        while True:
            end = text.find('"', at)
            if end < 0:
                self._keep(text[at:] + "\n")
                return len(text)
            if not text.startswith('"', end + 1):
                self._keep(text[at:end])
                self._close()
                return end + 1
            self._keep(text[at : end + 1])
            at = end + 2

    def _keep(self, piece: str) -> None:
        self._pieces.append(piece)
        self.size += len(piece)

    def _close(self) -> None:
        self.fields.append("".join(self._pieces))
        self._pieces, self.open, self.size = [], False, 0
