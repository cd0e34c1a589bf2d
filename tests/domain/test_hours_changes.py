"""Business hours over clock changes, and as they change from one version to the next."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from socialcare.domain.hours import BusinessHours
from socialcare.errors import InvalidHours

ZERO = timedelta(0)
HOUR = timedelta(hours=1)
VERSIONED: dict[str, Any] = {
    "timezone": "Europe/London",
    "name": "desk",
    "weekly": {"mon-sun": ["22:00-06:00"]},
    "holidays": ["2026-01-01"],
    "versions": [
        {"from": "2027-01-01", "weekly": {}, "name": "closed for good"},
        {"from": "2026-03-07", "weekly": {"mon-sun": ["09:00-17:00"]}, "holidays": []},
    ],
}


def only(timezone: str, day: str, *windows: str) -> BusinessHours:
    """Hours on a single date."""
    return BusinessHours.from_mapping({"timezone": timezone, "dates": {day: list(windows)}})


def utc(text: str) -> datetime:
    """An instant written without its zone, which is UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def stretch(hours: BusinessHours, day: str) -> list[str]:
    """The windows of a date, the day before and the day after, as days and times in UTC."""
    at = utc(day)
    found = hours.windows(at - timedelta(days=1), at + timedelta(days=2))
    return [
        "-".join(datetime.fromtimestamp(edge, UTC).strftime("%dT%H:%M:%S") for edge in window)
        for window in found
    ]


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_around_the_clock_is_as_long_as_the_day(day: str, hours: int) -> None:
    """A day of 00:00-24:00 was open for as many hours as it had."""
    clock = only("Europe/London", day, "00:00-24:00")

    assert clock.elapsed(utc(day) - 24 * HOUR, utc(day) + 48 * HOUR) == hours * HOUR


@pytest.mark.parametrize(("day", "hours"), [("2026-03-28", 7), ("2026-10-24", 9)])
def test_a_night_over_a_change(day: str, hours: int) -> None:
    """Eight hours on the wall are seven or nine in truth."""
    night = only("Europe/London", day, "22:00-06:00")

    assert night.elapsed(utc(day), utc(day) + 48 * HOUR) == hours * HOUR


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("01:30-05:00", ["29T01:00:00-29T04:00:00"]),
        ("00:00-01:30", ["29T00:00:00-29T01:00:00"]),
        ("00:00-01:00", ["29T00:00:00-29T01:00:00"]),
        ("02:00-03:00", ["29T01:00:00-29T02:00:00"]),
        ("01:15-01:45", []),
    ],
)
def test_a_time_that_the_clock_jumps_over_is_the_jump(window: str, expected: list[str]) -> None:
    """In London 01:00 to 02:00 did not happen on 29 March 2026; the clock jumped at 01:00 UTC."""
    assert stretch(only("Europe/London", "2026-03-29", window), "2026-03-29") == expected


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("01:00-02:00", ["25T00:00:00-25T02:00:00"]),
        ("01:30-05:00", ["25T00:30:00-25T05:00:00"]),
        ("00:00-01:30", ["24T23:00:00-25T01:30:00"]),
        ("01:15-01:45", ["25T00:15:00-25T01:45:00"]),
        ("00:00-01:00", ["24T23:00:00-25T00:00:00"]),
        ("02:00-03:00", ["25T02:00:00-25T03:00:00"]),
    ],
)
def test_a_time_that_comes_twice(window: str, expected: list[str]) -> None:
    """An opening is the first of the two, a close the second.

    In London 01:00 to 02:00 came twice on 25 October 2026, from 00:00 and from 01:00 UTC. A close
    at 01:00 is the first: nothing of the window comes again.
    """
    assert stretch(only("Europe/London", "2026-10-25", window), "2026-10-25") == expected


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        ("Australia/Lord_Howe", "2026-04-05", timedelta(hours=24.5)),
        ("Australia/Lord_Howe", "2026-10-04", timedelta(hours=23.5)),
        ("America/Sao_Paulo", "2018-11-04", timedelta(hours=23)),
        ("America/Sao_Paulo", "2018-02-17", timedelta(hours=25)),
        ("Asia/Beirut", "2026-03-29", timedelta(hours=23)),
        ("Asia/Beirut", "2026-10-24", timedelta(hours=25)),
        ("Pacific/Apia", "2011-12-29", timedelta(hours=24)),
        ("Pacific/Apia", "2011-12-30", ZERO),
        ("Pacific/Kwajalein", "1993-08-21", ZERO),
    ],
)
def test_days_of_other_zones(zone: str, day: str, length: timedelta) -> None:
    """Half an hour, a change at midnight, and a day that a zone left out."""
    hours = only(zone, day, "00:00-24:00")
    at = utc(day)

    assert hours.elapsed(at - timedelta(days=3), at + timedelta(days=3)) == length


