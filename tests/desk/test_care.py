"""What people decide about a conversation, and what the passing of time does."""

from collections.abc import Callable

import pytest

from socialcare.desk.desk import Desk
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import HandlingStopped, NoteWritten
from socialcare.errors import InvalidValue, NotAllowedNow, UnknownConversation
from socialcare.testing.builders import answers, asks, at

HOURS = 60


@pytest.fixture
def desk() -> Desk:
    """A desk on which ada has asked something."""
    found = Desk.open()
    found.receive([asks(0)], now=at(1))
    return found


def events(desk: Desk) -> list[str]:
    """What happened after the question, by its name."""
    return [type(each.recorded.event).__name__ for each in desk.log()][1:]


def test_assigning(desk: Desk) -> None:
    """It is the agent's until it is released; what is so already writes nothing."""
    given = desk.assign("fake:m0", "sam", by="anna", now=at(2), team_id="social")
    desk.assign("fake:m0", "sam", by="anna", now=at(3), team_id="social")
    free = desk.release("fake:m0", by="anna", now=at(4))
    desk.release("fake:m0", by="anna", now=at(5))

    assert (given.agent_id, given.team_id) == ("sam", "social")
    assert (free.agent_id, free.team_id) == (None, None)
    assert events(desk) == ["Assigned", "Released"]


def test_assigning_to_nobody_is_refused(desk: Desk) -> None:
    """That is what `release` is for."""
    with pytest.raises(InvalidValue, match="release"):
        desk.assign("fake:m0", None, by="anna", now=at(2))


def test_saying_what_it_is_about(desk: Desk) -> None:
    """Category and tags show in the queue."""
    desk.categorise("fake:m0", "delivery", "late", by="anna", now=at(2))
    desk.tag("fake:m0", "vip", by="anna", now=at(2))
    desk.tag("fake:m0", "vip", by="anna", now=at(2))
    desk.tag("fake:m0", "wrong", by="anna", now=at(2))
    desk.untag("fake:m0", "wrong", by="anna", now=at(2))
    [summary] = desk.queue()

    assert (summary.category, summary.subcategory, summary.tags) == ("delivery", "late", ("vip",))
    assert events(desk) == ["Categorised", "Tagged", "Tagged", "Untagged"]


def test_marking_sentiment(desk: Desk) -> None:
    """The message says how it sounds, and who says so."""
    found = desk.mark_sentiment(
        "fake:m0", ("fake", "m0"), -0.5, scorer="ear/1", by="model", now=at(2)
    )

    assert found.messages[0].sentiment == -0.5
    assert found.messages[0].sentiment_scorer == "ear/1"
    with pytest.raises(InvalidValue):
        desk.mark_sentiment("fake:m0", ("fake", "gone"), 0.0, scorer="e", by="m", now=at(2))
    with pytest.raises(InvalidValue):
        desk.mark_sentiment("fake:m0", ("fake", "m0"), 2.0, scorer="e", by="m", now=at(2))


def test_settling_and_taking_up_again(desk: Desk) -> None:
    """The table of states says what can be done."""
    settled = desk.resolve("fake:m0", by="anna", now=at(2))
    again = desk.reopen("fake:m0", by="anna", now=at(3))
    away = desk.archive("fake:m0", by="anna", now=at(4), reason="spam")

    assert [settled.state, again.state, away.state] == ["resolved", "open", "archived"]
    assert desk.queue() == ()


@pytest.mark.parametrize(
    "command",
    [
        lambda desk: desk.reopen("fake:m0", by="anna", now=at(2)),
        lambda desk: desk.stop_handling("fake:m0", by="anna", now=at(2)),
    ],
)
def test_what_the_state_does_not_allow(desk: Desk, command: Callable[[Desk], Conversation]) -> None:
    """It is refused, and nothing is written."""
    with pytest.raises(NotAllowedNow):
        command(desk)
    assert events(desk) == []


def test_an_unknown_conversation(desk: Desk) -> None:
    """It is named."""
    with pytest.raises(UnknownConversation, match="nothing"):
        desk.resolve("nothing", by="anna", now=at(2))
    with pytest.raises(UnknownConversation):
        desk.conversation("nothing")


