"""Business hours: what is open, elapsed time, deadlines, edges, and where there are none."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from socialcare.domain.hours import BusinessHours
from socialcare.errors import InvalidHours

ZERO = timedelta(0)
HOUR = timedelta(hours=1)
SHOP: dict[str, Any] = {
    "timezone": "Europe/London",
    "weekly": {"mon": ["09:00-12:30", "13:00-17:30"], "fri": ["22:00-06:00"]},
    "holidays": ["2026-12-25"],
    "dates": {"2026-12-24": ["09:00-12:00"]},
}


def shop(**changes: object) -> BusinessHours:
    """The shop's hours with other keys."""
    return BusinessHours.from_mapping({**SHOP, **changes})


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


# Windows


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-03-02T08:59:59.999999", False),
        ("2026-03-02T09:00", True),
        ("2026-03-02T12:29:59.999999", True),
        ("2026-03-02T12:30", False),
        ("2026-03-02T13:00", True),
        ("2026-03-02T17:30", False),
        ("2026-03-03T10:00", False),
    ],
)
def test_a_window_is_half_open(at: str, *, is_open: bool) -> None:
    """The opening is inside and the close is not."""
    assert shop().is_open(utc(at)) is is_open


def test_a_window_past_midnight_belongs_to_its_first_day() -> None:
    """It runs on into a day that has no windows of its own."""
    assert stretch(shop(), "2026-03-07") == ["06T22:00:00-07T06:00:00"]


def test_a_holiday_takes_the_whole_window_that_begins_on_it() -> None:
    """Friday 25 December is a holiday, so Saturday morning is closed too."""
    assert stretch(shop(), "2026-12-25") == ["24T09:00:00-24T12:00:00"]


def test_a_holiday_does_not_cut_the_tail_of_the_night_before() -> None:
    """A holiday on Saturday leaves Friday's window whole."""
    hours = shop(holidays=["2026-03-07"])

    assert stretch(hours, "2026-03-07") == ["06T22:00:00-07T06:00:00"]


def test_a_date_takes_the_place_of_the_week() -> None:
    """The windows of a date are all that it has."""
    hours = shop(dates={"2026-03-02": ["10:00-11:00"]})

    assert stretch(hours, "2026-03-02") == ["02T10:00:00-02T11:00:00"]


def test_a_date_without_windows_is_closed() -> None:
    """An empty list is no hours on that day."""
    assert stretch(shop(dates={"2026-03-02": []}), "2026-03-02") == []


def test_a_date_holds_on_a_holiday() -> None:
    """What is said of one date is more than that it is a holiday."""
    hours = shop(holidays=["2026-03-02"], dates={"2026-03-02": ["10:00-11:00"]})

    assert stretch(hours, "2026-03-02") == ["02T10:00:00-02T11:00:00"]


def test_overlapping_windows_count_once() -> None:
    """Windows that overlap or touch are one, over midnight too."""
    hours = shop(
        weekly={
            "mon": ["12:00-13:00", "09:00-12:30", "13:00-14:00", "20:00-03:00"],
            "tue": "02:00-04:00",
        }
    )

    assert stretch(hours, "2026-03-02") == ["02T09:00:00-02T14:00:00", "02T20:00:00-03T04:00:00"]
    assert hours.elapsed(utc("2026-03-02"), utc("2026-03-03")) == 9 * HOUR


def test_windows_longer_than_a_day_together() -> None:
    """A whole day and a night after it are open once, and read back equal."""
    hours = shop(weekly={"mon": ["00:00-24:00", "22:00-06:00"]})

    assert stretch(hours, "2026-03-02") == ["02T00:00:00-03T06:00:00"]
    assert BusinessHours.from_mapping(hours.to_mapping()) == hours


def test_windows_are_cut_at_whole_seconds_around_the_range() -> None:
    """A range inside a window gives that range, in seconds since 1970."""
    start, end = utc("2026-03-02T10:00:00.25"), utc("2026-03-02T10:00:59.75")
    opens = int(utc("2026-03-02T10:00").timestamp())

    assert shop().windows(start, end) == [(opens, opens + 60)]
    assert shop().windows(end, start) == []
    assert shop().windows(start, start.replace(microsecond=0)) == []


def test_around_the_clock_is_one_window_over_years() -> None:
    """Nothing opens or closes where days, years or tables of ours meet."""
    hours = shop(weekly={"mon-sun": ["00:00-24:00"]}, holidays=[], dates={})
    start, end = utc("2019-05-01"), utc("2031-05-01")

    assert hours.windows(start, end) == [(int(start.timestamp()), int(end.timestamp()))]
    assert hours.elapsed(start, end) == end - start


