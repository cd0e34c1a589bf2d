"""Stretches of an export whose times are off by whole hours, as in another time zone.

Where an export says when messages were received, a stretch with the same whole-hour difference
gives itself away.
Otherwise the order of the export does: in rows that otherwise follow each other in time, the times
jump by whole hours and jump back later.
An export that is in no order of time shows nothing, and nothing is said about it.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from socialcare.analytics.quality import EXAMPLES, MEANINGS, Fault
from socialcare.analytics.readers.findings import ROW, LineNumbers

Ints: TypeAlias = npt.NDArray[np.int64]

HOUR = 3600
_NEAR = 600
"""How many seconds from a whole hour a difference may be: the time that transport takes."""

_NEAREST = 1500
"""How many seconds more than whole hours a jump may have, where messages are few."""

_JITTER = 60
"""How many seconds a row may be out of order."""

_FEWEST_DELAYS = 5
_FEWEST_STEPS = 10
"""How many messages make a stretch; fewer are late or out of order for other reasons."""

_SPARSE = 1800
"""The usual seconds between messages from which on a gap of an hour is nothing special."""

_DISORDER = 200
"""One row in so many may be out of order."""


@attrs.frozen(kw_only=True)
class Stretch:
    """Rows that follow each other and are off by the same whole hours.

    Attributes:
        first: The place of its first row.
        last: The place of its last row.
        hours: By how many hours its times are late (positive) or early.
    """

    first: int
    last: int
    hours: int


def shifted(frame: pl.DataFrame, lines: LineNumbers) -> Fault:
    """The fault that names the stretches of a frame; its count is 0 if there are none.

    Args:
        frame: `sent_at`, `message_id`, `channel`, perhaps `received_at`, and `ROW`, as they came.
        lines: Where rows begin.
    """
    found = [(rows, stretch) for rows in _series(frame) for stretch in _stretches(rows)]
    found.sort(key=lambda one: one[0]["sent_at"][one[1].first])
    return Fault(
        code="shifted_zone",
        count=sum(stretch.last - stretch.first + 1 for _, stretch in found),
        meaning=MEANINGS["shifted_zone"],
        examples=tuple(_example(rows, one, lines) for rows, one in found[:EXAMPLES]),
    )


def _example(rows: pl.DataFrame, stretch: Stretch, lines: LineNumbers) -> dict[str, object]:
    first, last = rows.row(stretch.first, named=True), rows.row(stretch.last, named=True)
    return {
        "line": lines([first[ROW]])[0],
        "channel": first["channel"],
        "from": _written(first["sent_at"]),
        "to": _written(last["sent_at"]),
        "hours": stretch.hours,
        "count": stretch.last - stretch.first + 1,
    }


def _written(at: datetime) -> str:
    return at.isoformat()


def _series(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The rows of each channel in the order in which they came, where there can be a stretch."""
    wanted = [ROW, "sent_at", "channel", "message_id"]
    if "received_at" in frame.columns:
        frame = (
            frame.select(*wanted, "received_at").drop_nulls("received_at").sort("received_at", ROW)
        )
    elif _is_monotonic(frame["sent_at"]) or not _jumps_back(_seconds(frame["sent_at"])):
        return
    else:
        frame = frame.select(wanted)
    yield from frame.partition_by("channel", maintain_order=True)


def _is_monotonic(sent: pl.Series) -> bool:
    """Whether the rows are in the order of time, forwards or backwards: what most exports are."""
    return sent.is_sorted() or sent.is_sorted(descending=True)


def _jumps_back(second: Ints) -> bool:
    """Whether times ever jump by an hour both ways, as they do around a stretch."""
    steps = np.diff(second)
    return bool((steps <= _NEAREST - HOUR).any() and (steps >= HOUR - _NEAREST).any())


