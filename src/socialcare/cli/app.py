"""The commands, and how each way of failing ends: in a line or two, and an exit status.

Standard output carries what was asked for and nothing else; everything said besides goes to
standard error.
"""

import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from socialcare import __version__
from socialcare.cli import WRONG_USE
from socialcare.cli.crisis import crisis
from socialcare.cli.export_options import described, printed_as_json
from socialcare.cli.listening import listen
from socialcare.cli.maps import escalation_map
from socialcare.cli.playbook import playbook
from socialcare.cli.rules import rules
from socialcare.cli.terminal import screen, seen
from socialcare.domain.catalogue import METRICS
from socialcare.errors import FaultyExport, SocialCareError

FAULTS = 1
"""The exit status for faults in the data under `--strict`."""
CLOSED_PIPE = 141
"""What a shell sees of a program whose reader went away."""
_PATH = click.Path(path_type=Path)


@click.group(
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="socialcare")
def app() -> None:
    """Numbers about customer service that you can check."""


@app.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=_PATH)
@described
@click.option(
    "--handling",
    metavar="FILE",
    type=_PATH,
    help="Handling spans: conversation_id, agent_id, started_at, ended_at.",
)
@click.option(
    "--status",
    metavar="FILE",
    type=_PATH,
    help="Changes of status: conversation_id, at, status, by.",
)
@click.option(
    "--assignment",
    metavar="FILE",
    type=_PATH,
    help="Assignments: conversation_id, at, agent_id, team_id.",
)
@click.option(
    "--escalations",
    metavar="FILE",
    type=_PATH,
    help="Escalations: conversation_id, at, level, team_id, reason, entry, taken_at, returned_at.",
)
@click.option(
    "--approvals",
    metavar="FILE",
    type=_PATH,
    help="Approvals: conversation_id, draft, asked_at, decided_at, decision, by, message_id.",
)
@click.option("--hours", metavar="FILE", type=_PATH, help="Business hours, in TOML.")
@click.option(
    "--policy",
    metavar="NAME|FILE",
    help="How waits are measured: a preset (socialcare, zendesk, chatwoot, zammad, "
    "frappe) or a TOML file.",
)
@click.option(
    "--deadlines",
    metavar="FILE",
    type=_PATH,
    help="What was promised: a service level policy in TOML, by whose clocks attainment is "
    "measured.",
)
@click.option(
    "--gap",
    metavar="DURATION",
    help="The silence after which a customer's next message is a new conversation, "
    "such as 24h or 90m.",
)
@click.option(
    "--where",
    metavar="QUERY",
    help="Only conversations with a message for which this query holds, "
    "such as 'refund is:public'.",
)
@click.option(
    "--redirects",
    is_flag=True,
    help="Read the texts for answers that send customers to another channel, in English.",
)
@click.option(
    "--by",
    multiple=True,
    metavar="COLUMN",
    help="Split by this column; repeat it, or put commas between several.",
)
@click.option(
    "--period", type=click.Choice(["hour", "day", "week", "month"]), help="Split by time."
)
@click.option("--tz", metavar="ZONE", help="The time zone of periods and hours of the week.")
@click.option(
    "--as-of",
    metavar="INSTANT",
    help="Calculate as of this instant, such as 2026-03-29T18:00:00Z; "
    "by default the latest in the data.",
)
@printed_as_json
@click.option(
    "--html", metavar="FILE", type=_PATH, help="Write a page with charts that needs no network."
)
@click.option(
    "--out",
    metavar="DIR",
    type=_PATH,
    help="Write the messages and every interval behind the numbers to files there.",
)
@click.option(
    "--out-format",
    type=click.Choice(["parquet", "csv"]),
    default="parquet",
    show_default=True,
    help="The kind of those files; CSV is safe in a spreadsheet.",
)
@click.option("--strict", is_flag=True, help="Take any fault in the data for an error.")
def report(**given: object) -> None:
    """Read an export and print its numbers, and the faults in it.

    Several paths are read as one log.
    """
    from socialcare.cli.reporting import run as make

    make(given, now=datetime.now(UTC))


@app.command()
@click.argument("paths", nargs=-1, required=True, metavar="EXPORT...", type=_PATH)
@described
@printed_as_json
@click.option("--least", default=1, show_default=True, help="How many answers one must have given.")
@click.option("--most", default=20, show_default=True, help="How many peers to print.")
@click.option("--forum", is_flag=True, help="Take everybody who answers for a peer.")
def peers(**given: object) -> None:
    """Print who answers other customers well.

    Several exports are read as one log.
    """
    from socialcare.cli.answering import run as make

    make(given, now=datetime.now(UTC))


@app.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def metrics(as_json: bool) -> None:
    """List every metric with its definition."""
    if as_json:
        listed = [
            {
                "name": one.name,
                "title": one.title,
                "definition": one.definition,
                "unit": one.unit,
                "needs": list(one.needs),
            }
            for one in METRICS
        ]
        click.echo(json.dumps({"schema": "socialcare.metrics/1", "metrics": listed}, indent=2))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0))
    for heading in ("metric", "unit", "definition"):
        table.add_column(heading, overflow="fold")
    for one in METRICS:
        needs = f" Needs {one.wants}." if one.needs else ""
        table.add_row(Text(one.name), Text(one.unit), Text(one.definition + needs))
    screen().print(table)


app.add_command(escalation_map)
app.add_command(crisis)
app.add_command(listen)
app.add_command(playbook)
app.add_command(rules)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command to its end.

    Returns:
        The exit status: 0 for good, 1 for faults under `--strict`, 2 for wrong use or what can't be
        read or written, 141 where the reader of the output went away.

    Raises:
        KeyboardInterrupt: After Ctrl-C.
    """
    try:
        status = _standing(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes standard output once more as it leaves, and must not fail at that.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED_PIPE
    return status


def _command(arguments: Sequence[str]) -> int:
    """Run a command without click's own endings, which take a closed pipe for a fault."""
    try:
        with app.make_context("socialcare", [*arguments]) as context:
            app.invoke(context)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    return 0


def _standing(arguments: Sequence[str] | None) -> int:
    """The exit status of a command, with whatever went wrong said on standard error."""
    try:
        return _command(sys.argv[1:] if arguments is None else arguments)
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "socialcare"
        return _say(f"{error.format_message()}\nTry '{where} --help'.", WRONG_USE)
    except FaultyExport as error:
        return _say(str(error), FAULTS)
    except SocialCareError as error:
        return _say(str(error), WRONG_USE)
    except BrokenPipeError:
        raise
    except OSError as error:
        return _say(f"{error.filename or 'output'}: {error.strerror or error}", WRONG_USE)


def _say(reason: str, status: int) -> int:
    """Say in two lines at most why it ended, and give back the exit status."""
    for line in reason.splitlines()[:2]:
        click.echo(f"socialcare: {seen(line)}", err=True)
    return status
