"""What a reading finds on its way: rows to set aside and faults to count.

Rows are known by their number in the source, from 0, until the end; only then are the numbers of
lines looked up, all at once, and only for the rows that are shown.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import attrs
import polars as pl

from socialcare.analytics.quality import EXAMPLES, MEANINGS, Fault, SetAside

ROW = "source row"
"""The column that numbers the rows of a source from 0; no export's column is in its way."""

SOURCE = "<"
"""Begins the name of a column that holds a field as the source has it."""

KEPT = "="
"""Begins the name of a column that is kept beside the fields."""

SHOWN = 120
"""How many characters of a bad row or value are shown."""

LineNumbers = Callable[[Sequence[int]], "list[int | None]"]
"""For rows of a source, from 0, the lines where they begin, from 1; None where unknown."""


def shortened(text: str) -> str:
    """The beginning of a text, with an ellipsis where something was cut.

    >>> shortened("x" * 200)[-3:]
    'xx…'
    """
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


@attrs.frozen(kw_only=True)
class Bad:
    """One row that is wrong, and what was found in it."""

    row: int
    reason: str
    text: str
    found: str | None = None


@attrs.define
class Findings:
    """Collects what is wrong; `settled` turns it into faults and rows set aside.

    Attributes:
        aside: Rows set aside, by code.
        lost: Rows set aside before they had a number, with their lines.
        flags: How many rows were kept although something is wrong, by code.
        examples: Some of these, by code.
        on_lines: Some lines on which something is wrong, by code.
        notes: What was recognised or chosen, in words.
    """

    aside: dict[str, list[Bad]] = attrs.field(factory=dict)
    lost: list[SetAside] = attrs.field(factory=list)
    flags: dict[str, int] = attrs.field(factory=dict)
    examples: dict[str, list[Bad]] = attrs.field(factory=dict)
    on_lines: dict[str, list[SetAside]] = attrs.field(factory=dict)
    notes: list[str] = attrs.field(factory=list)

    def leave_out(self, count: int, why: str) -> None:
        """Counts rows of the source that are no messages, in a note."""
        if count:
            self.notes.append(f"{count:,} rows are {why} and were passed over")

    def take(self, other: "Findings") -> None:
        """Adds what was found before the rows had columns."""
        self.lost.extend(other.lost)
        self.notes.extend(other.notes)
        for code, count in other.flags.items():
            self.flags[code] = self.flags.get(code, 0) + count
        for code, some in other.on_lines.items():
            self.on_lines.setdefault(code, []).extend(some)

    def lose(self, row: SetAside) -> None:
        """Sets aside a row that has no columns to speak of."""
        self.lost.append(row)

    def flag_line(self, code: str, line: int | None, reason: str, text: str) -> None:
        """Counts a line that is kept although something is wrong with it."""
        self.flags[code] = self.flags.get(code, 0) + 1
        some = self.on_lines.setdefault(code, [])
        if len(some) < EXAMPLES:
            some.append(SetAside(line=line, reason=reason, code=code, text=text))

    def without(
        self, frame: pl.DataFrame, bad: pl.Series, *, code: str, reason: str, found: str | None
    ) -> pl.DataFrame:
        """The frame without the bad rows, which are set aside.

        Args:
            frame: Rows with `ROW`.
            bad: For each row whether it is bad.
            code: The code of the fault.
            reason: Why; `{}` stands for what was found.
            found: The column that shows what was found.
        """
        if not bad.any():
            return frame
        rows = frame.filter(bad)
        self.aside.setdefault(code, []).extend(_bads(rows, reason, found))
        return frame.filter(~bad)

    def flag(
        self, frame: pl.DataFrame, bad: pl.Series, *, code: str, reason: str, found: str | None
    ) -> None:
        """Counts rows that are kept although something is wrong with them."""
        count = int(bad.sum() or 0)
        if count:
            shown = frame.filter(bad).head(EXAMPLES)
            self.flag_examples(code, count, _bads(shown, reason, found))

    def flag_examples(self, code: str, count: int, examples: Iterable[Bad]) -> None:
        """Counts rows that are kept, of which only some are shown."""
        self.flags[code] = self.flags.get(code, 0) + count
        self.examples.setdefault(code, []).extend(examples)

    def settled(
        self, lines: LineNumbers, *, file: str | None
    ) -> tuple[tuple[Fault, ...], tuple[SetAside, ...]]:
        """The faults and the rows set aside, with their lines.

        Args:
            lines: Where rows begin.
            file: The file, where the source is more than one.
        """
        groups = (*self.aside.values(), *self.examples.values())
        rows = sorted({bad.row for some in groups for bad in some})
        line = dict(zip(rows, lines(rows), strict=True)) if rows else {}
        aside = [
            SetAside(line=line[bad.row], reason=bad.reason, code=code, text=bad.text, file=file)
            for code, some in self.aside.items()
            for bad in some
        ]
        aside += [attrs.evolve(one, file=file) for one in self.lost]
        aside.sort(key=lambda one: (one.line is None, one.line or 0))
        return tuple(self._faults(aside, line, file)), tuple(aside)

    def _faults(
        self, aside: Sequence[SetAside], line: dict[int, int | None], file: str | None
    ) -> Iterable[Fault]:
        lost = Counter(one.code for one in aside)
        for code in dict.fromkeys((*lost, *self.flags)):
            examples = (
                *(_shown(bad, line[bad.row], file) for bad in self.aside.get(code, ())[:EXAMPLES]),
                *(_seen(one, file) for one in self.lost if one.code == code),
                *(_shown(bad, line[bad.row], file) for bad in self.examples.get(code, ())),
                *(_seen(one, file) for one in self.on_lines.get(code, ())),
            )
            yield Fault(
                code=code,
                count=lost[code] + self.flags.get(code, 0),
                meaning=MEANINGS[code],
                examples=examples[:EXAMPLES],
            )


def _place(line: int | None, file: str | None) -> dict[str, object]:
    return {"line": line} if file is None else {"file": file, "line": line}


def _shown(bad: Bad, line: int | None, file: str | None) -> dict[str, object]:
    return {**_place(line, file), "found": bad.found, "reason": bad.reason}


def _seen(one: SetAside, file: str | None) -> dict[str, object]:
    return {**_place(one.line, file), "found": one.text, "reason": one.reason}


def _bads(rows: pl.DataFrame, reason: str, found: str | None) -> Iterable[Bad]:
    columns = [name for name in rows.columns if name.startswith((SOURCE, KEPT))]
    for row in rows.iter_rows(named=True):
        value = None if found is None or row[found] is None else shortened(str(row[found]))
        yield Bad(
            row=row[ROW],
            reason=reason.replace("{}", repr(value)),
            text=shortened(", ".join(str(row[name]) for name in columns if row[name] is not None)),
            found=value,
        )
