"""Rotas: who is on duty, by rules and by exceptions to them."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from socialcare.domain.hours import BusinessHours
from socialcare.domain.rota.check import Problem, check
from socialcare.domain.rota.plan import Rota
from socialcare.errors import InvalidValue, NaiveDatetime

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 3, 2, tzinfo=LONDON)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
OFFICE = {"name": "office", "start": "2026-03-02 09:00", "end": "17:00", "members": ["anna"]}
NIGHT = {"name": "night", "start": "2026-03-02 22:00", "end": "06:00", "members": ["bo"]}
WEEKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


def rota(*shifts: dict[str, Any], **keys: Any) -> Rota:
    """A rota of one team, social, in London."""
    cover = {"cover": keys.pop("cover")} if "cover" in keys else {}
    team = {"shifts": list(shifts), **cover}
    return Rota.from_mapping({"timezone": "Europe/London", "teams": {"social": team}, **keys})


def london(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    """An instant by the clock on the wall, in 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON)


def on(found: Rota, at: datetime) -> tuple[str, ...]:
    """Who is on duty in the only team."""
    return found.on_duty("social", at)


def test_a_shift_is_half_open() -> None:
    """From its start on somebody is on duty, and no more at its end."""
    found = rota(OFFICE)

    assert on(found, london(3, 9)) == ("anna",)
    assert on(found, london(3, 9) - timedelta(seconds=1)) == ()
    assert on(found, london(3, 17)) == ()


def test_nobody_is_on_duty_before_a_rule_begins() -> None:
    """The start of a shift is that of its first day."""
    assert on(rota(OFFICE), london(1, 10)) == ()


def test_a_rule_says_on_which_days() -> None:
    """A weekly rule leaves out the days that it does not name."""
    found = rota({**OFFICE, "rule": WEEKDAYS})

    assert on(found, london(6, 10)) == ("anna",)
    assert on(found, london(7, 10)) == ()


def test_a_shift_runs_over_midnight() -> None:
    """One from 22:00 to 06:00 is over the next morning."""
    found = rota(NIGHT)

    assert on(found, london(3, 5, 59)) == ("bo",)
    assert on(found, london(3, 6)) == ()


@pytest.mark.parametrize(("day", "month", "hours"), [(28, 3, 7), (24, 10, 9)])
def test_a_night_is_as_long_as_the_clock_makes_it(day: int, month: int, hours: int) -> None:
    """Over a clock change the night from ten to six is seven hours, or nine."""
    begin = london(day, 12, month=month)
    (duty,) = rota(NIGHT).shifts("social", begin, begin + DAY)

    assert duty.lasts == hours * HOUR
    assert duty.start.astimezone(LONDON).hour == 22


def test_an_end_that_comes_twice_is_the_second() -> None:
    """From ten to half past one, in the night in which half past one comes twice."""
    late = {**NIGHT, "end": "01:30"}
    (duty,) = rota(late).shifts("social", london(24, 12, month=10), london(25, 12, month=10))

    assert duty.lasts == 4.5 * HOUR


def test_nine_stays_nine_over_a_clock_change() -> None:
    """In summer the shift begins an hour earlier in UTC."""
    found = rota(OFFICE)
    (winter,) = found.shifts("social", london(27, 0), london(28, 0))
    (summer,) = found.shifts("social", london(30, 0), london(31, 0))

    assert (winter.start.hour, summer.start.hour) == (9, 8)


def test_whole_days_are_as_long_as_they_are() -> None:
    """Around the clock, a day of 23 hours is covered for 23."""
    always = {**OFFICE, "start": "2026-03-02 00:00", "end": "24:00"}

    assert rota(always).uncovered("social", london(28, 0), london(31, 0)) == ()


def test_members_take_turns_by_the_week() -> None:
    """The second week is the second one's, and the third the first one's again."""
    found = rota({**OFFICE, "members": ["anna", "sam"], "turns": "1w"})

    assert [on(found, london(day, 10)) for day in (2, 8, 9, 16)] == [
        ("anna",),
        ("anna",),
        ("sam",),
        ("anna",),
    ]


