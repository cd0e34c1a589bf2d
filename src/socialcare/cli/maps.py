"""The commands of `socialcare map`: check an escalation map, tell two versions apart, show one."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from socialcare.cli.export_options import printed_as_json
from socialcare.cli.terminal import screen
from socialcare.domain.escalation import EscalationMap, Finding, check, difference
from socialcare.domain.rota import Rota

__all__ = ["escalation_map"]

FINDINGS = 1
"""The exit status of `check` where it found something."""
_PATH = click.Path(path_type=Path)


@click.group("map", no_args_is_help=False)
def escalation_map() -> None:
    """Which messages agents answer themselves, and who must see the others."""


@escalation_map.command("check")
@click.argument("path", metavar="MAP", type=_PATH)
@click.option(
    "--rota", metavar="FILE", type=_PATH, help="Who is on duty when, in TOML, to check the teams."
)
@click.option(
    "--weeks",
    default=4,
    show_default=True,
    type=click.IntRange(1, 52),
    help="How far ahead to look for times with nobody on duty.",
)
@printed_as_json
@click.pass_context
def check_map(
    context: click.Context, path: Path, rota: Path | None, weeks: int, json_to: Path | None
) -> None:
    """Find what is wrong with MAP before it goes live; the exit status is 1 if anything is.

    Entries that are never reached, steps that go round, teams that are not there, times with
    nobody on duty, and approvals that nobody can give.
    """
    from socialcare.cli import files
    from socialcare.cli.maps_screen import show_findings

    asked = EscalationMap.from_toml(path)
    on_duty = None if rota is None else Rota.from_toml(rota)
    files.check_json(json_to)
    found = check(asked, rota=on_duty, now=datetime.now(UTC), weeks=weeks)
    if not files.json_printed(_findings(asked, on_duty, found), json_to):
        show_findings(screen(), asked, found, with_rota=on_duty is not None)
    if found:
        context.exit(FINDINGS)


@escalation_map.command("diff")
@click.argument("old", metavar="OLD", type=_PATH)
@click.argument("new", metavar="NEW", type=_PATH)
@printed_as_json
def diff(old: Path, new: Path, json_to: Path | None) -> None:
    """Say in words what changes for those who answer, from OLD to NEW."""
    from socialcare.cli import files
    from socialcare.cli.maps_screen import show_difference

    before, after = EscalationMap.from_toml(old), EscalationMap.from_toml(new)
    files.check_json(json_to)
    changes = difference(before, after)
    document = {
        "schema": "socialcare.map_diff/1",
        "old": before.called,
        "new": after.called,
        "changes": list(changes),
    }
    if not files.json_printed(document, json_to):
        show_difference(screen(), before, after, changes)


@escalation_map.command("show")
@click.argument("path", metavar="MAP", type=_PATH)
@printed_as_json
def show(path: Path, json_to: Path | None) -> None:
    """Print MAP as a table, in the order in which its entries are asked."""
    from socialcare.cli import files
    from socialcare.cli.maps_screen import show_map

    asked = EscalationMap.from_toml(path)
    files.check_json(json_to)
    if not files.json_printed({"schema": "socialcare.map/1", **asked.to_mapping()}, json_to):
        show_map(screen(), asked)


def _findings(
    asked: EscalationMap, rota: Rota | None, found: tuple[Finding, ...]
) -> Mapping[str, Any]:
    return {
        "schema": "socialcare.map_check/1",
        "map": asked.called,
        "rota": None if rota is None else f"{rota.name} {rota.version}",
        "findings": [
            {
                "problem": each.problem.value,
                "where": each.where,
                "entry": each.entry,
                "said": each.said,
            }
            for each in found
        ],
    }
