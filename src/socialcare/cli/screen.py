"""The report on a terminal: tables by rich, of lines that `rows` reads from the document.

Texts from the data go in as `Text`, never as markup, and with what can't be seen made visible:
a category can't colour the screen, ring its bell or move its cursor.
"""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from typing import Any
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from socialcare.analytics import formats
from socialcare.analytics.quality import Fault, Quality
from socialcare.cli import rows
from socialcare.domain.catalogue import metric

_WIDTH_OF_A_FILE = 100
_MOST_GROUPS = 40
_TIMES: Mapping[str, int] = {
    "Time": 0,
    "n": 0,
    "pending": 0,
    "median": 0,
    "p90": 0,
    "mean": 100,
    "median*": 0,
    "p90*": 88,
}
"""The columns of the times, each with the width that a terminal must have to show it."""


class _Terminal(Console):
    """A console that leaves it to the command how to end when nobody reads any more."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def screen(*, errors: bool = False) -> Console:
    """The terminal; what is no terminal gets 100 columns, or as many as `COLUMNS` says."""
    stream = sys.stderr if errors else sys.stdout
    wide = None if stream.isatty() or os.environ.get("COLUMNS") else _WIDTH_OF_A_FILE
    return _Terminal(file=stream, width=wide, highlight=False, soft_wrap=False)


def show_report(console: Console, document: Mapping[str, Any], quality: Quality) -> None:
    """Print the whole report: what was read, the numbers, the groups, the faults."""
    metrics = document["metrics"]
    _head(console, document, quality)
    _times(console, metrics)
    _table(console, ("Share", "", "", "95 % interval"), rows.shares(metrics))
    _table(console, ("Number", "", ""), rows.numbers(metrics), left=(0, 2))
    _table(console, ("Inbound about", "messages"), rows.categories(metrics))
    _say(console, rows.busiest(metrics))
    _groups(console, document["by"])
    _missing(console, document["not_computed"])
    show_quality(console, quality)


def _head(console: Console, document: Mapping[str, Any], quality: Quality) -> None:
    kept = f"{quality.kept:,} of {quality.rows:,} rows kept"
    source = f"{rows.seen(quality.source)}: {rows.seen(quality.format)}, {kept}"
    console.print(Text(source, "bold"))
    zone = document["timezone"]
    at = document["as_of"]
    when = "no messages" if at is None else f"as of {formats.moment(at, ZoneInfo(zone))}"
    hours = "with business hours" if document["hours"] else "no business hours"
    policy = rows.seen(str(document["policy"].get("name")))
    console.print(Text(rows.plain(f"{when} ({zone}), policy {policy}, {hours}")))


def _times(console: Console, metrics: Mapping[str, Any]) -> None:
    shown = [console.width >= least for least in _TIMES.values()]
    lines = [[*compress(line, shown)] for line in rows.times(metrics)]
    note = "* with the pending counted, as waiting at least until now"
    _table(console, [*compress(_TIMES, shown)], lines, note=note, gap=1)


def _say(console: Console, sentence: str | None) -> None:
    if sentence is not None:
        console.print()
        console.print(Text(sentence))


def _table(
    console: Console,
    headings: Sequence[str],
    lines: Iterable[Sequence[str]],
    *,
    left: Sequence[int] = (0,),
    note: str = "",
    gap: int = 2,
) -> None:
    """A table, where there is anything to put in it."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, gap - 1, 0, 0))
    for place, heading in enumerate(headings):
        table.add_column(
            Text(heading),
            justify="left" if place in left else "right",
            no_wrap=place == 0,
            overflow="fold",
        )
    for line in lines:
        table.add_row(*(Text(cell) for cell in line))
    if not table.row_count:
        return
    console.print()
    console.print(table)
    if note:
        console.print(Text(note, "dim"))


def _groups(console: Console, by: Sequence[Mapping[str, Any]]) -> None:
    if not by:
        return
    keys = [key for key in by[0] if key not in {"metrics", "comparison"}]
    lines = [rows.group([one[key] for key in keys], one) for one in by]
    more = len(lines) - _MOST_GROUPS
    _table(
        console,
        (*keys, *rows.GROUP),
        lines[:_MOST_GROUPS],
        left=(*range(len(keys)), len(keys) + len(rows.GROUP) - 1),
        note=f"and {more:,} more, which --json has" if more > 0 else "",
    )


def _missing(console: Console, reasons: Mapping[str, str]) -> None:
    _table(
        console,
        ("Not computed", "since"),
        ((metric(name).title, reason) for name, reason in reasons.items()),
        left=(0, 1),
    )


def show_quality(console: Console, quality: Quality) -> None:
    """Print the faults that the data have, each with an example, and what was guessed."""
    _table(
        console,
        ("Fault in the data", "rows", "what it means", "for example"),
        (
            (fault.code, rows.cell(fault.count, formats.count), fault.meaning, _example(fault))
            for fault in quality.faults
        ),
        left=(0, 2, 3),
    )
    if not quality.faults:
        _say(console, "No faults in the data.")
    for note in quality.notes:
        console.print(Text(f"Note: {rows.seen(note)}"))


def _example(fault: Fault) -> str:
    if not fault.examples:
        return ""
    return ", ".join(f"{key} {formats.name(value)}" for key, value in fault.examples[0].items())
