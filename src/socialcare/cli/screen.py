"""The report on a terminal: tables by rich, of lines that `rows` reads from the document.

Texts from the data go in as `Text`, never as markup, and with what can't be seen made visible:
a category can't colour the screen, ring its bell or move its cursor.
"""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

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
_TIMES = ("n", "pending", "median", "p90", "mean", "median", "p90")


def screen(*, errors: bool = False) -> Console:
    """The terminal; what is no terminal gets 100 columns, or as many as `COLUMNS` says."""
    stream = sys.stderr if errors else sys.stdout
    wide = None if stream.isatty() or os.environ.get("COLUMNS") else _WIDTH_OF_A_FILE
    return Console(file=stream, width=wide, highlight=False, soft_wrap=False)


def show_report(console: Console, document: Mapping[str, Any], quality: Quality) -> None:
    """Print the whole report: what was read, the numbers, the groups, the faults."""
    metrics = document["metrics"]
    _head(console, document, quality)
    _table(
        console,
        ("Time", *_TIMES[:5], "median*", "p90*"),
        rows.times(metrics),
        note="* with the pending counted, as waiting at least until now",
    )
    _table(console, ("Share", "", "", "95 % interval"), rows.shares(metrics))
    _table(console, ("Number", "", ""), rows.numbers(metrics), left=(0, 2))
    _table(console, ("Inbound about", "messages"), rows.categories(metrics))
    _say(console, rows.busiest(metrics))
    _groups(console, document.get("by", []))
    _missing(console, document.get("not_computed", {}))
    show_quality(console, quality)


def _head(console: Console, document: Mapping[str, Any], quality: Quality) -> None:
    kept = f"{quality.kept:,} of {quality.rows:,} rows kept"
    hours = document.get("hours")
    console.print(Text(f"{rows.seen(quality.source)}: {rows.seen(quality.format)}, {kept}", "bold"))
    console.print(
        Text(
            f"As of {document['as_of']}, time zone {document['timezone']}, "
            f"policy {document['policy'].get('name', '')}, "
            f"{'with' if hours else 'no'} business hours."
        )
    )


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
) -> None:
    """A table, where there is anything to put in it."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    for place, heading in enumerate(headings):
        table.add_column(Text(heading), justify="left" if place in left else "right")
    for line in lines:
        table.add_row(*(Text(cell) for cell in line))
    if not table.row_count:
        return
    console.print()
    console.print(table)
    if note:
        console.print(Text(note, "dim"))


def _groups(console: Console, by: list[Mapping[str, Any]]) -> None:
    found = ("inbound", "responses", "talks", "FRT median", "FRT p90", "pending", "answered")
    for keys, lines in groupby(rows.groups(by), key=lambda line: line[0]):
        printed = [line for _, line in lines]
        more = len(printed) - _MOST_GROUPS
        _table(
            console,
            (*keys, *found),
            printed[:_MOST_GROUPS],
            left=range(len(keys)),
            note=f"and {more:,} more: --json has them all" if more > 0 else "",
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
