"""The commands of `socialcare playbook`: check the document, an answer, or last month's answers."""

from datetime import UTC, datetime
from pathlib import Path

import click

from socialcare.cli.export_options import described, printed_as_json

__all__ = ["playbook"]

FOUND = 1
"""The exit status where the document has faults, or an answer must not go out."""
_PATH = click.Path(path_type=Path)


@click.group(no_args_is_help=False)
def playbook() -> None:
    """What is said to customers, how, where, and what is not."""


@playbook.command()
@click.argument("playbook", metavar="PLAYBOOK", type=_PATH)
@click.option("--reply", metavar="TEXT", help="Check this answer.")
@click.option("--channel", default="x", show_default=True, help="As if said there.")
@click.option("--private/--public", default=False, help="As if said in private; public otherwise.")
@click.option("--to", metavar="TEXT", help="What the customer wrote.")
@click.option(
    "--replies",
    "paths",
    multiple=True,
    metavar="EXPORT",
    type=_PATH,
    help="Check every answer of an export; several are read as one log.",
)
@described
@click.option("--examples", default=2, show_default=True, help="How many for each kind.")
@printed_as_json
@click.pass_context
def check(context: click.Context, /, **given: object) -> None:
    """Check PLAYBOOK itself, or answers by it.

    Its own examples and acknowledgements are run through its checks, too. The exit status is 1 if
    the document has faults, or if the answer must not go out like this.
    """
    from socialcare.cli.playbook_checking import run

    if not run(given, now=datetime.now(UTC)):
        context.exit(FOUND)