# Elapsed time and deadlines


def test_elapsed_is_exact_to_the_microsecond() -> None:
    """Fractions of a second count, on both sides of a break."""
    start, end = utc("2026-03-02T12:29:59.999998"), utc("2026-03-02T13:00:00.000003")

    assert shop().elapsed(start, end) == timedelta(microseconds=5)


def test_elapsed_of_a_reversed_range_is_negative() -> None:
    """From noon back to nine is minus three hours."""
    assert shop().elapsed(utc("2026-03-02T12:00"), utc("2026-03-02T09:00")) == -3 * HOUR


def test_instants_may_be_in_any_zone() -> None:
    """Only the instant matters, and answers are in UTC."""
    there = datetime.fromisoformat("2026-03-02T20:00:00+11:00")
    found = shop().after(there, HOUR)

    assert found == utc("2026-03-02T10:00")
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-03-02T09:00", 1, "2026-03-02T10:00"),
        ("2026-03-02T09:00", 3.5, "2026-03-02T12:30"),
        ("2026-03-02T09:00", 8, "2026-03-02T17:30"),
        ("2026-03-02T09:00", 9, "2026-03-06T23:00"),
        ("2026-03-01T09:00", 1, "2026-03-02T10:00"),
        ("2026-03-02T12:30", 1, "2026-03-02T14:00"),
        ("2026-03-02T10:00", 0, "2026-03-02T10:00"),
        ("2026-03-02T09:00", 0, "2026-03-02T09:00"),
        ("2026-03-02T12:30", 0, "2026-03-02T13:00"),
        ("2026-03-02T17:30", 0, "2026-03-06T22:00"),
        ("2026-03-02T10:00", -1, "2026-03-02T09:00"),
        ("2026-03-02T14:00", -4.5, "2026-03-02T09:00"),
        # A year of weeks with 16 hours each, less a holiday's 8, and 3 more on 24 December.
        ("2026-03-02T09:00", 16 * 52 - 8 + 3, "2027-02-27T06:00"),
    ],
)
def test_after(start: str, hours: float, end: str) -> None:
    """A full window ends at its close, and zero outside hours at the next opening."""
    assert shop().after(utc(start), hours * HOUR) == utc(end)


@pytest.mark.parametrize(
    ("end", "hours", "start"),
    [
        ("2026-03-02T10:00", 1, "2026-03-02T09:00"),
        ("2026-03-02T17:30", 8, "2026-03-02T09:00"),
        ("2026-03-02T13:00", 1, "2026-03-02T11:30"),
        ("2026-03-02T17:30", 4.5, "2026-03-02T13:00"),
        ("2026-03-02T10:00", 2, "2026-02-28T05:00"),
        ("2026-03-02T10:00", 0, "2026-03-02T10:00"),
        ("2026-03-02T12:30", 0, "2026-03-02T12:30"),
        ("2026-03-02T12:45", 0, "2026-03-02T12:30"),
        ("2026-03-02T09:00", 0, "2026-03-02T09:00"),
        ("2026-03-02T08:59", 0, "2026-02-28T06:00"),
        ("2026-03-02T09:00", -1, "2026-03-02T10:00"),
    ],
)
def test_before(end: str, hours: float, start: str) -> None:
    """A full window begins at its opening, and zero outside hours at the last close."""
    assert shop().before(utc(end), hours * HOUR) == utc(start)


