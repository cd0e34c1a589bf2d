"""Clocks, one behaviour at a time."""

from datetime import timedelta
from typing import Any

import pytest

from builders import NINE, answers, asks, at, bot, note, peer, talk
from promised import became, clock, given, promising
from socialcare.domain.sla.attainment import attainment, what_if
from socialcare.domain.sla.clock import ClockState, SlaClock, crossings, sla_clocks
from socialcare.domain.sla.facts import Fact, Facts
from socialcare.domain.sla.rules import Promised
from socialcare.errors import InvalidValue, NaiveDatetime

FIRST, NEXT, RESOLUTION, TEAM = Promised
HOUR = timedelta(hours=1)
WEEK = at(7 * 24 * 60)
DESK = {"mon-fri": "09:00-17:30"}


def crossed(found: SlaClock) -> list[tuple[float, float]]:
    """The shares that a clock has passed, and the minutes after nine at which it did."""
    return [(each.share, (each.at - NINE) / timedelta(minutes=1)) for each in found.crossings]


def test_a_response_in_time_is_met() -> None:
    """Answered within the hour: met, with what it took and what was left."""
    found = clock(talk(asks(0), answers(40)), promising(first_response="1h"), FIRST, now=at(50))

    assert (found.state, found.closed_at) == (ClockState.MET, at(40))
    assert (found.elapsed, found.remaining) == (timedelta(minutes=40), timedelta(minutes=20))
    assert (found.due_at, found.breached_at) == (at(60), None)


def test_a_response_at_the_last_second_is_in_time() -> None:
    """No more than the target was used at the deadline itself."""
    found = clock(talk(asks(0), answers(60)), promising(first_response="1h"), FIRST, now=WEEK)

    assert found.state is ClockState.MET
    assert found.crossings == ()


def test_a_pending_promise_is_undecided_until_its_target_has_passed() -> None:
    """At the deadline it still runs, a second later it is breached since the deadline."""
    policy, asked = promising(first_response="1h"), talk(asks(0))
    due = clock(asked, policy, FIRST, now=at(60))
    late = clock(asked, policy, FIRST, now=at(60) + timedelta(seconds=1))

    assert due.state is ClockState.RUNNING
    assert (late.state, late.breached_at) == (ClockState.BREACHED, at(60))


def test_a_breach_between_two_looks_is_found_once() -> None:
    """Breached at ten, answered at five past, looked at nine and at eleven."""
    policy, asked = promising(first_response="1h"), talk(asks(0), answers(65))
    looks = [
        crossings(sla_clocks(asked, policy, now=until), since, until)
        for since, until in ((None, at(0)), (at(0), at(120)), (at(120), at(180)))
    ]

    assert [[each.at for each in found] for found in looks] == [[], [at(60)], []]


def test_warnings_come_at_shares_of_the_target() -> None:
    """At half and at four fifths of the hour, and then the breach."""
    policy = promising(first_response="1h", warnings=[0.8, 0.5])
    found = clock(talk(asks(0)), policy, FIRST, now=at(90))
    warned = clock(talk(asks(0)), policy, FIRST, now=at(40))

    assert crossed(found) == [(0.5, 30), (0.8, 48), (1.0, 60)]
    assert (warned.state, warned.next_at) == (ClockState.WARNED, at(48))
    assert [each.share for each in warned.warnings] == [0.5]


def test_an_entry_can_warn_at_shares_of_its_own() -> None:
    """What an entry says of warnings stands in the place of the policy's."""
    policy = promising(
        warnings=[0.8], entries=[{"name": "all", "first_response": "1h", "warnings": [0.25]}]
    )

    assert crossed(clock(talk(asks(0)), policy, FIRST, now=at(50))) == [(0.25, 15)]


def test_a_crossing_in_the_future_can_not_be_asked_for() -> None:
    """Clocks know nothing of what comes after their look."""
    clocks = sla_clocks(talk(asks(0)), promising(first_response="1h"), now=at(10))

    with pytest.raises(InvalidValue, match="no later than the look"):
        crossings(clocks, None, at(11))


def test_business_hours_count() -> None:
    """An hour from 17:00 on Monday is half an hour then and half on Tuesday."""
    policy = promising(first_response="1h", weekly=DESK)

    assert clock(talk(asks(480)), policy, FIRST, now=at(480)).due_at == at(24 * 60 + 30)


