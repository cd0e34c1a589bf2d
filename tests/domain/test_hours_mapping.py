"""Business hours as mappings and TOML files: what they say, and what is wrong with them."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from socialcare.domain.hours import BusinessHours, Window
from socialcare.errors import InvalidHours, SocialCareError

WEEK = {"mon": ["09:00-17:00"]}
FILE = """\
timezone = "Europe/London"
name = "Support desk"
holidays = [2026-12-25, "2026-12-26"]

[weekly]
mon-thu = ["09:00-12:30", "13:00-17:30"]
fri = "22:00-06:00"

[dates]
2026-12-24 = ["09:00-12:00"]

[[versions]]
from = 2026-07-01
name = "Summer"
weekly = { mon-fri = ["08:00-16:00:30"] }
"""


def hours_of(**keys: object) -> BusinessHours:
    """Hours of a few keys, in UTC unless they say otherwise."""
    return BusinessHours.from_mapping({"timezone": "UTC", **keys})


def week_of(**keys: object) -> list[list[str]]:
    """The windows of the seven days that a `weekly` table gives."""
    (version,) = hours_of(weekly=keys).versions
    return [[str(window) for window in windows] for windows in version.weekly]


def written(path: Path, text: str) -> Path:
    """A file with that text."""
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("key", ["wed", "Wed", "WEDNESDAY", "wednesday", "wed-wed"])
def test_a_weekday_has_a_short_and_a_long_name(key: str) -> None:
    """Names of weekdays are English, short or full, in any case."""
    assert week_of(**{key: ["09:00-17:00"]}) == [[], [], ["09:00-17:00"], [], [], [], []]


@pytest.mark.parametrize(
    ("key", "days"),
    [
        ("mon-fri", [0, 1, 2, 3, 4]),
        ("Saturday - Sunday", [5, 6]),
        ("sun-thu", [0, 1, 2, 3, 6]),
        ("mon-sun", [0, 1, 2, 3, 4, 5, 6]),
        ("tue-mon", [0, 1, 2, 3, 4, 5, 6]),
    ],
)
def test_a_range_of_weekdays_goes_round_the_week(key: str, days: list[int]) -> None:
    """A range has both its ends, and may pass Sunday."""
    week = week_of(**{key: ["09:00-17:00"]})

    assert [day for day in range(7) if week[day]] == days


def test_a_single_window_needs_no_list() -> None:
    """One window may stand as a text."""
    assert week_of(mon="09:00-17:00") == week_of(mon=["09:00-17:00"])


@pytest.mark.parametrize(
    ("text", "opens", "closes"),
    [
        ("09:00-17:30", 9.0, 17.5),
        (" 09:00 - 17:30 ", 9.0, 17.5),
        ("09:00:36-09:01", 9.01, 9 + 1 / 60),
        ("22:00-06:00", 22.0, 30.0),
        ("22:00-00:00", 22.0, 24.0),
        ("22:00-24:00", 22.0, 24.0),
        ("00:00-24:00", 0.0, 24.0),
        ("12:00-11:59", 12.0, 35 + 59 / 60),
    ],
)
def test_a_window_is_two_times(text: str, opens: float, closes: float) -> None:
    """A close before the opening is on the next day, and 24:00 is the end of a day."""
    window = Window.parse(text)

    assert window == Window(opens=timedelta(hours=opens), closes=timedelta(hours=closes))
    assert Window.parse(str(window)) == window


def test_dates_are_texts_or_dates() -> None:
    """Python's dates and TOML's mean what the same texts do."""
    day = date(2026, 12, 24)
    as_dates = hours_of(weekly=WEEK, holidays={day}, dates={day: ("09:00-10:00",)})

    assert as_dates == hours_of(
        weekly=WEEK, holidays=["2026-12-24"], dates={"2026-12-24": ["09:00-10:00"]}
    )


def test_hours_on_single_dates_need_no_week() -> None:
    """Dates alone are hours."""
    hours = hours_of(dates={"2026-12-24": ["09:00-12:00"]})

    assert hours.next_open(datetime(2026, 1, 1, tzinfo=UTC)) == datetime(
        2026, 12, 24, 9, tzinfo=UTC
    )


def test_a_version_takes_what_it_does_not_give_from_the_top() -> None:
    """A key of a version stands in place of the whole key at the top."""
    hours = hours_of(
        weekly=WEEK,
        holidays=["2026-01-01"],
        dates={"2026-12-24": []},
        versions=[{"from": "2026-07-01", "holidays": []}],
    )
    first, second = hours.versions

    assert second.weekly == first.weekly
    assert second.dates == first.dates
    assert (first.holidays, second.holidays) == ((date(2026, 1, 1),), ())


def test_unnamed_versions_are_named_by_their_dates() -> None:
    """Hours of one version are called default."""
    hours = hours_of(weekly=WEEK, versions=[{"from": "2026-07-01"}])

    assert [version.name for version in hours.versions] == ["default", "2026-07-01"]


def test_a_mapping_that_was_written_is_plain() -> None:
    """It holds texts, lists and dicts only, so that it can be JSON."""
    hours = hours_of(
        weekly={"fri-sat": "22:00-06:00"},
        holidays=[date(2026, 12, 25)],
        versions=[{"from": date(2026, 7, 1), "weekly": WEEK, "dates": {date(2026, 12, 24): []}}],
    )
    mapping = hours.to_mapping()

    assert json.loads(json.dumps(mapping)) == mapping
    assert mapping == {
        "timezone": "UTC",
        "name": "default",
        "weekly": {"fri": ["22:00-06:00"], "sat": ["22:00-06:00"]},
        "holidays": ["2026-12-25"],
        "dates": {},
        "versions": [
            {
                "from": "2026-07-01",
                "name": "2026-07-01",
                "weekly": {"mon": ["09:00-17:00"]},
                "holidays": ["2026-12-25"],
                "dates": {"2026-12-24": []},
            }
        ],
    }


def test_dated_versions_alone_read_back_equal() -> None:
    """Hours whose first version has a date keep it."""
    hours = hours_of(versions=[{"from": "2026-07-01", "weekly": WEEK}])

    assert hours.versions[0].since == date(2026, 7, 1)
    assert BusinessHours.from_mapping(hours.to_mapping()) == hours


def test_a_toml_file_says_the_same_as_a_mapping(tmp_path: Path) -> None:
    """A file is read as the mapping that it holds."""
    hours = BusinessHours.from_toml(written(tmp_path / "desk.toml", FILE))

    assert hours == BusinessHours.from_mapping(
        {
            "timezone": "Europe/London",
            "name": "Support desk",
            "weekly": {
                **{day: ["09:00-12:30", "13:00-17:30"] for day in ("mon", "tue", "wed", "thu")},
                "fri": ["22:00-06:00"],
            },
            "holidays": ["2026-12-25", "2026-12-26"],
            "dates": {"2026-12-24": ["09:00-12:00"]},
            "versions": [
                {
                    "from": "2026-07-01",
                    "name": "Summer",
                    "weekly": {"mon-fri": ["08:00-16:00:30"]},
                }
            ],
        }
    )
    assert BusinessHours.from_mapping(hours.to_mapping()) == hours


def test_a_toml_file_may_begin_with_a_mark_and_end_lines_as_windows_does(tmp_path: Path) -> None:
    """What editors add to a file does not change it."""
    path = tmp_path / "desk.toml"
    path.write_bytes(b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode())

    assert BusinessHours.from_toml(str(path)).timezone == "Europe/London"


@pytest.mark.parametrize(
    ("keys", "where", "found", "right"),
    [
        ({"timezone": None}, "timezone", None, "a time zone such as 'Europe/London'"),
        ({"timezone": "Mars/Olympus"}, "timezone", "Mars/Olympus", "a time zone such as"),
        ({"timezone": "Europe/Londn"}, "timezone", "Europe/Londn", "'Europe/London'"),
        ({"timezone": "europe/berlin "}, "timezone", "europe/berlin ", "'Europe/Berlin'"),
        ({"timezone": "Europe"}, "timezone", "Europe", "a time zone such as"),
        ({"timezone": "../etc/passwd"}, "timezone", "../etc/passwd", "a time zone such as"),
        ({"timezone": ""}, "timezone", "", "a time zone such as"),
        ({"timezone": "UTC\0"}, "timezone", "UTC\0", "a time zone such as"),
        ({"timezone": "Z" * 5000}, "timezone", "Z" * 5000, "a time zone such as"),
        ({"timezone": 1}, "timezone", 1, "a time zone such as"),
        ({"zone": "UTC"}, "", "zone", "a key out of timezone, name, weekly"),
        ({"name": ""}, "name", "", "a text that is not empty"),
        ({"name": 7}, "name", 7, "a text that is not empty"),
        ({"weekly": {}}, "weekly", "no hours at all", "at least one window"),
        ({"weekly": {"mon": []}}, "weekly", "no hours at all", "{'mon-sun': ['00:00-24:00']}"),
        ({"weekly": ["09:00-17:00"]}, "weekly", ["09:00-17:00"], "a table"),
        ({"weekly": {"monn": []}}, "weekly", "monn", "a weekday (mon, tue,"),
        ({"weekly": {"mon-": []}}, "weekly", "mon-", "a range such as 'mon-fri'"),
        ({"weekly": {"mon-wed-fri": []}}, "weekly", "mon-wed-fri", "a range such as"),
        ({"weekly": {1: []}}, "weekly", 1, "a weekday"),
        ({"weekly": {"mon-fri": [], "Friday": []}}, "weekly.Friday", "Friday", "only once"),
        ({"weekly": {"mon": 9}}, "weekly.mon", 9, "a list of windows such as"),
        ({"weekly": {"mon": {}}}, "weekly.mon", {}, "a list of windows such as"),
        ({"weekly": {"mon": [9]}}, "weekly.mon[0]", 9, "a window such as '09:00-17:30'"),
        ({"weekly": {"mon": "9-17"}}, "weekly.mon", "9-17", "a window such as"),
        ({"weekly": {"mon": ["9:00-17:00"]}}, "weekly.mon[0]", "9:00-17:00", "'09:00-17:30'"),
        ({"weekly": {"mon": ["09:00-17:00-18:00"]}}, "weekly.mon[0]", None, "a window such as"),
        ({"weekly": {"mon": ["09:00-10:00", "25:00-26:00"]}}, "weekly.mon[1]", None, "23:59:59"),
        ({"weekly": {"mon": ["09:60-17:00"]}}, "weekly.mon[0]", None, "23:59:59"),
        ({"weekly": {"mon": ["09:00:60-17:00"]}}, "weekly.mon[0]", None, "23:59:59"),
        ({"weekly": {"mon": ["09:00-24:01"]}}, "weekly.mon[0]", None, "24:00 only as an end"),
        ({"weekly": {"mon": ["24:00-06:00"]}}, "weekly.mon[0]", None, "24:00 only as an end"),
        ({"weekly": {"mon": ["09:00-09:00"]}}, "weekly.mon[0]", None, "'00:00-24:00'"),
        ({"weekly": {"mon": ["00:00-00:00"]}}, "weekly.mon[0]", None, "'00:00-24:00'"),
        ({"weekly": {"mon": ["\u0660\u0669:00-17:00"]}}, "weekly.mon[0]", None, "a window such as"),
        ({"holidays": "2026-12-25"}, "holidays", "2026-12-25", "a list of dates"),
        ({"holidays": ["25.12.2026"]}, "holidays[0]", "25.12.2026", "such as '2026-12-25'"),
        ({"holidays": ["20261225"]}, "holidays[0]", "20261225", "such as '2026-12-25'"),
        ({"holidays": ["2026-W01-1"]}, "holidays[0]", None, "such as '2026-12-25'"),
        ({"holidays": ["2026-02-30"]}, "holidays[0]", "2026-02-30", "day is out of range"),
        ({"holidays": [datetime(2026, 12, 25, tzinfo=UTC)]}, "holidays[0]", None, "a date such as"),
        ({"dates": ["2026-12-25"]}, "dates", None, "a table"),
        ({"dates": {"Christmas": []}}, "dates", "Christmas", "a date such as"),
        ({"dates": {"2026-12-24": ["x"]}}, "dates.2026-12-24[0]", "x", "a window such as"),
        ({"dates": {"2026-12-24": [], date(2026, 12, 24): []}}, "dates", None, "only once"),
        ({"versions": {}}, "versions", {}, "a list of tables"),
        ({"versions": ["2026-07-01"]}, "versions[0]", "2026-07-01", "a table, with a key out of"),
        ({"versions": [{"weekly": WEEK}]}, "versions[0].from", "no date", "a date such as"),
        ({"versions": [{"from": "July"}]}, "versions[0].from", "July", "a date such as"),
        ({"versions": [{"from": "2026-07-01", "name": ""}]}, "versions[0].name", "", "not empty"),
        ({"versions": [{"from": "2026-07-01", "to": 1}]}, "versions[0]", "to", "a key out of from"),
        (
            {"versions": [{"from": "2026-07-01", "timezone": "UTC"}]},
            "versions[0]",
            "timezone",
            "one time zone for all, at the top",
        ),
        (
            {"versions": [{"from": "2026-07-01", "weekly": {"mon": "x"}}]},
            "versions[0].weekly.mon",
            "x",
            "a window such as",
        ),
        (
            {"versions": [{"from": "2026-07-01"}, {"from": date(2026, 7, 1), "name": "again"}]},
            "versions",
            "2026-07-01",
            "one version for each date",
        ),
        (
            {"name": "same", "versions": [{"from": "2026-07-01", "name": "same"}]},
            "versions",
            "same",
            "a name for each version",
        ),
    ],
)
def test_a_wrong_key_is_named_with_what_would_be_right(
    keys: dict[str, Any], where: str, found: object, right: str
) -> None:
    """An error names the place as a path of keys, what was there, and what would be right."""
    place = f"opening times: {where}" if where else "opening times"

    with pytest.raises(InvalidHours, match=re.escape(right)) as caught:
        BusinessHours.from_mapping(
            {"timezone": "UTC", "weekly": WEEK, **keys}, where="opening times"
        )
    assert caught.value.where == place
    assert found is None or caught.value.found == found
    assert str(caught.value).startswith(f"{place}: found ")


@pytest.mark.parametrize("mapping", [None, [], "UTC", 5])
def test_what_is_no_mapping_is_refused(mapping: Any) -> None:
    """Hours are a table of keys."""
    with pytest.raises(InvalidHours, match=r"business hours: found .* expected a table"):
        BusinessHours.from_mapping(mapping)


@pytest.mark.parametrize(
    "mapping",
    [{"timezone": "UTC"}, {"timezone": "UTC", "versions": [{"from": "2026-01-01"}]}],
)
def test_no_hours_at_all_is_an_error(mapping: dict[str, Any]) -> None:
    """Hours that nobody gave are not hours around the clock."""
    with pytest.raises(InvalidHours, match="weekly: found 'no hours', expected windows by weekday"):
        BusinessHours.from_mapping(mapping)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("timezone = ", "TOML file in UTF-8"),
        ('timezone = "UTC"\n[weekly]\nmon = ["9-17"]', r"weekly\.mon\[0\]: found '9-17'"),
        ('timezone = "Moon"\n[weekly]\nmon = ["09:00-17:00"]', "timezone: found 'Moon'"),
        ('timezone = "UTC"\nholidays = [2026-12-25T09:00:00]\n[weekly]', r"holidays\[0\]: found"),
        ("", "timezone: found None"),
    ],
)
def test_an_error_names_the_file(tmp_path: Path, text: str, message: str) -> None:
    """A fault in a file is told with the file's name before the key."""
    path = written(tmp_path / "desk.toml", text)

    with pytest.raises(InvalidHours, match=f"{re.escape(str(path))}: .*{message}"):
        BusinessHours.from_toml(path)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """A file in another encoding is no TOML."""
    path = tmp_path / "desk.toml"
    path.write_bytes('timezone = "Küche"'.encode("latin-1"))

    with pytest.raises(SocialCareError, match="expected a TOML file in UTF-8"):
        BusinessHours.from_toml(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """What cannot be opened is Python's own error."""
    with pytest.raises(FileNotFoundError, match="nowhere"):
        BusinessHours.from_toml(tmp_path / "nowhere.toml")


def test_an_unknown_zone_is_refused_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no zones are installed, the error says what to install."""
    monkeypatch.setattr("socialcare.domain.hours.available_timezones", set)

    with pytest.raises(InvalidHours, match="pip install tzdata"):
        hours_of(timezone="Europe/Nowhere", weekly=WEEK)