def test_spans_of_many_years() -> None:
    """Two hundred years are the sum of their Mondays and Friday nights, and lead back."""
    hours = shop(holidays=[], dates={})
    zone = ZoneInfo("Europe/London")
    monday = datetime(1900, 1, 1, tzinfo=zone)
    nights = [
        monday.replace(hour=22) + timedelta(days=7 * week + 4) for week in range(200 * 365 // 7)
    ]
    end = nights[-1] + timedelta(days=2)
    expected = sum(
        ((night + 8 * HOUR).astimezone(UTC) - night.astimezone(UTC) + 8 * HOUR for night in nights),
        ZERO,
    )

    assert hours.elapsed(monday, end) == expected
    assert hours.after(monday, expected) == nights[-1] + 8 * HOUR
    assert hours.before(end, expected) == monday.replace(hour=9)


def test_the_ends_of_the_calendar() -> None:
    """The first and the last year that a datetime holds can be asked about."""
    hours = BusinessHours.from_mapping({"timezone": "UTC", "weekly": {"mon": "09:00-17:00"}})
    first, last = utc("0001-01-01"), datetime.max.replace(tzinfo=UTC)
    weeks = (last - first) // timedelta(days=7)

    assert hours.elapsed(first, last) == (weeks + 1) * 8 * HOUR
    assert hours.next_open(first) == utc("0001-01-01T09:00")
    assert not hours.is_open(last)


# Edges


@pytest.mark.parametrize(
    ("at", "opening", "close"),
    [
        ("2026-03-02T08:00", "2026-03-02T09:00", "2026-03-02T12:30"),
        ("2026-03-02T09:00", "2026-03-02T13:00", "2026-03-02T12:30"),
        ("2026-03-02T10:00", "2026-03-02T13:00", "2026-03-02T12:30"),
        ("2026-03-02T12:30", "2026-03-02T13:00", "2026-03-02T17:30"),
        ("2026-03-07T03:00", "2026-03-09T09:00", "2026-03-07T06:00"),
        ("2026-12-24T18:00", "2026-12-28T09:00", "2026-12-28T12:30"),
    ],
)
def test_next_edges(at: str, opening: str, close: str) -> None:
    """The first opening and the first close later than an instant, open or not."""
    assert shop().next_open(utc(at)) == utc(opening)
    assert shop().next_close(utc(at)) == utc(close)


# Ends of time


@pytest.mark.parametrize("method", ["next_open", "next_close"])
def test_hours_that_never_open_again(method: str) -> None:
    """After the last version closed for good, there is no edge, and an error says so."""
    hours = shop(versions=[{"from": "2027-01-01", "weekly": {}, "dates": {}}])

    with pytest.raises(InvalidHours, match=rf"{method}: found '2027-02-01.*', expected an instant"):
        getattr(hours, method)(utc("2027-02-01"))


@pytest.mark.parametrize("amount", [ZERO, HOUR, 9000 * HOUR])
def test_a_deadline_that_never_comes(amount: timedelta) -> None:
    """Neither zero nor an hour is to be had where every day left is closed."""
    hours = only("UTC", "2026-03-02", "09:00-17:00")

    with pytest.raises(InvalidHours, match=r"after: found '2026-03-02T18:00.* after it"):
        hours.after(utc("2026-03-02T18:00"), amount)
    with pytest.raises(InvalidHours, match=r"before: found '2026-03-02T08:00.* before it"):
        hours.before(utc("2026-03-02T08:00"), amount)


def test_the_last_hours_still_count() -> None:
    """All that is left can be used up, and not a microsecond more."""
    hours = only("UTC", "2026-03-02", "09:00-17:00")
    long_ago, much_later = utc("1973-01-01"), utc("2104-01-01")

    assert hours.after(long_ago, 8 * HOUR) == utc("2026-03-02T17:00")
    assert hours.before(much_later, 8 * HOUR) == utc("2026-03-02T09:00")
    assert hours.next_open(long_ago) == hours.after(long_ago, ZERO) == utc("2026-03-02T09:00")
    assert hours.before(much_later, ZERO) == utc("2026-03-02T17:00")
    with pytest.raises(InvalidHours):
        hours.after(long_ago, 8 * HOUR + timedelta(microseconds=1))


@pytest.mark.parametrize("method", ["next_open", "next_close"])
def test_around_the_clock_has_no_edges(method: str) -> None:
    """What never closes has no next close, and no next opening either."""
    hours = shop(weekly={"mon-sun": "00:00-24:00"}, holidays=[], dates={})

    with pytest.raises(InvalidHours, match="expected an instant with"):
        getattr(hours, method)(utc("2026-03-02"))


@pytest.mark.parametrize("amount", [timedelta.max, timedelta(days=8000 * 365)])
def test_a_deadline_past_the_calendar(amount: timedelta) -> None:
    """A deadline after the year 9999, or before the year 1, is an error."""
    with pytest.raises(InvalidHours, match="of business time after it"):
        shop().after(utc("2026-03-02"), amount)
    with pytest.raises(InvalidHours, match="of business time before it"):
        shop().before(utc("2026-03-02"), amount)


def test_a_close_past_the_calendar() -> None:
    """An edge that no datetime can hold is none."""
    hours = BusinessHours.from_mapping({"timezone": "UTC", "weekly": {"fri": "12:00-11:00"}})

    with pytest.raises(InvalidHours, match="a close after it"):
        hours.next_close(utc("9999-12-31T13:00"))
