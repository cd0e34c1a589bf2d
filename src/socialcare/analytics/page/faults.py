"""What is wrong with the data: every fault, with examples and what was done about it."""

from collections.abc import Mapping

from socialcare.analytics import formats
from socialcare.analytics.page.findings import Findings
from socialcare.analytics.page.parts import (
    Cell,
    Column,
    Missing,
    Part,
    Section,
    Table,
    Words,
    data,
    listing,
    number,
)
from socialcare.analytics.quality import Quality, SetAside

_LINES_SHOWN = 50
_TEXT_SHOWN = 90


def faults(findings: Findings) -> Section:
    """The section on data quality."""
    quality = findings.quality
    return Section(
        id="faults",
        title="Faults in the data",
        lead="Nothing was repaired or dropped in silence. What could not be read stands here, and "
        "so does what was read but looks wrong.",
        parts=listing(
            _summary(quality), _table(quality), _examples(quality), _aside(quality), _notes(quality)
        ),
    )


def _summary(quality: Quality) -> Words:
    lost = quality.rows - quality.kept
    return Words(
        sentences=(
            (
                f"{formats.plural(quality.rows, 'row')} read, {formats.count(quality.kept)} kept; "
                f"{formats.count(len(quality.set_aside))} set aside and "
                f"{formats.plural(lost - len(quality.set_aside), 'repeat')} removed."
            ),
        )
    )


def _table(quality: Quality) -> Part:
    if not quality.faults:
        return Missing(what="No faults were found.", why="Every check was made.")
    return Table(
        id="faults-table",
        caption="Faults by kind",
        columns=(
            Column(title="Fault", numeric=False),
            Column(title="Count"),
            Column(title="What it means", numeric=False),
        ),
        rows=tuple(
            (
                Cell(text=one.code, order=one.code),
                number(one.count, formats.count),
                _words(one.meaning),
            )
            for one in quality.faults
        ),
        sortable=True,
    )


def _examples(quality: Quality) -> Table | None:
    rows = tuple(
        (Cell(text=fault.code, order=fault.code), Cell(text=_told(example), data=True))
        for fault in quality.faults
        for example in fault.examples
    )
    if not rows:
        return None
    return Table(
        id="examples-table",
        caption="Examples, at most five of each",
        columns=(Column(title="Fault", numeric=False), Column(title="Found", numeric=False)),
        rows=rows,
    )


def _told(example: Mapping[str, object]) -> str:
    """An example as "line 17, found 1.267e+18"."""
    return ", ".join(
        f"{key.replace('_', ' ')} {formats.name(value)}"
        for key, value in example.items()
        if value is not None
    )


def _aside(quality: Quality) -> Table | None:
    if not quality.set_aside:
        return None
    more = len(quality.set_aside) - _LINES_SHOWN
    several = any(one.file is not None for one in quality.set_aside)
    return Table(
        id="aside-table",
        caption="Rows set aside",
        columns=(
            Column(title="Line"),
            *([Column(title="File", numeric=False)] if several else []),
            Column(title="Why", numeric=False),
            Column(title="What it holds", numeric=False),
        ),
        rows=tuple(_line(one, several=several) for one in quality.set_aside[:_LINES_SHOWN]),
        note=f"And {formats.plural(more, 'row')} more." if more > 0 else "",
    )


def _line(one: SetAside, *, several: bool) -> tuple[Cell, ...]:
    return (
        number(one.line, formats.count) if one.line else Cell(text="unknown", quiet=True),
        *((data(one.file),) if several else ()),
        _words(one.reason),
        Cell(text=formats.name(one.text[:_TEXT_SHOWN]), data=True),
    )


def _words(sentence: str) -> Cell:
    """A sentence that may quote the data, whole but with nothing unseen in it."""
    return Cell(text=formats.visible(sentence), data=True)


def _notes(quality: Quality) -> Words | None:
    if not quality.notes:
        return None
    return Words(sentences=tuple(formats.visible(note) for note in quality.notes), listed=True)
