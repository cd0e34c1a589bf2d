"""The commands of `socialcare listen`: try it on an export, check it, find terms, and the audit."""

from datetime import UTC, datetime
from pathlib import Path

import click

from socialcare.cli.export_options import Command, described, printed_as_json
from socialcare.cli.terminal import screen
from socialcare.domain.listening import Listening
from socialcare.domain.listening_check import remarks

__all__ = ["listen"]

_PATH = click.Path(path_type=Path)


def _reads_an_export(command: Command) -> Command:
    """Gives a command the exports, how they are read, and where its JSON goes."""
    paths = click.argument("paths", nargs=-1, required=True, metavar="EXPORT...", type=_PATH)
    return paths(described(printed_as_json(command)))


@click.group(no_args_is_help=False)
def listen() -> None:
    """What is said about a brand, its trade and its competitors."""


@listen.command()
@click.argument("listening", metavar="LISTENING", type=_PATH)
@_reads_an_export
@click.option("--examples", default=3, show_default=True, help="How many for each query.")
def run(**given: object) -> None:
    """Try LISTENING on an export: which query finds how many messages, and which.

    Several exports are read as one log, in order of time.
    """
    from socialcare.cli.hearing import run as make

    make(given, now=datetime.now(UTC))


@listen.command()
@click.argument("listening", metavar="LISTENING", type=_PATH)
def check(listening: Path) -> None:
    """Print every query of LISTENING, and what should be looked at once more."""
    from socialcare.cli.listening_screen import show_listening

    asked = Listening.from_toml(listening)
    show_listening(screen(), asked, remarks(asked))


@listen.command()
@click.argument("listening", metavar="LISTENING", type=_PATH)
@_reads_an_export
@click.option("--most", default=20, show_default=True, help="How many terms at most.")
@click.option("--least", default=3, show_default=True, help="How many messages must have a term.")
def suggest(**given: object) -> None:
    """Find terms that rise beside the brand's, and those that tell complaints from the rest.

    Terms that LISTENING listens for already are left out.
    """
    from socialcare.cli.hearing import suggest as make

    make(given, now=datetime.now(UTC))


@listen.command()
@_reads_an_export
@click.option(
    "--help-articles",
    "articles",
    metavar="FILE",
    type=_PATH,
    help="Your help, in TOML or CSV with title, url and words, to see what a link would answer.",
)
@click.option(
    "--account", "accounts", multiple=True, metavar="NAME", help="An account of the brand."
)
@click.option("--rules", metavar="FILE", help="Who needs an answer, as a book of rules.")
@click.option("--signs", metavar="FILE", type=_PATH, help="Words of your own, in TOML.")
@click.option(
    "--classifiers",
    type=click.Choice(["auto", "text", "none"]),
    default="auto",
    show_default=True,
    help="Who reads the texts: those of the extra text, none, or those if it is installed.",
)
@click.option("--tz", default="UTC", show_default=True, metavar="ZONE", help="The zone of hours.")
@click.option("--examples", default=5, show_default=True, help="How many for each part.")
@click.option(
    "--html", metavar="FILE", type=_PATH, help="Write a page with charts that needs no network."
)
def audit(**given: object) -> None:
    """Answer what a planner asks before a service begins, from an export.

    How many come in frustration, are technical or of an account, are feedback, could be answered
    by a link, or are worth an answer; at what hours customers are active; and who never addressed
    the brand.
    """
    from socialcare.cli.auditing import run as make

    make(given, now=datetime.now(UTC))
