"""Books of rules and what is wrong with them, on a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from socialcare.cli.rows import counted
from socialcare.cli.screen import print_table
from socialcare.cli.terminal import seen, shortened
from socialcare.domain.priority import Rule, RuleBook
from socialcare.domain.rule_check import Finding

_SHOWN = 120
"""How many characters of a query are printed; the file has them all."""


def show_book(console: Console, book: RuleBook) -> None:
    """Print a book, a line for each of its rules."""
    console.print(Text(f"{seen(book.called)}: {_counted(book)}", "bold"))
    lines = [
        (str(place), seen(rule.name), str(rule.priority), seen(_reason(rule)), _query(rule))
        for place, rule in enumerate(book.rules, 1)
    ]
    headings = ("", "rule", "priority", "why", "query")
    print_table(console, headings, lines, left=(1, 2, 3, 4), whole=3)
    console.print(Text(f"Where no rule holds: {book.otherwise}."))
    ageing = f"one level is worth {book.ageing.level}, the second tier {book.ageing.tier}"
    console.print(Text(f"Priority ages: {ageing} of waiting."))


def show_findings(console: Console, book: RuleBook, found: Sequence[Finding]) -> None:
    """Print what is wrong with a book."""
    many = counted(len(found), "finding")
    console.print(Text(f"{seen(book.called)}: {_counted(book)}, {many}", "bold"))
    lines = [(each.code.value, seen(each.rule), seen(each.said)) for each in found]
    print_table(console, ("finding", "rule", "it"), lines, left=(0, 1, 2), whole=2)


def _counted(book: RuleBook) -> str:
    return f"{len(book.rules)} rule{'' if len(book.rules) == 1 else 's'}"


def _reason(rule: Rule) -> str:
    """Why, and when it is in force if that is not always."""
    ends = (("from", rule.since), ("until", rule.until))
    when = [f"{word} {at.isoformat()}" for word, at in ends if at is not None]
    return f"{rule.reason} ({', '.join(when)})" if when else rule.reason


def _query(rule: Rule) -> str:
    return shortened(seen(rule.query.text), _SHOWN)
