"""The commands of `socialcare crisis`: try a plan on an export, and check it in time."""

from datetime import UTC, datetime
from pathlib import Path

import click

from socialcare.cli import options
from socialcare.cli.export_options import described, printed_as_json
from socialcare.cli.terminal import screen
from socialcare.domain.crisis.plan import CrisisPlan
from socialcare.domain.crisis.plan_check import check as checked

__all__ = ["crisis"]

FINDINGS = 1
"""The exit status of `check` where it found something."""
_PATH = click.Path(path_type=Path)


@click.group(no_args_is_help=False)
def crisis() -> None:
    """When much more is said than usual, and what is done then."""


@crisis.command()
@click.argument("paths", nargs=-1, required=True, metavar="EXPORT...", type=_PATH)
@click.option(
    "--policy", metavar="FILE", type=_PATH, help="A crisis plan, or only its policy, in TOML."
)
@click.option(
    "--history",
    metavar="LENGTH",
    help="How much of the export is only learnt from, such as 14d; by default as the policy says.",
)
@click.option("--brand", metavar="NAME", help="Only the messages of this brand.")
@click.option(
    "--account", "accounts", multiple=True, metavar="NAME", help="An account of the brand."
)
@click.option(
    "--classifiers",
    type=click.Choice(["auto", "text", "none"]),
    default="auto",
    show_default=True,
    help="Who says how messages without a score sound: the extra text, none, or it if installed.",
)
@described
@printed_as_json
@click.option(
    "--html", metavar="FILE", type=_PATH, help="Write a page with plots that needs no network."
)
def replay(**given: object) -> None:
    """Say what a crisis policy would have found in an export, when, and what it was made of.

    Several exports are read as one log. The first of it, as much as the policy wants, is only
    learnt from; without a policy ours is tried.
    """
    from socialcare.cli.crisis_replaying import run

    run(given, now=datetime.now(UTC))


@crisis.command()
@click.argument("plan", metavar="PLAN", type=_PATH)
@click.option("--channels", multiple=True, metavar="NAME", help="Where the house answers.")
@click.pass_context
def check(context: click.Context, plan: Path, channels: tuple[str, ...]) -> None:
    """Find what is missing from PLAN, or of no use in it; the exit status is 1 if anything is."""
    from socialcare.cli.crisis_screen import show_findings

    asked = CrisisPlan.from_toml(plan)
    found = checked(asked, channels=options.names(channels))
    show_findings(screen(), asked, found)
    if found:
        context.exit(FINDINGS)