def test_a_shift_may_last_a_week() -> None:
    """On call from Monday to Monday, in turns."""
    call = {
        "name": "on call",
        "start": "2026-03-02 09:00",
        "duration": "1w",
        "rule": "FREQ=WEEKLY",
        "members": ["anna", "sam"],
        "turns": "1w",
    }
    found = rota(call)

    assert on(found, london(9, 8, 59)) == ("anna",)
    assert on(found, london(9, 9)) == ("sam",)


def test_shifts_may_overlap() -> None:
    """Whoever is on by the first shift stands first, and nobody stands twice."""
    late = {"name": "late", "start": "2026-03-02 12:00", "end": "20:00", "members": ["sam", "anna"]}

    assert on(rota(OFFICE, late), london(2, 13)) == ("anna", "sam")


def test_a_swap_puts_one_in_the_place_of_another() -> None:
    """On that day the substitute is on duty, and on the next the member again."""
    swap = {"from": "2026-03-03", "to": "2026-03-03", "member": "anna", "substitute": "sam"}
    found = rota(OFFICE, swaps=[swap])

    assert [on(found, london(day, 10)) for day in (2, 3, 4)] == [("anna",), ("sam",), ("anna",)]


def test_two_may_change_places() -> None:
    """Each is on duty where the other was to be."""
    swaps = [
        {"from": "2026-03-03", "to": "2026-03-04", "member": one, "substitute": other}
        for one, other in (("anna", "bo"), ("bo", "anna"))
    ]
    found = rota(OFFICE, NIGHT, swaps=swaps)

    assert on(found, london(3, 10)) == ("bo",)
    assert on(found, london(3, 23)) == ("anna",)


def test_who_is_absent_is_not_on_duty() -> None:
    """For themselves or for another, until they are back."""
    absence = {"from": "2026-03-03 12:00", "to": "2026-03-04", "member": "anna"}
    found = rota(OFFICE, absences=[absence])

    assert on(found, london(3, 11)) == ("anna",)
    assert [on(found, london(3, 12)), on(found, london(4, 16)), on(found, london(5, 9))] == [
        (),
        (),
        ("anna",),
    ]


def test_a_gap_takes_shifts_off_and_leaves_extra_ones() -> None:
    """On a holiday nobody is on by rule, and whoever comes in is."""
    found = rota(
        OFFICE,
        gaps=[{"from": "2026-03-03", "to": "2026-03-03", "team": "social", "reason": "holiday"}],
        extra=[
            {
                "from": "2026-03-03 10:00",
                "to": "2026-03-03 11:00",
                "team": "social",
                "members": "cy",
            }
        ],
    )

    assert [on(found, london(3, hour)) for hour in (9, 10, 11)] == [(), ("cy",), ()]


def test_exceptions_of_one_team_leave_others_alone() -> None:
    """A swap in one team is none in another."""
    swap = {"from": "2026-03-03", "to": "2026-03-03", "member": "anna", "substitute": "sam"}
    found = Rota.from_mapping(
        {
            "timezone": "Europe/London",
            "teams": {"social": {"shifts": [OFFICE]}, "phone": {"shifts": [OFFICE]}},
            "swaps": [{**swap, "team": "phone"}],
        }
    )

    assert found.on_duty("phone", london(3, 10)) == ("sam",)
    assert found.on_duty("social", london(3, 10)) == ("anna",)


def test_what_comes_next() -> None:
    """The next change, and the next duty that begins."""
    found = rota({**OFFICE, "rule": WEEKDAYS})
    friday = london(6, 16)
    duty = found.next_on_duty("social", friday)

    assert found.next_change("social", friday) == london(6, 17)
    assert duty is not None
    assert (duty.start, duty.end, duty.members) == (london(9, 9), london(9, 17), ("anna",))


