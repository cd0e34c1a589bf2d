"""What a reading finds on its way: rows to set aside and faults to count.

Rows are known by their number in the source, from 0, until the end; only then are the numbers of
lines looked up, all at once, and only for the rows that are shown.
"""

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
    """Collects what is wrong; `settled` turns it into faults and rows set aside."""

    aside: dict[str, list[Bad]] = attrs.field(factory=dict)
    flags: dict[str, int] = attrs.field(factory=dict)
    examples: dict[str, list[Bad]] = attrs.field(factory=dict)
    faults: list[Fault] = attrs.field(factory=list)
    notes: list[str] = attrs.field(factory=list)
    skipped: int = 0

    def leave_out(self, count: int, why: str) -> None:
        """Counts rows of the source that are no messages, in a note."""
        if count:
            self.skipped += count
            self.notes.append(f"{count:,} rows are {why} and were passed over")

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
            self.flags[code] = self.flags.get(code, 0) + count
            self.examples.setdefault(code, []).extend(_bads(shown, reason, found))

    def settled(
        self, lines: LineNumbers, *, file: str | None
    ) -> tuple[tuple[Fault, ...], tuple[SetAside, ...]]:
        """The faults and the rows set aside, with their lines."""
        bads = [
            bad for group in (self.aside, self.examples) for some in group.values() for bad in some
        ]
        rows = sorted({bad.row for bad in bads})
        line = dict(zip(rows, lines(rows), strict=True)) if rows else {}
        aside = [
            SetAside(line=line[bad.row], reason=bad.reason, code=code, text=bad.text, file=file)
            for code, some in self.aside.items()
            for bad in some
        ]
        faults = [*self._faults(line, file), *self.faults]
        return tuple(faults), tuple(
            sorted(aside, key=lambda one: (one.line is None, one.line or 0))
        )

    def _faults(self, line: dict[int, int | None], file: str | None) -> Iterable[Fault]:
        for code in (*self.aside, *(flag for flag in self.flags if flag not in self.aside)):
            bads = [*self.aside.get(code, ()), *self.examples.get(code, ())][:EXAMPLES]
            yield Fault(
                code=code,
                count=len(self.aside.get(code, ())) + self.flags.get(code, 0),
                meaning=MEANINGS[code],
                examples=tuple(_example(bad, line[bad.row], file) for bad in bads),
            )


def _example(bad: Bad, line: int | None, file: str | None) -> dict[str, object]:
    place: dict[str, object] = {"line": line} if file is None else {"file": file, "line": line}
    return {**place, "found": bad.found, "reason": bad.reason}


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
