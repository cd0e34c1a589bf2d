"""Business hours against a slow walk through time, and the laws that they keep.

The walk knows nothing of the library's tables. It steps through quarters of an hour, asks
zoneinfo what the clock on the wall shows, and notes for every window of every local day the first
and the last quarter in which the wall shows a time inside it.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from socialcare.domain.hours import BusinessHours
from socialcare.errors import InvalidHours

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)
ZERO = timedelta(0)
MICROSECOND = timedelta(microseconds=1)

# Zones with something to get wrong near an instant: changes in both directions, by half an hour,
# at midnight, and over a whole day; an hour that is no multiple of UTC's; a seam of the tables.
PLACES = [
    ("Europe/London", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/London", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("America/New_York", datetime(2027, 3, 14, 7, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 2, 18, 2, tzinfo=UTC)),
    ("Asia/Beirut", datetime(2026, 3, 28, 22, tzinfo=UTC)),
    ("Asia/Beirut", datetime(2026, 10, 24, 21, tzinfo=UTC)),
    ("Africa/Casablanca", datetime(2026, 2, 15, 2, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(1985, 12, 31, 18, 30, tzinfo=UTC)),
    ("Asia/Tokyo", datetime(2025, 11, 20, tzinfo=UTC)),
    ("Europe/London", datetime(2700, 10, 31, 1, tzinfo=UTC)),
    ("UTC", datetime(1500, 1, 1, tzinfo=UTC)),
]


@attrs.frozen(kw_only=True)
class Case:
    """Hours as a mapping, and as a value, with instants near something hard."""

    mapping: dict[str, Any]
    hours: BusinessHours
    instants: tuple[datetime, ...]

    @property
    def walked(self) -> list[tuple[datetime, datetime]]:
        """The stretches in which a walk around the instants finds it open."""
        return walk(self.mapping, min(self.instants) - 3 * DAY, max(self.instants) + 3 * DAY)


def windows_of(mapping: dict[str, Any], day: date) -> list[tuple[timedelta, timedelta]]:
    """The windows that a mapping gives a local day, read as plainly as can be."""
    keys = dict(mapping)
    for version in sorted(mapping.get("versions", []), key=lambda each: each["from"]):
        if version["from"] <= day.isoformat():
            keys = {**mapping, **version}
    texts = keys["weekly"].get(DAYS[day.weekday()], [])
    if day.isoformat() in keys.get("holidays", []):
        texts = []
    return [between(text) for text in keys.get("dates", {}).get(day.isoformat(), texts)]


def between(text: str) -> tuple[timedelta, timedelta]:
    """The two times of a window since midnight."""
    opens, closes = (
        timedelta(hours=int(time[:2]), minutes=int(time[3:])) for time in text.split("-")
    )
    return opens, closes if opens < closes else closes + DAY


def walk(
    mapping: dict[str, Any], begin: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    """The open stretches of UTC, from a walk in quarters of an hour."""
    zone = ZoneInfo(mapping["timezone"])
    named: dict[date, list[tuple[datetime, datetime]]] = {}
    found: dict[tuple[datetime, datetime], list[datetime]] = {}
    at = begin.replace(minute=0, second=0, microsecond=0)
    while at < end:
        wall = at.astimezone(zone).replace(tzinfo=None)
        for day in (wall.date() - DAY, wall.date()):
            if day not in named:
                midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001  # a local one
                named[day] = [(midnight + o, midnight + c) for o, c in windows_of(mapping, day)]
            for window in named[day]:
                if window[0] <= wall < window[1]:
                    found.setdefault(window, []).append(at)
        at += QUARTER
    return joined((quarters[0], quarters[-1] + QUARTER) for quarters in found.values())


def joined(stretches: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """The stretches in order, those that overlap or touch as one."""
    merged: list[tuple[datetime, datetime]] = []
    for opens, closes in sorted(stretches):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        else:
            merged.append((opens, closes))
    return merged


def walked_elapsed(
    walked: list[tuple[datetime, datetime]], start: datetime, end: datetime
) -> timedelta:
    """The part of the stretches that lies between two instants."""
    return sum((max(ZERO, min(end, c) - max(start, o)) for o, c in walked), ZERO)


@st.composite
def windows(draw: st.DrawFn) -> str:
    """A window on quarters of an hour, as text."""
    opens = draw(st.integers(0, 95))
    length = draw(st.integers(1, 96 if opens == 0 else 95))
    closes = opens + length if opens + length <= 96 else opens + length - 96
    return f"{opens // 4:02}:{opens % 4 * 15:02}-{closes // 4:02}:{closes % 4 * 15:02}"


some_windows = st.lists(windows(), max_size=3)
weeks = st.dictionaries(st.sampled_from(DAYS), some_windows)
lasting_weeks = st.dictionaries(
    st.sampled_from(DAYS), st.lists(windows(), min_size=1, max_size=3), min_size=1
)


@st.composite
def schedules(
    draw: st.DrawFn, days: list[str], weeks: st.SearchStrategy[dict[str, list[str]]]
) -> dict[str, Any]:
    """The keys of one version, with special dates out of `days`."""
    return {
        "weekly": draw(weeks),
        "holidays": draw(st.lists(st.sampled_from(days), max_size=2)),
        "dates": draw(st.dictionaries(st.sampled_from(days), some_windows, max_size=2)),
    }


@st.composite
def cases(draw: st.DrawFn, weeks: st.SearchStrategy[dict[str, list[str]]] = weeks) -> Case:
    """Hours in a hard place, and three instants around it, some with a fraction of a second."""
    zone, place = draw(st.sampled_from(PLACES))
    days = [(place.date() + step * DAY).isoformat() for step in range(-4, 5)]
    froms = draw(st.lists(st.sampled_from(days), max_size=2, unique=True))
    mapping: dict[str, Any] = {"timezone": zone, **draw(schedules(days, weeks))}
    mapping["versions"] = [{"from": since, **draw(schedules(days, weeks))} for since in froms]
    try:
        hours = BusinessHours.from_mapping(mapping)
    except InvalidHours:
        reject()
    quarters = st.integers(-16 * 24, 16 * 24).map(lambda number: number * QUARTER)
    anyhow = st.timedeltas(-4 * DAY, 4 * DAY)
    start = place.replace(minute=0, second=0)
    instants = draw(st.tuples(*[st.one_of(quarters, anyhow).map(start.__add__)] * 3))
    return Case(mapping=mapping, hours=hours, instants=instants)


amounts = st.one_of(
    st.integers(0, 400).map(lambda number: number * QUARTER), st.timedeltas(ZERO, 30 * DAY)
)
examples = settings(deadline=None, max_examples=50)


lasting = cases(lasting_weeks)
"""Cases in which every version has weekly hours, so that there is always more time to come."""


@given(cases())
@examples
def test_elapsed_is_what_a_walk_through_time_finds(case: Case) -> None:
    """Elapsed time is the part of the walk's open stretches between two instants."""
    start, end = sorted(case.instants[:2])

    assert case.hours.elapsed(start, end) == walked_elapsed(case.walked, start, end)