def _seconds(column: pl.Series) -> Ints:
    return np.asarray((column.dt.epoch("us") // 1_000_000).to_numpy(), np.int64)


def _stretches(rows: pl.DataFrame) -> Iterator[Stretch]:
    second = _seconds(rows["sent_at"])
    if "received_at" in rows.columns:
        yield from by_delay(_seconds(rows["received_at"]) - second)
    elif _is_ordered(second):
        yield from by_order(second)
    elif _is_ordered(second[::-1]):
        for one in by_order(second[::-1]):
            size = len(second) - 1
            yield Stretch(first=size - one.last, last=size - one.first, hours=one.hours)


def by_delay(delay: Ints) -> Iterator[Stretch]:
    """Stretches by the seconds from sent to received, in the order of receiving.

    >>> list(by_delay(np.array([2, 3, 2] + [-7198, -7199, -7195, -7190, -7199] + [1] * 4)))
    [Stretch(first=3, last=7, hours=2)]
    """
    hours = np.round(delay / HOUR).astype(np.int64)
    near = np.abs(delay - hours * HOUR) <= _NEAR
    if near.sum() * 10 < len(delay) * 9:
        return  # transport really takes long here, and a whole hour is chance
    place, hour = np.flatnonzero(near), hours[near]
    ends = np.append(np.flatnonzero(np.diff(hour)), len(hour) - 1)
    begins = np.append(0, ends[:-1] + 1)
    for begin, end in zip(begins, ends, strict=True):
        if len(hour) and hour[begin] and end - begin + 1 >= _FEWEST_DELAYS:
            # Received before it was sent: the stamp is late by as much.
            yield Stretch(first=int(place[begin]), last=int(place[end]), hours=-int(hour[begin]))


def _is_ordered(second: Ints) -> bool:
    """Whether rows follow each other in time but for few."""
    back = int((np.diff(second) < -_JITTER).sum())
    return len(second) > 2 * _FEWEST_STEPS and back <= max(2, len(second) // _DISORDER)


def by_order(second: Ints) -> Iterator[Stretch]:
    """Stretches by jumps of whole hours there and back, in rows that follow each other in time.

    A jump back falls short of whole hours by the time between two messages, and a jump forward
    exceeds them by as much.

    >>> clock = np.arange(40) * 60
    >>> clock[10:30] -= 2 * HOUR
    >>> list(by_order(clock))
    [Stretch(first=10, last=29, hours=-2)]
    """
    place = _in_line(second)
    steps = np.diff(second[place])
    usual = int(np.median(np.abs(steps)))
    if usual > _SPARSE:
        return
    hours = (steps + _JITTER) // HOUR
    over = steps - hours * HOUR
    near = min(max(3 * usual, _NEAR), _NEAREST)
    whole = np.flatnonzero((hours != 0) & (over <= near))
    odds = np.abs(over[whole] - usual)
    taken = -1
    for at in whole[hours[whole] < 0]:
        back = _return(int(at), int(-hours[at]), whole, hours, odds)
        if back is None or min(at, back) < taken:
            continue
        begin, end = sorted((int(at), back))
        taken = end
        if end - begin >= _FEWEST_STEPS and not _disturbed(steps, begin, end):
            yield Stretch(
                first=int(place[begin + 1]), last=int(place[end]), hours=int(hours[begin])
            )


def _in_line(second: Ints) -> Ints:
    """The places of the rows without those few that came late or early by themselves.

    >>> _in_line(np.array([0, 60, 120, -7000, 180, 240])).tolist()
    [0, 1, 2, 4, 5]
    """
    out = np.zeros(len(second), np.bool_)
    for at in np.flatnonzero(np.diff(second) < -_JITTER):
        late = second[at + 2 : at + 2 + _FEWEST_STEPS] >= second[at] - _JITTER
        early = second[max(at - _FEWEST_STEPS, 0) : at][::-1] <= second[at + 1] + _JITTER
        for_late = int(np.argmax(late)) if late.any() else _FEWEST_STEPS
        for_early = int(np.argmax(early)) if early.any() else _FEWEST_STEPS
        if for_late <= for_early and late.any():
            out[at + 1 : at + 2 + for_late] = True
        elif early.any():
            out[at - for_early : at + 1] = True
    return np.flatnonzero(~out)


def _return(at: int, size: int, jumps: Ints, hours: Ints, odds: Ints) -> int | None:
    """The jump forward by so many hours that goes with a jump back: the likeliest, then nearest."""
    same = hours[jumps] == size
    if not same.any():
        return None
    candidates = jumps[same]
    return int(candidates[np.lexsort((np.abs(candidates - at), odds[same]))[0]])


def _disturbed(steps: Ints, begin: int, end: int) -> bool:
    """Whether times jump back by much inside a stretch, so that it is only disorder."""
    inside = steps[begin + 1 : end]
    return bool((inside < -_NEAR).any())
