"""How long customers waited for a response."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import answers, asks, at, bot, note, peer, talk
from socialcare.domain.conversation import Conversation
from socialcare.domain.hours import BusinessHours
from socialcare.domain.intervals import Assignment, Status, Wait, WaitKind, waits
from socialcare.domain.message import Message, Visibility
from socialcare.domain.policy import MeasurementPolicy, Opens, Pause, Target
from socialcare.domain.threading import deduplicated, misdated, thread, until
from strategies import assignments_for, instants, logs, policies, statuses_for

AS_OF = at(1000)
LAW = settings(deadline=None)
HOURS = BusinessHours.from_mapping(
    {
        "timezone": "UTC",
        "name": "old",
        "weekly": {"mon-fri": ["09:00-10:00", "11:00-17:00"]},
        "versions": [{"name": "new", "from": "2026-03-03", "weekly": {"mon-fri": ["10:00-17:00"]}}],
    }
)


def measured(conversation: Conversation, **arguments: Any) -> list[tuple[str, int, bool]]:
    """Kind, seconds and whether pending, for each wait; policy fields may be given by name."""
    fields = {name: arguments.pop(name) for name in list(arguments) if name not in ARGUMENTS}
    found = waits(
        conversation, **{"as_of": AS_OF, "policy": MeasurementPolicy(**fields), **arguments}
    )
    return [(wait.kind.value, wait.calendar_seconds, wait.pending) for wait in found]


ARGUMENTS = {"as_of", "hours", "statuses", "assignments", "misdated"}


def test_a_wait_runs_from_the_question_to_the_response() -> None:
    """It says who asked, who answered, where, and how long it took."""
    (wait,) = waits(talk(asks(0), answers(5, channel="email", visibility="private")), as_of=AS_OF)

    assert wait == Wait(
        conversation_id="c",
        brand=None,
        customer_id="ada",
        channel="x",
        kind=WaitKind.FIRST,
        opened_at=at(0),
        closed_at=at(5),
        opening_message_id="m0",
        closing_message_id="m5",
        opening_visibility=Visibility.PUBLIC,
        closing_visibility=Visibility.PRIVATE,
        closing_channel="email",
        agent_id="anna",
        team_id=None,
        calendar_seconds=300,
        business_seconds=None,
        hours_version=None,
    )


def test_several_questions_in_a_row_are_one_wait() -> None:
    """It runs from the first of them."""
    assert measured(talk(asks(0), asks(2), answers(5))) == [("first", 300, False)]


def test_later_waits_are_next() -> None:
    """Only the conversation's first wait is `first`."""
    assert measured(talk(asks(0), answers(1), asks(2), answers(5))) == [
        ("first", 60, False),
        ("next", 180, False),
    ]


def test_without_a_response_a_wait_is_pending() -> None:
    """It counts with the time until `as_of`."""
    assert measured(talk(asks(0)), as_of=at(30)) == [("first", 1800, True)]


def test_seconds_are_floored_before_they_are_compared() -> None:
    """From 0.9 s to 2.1 s are two seconds."""
    asked = asks(0, sent_at=at(0).replace(microsecond=900_000))
    answered = answers(1, sent_at=at(0).replace(second=2, microsecond=100_000))

    assert measured(talk(asked, answered)) == [("first", 2, False)]


def test_a_response_closes_nothing_twice() -> None:
    """A second response in a row makes no wait."""
    assert measured(talk(asks(0), answers(1), answers(2))) == [("first", 60, False)]


@pytest.mark.parametrize("other", [note(1), bot(1), peer(1), bot(1, visibility="internal")])
def test_what_is_no_response_closes_nothing(other: Message) -> None:
    """Notes, machines and peers leave the customer waiting."""
    assert measured(talk(asks(0), other, answers(3))) == [("first", 180, False)]


@pytest.mark.parametrize(
    "other", [note(1), peer(1), asks(1, automated=True), asks(1, visibility="internal")]
)
def test_only_the_customer_opens_a_wait(other: Message) -> None:
    """Nobody waits for an answer to a note, a peer or a machine."""
    assert measured(talk(other)) == []


def test_what_came_after_the_instant_is_unknown() -> None:
    """A response later than `as_of` leaves the wait pending; one in its second closes it."""
    conversation = talk(asks(0), answers(5))

    assert measured(conversation, as_of=at(4)) == [("first", 240, True)]
    assert measured(conversation, as_of=at(5)) == [("first", 300, False)]


def test_a_misdated_answer_closes_nothing() -> None:
    """Nobody knows when it was sent; a misdated question still opens a wait."""
    early = answers(1, in_reply_to="m9")
    conversation = talk(asks(0), early, asks(9), answers(12))

    assert measured(conversation, misdated={("x", "m1"), ("x", "m0")}) == [("first", 720, False)]


def test_a_conversation_that_an_agent_began_has_next_waits() -> None:
    """By default none of its waits is a first response."""
    assert measured(talk(answers(0), asks(1), answers(2))) == [("next", 60, False)]