def test_an_entry_can_count_calendar_time() -> None:
    """The name `calendar` is time around the clock, whatever the standard is."""
    policy = promising(
        weekly=DESK, entries=[{"name": "all", "first_response": "1h", "hours": "calendar"}]
    )

    assert clock(talk(asks(480)), policy, FIRST, now=at(480)).due_at == at(540)


def test_a_deadline_at_the_close_is_not_missed_overnight() -> None:
    """Due when the desk closes, answered before it opens again: no more time has passed."""
    policy, target = promising(first_response="1h", weekly=DESK), FIRST
    answered = clock(talk(asks(450), answers(900)), policy, target, now=WEEK)
    silent = clock(talk(asks(450)), policy, target, now=WEEK)

    assert (answered.due_at, answered.state) == (at(510), ClockState.MET)
    assert silent.breached_at == at(24 * 60)


@pytest.mark.parametrize(
    ("follow_up", "opened", "due"),
    [("first", 20, 80), ("last", 20, 110), ("previous_reply", 10, 70)],
)
def test_where_the_clock_of_a_follow_up_runs_from(follow_up: str, opened: int, due: int) -> None:
    """From the first unanswered message, from the last, or from our previous reply."""
    policy = promising(rules={"follow_up": follow_up}, next_response="1h")
    talked = talk(asks(0), answers(10), asks(20), asks(50))
    found = clock(talked, policy, NEXT, now=at(55))

    assert (found.opened_at, found.due_at) == (at(opened), at(due))


def test_a_further_message_takes_a_breach_back_where_it_starts_the_clock_again() -> None:
    """Breached after an hour, restarted by another message, and breached by it once more."""
    policy = promising(rules={"follow_up": "last"}, next_response="1h")
    talked = talk(asks(0), answers(10), asks(20), asks(90))
    found = clock(talked, policy, NEXT, now=at(200))

    assert crossed(found) == [(1.0, 80), (1.0, 150)]
    assert clock(talked, policy, NEXT, now=at(100)).state is ClockState.RUNNING


def test_a_clock_from_the_previous_reply_ends_when_it_is_settled() -> None:
    """A resolution withdraws what runs from reply to reply, and a reopening begins it again."""
    policy = promising(rules={"follow_up": "previous_reply"}, next_response="1h")
    talked = talk(asks(0), answers(10), asks(50), statuses=[became(at(30), "resolved")])
    one, two = (clock(talked, policy, NEXT, now=at(60), place=place) for place in (0, 1))

    assert (one.state, one.closed_at) == (ClockState.WITHDRAWN, at(30))
    assert (two.opened_at, two.due_at) == (at(50), at(110))


@pytest.mark.parametrize(
    ("reopening", "expected"),
    [
        ("continue", [(ClockState.BREACHED, 0, 90, 60)]),
        ("restart", [(ClockState.MET, 60, 90, None)]),
        ("new", [(ClockState.MET, 0, 30, None), (ClockState.MET, 60, 90, None)]),
        ("ignore", [(ClockState.MET, 0, 30, None)]),
    ],
)
def test_what_a_reopening_does(
    reopening: str, expected: list[tuple[ClockState, int, int, int | None]]
) -> None:
    """Settled after half an hour, reopened after one, settled again after one and a half."""
    policy = promising(rules={"reopening": reopening}, resolution="50m")
    talked = talk(
        asks(0),
        asks(60, text="It broke again"),
        statuses=[became(at(30), "resolved"), became(at(90), "resolved")],
    )
    clocks = [each for each in sla_clocks(talked, policy, now=WEEK) if each.target is RESOLUTION]

    assert len(clocks) == len(expected)
    for found, (state, since, until, breached) in zip(clocks, expected, strict=True):
        assert (found.state, found.closed_at) == (state, at(until))
        assert found.breached_at == (None if breached is None else at(breached))
        if reopening != "continue":
            assert found.elapsed == timedelta(minutes=until - since)