def test_a_skipped_day_leaves_its_neighbours_whole() -> None:
    """Samoa went from 29 to 31 December 2011, and a shop around the clock never closed."""
    hours = BusinessHours.from_mapping(
        {"timezone": "Pacific/Apia", "weekly": {"mon-sun": "00:00-24:00"}}
    )
    start, end = utc("2011-12-28"), utc("2012-01-02")

    assert hours.elapsed(start, end) == end - start


def test_local_mean_time_has_seconds() -> None:
    """London's clocks were 75 seconds behind before 1847."""
    hours = only("Europe/London", "1820-03-01", "09:00-17:00")

    assert stretch(hours, "1820-03-01") == ["01T09:01:15-01T17:01:15"]


def test_the_version_of_the_first_day_holds() -> None:
    """The last night of the old hours is whole, and the new hours begin on their date."""
    hours = BusinessHours.from_mapping(VERSIONED)

    assert stretch(hours, "2026-03-07") == [
        "06T00:00:00-06T06:00:00",
        "06T22:00:00-07T06:00:00",
        "07T09:00:00-07T17:00:00",
        "08T09:00:00-08T17:00:00",
    ]


def test_versions_have_names() -> None:
    """One without a name of its own has the common one and its date."""
    hours = BusinessHours.from_mapping(VERSIONED)

    assert [version.name for version in hours.versions] == [
        "desk",
        "desk 2026-03-07",
        "closed for good",
    ]
    assert hours.version_at(utc("2026-03-06T23:59:59")) == "desk"
    assert hours.version_at(utc("2026-03-07")) == "desk 2026-03-07"


def test_the_version_is_that_of_the_local_date() -> None:
    """In Auckland the new hours hold half a day before they would in UTC."""
    hours = BusinessHours.from_mapping({**VERSIONED, "timezone": "Pacific/Auckland"})

    assert hours.version_at(utc("2026-03-06T12:00")) == "desk 2026-03-07"


def test_the_first_version_holds_before_its_date() -> None:
    """Where the top has no weekly hours, the oldest version is all that is known of before."""
    hours = BusinessHours.from_mapping(
        {
            "timezone": "UTC",
            "holidays": ["2025-12-25"],
            "versions": [
                {"from": "2026-06-01", "weekly": {"mon-fri": "08:00-16:00"}},
                {"from": "2026-01-01", "weekly": {"mon-fri": "09:00-17:00"}},
            ],
        }
    )

    assert hours.version_at(utc("2025-12-24")) == "2026-01-01"
    assert hours.elapsed(utc("2025-12-22"), utc("2025-12-27")) == 4 * 8 * HOUR


def test_a_version_alone() -> None:
    """One version can be had as hours for all time; one without windows cannot."""
    hours = BusinessHours.from_mapping(VERSIONED)
    alone = hours.at(utc("2026-05-01"))

    assert alone.elapsed(utc("2020-01-01"), utc("2020-01-02")) == 8 * HOUR
    with pytest.raises(InvalidHours, match="no hours at all"):
        hours.at(utc("2027-05-01"))