def test_nothing_comes_next_after_the_last_shift() -> None:
    """A rule that has ended changes nothing any more."""
    found = rota({**OFFICE, "rule": "FREQ=DAILY;COUNT=2"})

    assert on(found, london(3, 10)) == ("anna",)
    assert found.next_change("social", london(4, 0)) is None
    assert found.next_on_duty("social", london(3, 9)) is None


def test_uncovered_time_can_be_that_of_business_hours() -> None:
    """Nobody before nine and from five on: an hour each inside hours of eight to six."""
    hours = BusinessHours.from_mapping(
        {"timezone": "Europe/London", "weekly": {"tue": "08:00-18:00"}}
    )
    found = rota(OFFICE).uncovered("social", london(2, 0), london(9, 0), hours=hours)

    assert [(each.start, each.lasts) for each in found] == [
        (london(3, 8), HOUR),
        (london(3, 17), HOUR),
    ]


def test_a_check_finds_that_nobody_will_be_on_duty() -> None:
    """In the coming weeks, inside the hours that the team has to cover, in words."""
    cover = {"timezone": "Europe/London", "weekly": {"mon-fri": "09:00-17:00"}}
    away = {"from": "2026-03-12", "to": "2026-03-12", "member": "anna", "reason": "leave"}
    (finding,) = check(rota(OFFICE, cover=cover, absences=[away]), now=MONDAY, weeks=4)

    assert finding.problem is Problem.NOBODY
    assert (finding.start, finding.end) == (london(12, 9), london(12, 17))
    assert finding.text == (
        "social: nobody is on duty from Thu 12 Mar 2026 09:00 to Thu 12 Mar 2026 17:00 "
        "(Europe/London)"
    )


def test_a_check_finds_swaps_that_make_no_sense() -> None:
    """One by somebody who is away, and one for somebody who is not on duty."""
    always = {**OFFICE, "start": "2026-03-02 00:00", "end": "24:00"}
    on_the_third = {"from": "2026-03-03", "to": "2026-03-03"}
    found = check(
        rota(
            always,
            swaps=[
                {**on_the_third, "member": "anna", "substitute": "sam"},
                {**on_the_third, "member": "cy", "substitute": "anna"},
            ],
            absences=[{**on_the_third, "member": "sam"}],
        ),
        now=MONDAY,
    )

    assert [each.problem for each in found] == [
        Problem.NOBODY,
        Problem.ABSENT_SUBSTITUTE,
        Problem.IDLE_SWAP,
    ]


def test_a_check_finds_a_shift_that_never_takes_place() -> None:
    """A rule that has come to its end is named."""
    ended = {**OFFICE, "name": "old", "rule": "FREQ=DAILY;UNTIL=20260301"}
    always = {**OFFICE, "start": "2026-03-02 00:00", "end": "24:00"}
    (finding,) = check(rota(always, ended), now=MONDAY)

    assert finding.problem is Problem.IDLE_SHIFT
    assert "the shift 'old' never takes place" in finding.text


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYHOUR=9,10",
        "FREQ=DAILY;BYEASTER=0",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=2;UNTIL=20260401",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=DAILY;UNTIL=soon",
        "BYDAY=MO",
        "every day",
        "",
        "FREQ=DAILY;BYMONTHDAY=" + ",".join(["1"] * 400),
    ],
)
def test_a_rule_that_is_none_or_too_frequent_is_refused(rule: str) -> None:
    """The place of the rule is named."""
    with pytest.raises(InvalidValue, match=r"^rota: teams\.social\.shifts\[0\]\.rule: "):
        rota({**OFFICE, "rule": rule})


@pytest.mark.parametrize(
    "rule",
    ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31;COUNT=9"],
)
def test_a_rule_that_never_comes_to_pass_comes_to_an_end(rule: str) -> None:
    """Nobody is on duty on 30 February, and that is found out in a moment."""
    start = perf_counter()
    found = rota({**OFFICE, "rule": rule})

    assert found.next_on_duty("social", MONDAY) is None
    assert perf_counter() - start < 20


