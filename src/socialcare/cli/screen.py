"""The report on a terminal: tables by rich, of lines that `rows` reads from the document.

Texts from the data go in as `Text`, never as markup, and with what can't be seen made visible:
a category can't colour the screen, ring its bell or move its cursor.
"""

import re
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
from socialcare.cli.terminal import seen
from socialcare.domain.catalogue import metric

_MOST_GROUPS = 40
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):")
_NOT_SHOWN = frozenset({"count", "sent_at"})
"""What an example has besides, which tells little in a narrow column."""
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


def show_report(console: Console, document: Mapping[str, Any], quality: Quality) -> None:
    """Print the whole report: what was read, the numbers, the groups, the faults."""
    metrics = document["metrics"]
    _head(console, document, quality)
    _times(console, metrics)
    print_table(console, ("Share", "", "", "95 % interval"), rows.shares(metrics))
    print_table(console, ("Number", "", ""), rows.numbers(metrics), left=(0, 2))
    print_table(console, ("Inbound about", "messages"), rows.categories(metrics))
    _say(console, rows.busiest(metrics))
    _groups(console, document["by"])
    _missing(console, document["not_computed"])
    show_quality(console, quality)


def _head(console: Console, document: Mapping[str, Any], quality: Quality) -> None:
    kept = f"{quality.kept:,} of {quality.rows:,} rows kept"
    source = f"{seen(quality.source)}: {seen(quality.format)}, {kept}"
    console.print(Text(source, "bold"))
    zone = document["timezone"]
    at = document["as_of"]
    when = "no messages" if at is None else f"as of {formats.moment(at, ZoneInfo(zone))}"
    hours = "with business hours" if document["hours"] else "no business hours"
    policy = seen(str(document["policy"].get("name")))
    console.print(Text(rows.plain(f"{when} ({zone}), policy {policy}, {hours}")))
    if document["query"] is not None:
        console.print(Text(f"only conversations in which: {seen(document['query'])}"))


def _times(console: Console, metrics: Mapping[str, Any]) -> None:
    shown = [console.width >= least for least in _TIMES.values()]
    lines = [[*compress(line, shown)] for line in rows.times(metrics)]
    note = "* with the pending counted, as waiting at least until now"
    print_table(console, [*compress(_TIMES, shown)], lines, note=note, gap=1)


def _say(console: Console, sentence: str | None) -> None:
    if sentence is not None:
        console.print()
        console.print(Text(sentence))


def print_table(
    console: Console,
    headings: Sequence[str],
    lines: Iterable[Sequence[str]],
    *,
    left: Sequence[int] = (0,),
    whole: int = 1,
    note: str = "",
    gap: int = 2,
) -> None:
    """A table, where there is anything to put in it.

    Args:
        console: Where it is printed.
        headings: One for each column.
        lines: The cells, as many as headings.
        left: The columns of words; numbers stand on the right.
        whole: How many columns, from the first, are never broken into lines.
        note: What stands below.
        gap: Spaces between columns.
    """
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, gap - 1, 0, 0))
    for place, heading in enumerate(headings):
        table.add_column(
            Text(heading),
            justify="left" if place in left else "right",
            no_wrap=place < whole,
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
    print_table(
        console,
        (*keys, *rows.GROUP),
        lines[:_MOST_GROUPS],
        left=(*range(len(keys)), len(keys) + len(rows.GROUP) - 1),
        whole=len(keys),
        note=f"and {more:,} more, which --json has" if more > 0 else "",
    )


def _missing(console: Console, reasons: Mapping[str, str]) -> None:
    together: dict[str, list[str]] = {}
    for name, reason in reasons.items():
        together.setdefault(reason, []).append(metric(name).title)
    lines = [(reason, ", ".join(titles)) for reason, titles in together.items()]
    print_table(console, ("Not computed, since it", "metrics"), lines, left=(0, 1))


def show_quality(console: Console, quality: Quality) -> None:
    """Print the faults that the data have, each with an example, and what was guessed."""
    print_table(
        console,
        ("Fault in the data", "count", "what it means", "for example"),
        (
            (fault.code, rows.cell(fault.count, formats.count), fault.meaning, _example(fault))
            for fault in quality.faults
        ),
        left=(0, 2, 3),
    )
    if not quality.faults:
        _say(console, "No faults in the data.")
    for note in quality.notes:
        console.print(Text(f"Note: {seen(note)}"))


def _example(fault: Fault) -> str:
    """One example of a fault: where it is and what was found, or what tells it from others."""
    facts = fault.examples[0] if fault.examples else {}
    if "reason" in facts:
        where = f"line {facts['line']}: " if facts.get("line") else ""
        return where + seen(str(facts["reason"]))
    shown = {key: _short(value) for key, value in facts.items() if key not in _NOT_SHOWN}
    return ", ".join(f"{key} {value}" for key, value in shown.items())


def _short(value: object) -> str:
    """A value of an example; of an instant, which is in UTC, its day and minute."""
    found = _INSTANT.match(str(value))
    return " ".join(found.groups()) if found else formats.name(value)