def test_settled_time_can_be_a_pause() -> None:
    """Where being resolved pauses, what was reopened goes on from where it was."""
    rules = {"pauses": [{"states": ["resolved"], "targets": ["resolution"]}]}
    talked = talk(
        asks(0),
        asks(60, text="It broke again"),
        statuses=[became(at(30), "resolved"), became(at(60), "open")],
    )
    found = clock(talked, promising(rules=rules, resolution="50m"), RESOLUTION, now=at(65))

    assert (found.elapsed, found.due_at) == (timedelta(minutes=35), at(80))
    assert found.paused == ((at(30), at(60)),)


def test_what_was_settled_before_the_customer_wrote_is_not() -> None:
    """A status from before the first question settles nothing that was asked after it."""
    talked = talk(answers(0), asks(20, text="Thanks"), statuses=[became(at(10), "resolved")])
    found = clock(talked, promising(resolution="1d"), RESOLUTION, now=at(30))

    assert (found.opened_at, found.closed_at) == (at(20), None)


def test_thanks_settle_what_has_no_status() -> None:
    """The customer's thanks after a response resolve, and a further question opens again."""
    policy = promising(resolution="1d")
    thanked = talk(asks(0), answers(10), asks(20, text="Thank you!"))
    asked_on = talk(*thanked.messages, asks(30, text="One more question"))

    assert clock(thanked, policy, RESOLUTION, now=WEEK).closed_at == at(20)
    assert clock(asked_on, policy, RESOLUTION, now=at(40)).closed_at is None


def test_a_pause_moves_the_deadline() -> None:
    """Ten minutes on hold are not counted, and without an end nothing is due."""
    rules = {"pauses": [{"states": ["Hold"]}]}
    policy = promising(rules=rules, first_response="1h")
    held = talk(asks(0), statuses=[became(at(20), "hold")])
    again = talk(asks(0), statuses=[became(at(20), "hold"), became(at(30), "open")])
    paused = clock(held, policy, FIRST, now=at(25))

    assert (paused.state, paused.due_at, paused.next_at) == (ClockState.PAUSED, None, None)
    assert (paused.elapsed, paused.paused) == (timedelta(minutes=20), ((at(20), None),))
    assert clock(again, policy, FIRST, now=at(40)).due_at == at(70)


def test_an_archived_conversation_waits_for_nobody() -> None:
    """Put away as needing no answer, its clocks stand still."""
    archived = talk(asks(0), statuses=[became(at(10), "archived")])

    assert (
        clock(archived, promising(first_response="1h"), FIRST, now=WEEK).state is ClockState.PAUSED
    )


def test_an_archived_conversation_is_open_again_once_the_customer_asks() -> None:
    """Its clocks go on from then, though no status says so; mere thanks open nothing."""
    archived = [became(at(10), "archived")]
    spoken = talk(asks(0), asks(50, text="Thanks!"), asks(100), statuses=archived)
    found = clock(spoken, promising(first_response="1h"), Promised.FIRST_RESPONSE, now=at(120))

    assert found.paused == ((at(10), at(100)),)
    assert found.due_at == at(150)


def test_states_that_are_all_known_decide_alone() -> None:
    """Where every state is told, pauses go by them, and nobody waits in what is settled."""
    states = [
        Fact(at=at(minute), value=state)
        for minute, state in ((0, "new"), (10, "resolved"), (40, "open"), (50, "waiting"))
    ]
    policy = promising(rules={"pauses": [{"states": ["waiting"]}]}, first_response="1h")
    found = clock(
        talk(asks(0), statuses=[became(at(20), "waiting")]),
        policy,
        Promised.FIRST_RESPONSE,
        now=at(90),
        facts=Facts(states=states),
    )

    assert found.paused == ((at(10), at(40)), (at(50), None))
    assert found.elapsed == timedelta(minutes=20)


@pytest.mark.parametrize(
    ("automated", "state"),
    [
        ("ignore", ClockState.RUNNING),
        ("stop", ClockState.WITHDRAWN),
        ("count", ClockState.MET),
    ],
)
def test_what_an_automated_reply_does(automated: str, state: ClockState) -> None:
    """It does nothing, ends the wait without an answer, or answers."""
    policy = promising(rules={"automated": automated}, first_response="1h")

    assert clock(talk(asks(0), bot(1)), policy, FIRST, now=at(30)).state is state