@given(cases())
@examples
def test_windows_are_the_stretches_of_a_walk(case: Case) -> None:
    """The windows of a range are the walk's stretches, cut to the range in whole seconds."""
    start, end = (at.replace(microsecond=0) for at in sorted(case.instants[:2]))
    cut = [(max(start, opens), min(end, closes)) for opens, closes in case.walked]

    assert case.hours.windows(start, end) == [
        (int(opens.timestamp()), int(closes.timestamp())) for opens, closes in cut if opens < closes
    ]


@given(cases())
@examples
def test_open_is_inside_a_stretch_of_the_walk(case: Case) -> None:
    """It is open from an opening on, and no more at the close."""
    walked = case.walked

    for at in (*case.instants, *(edge for stretch in walked[:-1] for edge in stretch)):
        expected = any(opens <= at < closes for opens, closes in walked)
        assert case.hours.is_open(at) is expected


@given(cases())
@examples
def test_next_edges_are_those_of_the_walk(case: Case) -> None:
    """The next opening and the next close are the walk's first ones after the instant."""
    at = case.instants[0]
    horizon = max(case.instants) + 2 * DAY
    opens = [opens for opens, _ in case.walked if at < opens < horizon]
    closes = [closes for _, closes in case.walked if at < closes < horizon]

    if opens:
        assert case.hours.next_open(at) == opens[0]
    if closes:
        assert case.hours.next_close(at) == closes[0]


@given(cases())
@examples
def test_zero_ends_at_the_next_opening_and_begins_at_the_last_close(case: Case) -> None:
    """Zero is the instant itself inside hours, and the nearest edge outside them."""
    at = sorted(case.instants)[1]
    walked = case.walked
    inside = any(opens <= at < closes for opens, closes in walked)
    later = [opens for opens, _ in walked if opens > at]
    earlier = [closes for _, closes in walked if closes <= at]

    if inside or later:
        assert case.hours.after(at, ZERO) == (at if inside else later[0])
    if inside or earlier:
        assert case.hours.before(at, ZERO) == (at if inside else earlier[-1])


@given(cases())
@examples
def test_elapsed_adds_up(case: Case) -> None:
    """From a to c is from a to b and from b to c, in any order of the three."""
    a, b, c = case.instants
    elapsed = case.hours.elapsed

    assert elapsed(a, c) == elapsed(a, b) + elapsed(b, c)


