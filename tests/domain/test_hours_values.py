"""Business hours as values: what is equal, what can be copied, and what is refused."""

import copy
import pickle
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from socialcare.domain.hours import BusinessHours, HoursVersion, Window
from socialcare.errors import InvalidHours, NaiveDatetime

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


def utc(text: str) -> datetime:
    """An instant written without its zone, which is UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "call",
    [
        lambda hours, at: hours.is_open(at),
        lambda hours, at: hours.next_open(at),
        lambda hours, at: hours.next_close(at),
        lambda hours, at: hours.version_at(at),
        lambda hours, at: hours.at(at),
        lambda hours, at: hours.after(at, HOUR),
        lambda hours, at: hours.before(at, -HOUR),
        lambda hours, at: hours.elapsed(at, utc("2026-03-02")),
        lambda hours, at: hours.windows(utc("2026-03-02"), at),
    ],
)
def test_a_naive_instant_is_refused(call: Any) -> None:
    """No method guesses a zone."""
    with pytest.raises(NaiveDatetime, match="expected an aware datetime"):
        call(shop(), datetime(2026, 3, 2, 9))  # noqa: DTZ001  # that it is naive is the point


def test_equal_content_is_an_equal_value() -> None:
    """Order, repeats, overlaps and ways of writing do not matter, nor what was asked before."""
    plain = shop(weekly={"mon": ["09:00-17:00"], "tue": ["09:00-17:00"]})
    other = shop(
        weekly={"Monday-Tuesday": ["12:00-17:00", "09:00-12:30"]},
        holidays=[date(2026, 12, 25), "2026-12-25"],
    )
    plain.is_open(utc("2026-03-02"))

    assert plain == other
    assert hash(plain) == hash(other)
    assert plain != shop()
    assert "_openings" not in repr(plain)


def test_hours_can_be_copied_and_sent() -> None:
    """A copy is equal, whatever was asked before, and works."""
    hours = shop()
    hours.is_open(utc("2026-03-02"))

    for again in (copy.deepcopy(hours), pickle.loads(pickle.dumps(hours))):  # noqa: S301  # ours
        assert again == hours
        assert again.is_open(utc("2026-03-02T09:00"))


def test_hours_can_be_made_of_values() -> None:
    """Versions in any order, with windows as values, are the same hours as from a mapping."""
    weekly = [[Window.parse("09:00-17:00")]] * 5 + [[], []]
    hours = BusinessHours(
        timezone="UTC",
        versions=[
            HoursVersion(name="late", since=date(2026, 6, 1), weekly=weekly),
            HoursVersion(name="early", weekly=weekly, holidays=[date(2026, 1, 1)]),
        ],
    )

    assert [version.name for version in hours.versions] == ["early", "late"]
    assert hours == BusinessHours.from_mapping(hours.to_mapping())


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        (timedelta(hours=-1), timedelta(hours=1)),
        (timedelta(hours=24), timedelta(hours=25)),
        (timedelta(hours=9), timedelta(hours=9)),
        (timedelta(hours=9), timedelta(hours=33)),
        (timedelta(hours=9), timedelta(hours=9, microseconds=1)),
    ],
)
def test_a_window_that_cannot_be_written_is_refused(opens: timedelta, closes: timedelta) -> None:
    """A window is within a day, in whole seconds, and not empty."""
    with pytest.raises(InvalidHours, match="Window: found"):
        Window(opens=opens, closes=closes)


def test_a_week_has_seven_days() -> None:
    """Six lists of windows are no week."""
    with pytest.raises(InvalidHours, match="7 days"):
        HoursVersion(name="short", weekly=[[]] * 6)
