"""Escalation maps, what is wrong with them and what changed in them, on a terminal."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from socialcare.cli.rows import counted
from socialcare.cli.screen import print_table
from socialcare.cli.terminal import seen, shortened
from socialcare.domain.durations import duration_text
from socialcare.domain.escalation import EscalationEntry, EscalationMap, Finding

_SHOWN = 80
"""How many characters of a query are printed; the file has them all."""


def show_map(console: Console, asked: EscalationMap) -> None:
    """Print a map, a line for each of its entries."""
    console.print(Text(f"{seen(asked.called)}: {_counted(asked)}", "bold"))
    lines = [_line(asked, place, entry) for place, entry in enumerate(asked.entries, 1)]
    headings = ("", "entry", "who answers", "level", "approval", "then", "query")
    print_table(console, headings, lines, left=range(1, 7), whole=1)
    console.print(Text("What no entry holds for, agents answer themselves."))


def _line(asked: EscalationMap, place: int, entry: EscalationEntry) -> tuple[str, ...]:
    level = asked.level_of(entry) if entry.must_escalate else ""
    cells = (
        str(place),
        entry.name,
        f"only {entry.team}" if entry.must_escalate else _agents(entry),
        level,
        "" if entry.approval is None else str(entry.approval),
        ", ".join(_steps(asked, entry)),
        shortened(entry.query.text, _SHOWN),
    )
    return tuple(map(seen, cells))


def _agents(entry: EscalationEntry) -> str:
    return "agents" if entry.team is None else f"agents ({entry.team})"


def _steps(asked: EscalationMap, entry: EscalationEntry) -> Iterator[str]:
    for rung in asked.ladder(entry)[1:]:
        yield f"{duration_text(rung.after)} {rung.level} ({rung.team})"


def show_findings(
    console: Console, asked: EscalationMap, found: Sequence[Finding], *, with_rota: bool
) -> None:
    """Print what is wrong with a map."""
    many = counted(len(found), "finding")
    console.print(Text(f"{seen(asked.called)}: {_counted(asked)}, {many}", "bold"))
    lines = [(each.problem.value, _place(each), seen(each.said)) for each in found]
    print_table(console, ("finding", "where", "it"), lines, left=(0, 1, 2), whole=1)
    if not with_rota:
        console.print(Text("Without a rota (--rota) nothing is said of who is on duty."))


def _place(finding: Finding) -> str:
    return seen(f"{finding.where} {finding.entry}" if finding.entry else finding.where)


def show_difference(
    console: Console, old: EscalationMap, new: EscalationMap, changes: Sequence[str]
) -> None:
    """Print what changed from one version to another, a line each."""
    many = counted(len(changes), "change")
    console.print(Text(f"{seen(old.called)} to {seen(new.called)}: {many}", "bold"))
    for change in changes:
        console.print(Text(f"- {seen(change)}"))


def _counted(asked: EscalationMap) -> str:
    return counted(len(asked.entries), "entry", "entries")