def test_a_policy_can_count_them_as_first() -> None:
    """With `first` the first of them is one."""
    conversation = talk(answers(0), asks(1), answers(2), asks(3))

    assert measured(conversation, agent_began="first", as_of=at(4)) == [
        ("first", 60, False),
        ("next", 60, True),
    ]


def test_a_policy_can_leave_them_out() -> None:
    """With `exclude` they have no waits."""
    assert measured(talk(answers(0), asks(1)), agent_began="exclude") == []


def test_the_last_question_can_open() -> None:
    """With `last` a wait runs from the last question before the response, pending ones too."""
    conversation = talk(asks(0), asks(2), answers(5), asks(6), asks(8))

    assert measured(conversation, opens="last", as_of=at(10)) == [
        ("first", 180, False),
        ("next", 120, True),
    ]


def test_each_question_can_open() -> None:
    """With `each` all are closed by one response, and only the first can be `first`."""
    conversation = talk(asks(0), asks(2), answers(5), asks(6))

    assert measured(conversation, opens="each", as_of=at(10)) == [
        ("first", 300, False),
        ("next", 180, False),
        ("next", 240, True),
    ]


def test_an_automated_reply_can_count() -> None:
    """With `count` a machine's answer is a response, its note is none."""
    conversation = talk(asks(0), bot(1, visibility="internal"), bot(2), answers(3))

    assert measured(conversation, automated="count") == [("first", 120, False)]


def test_an_automated_reply_can_stop_the_clock() -> None:
    """With `stop` the wait is neither answered nor pending, and what follows is `next`."""
    conversation = talk(asks(0), bot(1), asks(2), answers(5), answers(6))

    assert measured(conversation, automated="stop") == [("next", 180, False)]
    assert measured(talk(asks(0), bot(1)), automated="stop") == []


def test_a_note_can_be_a_response() -> None:
    """With `internal` a note closes a wait."""
    assert measured(talk(asks(0), note(1)), responses={"internal"}) == [("first", 60, False)]


def test_a_peer_can_be_a_response() -> None:
    """With `peer` another customer's answer closes a wait and is credited to no agent."""
    policy = MeasurementPolicy(responses={"public", "peer"})
    (wait,) = waits(talk(asks(0), peer(1)), as_of=AS_OF, policy=policy)

    assert (wait.calendar_seconds, wait.agent_id) == (60, None)


def test_only_the_named_types_are_responses() -> None:
    """With `private` alone a public answer closes nothing."""
    conversation = talk(asks(0), answers(1), answers(2, visibility="private"))

    assert measured(conversation, responses={"private"}) == [("first", 120, False)]


def test_business_seconds_are_those_inside_the_hours() -> None:
    """The break from 10:00 to 11:00 does not count."""
    (wait,) = waits(talk(asks(0), answers(150)), as_of=AS_OF, hours=HOURS)

    assert (wait.calendar_seconds, wait.business_seconds) == (9000, 5400)
    assert wait.hours_version == "old"


def test_hours_apply_at_each_moment() -> None:
    """Over a change of hours each day has its own, and the wait says in which it opened."""
    (wait,) = waits(talk(asks(0), answers(25 * 60)), as_of=at(2000), hours=HOURS)

    assert wait.business_seconds == 7 * 3600
    assert wait.hours_version == "old"


def test_hours_can_apply_from_the_start() -> None:
    """With `start` the hours of the opening hold throughout."""
    policy = MeasurementPolicy(hours_apply="start")
    (wait,) = waits(talk(asks(0), answers(25 * 60)), as_of=at(2000), hours=HOURS, policy=policy)

    assert wait.business_seconds == 8 * 3600


def test_time_in_a_pausing_state_does_not_count() -> None:
    """It is taken off from the status row to the next, from both kinds of seconds."""
    policy = MeasurementPolicy(pauses=[Pause(states={"Hold"}, targets={"first_response"})])
    statuses = [
        Status(conversation_id="c", at=at(30), status="HOLD"),
        Status(conversation_id="c", at=at(120), status="open"),
        Status(conversation_id="other", at=at(0), status="hold"),
    ]
    (wait,) = waits(
        talk(asks(0), answers(150)), as_of=AS_OF, hours=HOURS, policy=policy, statuses=statuses
    )

    assert (wait.calendar_seconds, wait.business_seconds) == (9000 - 5400, 5400 - 1800)


def test_a_pause_holds_for_its_targets_only() -> None:
    """What stops the first response need not stop the next."""
    policy = {"pauses": [Pause(states={"hold"}, targets={"next_response"})]}
    statuses = [Status(conversation_id="c", at=at(0), status="hold")]
    conversation = talk(asks(0), answers(1), asks(2), answers(3))

    assert measured(conversation, statuses=statuses, **policy) == [
        ("first", 60, False),
        ("next", 0, False),
    ]


