"""By channel, by agent, by category: the same numbers for each part, and which differ.

A part is marked where its waits differ from those of all others together by more than chance
(log-rank test, which counts the pending; Holm's correction for the number of parts).
"""

from collections.abc import Callable

import polars as pl

from socialcare.analytics import charts, formats, series
from socialcare.analytics.page.figures import Drawer
from socialcare.analytics.page.findings import Findings
from socialcare.analytics.page.parts import (
    NO_MARK,
    Cell,
    Column,
    Mark,
    Missing,
    Part,
    Section,
    Table,
    data,
    listing,
    number,
)
from socialcare.analytics.series import Report

_ROWS_SHOWN = 100
_TITLES = {"agent_id": "agent", "team_id": "team"}
_WRITERS = ("agent_id", "team_id")
_SLOWER, _FASTER = Mark("slower", "bad"), Mark("faster", "good")
_LOWER, _HIGHER = Mark("lower", "bad"), Mark("higher", "good")
_DIFFERS = Mark("differs")


def group(findings: Findings, column: str, drawer: Drawer) -> Section:
    """The section that splits everything by one column."""
    noun = _TITLES.get(column, column.replace("_", " "))
    return Section(
        id=f"by-{column.replace('_', '-')}",
        title=f"By {noun}",
        parts=_parts(findings, column, noun, drawer),
    )


def _parts(findings: Findings, column: str, noun: str, drawer: Drawer) -> tuple[Part, ...]:
    if column in findings.absent:
        why = f"The data have no column {column}."
        return (Missing(what=f"No numbers by {noun}.", why=why),)
    report = findings.groups[column]
    if not report["by"]:
        return (Missing(what=f"No numbers by {noun}.", why="There are no messages."),)
    return listing(
        _figure(report, column, noun, drawer),
        _table(report, column, noun),
        _subcategories(report) if column == "category" else None,
    )


def _subcategories(report: Report) -> Table | None:
    """Volume by category and subcategory, where the data have both."""
    rows = report["metrics"]["volume_by_category"]["table"]
    if not any(row.get("subcategory") for row in rows):
        return None
    return Table(
        id="subcategory-table",
        caption="Messages from customers by category and subcategory",
        columns=(
            Column(title="Category", numeric=False),
            Column(title="Subcategory", numeric=False),
            Column(title="In"),
        ),
        rows=tuple(
            (data(row["category"]), data(row["subcategory"]), number(row["value"], formats.count))
            for row in rows[:_ROWS_SHOWN]
        ),
        sortable=True,
        note=_left_out(len(rows)),
    )


def _left_out(rows: int) -> str:
    more = rows - _ROWS_SHOWN
    return f"{formats.plural(more, 'smaller row')} left out here." if more > 0 else ""


def _figure(report: Report, column: str, noun: str, drawer: Drawer) -> Part | None:
    answered = series.groups(report, column).filter(pl.col("median").is_not_null())
    if column in _WRITERS:
        answered = answered.drop_nulls("name")
    if answered.height < 2:
        return None
    most = answered.height > charts.GROUPS_SHOWN
    shown = answered.head(charts.GROUPS_SHOWN)
    quick = shown.sort("median").row(0, named=True)
    return drawer.figure(
        lambda width: charts.spread(shown, "Response time", width=width),
        id=f"{column.replace('_', '-')}-chart",
        title=f"Response time by {noun}" + (f", the {charts.GROUPS_SHOWN} busiest" if most else ""),
        alt=f"Median and 90th percentile of all response times for each {noun}, on a logarithmic "
        f"axis. The lowest median is that of {formats.name(quick['name'])}, "
        f"{formats.duration(quick['median'])}. The table below has the numbers.",
    )


def _table(report: Report, column: str, noun: str) -> Table:
    """One row for each part, the busiest first."""
    parts = sorted(report["by"], key=lambda part: _busy(part, column), reverse=True)
    shown = parts[:_ROWS_SHOWN]
    columns = _columns(report, column)
    return Table(
        id=f"{column.replace('_', '-')}-table",
        caption=f"Every {noun}, the busiest first",
        columns=(
            Column(title=noun.capitalize(), numeric=False),
            *(Column(title=title, hint=hint) for title, hint, _ in columns),
        ),
        rows=tuple(
            (data(one[column]), *(cell(one, report) for _, _, cell in columns)) for one in shown
        ),
        sortable=True,
        note=_note(len(parts), column, noun),
    )