@given(cases())
@examples
def test_a_reversed_range_is_negative(case: Case) -> None:
    """Elapsed time changes its sign with the order of its ends."""
    a, b, _ = case.instants

    assert case.hours.elapsed(a, b) == -case.hours.elapsed(b, a)


@given(lasting, amounts)
@examples
def test_after_is_the_inverse_of_elapsed(case: Case, amount: timedelta) -> None:
    """As much time elapses until the deadline as was given for it."""
    start = case.instants[0]
    end = case.hours.after(start, amount)

    assert end >= start
    assert case.hours.elapsed(start, end) == amount


@given(lasting, amounts.filter(bool))
@examples
def test_after_ends_as_early_as_it_can(case: Case, amount: timedelta) -> None:
    """A microsecond before the deadline less has elapsed: a full window ends at its close."""
    start = case.instants[0]
    end = case.hours.after(start, amount)

    assert case.hours.elapsed(start, end - MICROSECOND) == amount - MICROSECOND


@given(lasting, amounts)
@examples
def test_before_is_the_inverse_of_elapsed(case: Case, amount: timedelta) -> None:
    """As much time elapses from the beginning as was given for it."""
    end = case.instants[0]
    start = case.hours.before(end, amount)

    assert start <= end
    assert case.hours.elapsed(start, end) == amount


@given(lasting, amounts.filter(bool))
@examples
def test_before_begins_as_late_as_it_can(case: Case, amount: timedelta) -> None:
    """A microsecond after the beginning less is left: a full window begins at its opening."""
    end = case.instants[0]
    start = case.hours.before(end, amount)

    assert case.hours.elapsed(start + MICROSECOND, end) == amount - MICROSECOND


@given(lasting, amounts)
@examples
def test_before_mirrors_after(case: Case, amount: timedelta) -> None:
    """From inside hours, going on and coming back by the same amount ends where it began."""
    start = case.hours.after(case.instants[0], ZERO)

    assert case.hours.before(case.hours.after(start, amount), amount) == start


@given(lasting, amounts.filter(bool))
@examples
def test_a_negative_duration_goes_the_other_way(case: Case, amount: timedelta) -> None:
    """A negative amount after is that amount before, and the other way round."""
    at = case.instants[0]

    assert case.hours.after(at, -amount) == case.hours.before(at, amount)
    assert case.hours.before(at, -amount) == case.hours.after(at, amount)


@given(cases())
@examples
def test_windows_add_up_to_elapsed(case: Case) -> None:
    """The windows of a range are apart, in order, and as long as the time that elapses in it."""
    start, end = (at.replace(microsecond=0) for at in sorted(case.instants[:2]))
    found = case.hours.windows(start, end)
    edges = [edge for window in found for edge in window]

    assert edges == sorted(set(edges))
    assert timedelta(seconds=sum(c - o for o, c in found)) == case.hours.elapsed(start, end)


@given(cases())
@examples
def test_edges_agree_with_open_and_closed(case: Case) -> None:
    """At an opening it has just opened, at a close just closed, and nothing lies between."""
    at = case.instants[0]
    hours = case.hours
    try:
        opens, closes = hours.next_open(at), hours.next_close(at)
    except InvalidHours:
        reject()

    assert hours.is_open(opens)
    assert not hours.is_open(opens - MICROSECOND)
    assert not hours.is_open(closes)
    assert hours.is_open(closes - MICROSECOND)
    assert (closes < opens) is hours.is_open(at)


@given(cases())
@examples
def test_a_mapping_reads_back_equal(case: Case) -> None:
    """What is written as a mapping is read as an equal value with an equal hash."""
    again = BusinessHours.from_mapping(case.hours.to_mapping())

    assert again == case.hours
    assert hash(again) == hash(case.hours)


@given(lasting)
@examples
def test_a_version_alone_is_that_version_for_all_time(case: Case) -> None:
    """The version in force at an instant, taken alone, has its name and windows at any time."""
    at = case.instants[0]
    alone = case.hours.at(at)
    named = next(each for each in case.hours.versions if each.name == case.hours.version_at(at))

    assert alone.version_at(at - 1000 * DAY) == named.name
    assert alone.versions == (attrs.evolve(named, since=None),)
    assert alone.at(at + 1000 * DAY) == alone


@pytest.mark.parametrize("years", [400, 800, 7600])
def test_the_calendar_comes_again(years: int) -> None:
    """Far from every date that matters, hours are those of the same date in another cycle."""
    hours = BusinessHours.from_mapping(
        {"timezone": "Europe/Berlin", "weekly": {"mon-fri": "09:00-17:00", "sat": "22:00-06:00"}}
    )
    start, end = datetime(2201, 3, 1, 11, tzinfo=UTC), datetime(2201, 11, 20, tzinfo=UTC)
    later = (at.replace(year=at.year + years) for at in (start, end))

    assert hours.elapsed(*later) == hours.elapsed(start, end)