@pytest.mark.parametrize(
    ("responses", "message", "state"),
    [
        (["public"], note(5), ClockState.RUNNING),
        (["public", "internal"], note(5), ClockState.MET),
        (["public"], peer(5), ClockState.RUNNING),
        (["public", "peer"], peer(5), ClockState.MET),
    ],
)
def test_notes_and_peers_answer_only_where_the_rules_say_so(
    responses: list[str], message: Any, state: ClockState
) -> None:
    """A note and another customer's answer are no response by default."""
    policy = promising(rules={"responses": responses}, first_response="1h")

    assert clock(talk(asks(0), message), policy, FIRST, now=at(30)).state is state


ENTRIES = [
    {"name": "urgent", "priority": ["urgent"], "first_response": "30m"},
    {"name": "all", "first_response": "2h"},
]


@pytest.mark.parametrize(
    ("on_change", "due", "crossing"),
    [("retarget", 30, [(1.0, 60)]), ("restart", 90, [(1.0, 90)]), ("keep", 120, [])],
)
def test_what_a_change_of_priority_does(
    on_change: str, due: int, crossing: list[tuple[float, float]]
) -> None:
    """Urgent after an hour: late at once, half an hour from then on, or as before."""
    policy = promising(rules={"on_change": on_change}, entries=ENTRIES)
    facts = Facts(priorities=[Fact(at=at(0), value="normal"), Fact(at=at(60), value="urgent")])
    found = clock(talk(asks(0)), policy, FIRST, now=at(100), facts=facts)

    assert found.due_at == at(due)
    assert crossed(found) == crossing


def test_a_priority_that_is_learnt_after_the_opening_is_kept() -> None:
    """Rules rank a message a moment after it came: that is no change."""
    policy = promising(rules={"on_change": "keep"}, entries=ENTRIES)
    facts = Facts(priorities=[Fact(at=at(1), value="urgent"), Fact(at=at(10), value="normal")])

    assert clock(talk(asks(0)), policy, FIRST, now=at(20), facts=facts).due_at == at(30)


def test_a_looser_target_takes_a_breach_back_but_not_its_crossing() -> None:
    """What was late and is no more is running, and was late when it was."""
    policy = promising(entries=ENTRIES)
    facts = Facts(priorities=[Fact(at=at(0), value="urgent"), Fact(at=at(60), value="low")])
    found = clock(talk(asks(0)), policy, FIRST, now=at(70), facts=facts)

    assert (found.state, found.breached_at) == (ClockState.RUNNING, None)
    assert crossed(found) == [(1.0, 30)]


def test_what_stays_late_is_late_once() -> None:
    """Another target that is used up as well is no second breach."""
    entries = [ENTRIES[0], {"name": "all", "first_response": "40m"}]
    facts = Facts(priorities=[Fact(at=at(0), value="urgent"), Fact(at=at(60), value="low")])
    found = clock(talk(asks(0)), promising(entries=entries), FIRST, now=at(90), facts=facts)

    assert found.state is ClockState.BREACHED
    assert crossed(found) == [(1.0, 30)]


@pytest.mark.parametrize(
    "condition",
    [
        {"priority": "High"},
        {"channel": ["X", "email"]},
        {"tier": "gold"},
        {"visibility": "public"},
        {"brand": "north"},
        {"category": "billing"},
        {"team": "social"},
    ],
)
def test_an_entry_fits_by_its_conditions(condition: dict[str, Any]) -> None:
    """Each condition fits what is so, and not what is otherwise; capitals do not matter."""
    entries = [{"name": "some", **condition, "first_response": "5m"}]
    fitting = talk(
        asks(0), brand="north", category="Billing / Refund", assignments=[given(at(0), "social")]
    )
    other = talk(asks(0, channel="letter", visibility="private"), brand="south")
    facts = Facts(priorities="high", tiers="Gold")
    policy = promising(entries=entries)

    assert len(sla_clocks(fitting, policy, now=at(1), facts=facts)) == 1
    assert sla_clocks(other, policy, now=at(1)) == ()


def test_the_first_entry_that_fits_decides() -> None:
    """An entry that promises nothing keeps what it fits from the entries below it."""
    policy = promising(
        entries=[{"name": "none", "channel": "x"}, {"name": "all", "resolution": "1d"}]
    )

    assert sla_clocks(talk(asks(0)), policy, now=WEEK) == ()


