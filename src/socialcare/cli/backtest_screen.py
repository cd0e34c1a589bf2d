"""A backtest on a terminal: the tiers, the rules, the changes, the times."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from rich.console import Console
from rich.text import Text

from socialcare.analytics import formats
from socialcare.analytics.backtest import Backtest
from socialcare.cli.rows import NOTHING, cell
from socialcare.cli.screen import print_table
from socialcare.cli.terminal import seen
from socialcare.domain.tier import Tier

_MOST = 10
"""How many lines of a long table are printed; the files have them all."""
_EXCERPT = 60
_TIMES = ("n", "pending", "median", "p90", "replayed", "p90")


def show_backtest(console: Console, found: Backtest, *, source: str) -> None:
    """Print what a book would have done to an export."""
    console.print(Text(f"{seen(source)}: {found.messages:,} customer messages", "bold"))
    _tiers(console, found)
    _rules(console, found)
    _changes(console, found)
    _conflicts(console, found)
    _times(console, found)


def _tiers(console: Console, found: Backtest) -> None:
    if found.after is None:
        console.print(Text(f"ranked by {seen(found.before)}"))
        counted = found.tables["counts"].filter(pl.col("before") == pl.col("after"))
        lines = (_with_share([tier], n, share) for _, tier, n, share in counted.iter_rows())
        print_table(console, ("Tier", "messages", "share"), lines)
        return
    console.print(Text(f"{seen(found.before)} -> {seen(found.after)}"))
    counted = found.tables["counts"].filter(pl.col("messages") > 0)
    lines = (_with_share([one, other], n, share) for one, other, n, share in counted.iter_rows())
    note = f"{found.changed:,} of {found.messages:,} change their tier"
    print_table(
        console, ("Tier before", "after", "messages", "share"), lines, left=(0, 1), note=note
    )


def _with_share(names: Sequence[str], number: int, share: float | None) -> tuple[str, ...]:
    return (*names, cell(number, formats.count), cell(share, formats.share))


def _rules(console: Console, found: Backtest) -> None:
    lost = found.tables["losses"].group_by("book", "rule", maintain_order=True).first()
    table = found.tables["rules"].join(
        lost.select("book", "rule", "lost_to"), on=("book", "rule"), how="left"
    )
    for book, name in (("before", found.before), ("after", found.after)):
        mine = table.filter(pl.col("book") == book)
        lines = (_rule(row) for row in mine.iter_rows(named=True))
        headings = (f"Rule of {seen(str(name))}", "priority", "held", "decided", "remark")
        print_table(console, headings, lines, left=(0, 1, 4))


def _rule(row: Mapping[str, Any]) -> tuple[str, ...]:
    numbers = (cell(row[name], formats.count) for name in ("matched", "decided"))
    return (seen(row["rule"]), row["priority"], *numbers, _remark(row))


def _remark(row: Mapping[str, Any]) -> str:
    if not row["in_force"]:
        return "not in force in these messages"
    if not row["matched"]:
        return "never fired"
    if not row["lost"]:
        return ""
    most = f"lost {row['lost']:,}, most to {seen(row['lost_to'])}"
    return most if row["decided"] else f"always too late: {most}"


def _changes(console: Console, found: Backtest) -> None:
    changes = found.tables["changes"].filter(pl.col("tier_before") != pl.col("tier_after"))
    lines = (
        (
            f"{row['tier_before']} -> {row['tier_after']}",
            seen(row["rule_after"] or NOTHING),
            formats.visible(row["text"] or "")[:_EXCERPT],
        )
        for row in changes.head(_MOST).iter_rows(named=True)
    )
    print_table(
        console,
        ("Tier changes", "rule after", "text"),
        lines,
        left=(0, 1, 2),
        note=_more(changes.height),
    )


def _conflicts(console: Console, found: Backtest) -> None:
    last = "before" if found.after is None else "after"
    table = found.tables["conflicts"].filter(pl.col("book") == last)
    lines = (
        (
            f"{seen(row['rule'])} ({row['tier']})",
            f"{seen(row['later'])} ({row['later_tier']})",
            cell(row["messages"], formats.count),
        )
        for row in table.head(_MOST).iter_rows(named=True)
    )
    headings = ("Both held, first", "then", "messages")
    print_table(console, headings, lines, left=(0, 1), note=_more(table.height))


def _more(number: int) -> str:
    return f"and {number - _MOST:,} more, which --out has" if number > _MOST else ""


def _times(console: Console, found: Backtest) -> None:
    """How long waits took, and how long they would have; in business time where there are hours."""
    measured, replayed = found.tables["response_times"], found.tables["predicted"]
    clock = "business" if (measured["clock"] == "business").any() else "calendar"
    for book, name in (("before", found.before), ("after", found.after)):
        mine = (pl.col("book") == book) & (pl.col("clock") == clock)
        pairs = zip(
            measured.filter(mine).iter_rows(named=True),
            replayed.filter(mine).iter_rows(named=True),
            strict=True,
        )
        lines = (_time(*pair) for pair in pairs if pair[0]["n"] or pair[0]["pending"])
        headings = (f"Waits by {seen(str(name))}", *_TIMES)
        print_table(console, headings, lines, whole=len(headings))
    hours = "business" if clock == "business" else "calendar"
    note = f"In {hours} time; replayed: the same answers, each to the wait whose turn it was."
    console.print(Text(note, "dim"))


def _time(measured: Mapping[str, Any], replayed: Mapping[str, Any]) -> tuple[str, ...]:
    business = measured["clock"] == "business"
    form = formats.business_duration if business else formats.duration
    tier = "noise" if measured["tier"] == Tier.NOISE else f"{measured['tier']} tier"
    numbers = (cell(measured[name], formats.count) for name in ("n", "pending"))
    times = (cell(row[name], form) for row in (measured, replayed) for name in ("median", "p90"))
    return (f"{tier}, {measured['kind']}", *numbers, *times)
