"""`socialcare report`: from paths and options to numbers, and to the files that were asked for."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import attrs
import click
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from socialcare import analytics
from socialcare.analytics.audit_reading import Classifies
from socialcare.analytics.choosing import needs_classifiers
from socialcare.analytics.log import MessageLog
from socialcare.analytics.quality import Quality
from socialcare.analytics.table import SIDE_TABLES
from socialcare.cli import files, options
from socialcare.cli.files import STANDARD_OUTPUT
from socialcare.cli.screen import show_quality, show_report
from socialcare.cli.tables import with_side_tables
from socialcare.cli.terminal import screen, seen
from socialcare.domain.durations import duration
from socialcare.domain.query import Query
from socialcare.domain.sla import SlaPolicy
from socialcare.errors import FaultyExport

Step = Callable[[str], None]
"""Says what is being done now."""


@attrs.frozen(kw_only=True)
class Outputs:
    """Where the numbers go, each tried before the work begins.

    Attributes:
        json: A file, or `-` for standard output.
        html: A file.
        out: A folder.
        ending: What kind of files go into it: `parquet` or `csv`.
    """

    json: Path | None
    html: Path | None
    out: Path | None
    ending: str

    def check(self) -> None:
        """Refuse what can't be written.

        Raises:
            InvalidValue: If a path can't be written.
        """
        files.check_json(self.json)
        if self.html is not None:
            files.writable(self.html, "--html")
        if self.out is not None:
            files.folder(self.out, "--out")


def run(given: Mapping[str, Any], *, now: datetime) -> None:
    """Do what `socialcare report` was asked to do.

    Args:
        given: The options, by the names of the command's parameters.
        now: The instant after which a time in the data is in the future.

    Raises:
        SocialCareError: If an option, the export or a file beside it can't be used.
        FaultyExport: If there are faults under `--strict`.
    """
    outputs = Outputs(
        json=given["json_to"], html=given["html"], out=given["out"], ending=given["out_format"]
    )
    measuring, splitting = _measuring(given), _splitting(given)
    outputs.check()
    with steps() as step:
        log = _read(given, step, now)
        if given["strict"] and log.quality.faults:
            _refuse(log.quality)
        step("computing")
        document = analytics.metrics(log, **splitting, **measuring).to_dict()
        _write(log, document, outputs, measuring, splitting, step)
    if outputs.json == STANDARD_OUTPUT:
        sys.stdout.buffer.write(files.to_json(document))
        _mention(log.quality)
    else:
        show_report(screen(), document, log.quality)


def _measuring(given: Mapping[str, Any]) -> dict[str, Any]:
    """What the metrics and every interval take: hours, policy and as_of."""
    zone = None if given["tz"] is None else options.zone(given["tz"])
    return {
        "hours": None if given["hours"] is None else options.hours(given["hours"]),
        "policy": None if given["policy"] is None else options.policy(given["policy"]),
        "as_of": None if given["as_of"] is None else options.as_of(given["as_of"], zone),
    }


def _splitting(given: Mapping[str, Any]) -> dict[str, Any]:
    """What only the metrics take: by, period, tz and what was promised."""
    promised = given["deadlines"]
    return {
        "by": options.names(given["by"]),
        "period": given["period"],
        "tz": given["tz"],
        "deadlines": None if promised is None else options.deadlines(promised),
    }


@contextmanager
def steps() -> Iterator[Step]:
    """Shows on standard error what is being done and for how long; nothing where nobody looks."""
    console = screen(errors=True)
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda doing: bar.update(task, description=seen(doing))


def read(given: Mapping[str, Any], now: datetime) -> MessageLog:
    """The log of the exports that a command was given."""
    paths: tuple[Path, ...] = given["paths"]
    source = paths[0] if len(paths) == 1 else list(paths)
    return analytics.read(source, format=given["format_"], mapping=given["mapping"], now=now)


def _read(given: Mapping[str, Any], step: Step, now: datetime) -> MessageLog:
    """The log of all paths, with the side tables and the threading that were asked for."""
    gap = None if given["gap"] is None else duration(given["gap"], where="--gap")
    query = None if given["where"] is None else Query(given["where"])
    step(f"reading {', '.join(path.name for path in given['paths'])}")
    log = with_side_tables(
        read(given, now), {name: given[name] for name in SIDE_TABLES if given[name]}
    )
    if given["redirects"]:
        step("looking for redirects")
        log = log.with_redirects()
    if gap is not None:
        log = log.with_threading(attrs.evolve(log.threading, gap=gap))
    if query is None:
        return log
    step("choosing conversations")
    return log.where(query, classifiers=_classifiers(query))


def _classifiers(query: Query) -> tuple[Classifies, ...]:
    """What reads the texts, where the query asks for what only a classifier says.

    Raises:
        MissingExtra: If it does, and the extra `text` is not installed.
    """
    if not needs_classifiers(query):
        return ()
    from socialcare.text.english import english

    return english()


def _refuse(quality: Quality) -> NoReturn:
    """Print the faults, and end."""
    show_quality(screen(errors=True), quality)
    raise FaultyExport(quality.source, tuple(fault.code for fault in quality.faults))


def _mention(quality: Quality) -> None:
    """Name the faults on standard error, where standard output has JSON on it."""
    if quality.faults:
        codes = ", ".join(f"{fault.code} {fault.count:,}" for fault in quality.faults)
        click.echo(f"socialcare: {seen(quality.source)}: faults in the data: {codes}", err=True)


def _write(
    log: MessageLog,
    document: Mapping[str, Any],
    outputs: Outputs,
    measuring: Mapping[str, Any],
    splitting: Mapping[str, Any],
    step: Step,
) -> None:
    """Write every file that was asked for."""
    if outputs.json not in (None, STANDARD_OUTPUT):
        step(f"writing {outputs.json}")
        outputs.json.write_bytes(files.to_json(document))
    if outputs.html is not None:
        step(f"writing {outputs.html}")
        by = {"by": splitting["by"]} if splitting["by"] else {}
        wanted = {name: splitting[name] for name in ("tz", "deadlines")}
        analytics.report(log, outputs.html, **by, **measuring, **wanted)
    if outputs.out is not None:
        for name, make in _evidence(log, measuring, splitting["deadlines"]).items():
            step(f"writing {name} to {outputs.out}")
            files.write_frame(make(), outputs.out / f"{name}.{outputs.ending}")


def _evidence(
    log: MessageLog, measuring: Mapping[str, Any], deadlines: SlaPolicy | None
) -> dict[str, Callable[[], Any]]:
    """What goes into the folder: each table by its name, made when its turn comes."""
    evidence: dict[str, Callable[[], Any]] = {
        "messages": log.messages,
        "conversations": partial(log.conversations, **measuring),
        "waits": partial(log.waits, **measuring),
        "handling": log.handling,
        "resolutions": partial(log.resolutions, **measuring),
    }
    if deadlines is not None:
        evidence["clocks"] = partial(log.clocks, deadlines, as_of=measuring["as_of"])
    if log.quality.set_aside:
        evidence["set_aside"] = partial(files.set_aside, log.quality)
    return evidence
