"""Laws that clocks keep over all conversations, hours, pauses and looks."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import attrs
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from builders import NINE, answers, asks, bot, talk
from promised import became
from promised import given as given_to
from socialcare.domain.conversation import Conversation
from socialcare.domain.hours import BusinessHours
from socialcare.domain.instants import epoch_second, from_epoch_second
from socialcare.domain.policy import AgentBegan, Automated, HoursApply, Pause, Target
from socialcare.domain.resolutions import resolution
from socialcare.domain.sla.attainment import attainment
from socialcare.domain.sla.clock import ClockState, Crossing, SlaClock, crossings, sla_clocks
from socialcare.domain.sla.facts import Fact, Facts
from socialcare.domain.sla.policy import SlaEntry, SlaPolicy
from socialcare.domain.sla.rules import (
    FollowUp,
    OnChange,
    Promised,
    Reopening,
    SlaPause,
    SlaRules,
)
from socialcare.domain.sla.time import CALENDAR_TIME, CountedTime, Hours
from socialcare.domain.threading import misdated, thread
from socialcare.domain.waits import waits
from strategies import assignments_for, logs, statuses_for

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
STARTS = (datetime(2026, 3, 28, 18, tzinfo=UTC), datetime(2026, 10, 24, 20, tzinfo=UTC))
LONG = bool(os.environ.get("SOCIALCARE_LONG"))
MANY = settings(deadline=None, max_examples=2000 if LONG else 50)
SOME = settings(deadline=None, max_examples=1000 if LONG else 20)
HOURS: tuple[BusinessHours | None, ...] = (
    None,
    BusinessHours.from_mapping(
        {"timezone": "Europe/London", "weekly": {"mon-fri": ["09:00-12:30", "13:00-17:30"]}}
    ),
    BusinessHours.from_mapping(
        {"timezone": "Europe/London", "weekly": {"mon-sat": "22:00-06:00", "sun": "00:00-24:00"}}
    ),
    BusinessHours.from_mapping(
        {
            "timezone": "America/New_York",
            "weekly": {"tue": "10:00-11:00"},
            "versions": [{"from": "2026-03-30", "weekly": {"mon-sun": "08:00-20:00"}}],
        }
    ),
)
"""None, office hours, nights over clock changes, and an hour a week that becomes twelve a day."""


@attrs.frozen(kw_only=True)
class Case:
    """A conversation with its tables, a policy, and an instant to look from."""

    conversation: Conversation
    policy: SlaPolicy
    facts: Facts
    misdated: frozenset[tuple[str, str]]
    now: datetime

    def clocks(self, now: datetime | None = None) -> tuple[SlaClock, ...]:
        """The clocks at a look."""
        return sla_clocks(
            self.conversation,
            self.policy,
            now=now or self.now,
            facts=self.facts,
            misdated=self.misdated,
        )


def rules() -> st.SearchStrategy[SlaRules]:
    """Every choice in every combination."""
    pause = st.builds(
        SlaPause,
        states=st.frozensets(st.sampled_from(("pending", "hold", "solved")), min_size=1),
        targets=st.frozensets(st.sampled_from(Promised), min_size=1),
    )
    return st.builds(
        SlaRules,
        follow_up=st.sampled_from(FollowUp),
        reopening=st.sampled_from(Reopening),
        on_change=st.sampled_from(OnChange),
        automated=st.sampled_from(Automated),
        agent_began=st.sampled_from(AgentBegan),
        pauses=st.lists(pause, max_size=2),
        hours_apply=st.sampled_from(HoursApply),
    )


def targets() -> st.SearchStrategy[dict[str, Any]]:
    """Targets from seven minutes to nine days, some missing."""
    some = st.sampled_from((None, 7 * MINUTE, 60 * MINUTE, timedelta(days=1), timedelta(days=9)))
    return st.fixed_dictionaries(
        {"first_response": some, "next_response": some, "resolution": some}
        | {"time_in_team": st.sampled_from(({}, {"*": 60 * MINUTE}, {"social": MINUTE}))}
    )


@st.composite
def policies(draw: st.DrawFn) -> SlaPolicy:
    """Two entries, one of which asks for something, in one of the hours."""
    hours = draw(st.sampled_from(HOURS))
    named = {} if hours is None else {"desk": hours}
    conditions: tuple[dict[str, Any], ...] = (
        {"priority": {"high"}},
        {"team": {"billing"}},
        {"channel": {"x"}},
        {},
    )
    asks = draw(st.sampled_from(conditions))
    entries = [
        SlaEntry(
            name="some", hours=draw(st.sampled_from((None, "calendar"))), **asks, **draw(targets())
        ),
        SlaEntry(name="all", **draw(targets())),
    ]
    return SlaPolicy(
        name="any",
        entries=draw(st.sampled_from((entries, entries[1:], entries[:1]))),
        rules=draw(rules()),
        hours=named,
        standard_hours="calendar" if hours is None else "desk",
        warnings=draw(st.sampled_from(((), (0.5, 0.8)))),
    )


@st.composite
def cases(draw: st.DrawFn, policy: st.SearchStrategy[SlaPolicy] | None = None) -> Case:
    """A conversation out of a log, with statuses, hands and priorities over time."""
    log = draw(logs(min_size=1, max_size=10))
    conversations = thread(log)
    assume(conversations)  # a log of broadcasts has none
    conversation = draw(st.sampled_from(conversations))
    own = conversation.messages
    statuses = draw(statuses_for(own))
    hands = draw(assignments_for(own))
    moments = [row.at for row in statuses] + [row.at for row in hands]
    moments += [each.sent_at for each in own]
    at = st.builds(
        lambda moment, step: moment + step,
        st.sampled_from(moments),
        st.sampled_from((timedelta(0), SECOND, 5 * MINUTE, timedelta(hours=3), timedelta(days=2))),
    )
    priority = st.builds(Fact, at=at, value=st.sampled_from(("high", "low", None)))
    return Case(
        conversation=attrs.evolve(
            conversation,
            statuses=tuple(_of(conversation, statuses)),
            assignments=tuple(_of(conversation, hands)),
        ),
        policy=draw(policies() if policy is None else policy),
        facts=Facts(priorities=draw(st.lists(priority, max_size=3))),
        misdated=frozenset(misdated(own)),
        now=draw(at),
    )


MOMENTS = st.integers(0, 100).map(lambda step: step * 7 * MINUTE)
"""Within half a day, so that much happens at once."""


@st.composite
def busy(draw: st.DrawFn) -> Case:
    """A few messages, statuses, hands and priorities in half a day, under targets of that size."""
    said = st.sampled_from((asks, asks, answers, bot))
    steps = sorted(draw(st.sets(st.integers(0, 100), min_size=1, max_size=6)))
    status = st.builds(
        became, MOMENTS.map(NINE.__add__), st.sampled_from(("open", "hold", "solved"))
    )
    hands = st.builds(
        given_to, MOMENTS.map(NINE.__add__), st.sampled_from(("billing", "social", None))
    )
    priority = st.builds(
        Fact, at=MOMENTS.map(NINE.__add__), value=st.sampled_from(("high", "low", None))
    )
    amounts = st.integers(1, 40).map(lambda number: number * 7 * MINUTE)
    promised: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
        dict.fromkeys(("first_response", "next_response", "resolution"), amounts)
    )
    asked: tuple[dict[str, Any], ...] = ({"priority": {"high"}}, {"team": {"billing"}})
    entries = [
        SlaEntry(name="some", **draw(st.sampled_from(asked)), **draw(promised)),
        SlaEntry(name="all", time_in_team={"*": draw(amounts)}, **draw(promised)),
    ]
    return Case(
        conversation=talk(
            *(draw(said)(7 * step) for step in steps),
            statuses=tuple(draw(st.lists(status, max_size=4))),
            assignments=tuple(draw(st.lists(hands, max_size=3))),
        ),
        policy=SlaPolicy(
            name="busy",
            entries=entries[: draw(st.sampled_from((1, 2, 2)))],
            rules=draw(rules()),
            warnings=draw(st.sampled_from(((), (0.5,)))),
        ),
        facts=Facts(priorities=draw(st.lists(priority, max_size=4))),
        misdated=frozenset(),
        now=NINE + draw(MOMENTS) * 2,
    )


def _of(conversation: Conversation, rows: Sequence[Any]) -> list[Any]:
    return [attrs.evolve(row, conversation_id=conversation.id) for row in rows]


def floored(at: datetime) -> datetime:
    """The instant, floored to its second."""
    return from_epoch_second(epoch_second(at))


# Time that counts


@st.composite
def times(draw: st.DrawFn) -> tuple[CountedTime, datetime]:
    """Hours, pauses in any order, some overlapping, perhaps one without an end, and a start."""
    hours: Hours = draw(st.sampled_from(HOURS)) or CALENDAR_TIME
    start = draw(st.sampled_from(STARTS)) + draw(st.integers(0, 5000)) * MINUTE
    minutes = st.integers(-2000, 9000)
    pauses: list[tuple[datetime, datetime | None]] = []
    for first, length in draw(st.lists(st.tuples(minutes, st.integers(0, 3000)), max_size=4)):
        begins = start + first * MINUTE
        pauses.append((begins, begins + length * MINUTE))
    if draw(st.booleans()):
        pauses.append((start + draw(minutes) * MINUTE, None))
    return CountedTime(hours=hours, pauses=pauses), start


@given(times(), st.integers(1, 6000))
@MANY
def test_deadline_is_the_inverse_of_elapsed(
    drawn: tuple[CountedTime, datetime], minutes: int
) -> None:
    """By the deadline just so much has counted, under any hours and pauses, and never earlier."""
    (time, start), amount = drawn, minutes * MINUTE
    due = time.reached(start, amount)

    if due is not None:
        assert time.elapsed(start, due) == amount
        assert time.elapsed(start, due - SECOND) < amount


@given(times(), st.integers(0, 6000))
@MANY
def test_time_is_exceeded_from_the_last_instant_on(
    drawn: tuple[CountedTime, datetime], minutes: int
) -> None:
    """At the instant at which an amount is exceeded just so much has counted, and then more."""
    (time, start), amount = drawn, minutes * MINUTE
    passed = time.exceeded(start, amount)

    if passed is not None:
        assert time.elapsed(start, passed) == amount
        assert time.elapsed(start, passed + SECOND) > amount


@given(times(), st.integers(0, 5000), st.integers(0, 5000))
@MANY
def test_counted_time_adds_up(drawn: tuple[CountedTime, datetime], one: int, two: int) -> None:
    """From a to c is from a to b and from b to c."""
    time, a = drawn
    b, c = a + one * MINUTE, a + (one + two) * MINUTE

    assert time.elapsed(a, c) == time.elapsed(a, b) + time.elapsed(b, c)


@given(times(), st.integers(1, 6000))
@MANY
def test_what_never_is_reached_is_not_reached_in_years(
    drawn: tuple[CountedTime, datetime], minutes: int
) -> None:
    """No deadline means that not so much is counted in ten years."""
    (time, start), amount = drawn, minutes * MINUTE

    if time.reached(start, amount) is None:
        assert time.elapsed(start, start + timedelta(days=3650)) < amount


# Clocks


@given(busy())
@MANY
def test_time_is_left_until_a_clock_is_due(case: Case) -> None:
    """Before the deadline some time is left, and from it on none."""
    for clock in case.clocks():
        if clock.pending and clock.due_at is not None:
            assert (clock.remaining > timedelta(0)) is (clock.as_of < clock.due_at)


@given(
    busy(),
    st.lists(st.integers(0, 300_000), min_size=1, max_size=6),
    st.booleans(),
)
@MANY
def test_no_sequence_of_looks_changes_what_is_crossed(
    case: Case, steps: list[int], fine: bool
) -> None:
    """Looks whose intervals follow one another find every warning and breach exactly once."""
    start = case.conversation.messages[0].sent_at - timedelta(days=1)
    looks = [start]
    for step in steps:
        looks.append(looks[-1] + timedelta(seconds=step // (50 if fine else 1)))
    looks.append(max(looks[-1], case.now))
    found: list[Crossing] = []
    for since, until in pairwise(looks):
        found += crossings(case.clocks(until), since, until)
    at_once = crossings(case.clocks(looks[-1]), None, looks[-1])

    assert sorted(map(repr, found)) == sorted(map(repr, at_once))
    assert len(set(found)) == len(found)


@given(busy())
@MANY
def test_a_second_look_moves_no_crossing(case: Case) -> None:
    """Looking at each crossing, and a second after it, finds it at its instant and not before."""
    for crossing in crossings(case.clocks(), None, case.now):
        at = crossing.at
        before = crossings(case.clocks(at), None, at)
        after = crossings(case.clocks(at + SECOND), None, at + SECOND)

        assert crossing not in before
        assert crossing in after


@given(busy())
@MANY
def test_a_breached_clock_says_since_when(case: Case) -> None:
    """Breached are those that have passed their target, and only those."""
    for clock in case.clocks():
        late = [each for each in clock.crossings if each.is_breach]

        assert (clock.state is ClockState.BREACHED) is (clock.breached_at is not None)
        if clock.breached_at is not None:
            assert clock.breached_at == late[-1].at
            assert clock.elapsed > clock.promised
        if clock.state is ClockState.MET:
            assert clock.elapsed <= clock.promised


# Against the waits and resolutions of the metrics

PAUSES = {
    Promised.FIRST_RESPONSE: Target.FIRST_RESPONSE,
    Promised.NEXT_RESPONSE: Target.NEXT_RESPONSE,
    Promised.RESOLUTION: Target.RESOLUTION,
}


@st.composite
def plain(draw: st.DrawFn) -> SlaPolicy:
    """One entry, and choices that the metrics have too."""
    hours = draw(st.sampled_from(HOURS))
    drawn = draw(rules())
    return SlaPolicy(
        name="plain",
        entries=[SlaEntry(name="all", **{**draw(targets()), "time_in_team": {}})],
        rules=attrs.evolve(drawn, follow_up=FollowUp.FIRST, reopening=Reopening.CONTINUE),
        hours={} if hours is None else {"desk": hours},
        standard_hours="calendar" if hours is None else "desk",
    )


def measured(case: Case) -> tuple[Any, BusinessHours | None]:
    """The measurement policy and the hours that say the same as the rules."""
    own = case.policy.rules
    pauses = [
        Pause(states=each.states, targets={PAUSES[t] for t in each.targets if t in PAUSES})
        for each in own.pauses
        if any(target in PAUSES for target in each.targets)
    ]
    policy = attrs.evolve(own.measurement, pauses=pauses, hours_apply=own.hours_apply)
    return policy, dict(case.policy.hours).get("desk")


@given(cases(plain()))
@SOME
def test_clocks_for_responses_measure_the_waits_of_the_metrics(case: Case) -> None:
    """As much time is used as the wait has, and the same message opens it and closes it."""
    policy, hours = measured(case)
    expected = {
        (Promised(wait.target.value), floored(wait.opened_at)): (
            wait.closed_at and floored(wait.closed_at),
            wait.calendar_seconds if hours is None else wait.business_seconds,
        )
        for wait in waits(
            case.conversation,
            as_of=case.now,
            policy=policy,
            hours=hours,
            statuses=case.conversation.statuses,
            misdated=case.misdated,
        )
        if case.policy.entries[0].promise(Promised(wait.target.value)) is not None
    }
    found = {
        (clock.target, clock.opened_at): (clock.closed_at, clock.elapsed // SECOND)
        for clock in case.clocks()
        if clock.target is not Promised.RESOLUTION and clock.state is not ClockState.WITHDRAWN
    }

    assert found == expected


@given(cases(plain()))
@SOME
def test_attainment_is_that_of_the_metrics(case: Case) -> None:
    """Met and breached are as many as the seconds of waits say; the rest is undecided."""
    policy, hours = measured(case)
    entry = case.policy.entries[0]
    rows = waits(
        case.conversation,
        as_of=case.now,
        policy=policy,
        hours=hours,
        statuses=case.conversation.statuses,
        misdated=case.misdated,
    )
    judged = [
        (
            (wait.calendar_seconds if hours is None else wait.business_seconds or 0)
            <= promised.total_seconds(),
            wait.pending,
        )
        for wait in rows
        if (promised := entry.promise(Promised(wait.target.value))) is not None
    ]
    found = attainment(each for each in case.clocks() if each.target is not Promised.RESOLUTION)

    assert found.met == judged.count((True, False))
    assert found.breached == sum(not within for within, _ in judged)
    assert found.undecided == judged.count((True, True))


@given(cases(plain()))
@SOME
def test_clocks_for_resolutions_measure_those_of_the_metrics(case: Case) -> None:
    """Where statuses say what is settled, as much time is used as the resolution has."""
    policy, hours = measured(case)
    rows = case.conversation.statuses
    first = min((row.at for row in rows), default=None)
    thanked = any("hank" in (message.text or "") for message in case.conversation.customer_messages)
    if first is None or first > case.now or thanked:
        return
    expected = resolution(
        case.conversation,
        as_of=case.now,
        policy=policy,
        hours=hours,
        statuses=rows,
        misdated=case.misdated,
    )
    found = [clock for clock in case.clocks() if clock.target is Promised.RESOLUTION]
    if expected is None or case.policy.entries[0].resolution is None:
        assert found == []
    else:
        (clock,) = found
        seconds = expected.calendar_seconds if hours is None else expected.business_seconds
        assert clock.closed_at == (expected.resolved_at and floored(expected.resolved_at))
        assert clock.elapsed // SECOND == seconds