def test_who_is_on_duty_is_a_look_up() -> None:
    """After the first question of a period, the next ones take a fraction of a millisecond."""
    found = rota({**OFFICE, "rule": WEEKDAYS}, NIGHT)
    on(found, MONDAY)
    start = perf_counter()
    for minute in range(1000):
        on(found, MONDAY + minute * timedelta(minutes=1))

    assert (perf_counter() - start) / 1000 < 0.0005


def test_far_instants_are_refused() -> None:
    """A rota is for people who live."""
    with pytest.raises(InvalidValue, match="an instant from 1970 to 2200"):
        on(rota(OFFICE), datetime(2300, 1, 1, tzinfo=UTC))


def test_a_naive_instant_is_refused() -> None:
    """Without a zone nobody knows when it is."""
    with pytest.raises(NaiveDatetime):
        on(rota(OFFICE), datetime(2026, 3, 2, 10))  # noqa: DTZ001 - what is refused


def test_an_unknown_team_is_refused() -> None:
    """The message lists the teams that there are."""
    with pytest.raises(InvalidValue, match="'pr', expected one of social"):
        rota(OFFICE).on_duty("pr", MONDAY)


FILE = """\
name = "Northline"
version = "2026-03"
timezone = "Europe/London"

[[teams.social.shifts]]
name = "day"
start = 2026-03-02T09:00:00
end = "17:00"
rule = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
members = ["anna", "sam"]
turns = "1w"

[[teams."tier 2".shifts]]
name = "on call"
start = "2026-03-02 09:00"
duration = "1w"
rule = "FREQ=WEEKLY"
members = ["bo"]

[teams.social.cover]
timezone = "Europe/London"
weekly = { mon-fri = ["09:00-17:00"] }

[[swaps]]
from = 2026-03-10
to = 2026-03-10
member = "sam"
substitute = "anna"

[[absences]]
from = 2026-03-11T12:00:00
to = 2026-03-13
member = "anna"
reason = "leave"

[[gaps]]
from = 2026-05-25
to = 2026-05-25
reason = "bank holiday"

[[extra]]
from = 2026-03-14T10:00:00
to = 2026-03-14T14:00:00
team = "social"
members = ["cy"]
"""


def test_a_file_holds_a_rota(tmp_path: Path) -> None:
    """What stands in the file is on duty, and reads back equal."""
    path = tmp_path / "rota.toml"
    path.write_text(FILE, encoding="utf-8")
    found = Rota.from_toml(path)

    assert [on(found, london(day, 10)) for day in (2, 9, 10, 14)] == [
        ("anna",),
        ("sam",),
        ("anna",),
        ("cy",),
    ]
    assert found.on_duty("tier 2", london(7, 3)) == ("bo",)
    assert Rota.from_mapping(found.to_mapping()) == found
    assert hash(Rota.from_mapping(found.to_mapping())) == hash(found)


SWAP = {"from": "2026-03-03", "to": "2026-03-03", "member": "anna", "substitute": "sam"}