def _busy(part: Report, column: str) -> tuple[bool, int, int]:
    """The more waits the earlier; what has no name comes last."""
    its = part["metrics"]["average_response_time"]
    inbound = part["metrics"]["inbound_volume"]["value"]
    return (part[column] is not None, its["n"] + its["pending"], inbound)


def _note(parts: int, column: str, noun: str) -> str:
    chance = (
        f"A mark says that this {noun} differs from all others together by more than chance "
        "(log-rank and two-proportion tests, pending waits counted, corrected for the number of "
        "rows, level 5 %)."
    )
    written = (
        " A wait stands under whoever answered it, so those still waiting stand under (none)."
        if column in _WRITERS
        else ""
    )
    compared = chance if parts > 1 else ""
    return f"{compared}{written} {_left_out(parts)}".strip()


_Cells = Callable[[Report, Report], Cell]
_Columns = tuple[tuple[str, str, _Cells], ...]


def _columns(report: Report, column: str) -> _Columns:
    """Titles, hints and makers of the cells; a writer has no inbound and no unanswered waits."""
    named = [part["metrics"] for part in report["by"] if part[column] is not None]
    said = _SAID if any(its["response_volume"]["value"] for its in named) else ()
    if column not in _WRITERS:
        return (*_HEARD, *said, *_WAITED, *_RATE)
    worked = any(its["average_handling_time"]["value"] is not None for its in named)
    return (*said, *_WAITED, *(_HANDLED if worked else ()))


def _volume(metric: str) -> _Cells:
    return lambda part, _: number(part["metrics"][metric]["value"], formats.count)


def _counted(key: str) -> _Cells:
    return lambda part, _: number(part["metrics"]["average_response_time"][key], formats.count)


def _first(part: Report, report: Report) -> Cell:
    return _compared("first_response_time", part, report)


def _all(part: Report, report: Report) -> Cell:
    return _compared("average_response_time", part, report)


def _compared(metric: str, part: Report, report: Report) -> Cell:
    its, whole = part["metrics"][metric], report["metrics"][metric]
    mark = NO_MARK
    if _more_than_chance(part, metric):
        mark = _direction(_middle(its), _middle(whole), less=_FASTER, more=_SLOWER)
    return number(its["median"], formats.duration, mark=mark)


def _middle(its: Report) -> float | None:
    """The median with pending waits counted, since that is what the test compares."""
    middle: float | None = its["survival"]["median"]
    return middle


def _direction(mine: float | None, all_: float | None, *, less: Mark, more: Mark) -> Mark:
    if mine is None and all_ is None:
        return _DIFFERS
    if mine is None or all_ is None:
        return more if mine is None else less
    return _DIFFERS if mine == all_ else less if mine < all_ else more


def _more_than_chance(part: Report, metric: str) -> bool:
    # What has no value at all is not slower or faster: it is not there.
    if part["metrics"][metric].get("median", part["metrics"][metric].get("value")) is None:
        return False
    return bool((part.get("comparison") or {}).get(metric, {}).get("more_than_chance"))


def _slowest(part: Report, _: Report) -> Cell:
    return number(part["metrics"]["average_response_time"]["p90"], formats.duration)


def _rate(part: Report, report: Report) -> Cell:
    its, whole = part["metrics"]["response_rate"], report["metrics"]["response_rate"]
    mark = NO_MARK
    if _more_than_chance(part, "response_rate"):
        mark = _direction(its["value"], whole["value"], less=_LOWER, more=_HIGHER)
    return number(its["value"], formats.share, mark=mark)


def _handling(part: Report, _: Report) -> Cell:
    return number(part["metrics"]["average_handling_time"]["value"], formats.duration)


_HEARD: _Columns = (("In", "Messages from customers", _volume("inbound_volume")),)
_SAID: _Columns = (("Out", "Responses written", _volume("response_volume")),)
_WAITED: _Columns = (
    ("Answered", "Waits answered, first and next", _counted("n")),
    ("Pending", "Waits not answered yet", _counted("pending")),
    ("First, median", "First response time, median of those answered", _first),
    ("All, median", "All response times, median of those answered", _all),
    ("All, 90 % within", "All response times, 90th percentile of those answered", _slowest),
)
_RATE: _Columns = (("Waits answered", "Share of waits that were answered", _rate),)
_HANDLED: _Columns = (("Handling, mean", "Mean handling time of a conversation", _handling),)