def test_time_in_a_team_runs_from_hand_to_hand() -> None:
    """In the first team until the second has it, in which it is late."""
    policy = promising(time_in_team={"social": "1h", "*": "10m"})
    hands = [given(at(5), "social"), given(at(20), "social", "anna"), given(at(30), "billing")]
    talked = talk(asks(0), assignments=hands)
    one, two = (clock(talked, policy, TEAM, now=at(50), place=place) for place in (0, 1))

    assert (one.team, one.state, one.elapsed) == ("social", ClockState.MET, timedelta(minutes=25))
    assert (two.team, two.state, two.breached_at) == ("billing", ClockState.BREACHED, at(40))


def test_time_in_a_team_begins_with_the_conversation() -> None:
    """Hands that were said before anybody wrote hold from the first message on."""
    talked = talk(asks(20), assignments=[given(at(0), "billing"), given(at(10), "social")])
    (found,) = sla_clocks(talked, promising(time_in_team={"*": "1h"}), now=at(30))

    assert (found.team, found.opened_at) == ("social", at(20))


def test_time_in_a_team_ends_when_it_is_settled() -> None:
    """A resolved conversation is in nobody's hands."""
    policy = promising(time_in_team={"*": "1h"})
    talked = talk(
        asks(0), assignments=[given(at(5), "social")], statuses=[became(at(15), "resolved")]
    )

    assert clock(talked, policy, TEAM, now=WEEK).elapsed == timedelta(minutes=10)


def test_a_clock_says_why() -> None:
    """Which entry of which version promised it, and what it found."""
    policy = promising(entries=ENTRIES)
    found = clock(talk(asks(0)), policy, FIRST, now=at(1), facts=Facts(priorities="urgent"))

    assert found.why == (
        "first response within 30m of calendar time: entry 'urgent' of policy 'test', "
        "version '1', because priority is 'urgent'"
    )


def test_a_naive_look_is_refused() -> None:
    """A look without a zone is at no instant."""
    with pytest.raises(NaiveDatetime):
        sla_clocks(talk(asks(0)), promising(resolution="1d"), now=NINE.replace(tzinfo=None))


def test_a_conversation_without_a_customer_has_no_clock() -> None:
    """Nobody waits who has asked nothing."""
    assert (
        sla_clocks(talk(answers(0)), promising(first_response="1h", resolution="1d"), now=WEEK)
        == ()
    )


def test_attainment_counts_what_is_decided() -> None:
    """One met, one breached, one open, one withdrawn: one of two, with its interval."""
    policy = promising(rules={"automated": "stop"}, first_response="1h")
    talks = [
        talk(asks(0), answers(5)),
        talk(asks(0), answers(90)),
        talk(asks(70)),
        talk(asks(0), bot(1)),
    ]
    found = attainment(each for one in talks for each in sla_clocks(one, policy, now=at(100)))

    assert (found.met, found.breached, found.undecided, found.withdrawn) == (1, 1, 1, 1)
    assert (found.n, found.share) == (2, 0.5)
    assert found.interval is not None
    assert found.interval[0] < 0.5 < found.interval[1]


def test_what_if_names_what_would_change() -> None:
    """With half an hour in place of one, what took 40 minutes would be lost."""
    talks = [talk(asks(0), answers(minutes), id=f"c{minutes}") for minutes in (20, 40, 80)]
    found = what_if(
        talks, promising(first_response="1h"), promising(first_response="30m"), now=WEEK
    )
    back = what_if(talks, promising(first_response="30m"), promising(first_response="1h"), now=WEEK)

    assert [each.conversation_id for each in found.lost] == ["c40"]
    assert [each.conversation_id for each in back.won] == ["c40"]
    assert (found.before.met, found.after.met) == (2, 1)


def test_what_if_takes_facts_by_conversation() -> None:
    """Each conversation's own priorities decide which entry fits."""
    talks = [talk(asks(0), answers(40), id=name) for name in ("a", "b")]
    facts = {"a": Facts(priorities="urgent")}
    found = what_if(
        talks, promising(first_response="1h"), promising(entries=ENTRIES), now=WEEK, facts=facts
    )

    assert [each.conversation_id for each in found.changes] == ["a"]
