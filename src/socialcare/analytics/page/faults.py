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
    Terms,
    Words,
    data,
    listing,
    number,
)
from socialcare.analytics.quality import Fault, Quality, SetAside

_LINES_SHOWN = 50
_EXAMPLES_SHOWN = 3
_TEXT_SHOWN = 90


def faults(findings: Findings) -> Section:
    """The section on data quality."""
    quality = findings.quality
    return Section(
        id="faults",
        title="Faults in the data",
        lead="Nothing was repaired or dropped in silence. What could not be read stands here, and "
        "so does what was read but looks wrong.",
        parts=listing(_summary(quality), _kinds(quality), _aside(quality), _notes(quality)),
    )


def _summary(quality: Quality) -> Words:
    repeats = max(quality.rows - quality.kept - len(quality.set_aside), 0)
    return Words(
        sentences=(
            (
                f"{formats.plural(quality.rows, 'row')} read, {formats.count(quality.kept)} kept; "
                f"{formats.count(len(quality.set_aside))} set aside and "
                f"{formats.plural(repeats, 'repeat')} removed."
            ),
        )
    )


def _kinds(quality: Quality) -> Part:
    if not quality.faults:
        return Missing(what="No faults were found.", why="Every check was made.")
    return Terms(terms=tuple(_kind(fault) for fault in quality.faults))


def _kind(fault: Fault) -> tuple[str, tuple[str, ...]]:
    """A fault with how often it was found, what it means, and a few examples."""
    examples = (f"Found: {_told(one)}." for one in fault.examples[:_EXAMPLES_SHOWN])
    title = f"`{fault.code}`, {formats.plural(fault.count, 'time')}"
    return (title, (formats.visible(fault.meaning), *examples))


def _told(example: Mapping[str, object]) -> str:
    """An example as "line 17, found 1.267e+18"."""
    return ", ".join(
        f"{key.replace('_', ' ')} {formats.name(_plain(value))}"
        for key, value in example.items()
        if value is not None
    )


def _plain(value: object) -> object:
    """A value with the noise of an exact instant left out."""
    return value.replace(".000000", "").replace("+00:00", "Z") if isinstance(value, str) else value


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
        sortable=True,
        note=f"And {formats.plural(more, 'row')} more." if more > 0 else "",
    )


def _line(one: SetAside, *, several: bool) -> tuple[Cell, ...]:
    return (
        number(one.line, formats.count) if one.line else Cell(text="unknown", quiet=True),
        *((data(one.file),) if several else ()),
        _words(one.reason),
        data(one.text[:_TEXT_SHOWN]),
    )


def _words(sentence: str) -> Cell:
    """A sentence that may quote the data, whole but with nothing unseen in it."""
    shown = formats.visible(sentence)
    return Cell(text=shown, order=shown, data=True)


def _notes(quality: Quality) -> Words | None:
    if not quality.notes:
        return None
    return Words(sentences=tuple(formats.visible(note) for note in quality.notes), listed=True)