@pytest.mark.parametrize(
    ("shift", "keys", "message"),
    [
        ({}, {"timezone": "Europe/Londn"}, "timezone: found 'Europe/Londn', expected a time zone"),
        ({}, {"swap": []}, "found 'swap', expected a key out of swaps, teams"),
        ({}, {"teams": {}}, "teams: found (), expected at least one team"),
        (
            {},
            {"teams": {"a": {"shift": []}}},
            "teams.a: found 'shift', expected a key out of shifts",
        ),
        (
            {},
            {"swaps": [{**SWAP, "team": "pr"}]},
            "swaps[0].team: found 'pr', expected one of social",
        ),
        ({}, {"swaps": [{"from": "2026-03-03"}]}, "swaps[0].to: found 'nothing', expected a local"),
        (
            {},
            {"swaps": [{**SWAP, "to": "2026-03-02"}]},
            "swaps[0].to: found '2026-03-03 00:00:00', expected a time after 2026-03-03 00:00:00",
        ),
        (
            {},
            {"swaps": [{**SWAP, "to": "2026-03-04 09:00+01:00"}]},
            "swaps[0].to: found '2026-03-04T09:00:00+01:00', expected a local time without a zone",
        ),
        ({}, {"gaps": [{"from": "soon", "to": "later"}]}, "gaps[0].from: found 'soon', expected a"),
        ({"start": 9}, {}, "teams.social.shifts[0].start: found 9, expected a local time"),
        ({"start": "1900-01-01"}, {}, "teams.social.shifts[0].start: found '1900-01-01 00:00:00'"),
        ({"end": "9"}, {}, "teams.social.shifts[0].end: found '9', expected a time of day such as"),
        ({"duration": "8h"}, {}, "teams.social.shifts[0].end: found 'both', expected an end"),
        ({"members": []}, {}, "teams.social.shifts[0].members: found (), expected at least one"),
        (
            {"members": ["anna", 1]},
            {},
            "teams.social.shifts[0].members[1]: found 1, expected a text",
        ),
        (
            {"turns": "5h"},
            {},
            "teams.social.shifts[0].turns: found '5:00:00', expected a number of",
        ),
        ({"turn": "1w"}, {}, "teams.social.shifts[0]: found 'turn', expected a key out of turns"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    shift: dict[str, Any], keys: dict[str, Any], message: str
) -> None:
    """The message names the document, the key, what was found and what would be right."""
    with pytest.raises(InvalidValue) as raised:
        rota({**OFFICE, **shift}, **keys)

    assert str(raised.value).startswith(f"rota: {message}")


@st.composite
def shifts(draw: st.DrawFn) -> dict[str, Any]:
    """A daily shift on quarters of an hour, of up to two days, around the end of March."""
    hours, quarters = st.integers(0, 23), st.sampled_from(("00", "15", "30"))
    return {
        "name": "any",
        "start": f"2026-03-{draw(st.integers(20, 28))} {draw(hours):02}:{draw(quarters)}",
        "duration": f"{draw(st.integers(1, 192)) * 15}m",
        "rule": draw(
            st.sampled_from(("FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY", WEEKDAYS))
        ),
        "members": draw(st.sampled_from((["anna"], ["bo", "cy"]))),
    }


@given(st.lists(shifts(), min_size=1, max_size=3), st.integers(0, 14 * 96))
@settings(deadline=None, max_examples=40)
def test_who_is_on_duty_is_whose_shifts_cover_the_wall(
    drawn: list[dict[str, Any]], quarter: int
) -> None:
    """At any quarter of two weeks with a clock change, it is what the wall and dateutil say."""
    at = datetime(2026, 3, 22, tzinfo=UTC) + quarter * timedelta(minutes=15)
    wall = at.astimezone(LONDON).replace(tzinfo=None)
    expected = set()
    for shift in drawn:
        start = datetime.fromisoformat(shift["start"])
        lasts = timedelta(minutes=int(shift["duration"][:-1]))
        for begins in rrulestr(shift["rule"], dtstart=start).between(
            start,
            datetime(2026, 5, 1),  # noqa: DTZ001 - a local time
            inc=True,
        ):
            if begins <= wall < begins + lasts:
                expected |= set(shift["members"])

    assert set(on(rota(*drawn), at)) == expected


@given(st.lists(shifts(), min_size=1, max_size=3), st.integers(0, 96 * 7), st.integers(1, 96 * 7))
@settings(deadline=None, max_examples=30)
def test_duty_and_uncovered_time_fill_every_stretch(
    drawn: list[dict[str, Any]], first: int, length: int
) -> None:
    """Stretches with somebody and with nobody follow one another without a hole."""
    found = rota(*drawn)
    start = datetime(2026, 3, 22, tzinfo=UTC) + first * timedelta(minutes=15)
    end = start + length * timedelta(minutes=15)
    duty = found.shifts("social", start, end)
    empty = found.uncovered("social", start, end)
    together = sorted((each.start, each.end) for each in (*duty, *empty))

    assert together[0][0] == start
    assert together[-1][1] == end
    assert all(one[1] == two[0] for one, two in pairwise(together))
    for each in duty:
        assert on(found, each.start) == each.members
