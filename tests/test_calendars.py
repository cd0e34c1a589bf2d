"""Rotas out of calendars."""

import sys
from datetime import UTC, datetime, timedelta

import pytest

from socialcare.calendars import rota_from_icalendar
from socialcare.domain.rota.plan import Rota
from socialcare.errors import InvalidValue, MissingExtra

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
MAY = datetime(2026, 5, 1, tzinfo=UTC)
WEEKLY = """\
DTSTART;TZID=Europe/London:20260302T090000
DTEND;TZID=Europe/London:20260302T170000
RRULE:FREQ=WEEKLY;BYDAY=MO,TU
EXDATE;TZID=Europe/London:20260309T090000
SUMMARY:Day shift
ATTENDEE;CN=Anna:mailto:anna@example.org
ATTENDEE:mailto:sam@example.org
ATTENDEE;PARTSTAT=DECLINED;CN=Bo:mailto:bo@example.org
"""
MOVED = """\
RECURRENCE-ID;TZID=Europe/London:20260310T090000
DTSTART;TZID=Europe/London:20260310T120000
DTEND;TZID=Europe/London:20260310T170000
SUMMARY:cy
"""


def calendar(*events: str) -> str:
    """A calendar with these events, which are one series."""
    parts = [f"BEGIN:VEVENT\nUID:1\n{event}END:VEVENT\n" for event in events]
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n{''.join(parts)}END:VCALENDAR\n"


def read(*events: str) -> Rota:
    """The rota of the team social for two months."""
    return rota_from_icalendar(
        calendar(*events), team="social", timezone="Europe/London", since=MARCH, until=MAY
    )


def test_who_attends_is_on_duty() -> None:
    """By name, or else by address; whoever declined is not."""
    assert read(WEEKLY).on_duty("social", datetime(2026, 3, 3, 10, tzinfo=UTC)) == (
        "Anna",
        "sam@example.org",
    )


def test_the_rule_keeps_to_the_clock_on_the_wall() -> None:
    """Nine in London is eight in UTC from the end of March on."""
    found = read(WEEKLY)

    assert found.on_duty("social", datetime(2026, 3, 3, 8, 30, tzinfo=UTC)) == ()
    assert found.on_duty("social", datetime(2026, 3, 31, 8, 30, tzinfo=UTC)) != ()


def test_what_was_left_out_and_moved_is() -> None:
    """An exception leaves a day out, and a moved event stands in place of that of the rule."""
    found = read(WEEKLY, MOVED)

    assert found.on_duty("social", datetime(2026, 3, 9, 10, tzinfo=UTC)) == ()
    assert found.on_duty("social", datetime(2026, 3, 10, 10, tzinfo=UTC)) == ()
    assert found.on_duty("social", datetime(2026, 3, 10, 13, tzinfo=UTC)) == ("cy",)


def test_a_whole_day_is_one_in_the_zone_of_the_rota() -> None:
    """From midnight to midnight in London."""
    found = read("DTSTART;VALUE=DATE:20260401\nSUMMARY:anna\n")

    assert found.on_duty("social", datetime(2026, 3, 31, 23, tzinfo=UTC)) == ("anna",)
    assert found.on_duty("social", datetime(2026, 4, 1, 23, tzinfo=UTC)) == ()


def test_what_was_cancelled_is_no_shift() -> None:
    """A cancelled event puts nobody on duty."""
    assert read(WEEKLY + "STATUS:CANCELLED\n").extra == ()


def test_an_imported_rota_is_like_any() -> None:
    """It reads back equal from its mapping."""
    found = read(WEEKLY, MOVED)

    assert Rota.from_mapping(found.to_mapping()) == found


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ("DTSTART:20260302T090000Z\nSUMMARY:a\nRRULE:FREQ=SECONDLY\n", "FREQ out of DAILY"),
        (
            "DTSTART:20260302T090000Z\nSUMMARY:a\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\n",
            "a rule that comes to pass",
        ),
        ("SUMMARY:a\n", "a calendar in iCalendar form"),
        ("DTSTART:20260302T090000Z\nDTEND:20260302T100000Z\n", "attendees, or a summary"),
    ],
)
def test_an_event_that_makes_no_sense_is_refused(event: str, message: str) -> None:
    """The message says what would be right."""
    with pytest.raises(InvalidValue, match=message):
        read(event)


@pytest.mark.parametrize("text", ["", "Monday: anna", b"\xff\xfe"])
def test_what_is_no_calendar_is_refused(text: str | bytes) -> None:
    """Nothing but iCalendar is read."""
    with pytest.raises(InvalidValue, match="a calendar in iCalendar form"):
        rota_from_icalendar(text, team="a", timezone="UTC", since=MARCH, until=MAY)


def test_a_period_has_an_end_after_its_beginning() -> None:
    """And no more than two years after it."""
    for until in (MARCH, MARCH + timedelta(days=1000)):
        with pytest.raises(InvalidValue, match=r"^until: "):
            rota_from_icalendar("", team="a", timezone="UTC", since=MARCH, until=until)


def test_without_its_libraries_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has to be installed is in the message."""
    monkeypatch.setitem(sys.modules, "icalendar", None)

    with pytest.raises(MissingExtra, match=r"socialcare\[rota\]"):
        read(WEEKLY)
