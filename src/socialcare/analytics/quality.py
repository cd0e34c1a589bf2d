"""What reading an export found out about it: the data-quality report.

Every reading ends in a `Quality`.
Nothing is silently repaired or dropped: a row that can't be read is a `SetAside` with its line and
the reason, and what was read but looks wrong is a `Fault` with a code, a count and examples.
`rows - kept` is always the number of rows set aside plus the repeats that were removed.
"""

from collections.abc import Iterable, Mapping
from html import escape
from types import MappingProxyType

import attrs

EXAMPLES = 5
"""How many examples a fault shows."""

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "blank_row": "A row holds nothing but perhaps an id; it was set aside.",
        "broken_row": "A row has another number of fields than the header, or its quotes do not "
        "close; it was set aside.",
        "line_too_long": "A line is over 8 MB or a field over 1 MB long; it was set aside.",
        "mixed_encoding": "A line is not UTF-8; it was read as Windows-1252.",
        "nul_byte": "A line holds NUL bytes; they were left out.",
        "missing_value": "A row lacks a value that every message needs; it was set aside.",
        "unreadable_time": "A time can't be read as one; without `sent_at` a row was set aside.",
        "ambiguous_time": "A local time occurred twice or never, as clocks were changed; "
        "the earlier instant was taken.",
        "naive_time": "A time names no zone and no zone was declared; it was read as UTC.",
        "future_time": "A time is later than the reading; with over a year, the row was set aside.",
        "shifted_zone": "The times jump by whole hours for a while, as if in another time zone; "
        "they were left as they are.",
        "damaged_id": "An id was turned into a number and lost digits; a damaged parent links "
        "nothing, and a damaged message id was made unique with its line.",
        "unknown_direction": "A direction is neither inbound nor outbound; the row was set aside.",
        "unknown_visibility": "A visibility is none that is known; where it is empty the message "
        "was read as public, else the row was set aside.",
        "unknown_value": "A value is none that its column knows; it was left out.",
        "unknown_customer": "No customer can be named for a message; it is in no conversation.",
        "empty_text": "A message has no text.",
        "bad_number": "A number can't be read, or is out of range; it was left out.",
        "guessed_column": "A column was recognised by its name alone.",
    }
)
"""What each code of the readers means."""


def _examples(found: Iterable[Mapping[str, object]]) -> tuple[Mapping[str, object], ...]:
    return tuple(found)


def _texts(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(found)


@attrs.frozen(kw_only=True)
class Fault:
    """One kind of thing that is wrong in the data.

    Attributes:
        code: What kind, in snake case; stable.
        count: How often it was found.
        meaning: What it is and what was done about it, in a sentence.
        examples: At most five, as mappings with `line` where it is known.
    """

    code: str
    count: int
    meaning: str
    examples: tuple[Mapping[str, object], ...] = attrs.field(default=(), converter=_examples)

    def to_dict(self) -> dict[str, object]:
        """The fault as plain values, for JSON."""
        return {
            "code": self.code,
            "count": self.count,
            "examples": [dict(example) for example in self.examples],
        }


@attrs.frozen(kw_only=True)
class SetAside:
    """One row that could not be read.

    Attributes:
        line: Where it begins: the line of a text file, the row of a frame or Parquet file, from 1.
        reason: Why, with what was found.
        code: The code of the fault that counts it.
        text: The row, shortened.
        file: The file that held it, where the source was more than one.
    """

    line: int | None
    reason: str
    code: str
    text: str = ""
    file: str | None = None


def _merged(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """One fault for each code, in order of appearance."""
    by_code: dict[str, Fault] = {}
    for fault in faults:
        if fault.count:
            seen = by_code.get(fault.code)
            by_code[fault.code] = fault if seen is None else _sum(seen, fault)
    return tuple(by_code.values())


def _sum(one: Fault, other: Fault) -> Fault:
    return attrs.evolve(
        one,
        count=one.count + other.count,
        examples=(*one.examples, *other.examples)[:EXAMPLES],
    )


@attrs.frozen(kw_only=True)
class Quality:
    """What was read, what was kept, and what is wrong with it.

    Attributes:
        source: The path, or a name for the frame.
        format: The preset or mapping by which it was read; `guessed` where the columns were.
        rows: Rows found in the source, without its header.
        kept: Messages kept of them.
        faults: One for each code that was found.
        notes: What was recognised, guessed or inferred, in words.
        set_aside: Every row that could not be read.
    """

    source: str
    format: str
    rows: int
    kept: int
    faults: tuple[Fault, ...] = attrs.field(default=(), converter=_merged)
    notes: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    set_aside: tuple[SetAside, ...] = ()

    def with_faults(self, *faults: Fault) -> "Quality":
        """A copy with these faults as well; counts of one code are added up."""
        return attrs.evolve(self, faults=(*self.faults, *faults))

    def with_kept(self, kept: int) -> "Quality":
        """A copy with another number of messages kept."""
        return attrs.evolve(self, kept=kept)

    def with_notes(self, *notes: str) -> "Quality":
        """A copy with these notes as well."""
        return attrs.evolve(self, notes=(*self.notes, *notes))

    def count(self, code: str) -> int:
        """How often the fault of that code was found; 0 if never."""
        return next((fault.count for fault in self.faults if fault.code == code), 0)

    def to_dict(self) -> dict[str, object]:
        """The report as plain values, for JSON."""
        return {
            "rows": self.rows,
            "kept": self.kept,
            "faults": [fault.to_dict() for fault in self.faults],
            "notes": list(self.notes),
        }

    def _repr_html_(self) -> str:
        return (
            f"<div><p><b>{escape(self.source)}</b> ({escape(self.format)}): "
            f"{self.rows:,} rows, {self.kept:,} kept</p>{self._fault_table()}{self._note_list()}"
            "</div>"
        )

    def _fault_table(self) -> str:
        if not self.faults:
            return "<p>No faults found.</p>"
        rows = "".join(
            f"<tr><td><code>{escape(fault.code)}</code></td><td>{fault.count:,}</td>"
            f"<td>{escape(fault.meaning)}</td></tr>"
            for fault in self.faults
        )
        return (
            "<table><thead><tr><th>fault</th><th>count</th><th>meaning</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )

    def _note_list(self) -> str:
        items = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        return f"<ul>{items}</ul>" if items else ""
