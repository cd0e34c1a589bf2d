"""What time does to what is escalated follows from log, map and rota, whoever looks and when."""

from datetime import datetime, timedelta
from typing import Any

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from socialcare.domain.actor import Actor
from socialcare.domain.escalation import EscalationMap
from socialcare.domain.escalation.steps import Clock
from socialcare.domain.events import (
    Assigned,
    Because,
    Cause,
    Escalated,
    Event,
    Merged,
    MessageReceived,
    Recorded,
    Resolved,
    Returned,
    Taken,
)
from socialcare.domain.folding import fold, summary_of
from socialcare.domain.gathering import gathered
from socialcare.domain.handover import Escalation
from socialcare.domain.rota import Rota
from socialcare.testing.builders import NINE, answers, asks, at

ANNA = Actor(id="anna")
LAW = {"name": "law", "query": "sue", "answered_by": "team", "team": "legal"}
LATE = {
    "name": "late",
    "query": "late",
    "answered_by": "agents",
    "team": "social",
    "steps": [{"after": "20m"}, {"after": "1h", "level": "director"}],
}
LEVELS = ["team_leader", {"name": "director", "team": "directors"}, {"name": "board", "team": "b"}]
STEPS = [{"after": "30m"}, {"after": "2h"}]


def map_of(*entries: dict[str, Any], **given: Any) -> EscalationMap:
    """A map of these entries, with three levels and two steps."""
    return EscalationMap.from_mapping(
        {"entries": list(entries) or [LAW, LATE], "levels": LEVELS, "steps": STEPS, **given}
    )


def rota(**teams: tuple[str, str]) -> Rota:
    """A rota of teams of one, each from when to how long every day."""
    shifts = {
        name: {
            "shifts": [
                {
                    "name": "day",
                    "start": f"2026-01-05 {start}",
                    "duration": lasts,
                    "members": [f"{name}-1"],
                }
            ]
        }
        for name, (start, lasts) in teams.items()
    }
    return Rota.from_mapping({"timezone": "UTC", "teams": shifts})


def escalated(minutes: float = 0, **given: Any) -> Escalated:
    """An escalation to the lawyers."""
    fields: dict[str, Any] = {
        "conversation": "c",
        "at": at(minutes),
        "by": ANNA,
        "escalation": "c#1",
        "level": "team_leader",
        "team_id": "legal",
        "reason": "law",
        "because": "map",
        "entry": "law",
    }
    return Escalated(**(fields | given))


def taken(minutes: float, agent: str = "lena", escalation: str = "c#1") -> Taken:
    """Somebody took it."""
    return Taken(conversation="c", at=at(minutes), by=ANNA, escalation=escalation, agent_id=agent)


def told(*events: Event) -> Escalation:
    """The escalation that these events make."""
    log = [Recorded(position=place, event=event) for place, event in enumerate(events)]
    return gathered("c", log).escalations.all[-1]


def went(clock: Clock, escalation: Escalation, now: datetime) -> list[tuple[int, str, str, str]]:
    """After how many minutes it went to which level and team, and why."""
    return [
        (round((each.at - NINE) / timedelta(minutes=1)), each.level, each.team_id, each.because)
        for each in clock.gone_on(escalation, conversation="c", by=ANNA, now=now)
    ]


def test_goes_on_while_nobody_takes_it() -> None:
    """Step by step, and then the last level is told again and again."""
    found = went(Clock(map=map_of(repeat="3h")), told(escalated()), at(9 * 60))

    assert found == [
        (30, "director", "directors", "untaken"),
        (120, "board", "b", "untaken"),
        (300, "board", "b", "repeated"),
        (480, "board", "b", "repeated"),
    ]


@given(st.lists(st.integers(0, 1000), max_size=8))
@settings(max_examples=50)
def test_it_makes_no_difference_when_somebody_looks(looks: list[int]) -> None:
    """The same steps at the same instants, however often and late."""
    clock = Clock(map=map_of(repeat="3h"), rota=rota(directors=("10:00", "1h")))
    written: list[Event] = []
    for minutes in (*sorted(looks), 1000):
        by_then = told(escalated(), *written)
        written += clock.gone_on(by_then, conversation="c", by=ANNA, now=at(minutes))

    assert written == list(
        clock.gone_on(told(escalated()), conversation="c", by=ANNA, now=at(1000))
    )


def test_what_is_taken_goes_on_if_it_takes_too_long() -> None:
    """To the next level, and its steps count from there."""
    clock = Clock(map=map_of(hold="4h"))
    held = told(escalated(), taken(10))

    assert went(clock, held, at(250)) == [(250, "director", "directors", "held")]
    assert went(clock, held, at(249)) == []
    assert went(clock, held, at(340))[1:] == [(340, "board", "b", "untaken")]


def test_nobody_on_duty_is_the_next_step_at_once() -> None:
    """It is told who was on duty, and that nobody was."""
    clock = Clock(
        map=map_of(),
        rota=rota(legal=("12:00", "4h"), directors=("12:00", "4h"), b=("00:00", "24h")),
    )
    events = list(clock.gone_on(told(escalated()), conversation="c", by=ANNA, now=NINE))

    assert [(each.at, each.level, each.because) for each in events] == [
        (NINE, "director", Cause.NOBODY_ON_DUTY),
        (NINE, "board", Cause.NOBODY_ON_DUTY),
    ]
    assert [each.told for each in events] == [(), ("b-1",)]