def test_handling(desk: Desk) -> None:
    """An agent's time is a span, and beginning twice is beginning once."""
    desk.start_handling("fake:m0", by="anna", now=at(2))
    desk.start_handling("fake:m0", by="anna", now=at(3))
    found = desk.stop_handling("fake:m0", by="anna", now=at(9))
    [span] = found.handling

    assert (span.agent_id, span.started_at, span.ended_at) == ("anna", at(2), at(9))


def test_forgotten_handling_ends(desk: Desk) -> None:
    """After twelve hours, whenever somebody looks, and once."""
    desk.start_handling("fake:m0", by="anna", now=at(0))
    desk.start_handling("fake:m0", by="sam", now=at(0))
    desk.stop_handling("fake:m0", by="sam", now=at(5))
    early = desk.watch(now=at(12 * HOURS - 1))
    [stopped] = desk.watch(now=at(100 * HOURS))
    [span] = [each for each in desk.conversation("fake:m0").handling if each.agent_id == "anna"]

    assert early == ()
    assert isinstance(stopped, HandlingStopped)
    assert (stopped.agent_id, stopped.by.id) == ("anna", "socialcare")
    assert span.ended_at == at(12 * HOURS)
    assert desk.watch(now=at(200 * HOURS)) == ()


def test_forgotten_handling_ends_after_a_merge(desk: Desk) -> None:
    """It is looked for where the conversation is now."""
    desk.receive([asks(5000)], now=at(5000))
    desk.start_handling("fake:m5000", by="anna", now=at(5000))
    desk.merge("fake:m0", "fake:m5000", by="anna", now=at(5001))
    [stopped] = desk.watch(now=at(9000))

    assert stopped.conversation == "fake:m0"


def test_a_note_is_for_colleagues(desk: Desk) -> None:
    """It is in the conversation, is no answer, and is never sent."""
    written = desk.note("fake:m0", "He called twice", by="sam", now=at(2))
    found = desk.conversation("fake:m0")
    event = desk.log()[-1].recorded.event

    assert isinstance(event, NoteWritten)
    assert (written.is_note, written.agent_id) == (True, "sam")
    assert [each.id for each in found.messages] == ["m0", written.id]
    assert found.state == "new"
    assert [each.conversation for each in desk.search("twice called")] == ["fake:m0"]
    assert desk.deliver(now=at(3)) == ()


def test_a_note_stays_with_its_conversation(desk: Desk) -> None:
    """Even if a later message turns out to be nearer."""
    written = desk.note("fake:m0", "He called twice", by="sam", now=at(3000))
    desk.receive([asks(2999)], now=at(3001))

    assert written.id in {each.id for each in desk.conversation("fake:m0").messages}


def test_history_is_everything_of_a_customer(desk: Desk) -> None:
    """All channels, who dealt with it, and how it ended; the latest first."""
    desk.assign("fake:m0", "sam", by="sam", now=at(2))
    desk.resolve("fake:m0", by="sam", now=at(3))
    desk.receive([asks(5000, channel="email"), asks(1, customer_id="bo", id="b")], now=at(5001))
    rows = desk.history("ada")

    assert [(each.id, each.state, each.agent_id) for each in rows] == [
        ("email:m5000", "new", None),
        ("fake:m0", "resolved", "sam"),
    ]


def test_the_queue_has_the_longest_wait_first(desk: Desk) -> None:
    """Only those in which somebody waits."""
    desk.receive(
        [asks(-60, customer_id="bo", id="b"), asks(-90, customer_id="cy", id="c")], now=at(1)
    )
    desk.receive([answers(0, customer_id="cy", id="answer")], now=at(1))

    assert [each.id for each in desk.queue()] == ["fake:b", "fake:m0"]


def test_by_may_be_an_actor_or_an_id(desk: Desk) -> None:
    """The event says who did it."""
    desk.tag("fake:m0", "vip", by="anna", now=at(2))

    assert desk.log()[-1].recorded.event.by.id == "anna"
