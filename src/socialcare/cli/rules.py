"""The commands of `socialcare rules`: try a book of rules, check it, show it, ask it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from socialcare.cli import options
from socialcare.cli.export_options import described, printed_as_json
from socialcare.cli.terminal import screen, seen
from socialcare.domain.categories import CategoryTree
from socialcare.domain.message import Author, AuthorRole, Direction, Message, Visibility
from socialcare.domain.rule_check import check
from socialcare.domain.subject import Subject

FINDINGS = 1
"""The exit status of `lint` where it found something."""
_PATH = click.Path(path_type=Path)


@click.group(no_args_is_help=False)
def rules() -> None:
    """What comes first, by a book of rules: a TOML file, or `default` for ours."""


@rules.command()
@click.argument("book", metavar="RULES")
@click.argument("paths", nargs=-1, required=True, metavar="EXPORT...", type=_PATH)
@click.option(
    "--against",
    metavar="RULES",
    help="The book in force, a TOML file or default, to see what would change.",
)
@described
@click.option("--hours", metavar="FILE", type=_PATH, help="Business hours, in TOML.")
@click.option(
    "--policy", metavar="NAME|FILE", help="How waits are measured: a preset or a TOML file."
)
@printed_as_json
@click.option(
    "--out", metavar="DIR", type=_PATH, help="Write every table, each message too, to files there."
)
@click.option(
    "--out-format",
    type=click.Choice(["parquet", "csv"]),
    default="parquet",
    show_default=True,
    help="The kind of those files; CSV is safe in a spreadsheet.",
)
def test(**given: object) -> None:
    """Rank the messages of an export as RULES would have done, and replay the queue.

    Several exports are read as one log. A rule whose `since` is after the export is not in force
    in it: leave that out to try it.
    """
    from socialcare.cli.backtesting import run

    run(given, now=datetime.now(UTC))


@rules.command()
@click.argument("book", metavar="RULES")
@click.option(
    "--categories",
    metavar="FILE",
    type=_PATH,
    help="The brand's tree of categories, in TOML, to find those that there are not.",
)
@click.pass_context
def lint(context: click.Context, book: str, categories: Path | None) -> None:
    """Find rules that can never decide, and say why; the exit status is 1 if there are any."""
    from socialcare.cli.rules_screen import show_findings

    asked = options.book(book)
    tree = None if categories is None else CategoryTree.from_toml(categories)
    found = check(asked, now=datetime.now(UTC), categories=None if tree is None else tree.paths)
    show_findings(screen(), asked, found)
    if found:
        context.exit(FINDINGS)


@rules.command()
@click.argument("book", metavar="[RULES]", default=options.DEFAULT)
def show(book: str) -> None:
    """Print a book as a table, in the order in which its rules are asked."""
    from socialcare.cli.rules_screen import show_book

    show_book(screen(), options.book(book))


@rules.command()
@click.argument("book", metavar="RULES")
@click.argument("text")
@click.option("--private", is_flag=True, help="As a private message; public otherwise.")
@click.option("--channel", default="x", show_default=True, help="As if written there.")
def explain(book: str, text: str, private: bool, channel: str) -> None:
    """Print what RULES make of a customer's TEXT, and why."""
    now = datetime.now(UTC)
    message = Message(
        id="text",
        sent_at=now,
        direction=Direction.INBOUND,
        author=Author(id="somebody", role=AuthorRole.CUSTOMER),
        customer_id="somebody",
        channel=channel,
        visibility=Visibility.PRIVATE if private else Visibility.PUBLIC,
        text=text,
    )
    subject = Subject(message=message, waiting=timedelta())
    for line in options.book(book).explain(subject, now=now).splitlines():
        click.echo(seen(line))


__all__ = ["rules"]