def test_nothing_goes_on_while_the_hours_are_closed() -> None:
    """Neither by time nor for want of people: the shop is closed."""
    office = {"office": {"timezone": "UTC", "weekly": {"mon-sun": "10:00-18:00"}}}
    map_ = map_of(LAW | {"hours": "office"}, hours=office)
    clock = Clock(map=map_, rota=rota(legal=("10:00", "8h"), directors=("10:00", "8h")))

    assert went(clock, told(escalated()), at(89)) == []
    assert went(clock, told(escalated()), at(90)) == [(90, "director", "directors", "untaken")]
    without = Clock(map=map_, rota=rota(legal=("12:00", "8h"), directors=("10:00", "8h")))
    assert went(without, told(escalated()), at(60)) == [
        (60, "director", "directors", "nobody_on_duty")
    ]


def test_what_agents_do_not_answer_in_time_goes_to_the_team_leader() -> None:
    """The clock begins when the customer does, and goes on by the steps of the entry."""
    clock = Clock(map=map_of())
    entry = clock.map.entry("late")
    assert entry is not None
    step = clock.unanswered(entry, NINE)

    assert step is not None
    assert (step.at, step.level, step.team) == (at(20), "team_leader", "social")
    began = escalated(20, level=step.level, team_id=step.team, entry="late", step=1)
    began = attrs.evolve(began, because=step.because)
    assert went(clock, told(began), at(60)) == [(60, "director", "directors", "untaken")]
    law = clock.map.entry("law")
    assert law is not None
    assert clock.unanswered(law, NINE) is None


def test_another_map_goes_on_from_where_it_is() -> None:
    """An entry that is gone goes by the steps of the map; what is overdue goes now, not before."""
    clock = Clock(map=map_of(LATE))
    gone = told(escalated(0, level="director", team_id="directors", entry="gone"))

    assert went(clock, gone, at(300)) == [(30, "board", "b", "untaken")]


# As the log tells it


def conversation(*events: Event) -> Any:
    """The conversation of these events, after ada asked."""
    asked = MessageReceived(conversation="c", at=NINE, by=ANNA, message=asks(0))
    every = (asked, *events)
    return fold("c", [Recorded(position=n, event=each) for n, each in enumerate(every, 1)])


def test_an_escalated_conversation_is_in_the_queue_of_its_team() -> None:
    """Also while the customer was answered, until it is handed back."""
    answered = MessageReceived(conversation="c", at=at(2), by=ANNA, message=answers(2))
    back = Returned(
        conversation="c", at=at(9), by=ANNA, escalation="c#1", agent_id="anna", team_id="social"
    )
    assigned = Assigned(conversation="c", at=NINE, by=ANNA, agent_id="anna", team_id="social")
    before = (assigned, escalated(1), answered)

    found = summary_of(conversation(*before))
    assert (found.team_id, found.agent_id, found.level) == ("legal", None, "team_leader")
    assert (found.waiting_since, found.turn_at) == (None, at(1))
    found = summary_of(conversation(*before, taken(5)))
    assert (found.team_id, found.agent_id, found.turn_at) == ("legal", "lena", at(1))
    found = summary_of(conversation(*before, taken(5), back))
    assert (found.team_id, found.agent_id, found.level, found.turn_at) == (
        "social",
        "anna",
        None,
        None,
    )


def test_what_nobody_took_does_not_end_by_being_settled() -> None:
    """Whoever closes what others had to see does not take it from them."""
    resolved = Resolved(conversation="c", at=at(5), by=ANNA)

    found = conversation(escalated(1), resolved)
    assert found.escalation is not None
    assert summary_of(found).turn_at == at(1)
    found = conversation(escalated(1), taken(3), resolved)
    assert found.escalation is None
    assert found.escalations[0].ended_at == at(5)


def test_stays_are_the_rows_of_the_table() -> None:
    """Each with when it was taken and when it left that level."""
    higher = escalated(30, level="director", team_id="directors", because="untaken", step=1)
    back = Returned(conversation="c", at=at(50), by=ANNA, escalation="c#1", note="say sorry")
    found = told(escalated(0, note="he was rude"), higher, taken(40, "gita"), back)

    assert [(each.level, each.taken_at, each.returned_at) for each in found.stays] == [
        ("team_leader", None, at(30)),
        ("director", at(40), at(50)),
    ]
    assert found.notes == ("he was rude", "say sorry")
    assert not found.is_open


def test_merged_conversations_keep_both_of_their_escalations() -> None:
    """One ends by being handed back, and then the other one holds again."""
    other = escalated(2, conversation="d", escalation="d#1", team_id="safety", entry="fire")
    merged = Merged(conversation="c", at=at(3), by=ANNA, other="d", because=Because.PERSON)
    back = Returned(conversation="c", at=at(4), by=ANNA, escalation="d#1")
    resolved = Resolved(conversation="c", at=at(6), by=ANNA)
    both = (escalated(1), other, merged)

    step = escalated(31, level="director", team_id="directors", because="untaken", step=1)

    assert summary_of(conversation(*both)).team_id == "safety"
    assert summary_of(conversation(*both, step)).team_id == "safety"
    assert summary_of(conversation(*both, back)).team_id == "legal"
    settled = conversation(*both, taken(5, escalation="d#1"), resolved)
    assert [each.is_open for each in settled.escalations] == [True, False]


def test_what_comes_while_it_is_open_is_covered_by_it() -> None:
    """And what comes afterwards is not; nor what goes to another team."""
    more = MessageReceived(conversation="c", at=at(2), by=ANNA, message=asks(2))
    later = MessageReceived(conversation="c", at=at(9), by=ANNA, message=asks(9))
    back = Returned(conversation="c", at=at(4), by=ANNA, escalation="c#1")
    found = told(escalated(1, messages=(("fake", "m0"),)), more, back, later)

    covered = [found.covers(("fake", f"m{n}"), entry="law", team="x") for n in (0, 2, 9)]
    assert covered == [True, True, False]
    assert not found.covers(("fake", "m0"), entry="fire", team="safety")