def test_a_state_lasts_until_the_instant() -> None:
    """The last state goes on; one that began after `as_of` is unknown."""
    policy = {"pauses": [Pause(states={"hold"})]}
    rows = [Status(conversation_id="c", at=at(minutes), status="hold") for minutes in (4, 20)]

    assert measured(talk(asks(0)), as_of=at(10), statuses=rows[:1], **policy) == [
        ("first", 240, True)
    ]
    assert measured(talk(asks(0)), as_of=at(10), statuses=rows[1:], **policy) == [
        ("first", 600, True)
    ]


def test_pauses_that_overlap_count_once() -> None:
    """Two pauses that name one state take its time off once."""
    policy = {"pauses": [Pause(states={"hold"}), Pause(states={"hold", "pending"})]}
    rows = [Status(conversation_id="c", at=at(1), status="hold")]

    assert measured(talk(asks(0), answers(3)), statuses=rows, **policy) == [("first", 60, False)]


def test_the_author_is_credited() -> None:
    """Whoever is assigned, the wait is the author's, and their team's."""
    assigned = [Assignment(conversation_id="c", at=at(0), agent_id="sam", team_id="b")]
    conversation = talk(asks(0), answers(1, by="anna", team="a"))
    (wait,) = waits(conversation, as_of=AS_OF, assignments=assigned)

    assert (wait.agent_id, wait.team_id) == ("anna", "a")


def test_the_assignee_can_be_credited() -> None:
    """With `assignee` it is who was assigned at the response, the author where nobody was."""
    policy = MeasurementPolicy(credited_to="assignee")
    rows = [
        Assignment(conversation_id="c", at=at(2), agent_id="sam", team_id="b"),
        Assignment(conversation_id="c", at=at(4), agent_id=None),
        Assignment(conversation_id="other", at=at(0), agent_id="eve"),
    ]
    conversation = talk(asks(0), answers(1), asks(2), answers(3), asks(4), answers(5))
    found = waits(conversation, as_of=AS_OF, policy=policy, assignments=rows)

    assert [(wait.agent_id, wait.team_id) for wait in found] == [
        ("anna", None),
        ("sam", "b"),
        ("anna", None),
    ]


def test_an_unknown_author_keeps_the_team() -> None:
    """A team's answer by nobody known is the team's."""
    (wait,) = waits(talk(asks(0), answers(1, by=None, team="a")), as_of=AS_OF)

    assert (wait.agent_id, wait.team_id) == (None, "a")


def test_a_wait_knows_what_was_promised_for_it() -> None:
    """First waits have the target for first responses, the others that for next ones."""
    found = waits(talk(asks(0), answers(1), asks(2)), as_of=AS_OF)

    assert [wait.target for wait in found] == [Target.FIRST_RESPONSE, Target.NEXT_RESPONSE]


def all_waits(log: list[Message], as_of: datetime, **arguments: Any) -> list[tuple[Wait, ...]]:
    """The waits of each conversation of a log."""
    known = until(deduplicated(log), as_of)
    wrong = misdated(known)
    return [waits(each, as_of=as_of, misdated=wrong, **arguments) for each in thread(known)]


@LAW
@given(st.data(), logs(), policies(), instants())
def test_no_wait_is_negative(
    data: st.DataObject, log: list[Message], policy: MeasurementPolicy, as_of: datetime
) -> None:
    """Seconds are zero or more, business seconds no more than calendar seconds."""
    statuses = data.draw(statuses_for(log))
    assigned = data.draw(assignments_for(log))
    arguments = {"policy": policy, "hours": HOURS, "statuses": statuses, "assignments": assigned}

    for found in all_waits(log, as_of, **arguments):
        for wait in found:
            assert wait.business_seconds is not None
            assert 0 <= wait.business_seconds <= wait.calendar_seconds


@LAW
@given(logs(), policies(), instants())
def test_waits_of_a_conversation_do_not_overlap(
    log: list[Message], policy: MeasurementPolicy, as_of: datetime
) -> None:
    """Unless each message opens one, a wait begins after the one before has ended."""
    for found in all_waits(log, as_of, policy=policy):
        for before, after in pairwise(found):
            if policy.opens is not Opens.EACH:
                assert before.closed_at is not None
                assert before.closed_at.replace(microsecond=0) <= after.opened_at


@LAW
@given(logs(), instants())
def test_a_conversation_has_one_first_wait_and_one_pending(
    log: list[Message], as_of: datetime
) -> None:
    """Only the first can be `first`, and only the last can be pending."""
    for found in all_waits(log, as_of):
        assert all(wait.kind is WaitKind.NEXT for wait in found[1:])
        assert not any(wait.pending for wait in found[:-1])


@LAW
@given(logs(), instants(), st.timedeltas(timedelta(0), timedelta(days=9)))
def test_an_answered_wait_does_not_change_with_time(
    log: list[Message], as_of: datetime, later: timedelta
) -> None:
    """Of one conversation, what was answered by an instant is answered alike at a later one."""
    for conversation in thread(log):
        known = waits(conversation, as_of=as_of)
        after = waits(conversation, as_of=as_of + later)
        assert [wait for wait in known if not wait.pending] == list(
            after[: sum(not wait.pending for wait in known)]
        )
