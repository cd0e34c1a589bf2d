"""What the events of a conversation come to."""

from collections.abc import Iterable, Sequence
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import NINE, answers, asks, at, bot, note, peer
from effort import examples
from socialcare.domain.actor import Actor
from socialcare.domain.conversation import Absorbed, Conversation
from socialcare.domain.events import (
    Archived,
    Assigned,
    Because,
    Categorised,
    Event,
    HandlingStarted,
    HandlingStopped,
    Merged,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    NotesMoved,
    NoteWritten,
    Recorded,
    Released,
    Reopened,
    Reply,
    ReplyDelivered,
    ReplyFailed,
    ReplyQueued,
    ReplyRetried,
    Resolved,
    SentimentMarked,
    Split,
    SplitOff,
    Tagged,
    Untagged,
)
from socialcare.domain.folding import fold, summary_of
from socialcare.domain.message import Message
from socialcare.domain.states import State
from socialcare.domain.threading import deduplicated
from socialcare.domain.waits import waits
from socialcare.errors import InvalidValue
from strategies import logs

SAM = Actor(id="sam")
DAY = 24 * 60
REPLY = Reply(id="r1", text="On its way", channel="x", visibility="public", customer_id="ada")


def about(kind: type[Event], minutes: float = 0, conversation: str = "c", **fields: Any) -> Event:
    """An event of that kind, by sam."""
    return kind(conversation=conversation, at=at(minutes), by=SAM, **fields)


def event(told: Message | Event, conversation: str = "c") -> Event:
    """What stands in the log: a message as received, or the event itself."""
    if isinstance(told, Event):
        return told
    return MessageReceived(conversation=conversation, at=told.sent_at, by=SAM, message=told)


def log(*told: Message | Event, first: int = 0) -> list[Recorded]:
    """A log of these, in this order."""
    return [
        Recorded(position=position, event=event(each)) for position, each in enumerate(told, first)
    ]


def told(*some: Message | Event) -> Conversation:
    """The conversation that these make."""
    return fold("c", log(*some))


# Messages alone


@st.composite
def versions(draw: st.DrawFn) -> list[list[Message]]:
    """Messages, each with its versions, for one conversation."""
    messages = [
        attrs.evolve(message, brand=None, conversation_id=None)
        for message in deduplicated(draw(logs(min_size=1)))
    ]
    found = []
    for message in messages:
        edits = draw(st.lists(st.sampled_from((1, 2, 3)), unique=True, max_size=2))
        later = [
            attrs.evolve(message, text=f"version {minutes}", edited_at=at(minutes))
            for minutes in edits
        ]
        found.append([message, *later])
    return found


def arrived(messages: Iterable[Message]) -> list[Event]:
    """The events of messages that came in this order: the first version of each is received."""
    known: set[tuple[str, str]] = set()
    found = []
    for message in messages:
        kind = MessageEdited if message.key in known else MessageReceived
        known.add(message.key)
        found.append(about(kind, message=message))
    return found


@settings(deadline=None, max_examples=examples(60, many=2000))
@given(versions(), st.randoms(use_true_random=False), st.data())
def test_the_order_in_which_messages_came_is_nothing(
    some: list[list[Message]], chance: Any, data: st.DataObject
) -> None:
    """Without decisions a conversation is a function of the set of messages."""
    everything = [message for own in some for message in own]
    shuffled = list(everything)
    chance.shuffle(shuffled)
    gone = data.draw(st.sets(st.sampled_from(everything).map(lambda message: message.key)))
    deletions = [about(MessageDeleted, channel=key[0], message_id=key[1]) for key in sorted(gone)]

    one = told(*arrived(everything), *deletions)

    assert one == told(*arrived(shuffled), *deletions)
    assert {message.key for message in one.messages} == {message.key for message in everything}


@settings(deadline=None, max_examples=examples(60, many=2000))
@given(versions())
def test_the_queue_and_the_metrics_agree_on_who_waits(some: list[list[Message]]) -> None:
    """Somebody waits in the queue since the pending wait opened, and not if there is none."""
    messages = [own[0] for own in some]
    conversation = told(*messages)
    misdated = {
        each.key
        for each in messages
        for parent in messages
        if parent.key == (each.channel, each.in_reply_to) and parent.second > each.second
    }
    last = max(message.sent_at for message in messages)
    pending = [
        wait.opened_at
        for wait in waits(conversation, as_of=last, misdated=misdated)
        if wait.pending
    ]

    assert conversation.waiting_since == (pending[0] if pending else None)
    assert (conversation.state in {State.NEW, State.OPEN}) >= bool(pending)


@settings(deadline=None, max_examples=examples(60, many=2000))
@given(st.data(), versions())
def test_what_comes_twice_does_no_harm(data: st.DataObject, some: list[list[Message]]) -> None:
    """A fact that was recorded once more changes nothing."""
    events = arrived(message for own in some for message in own)
    again = data.draw(st.lists(st.sampled_from(events), max_size=3))

    assert told(*events, *again) == told(*events)


@pytest.mark.parametrize(
    ("messages", "state", "since"),
    [
        ([asks(0)], State.NEW, 0),
        ([asks(0), asks(5)], State.NEW, 0),
        ([asks(0), answers(5)], State.WAITING, None),
        ([asks(0), bot(5)], State.NEW, 0),
        ([asks(0), peer(5)], State.NEW, 0),
        ([asks(0), note(5)], State.NEW, 0),
        ([asks(0), answers(5), asks(9), asks(10)], State.OPEN, 9),
        ([answers(0)], State.WAITING, None),
        ([bot(0)], State.WAITING, None),
        ([answers(0), asks(5)], State.OPEN, 5),
        ([peer(0)], State.NEW, None),
        ([note(0)], State.NEW, None),
        ([asks(9), answers(5, in_reply_to="m9")], State.OPEN, 9),
    ],
)
def test_states_of_messages_alone(messages: list[Message], state: State, since: int | None) -> None:
    """The state follows from who wrote, and nobody waits for what was answered."""
    conversation = told(*messages)

    assert conversation.state is state
    assert conversation.waiting_since == (None if since is None else at(since))


def test_a_conversation_without_messages_is_none() -> None:
    """Decisions alone make no conversation."""
    with pytest.raises(InvalidValue, match=r"Conversation\.messages"):
        told(about(Resolved))


# Versions


def test_the_latest_version_shows() -> None:
    """Whatever came last, the version that was edited last shows; the others are kept."""
    edited, again = (asks(0, text=text, edited_at=at(m)) for m, text in ((1, "b"), (2, "c")))
    conversation = told(again, about(MessageEdited, message=asks(0, text="a")))
    conversation = fold("c", [*log(again), *log(about(MessageEdited, message=edited), first=5)])

    assert [message.text for message in conversation.messages] == ["c"]
    assert [message.text for message in conversation.earlier] == ["b"]


def test_deleted_messages_lose_what_they_said() -> None:
    """A deleted message is still there, without text; what it said is kept for the record."""
    conversation = told(asks(0, text="a"), about(MessageDeleted, 5, channel="x", message_id="m0"))

    assert [(m.text, m.deleted_at) for m in conversation.messages] == [(None, at(5))]
    assert [message.text for message in conversation.earlier] == ["a"]
    assert conversation.waiting_since == at(0)


def test_deleted_thanks_were_thanks() -> None:
    """Deleting a word of thanks does not open what is settled."""
    thanks = asks(9, text="Thanks!")
    gone = about(MessageDeleted, 12, channel="x", message_id="m9")

    assert told(asks(0), answers(5), about(Resolved, 6), thanks, gone).state is State.RESOLVED


def test_sentiment_is_the_last_that_was_marked() -> None:
    """Scores by hand or machine replace what came with the message, edits or not."""
    marks = [
        about(SentimentMarked, channel="x", message_id="m0", score=score, scorer=scorer)
        for score, scorer in ((-0.5, "vader 3"), (0.25, "anna"))
    ]
    edit = about(MessageEdited, message=asks(0, text="b", edited_at=at(1)))
    conversation = told(asks(0, sentiment=1.0), *marks, edit)

    assert [(m.sentiment, m.sentiment_scorer) for m in conversation.messages] == [(0.25, "anna")]


def test_what_is_about_an_unknown_message_is_passed_over() -> None:
    """Facts about messages that are elsewhere do no harm."""
    strangers = [
        about(MessageEdited, message=asks(3)),
        about(MessageDeleted, channel="x", message_id="m3"),
        about(SentimentMarked, channel="x", message_id="m3", score=0.0, scorer="anna"),
        about(NotesMoved, into="d", messages=(("x", "m3"),)),
    ]

    assert told(asks(0), *strangers) == told(asks(0))


# Decisions


def test_what_is_settled_is_settled() -> None:
    """Nobody waits, and it is known since when."""
    conversation = told(asks(0), about(Resolved, 5))

    assert conversation.state is State.RESOLVED
    assert (conversation.waiting_since, conversation.resolved_at) == (None, at(5))


def test_a_late_message_opens_what_was_settled_without_it() -> None:
    """A message that came in later was seen by nobody, though it was sent before."""
    conversation = told(asks(0), answers(2), about(Resolved, 5), asks(1))

    assert conversation.state is State.OPEN
    assert (conversation.waiting_since, conversation.reopened) == (at(1), 1)
    assert conversation.resolved_at is None


def test_thanks_do_not_open_what_is_settled() -> None:
    """Mere thanks leave it settled; a question after them opens it and waits by itself."""
    settled = (asks(0), answers(5), about(Resolved, 6), asks(9, text="Thanks!"))

    assert told(*settled).state is State.RESOLVED
    assert told(*settled, asks(12, text="But why?")).waiting_since == at(12)


def test_our_last_word_does_not_open_what_is_resolved() -> None:
    """A response after the resolution leaves it; one to what was put away makes it wait."""
    assert told(asks(0), about(Resolved, 5), answers(6)).state is State.RESOLVED
    assert told(asks(0), about(Archived, 5), answers(6)).state is State.WAITING


def test_taking_up_again_goes_on_with_the_question() -> None:
    """What was settled without an answer waits since it was asked, once it is open again."""
    conversation = told(asks(0), about(Resolved, 5), about(Reopened, 9))

    assert (conversation.state, conversation.waiting_since) == (State.OPEN, at(0))


def test_taking_up_again_what_was_answered_waits_from_then_on() -> None:
    """Somebody has to do something about it, so it stands in the queue."""
    conversation = told(asks(0), answers(2), about(Resolved, 5), about(Reopened, 9))

    assert (conversation.state, conversation.waiting_since) == (State.OPEN, at(9))


def test_decisions_that_change_nothing_are_passed_over() -> None:
    """Late and repeated decisions are harmless."""
    once = told(asks(0), about(Resolved, 5))

    assert told(asks(0), about(Reopened, 3), about(Resolved, 5), about(Resolved, 7)) == once
    assert [(row.at, row.status, row.by) for row in once.statuses] == [(at(5), "resolved", "sam")]


def test_decisions_are_rows_of_the_status_table() -> None:
    """Every decision that took effect is there, in the words that metrics know."""
    conversation = told(
        asks(0), about(Archived, 1), about(Reopened, 2), about(Resolved, 3), asks(4)
    )

    assert [row.status for row in conversation.statuses] == ["archived", "open", "resolved"]
    assert conversation.reopened == 2


# Care


def test_the_last_assignment_holds() -> None:
    """Who has it follows from the last assignment; the same again is no change."""
    given_twice = [about(Assigned, m, agent_id="anna", team_id="social") for m in (1, 2)]

    conversation = told(asks(0), *given_twice)

    assert (conversation.agent_id, conversation.team_id) == ("anna", "social")
    assert [row.at for row in conversation.assignments] == [at(1)]


def test_what_is_released_is_nobodys() -> None:
    """Releasing it takes it from everybody, and releasing what is nobody's changes nothing."""
    conversation = told(asks(0), about(Released), about(Assigned, agent_id="a"), about(Released, 5))

    assert conversation.agent_id is None
    assert [row.agent_id for row in conversation.assignments] == ["a", None]


def test_tags_are_there_once() -> None:
    """A tag is on or off."""
    tags = [about(Tagged, tag=tag) for tag in "bab"]

    assert told(asks(0), *tags, about(Untagged, tag="a"), about(Untagged, tag="z")).tags == ("b",)


def test_what_somebody_said_it_is_about_counts_more() -> None:
    """The category is that of the last message that has one, until somebody says otherwise."""
    messages = [asks(0, category="a", subcategory="x"), asks(5, category="b"), asks(9)]

    assert (told(*messages).category, told(*messages).subcategory) == ("b", None)
    assert told(*messages, about(Categorised, category="c")).category == "c"
    assert told(*messages, about(Categorised, category=None)).category is None


def test_spans_are_between_start_and_stop() -> None:
    """Who works on it now stands apart from who did."""
    conversation = told(
        asks(0),
        about(HandlingStopped, 1, agent_id="anna"),
        about(HandlingStarted, 2, agent_id="anna"),
        about(HandlingStarted, 3, agent_id="anna"),
        about(HandlingStarted, 4, agent_id="sam"),
        about(HandlingStopped, 5, agent_id="anna"),
    )

    assert [(s.agent_id, s.started_at, s.ended_at) for s in conversation.handling] == [
        ("anna", at(2), at(5))
    ]
    assert [(each.agent_id, each.started_at) for each in conversation.running] == [("sam", at(4))]


def test_replies_are_in_flight_until_they_arrive() -> None:
    """A reply is in flight, failed, in flight again, and then a message."""
    steps: list[Message | Event] = [asks(0), about(ReplyQueued, 1, reply=REPLY)]
    assert told(*steps).in_flight == (REPLY,)

    steps.append(about(ReplyFailed, 2, reply_id="r1", said="no"))
    assert (told(*steps).in_flight, told(*steps).failed) == ((), (REPLY,))

    steps.append(about(ReplyRetried, 3, reply_id="r1"))
    assert (told(*steps).in_flight, told(*steps).failed) == ((REPLY,), ())

    steps.append(about(ReplyDelivered, 4, reply_id="r1", message=answers(4)))
    done = told(*steps)
    assert (done.in_flight, done.failed, done.state) == ((), (), State.WAITING)


# Merges and splits


def merged(*own: Recorded, into: Sequence[Recorded], because: Because) -> list[Recorded]:
    """The log of c after d became part of it."""
    fact = about(Merged, 50, other="d", because=because)
    return [*into, *own, Recorded(position=100, event=fact)]


def other(*told: Message | Event) -> list[Recorded]:
    """The log of the conversation d, later than that of c."""
    return [
        Recorded(position=position, event=attrs.evolve(event(each), conversation="d"))
        for position, each in enumerate(told, 50)
    ]


ACTS: tuple[Event, ...] = (
    about(Resolved, 3),
    about(Archived, 4),
    about(Reopened, 5),
    about(Assigned, 6, agent_id="anna"),
    about(Tagged, 6, tag="vip"),
    about(Categorised, 6, category="billing"),
    about(HandlingStarted, 6, agent_id="anna"),
    about(HandlingStopped, 7, agent_id="anna"),
    about(Split, into="e", messages=(("x", "m9"),), because=Because.PERSON),
)


@settings(deadline=None, max_examples=examples(60, many=2000))
@given(versions(), st.lists(st.sampled_from(ACTS), max_size=4), st.data())
def test_a_merge_that_is_taken_back_never_was(
    some: list[list[Message]], acts: list[Event], data: st.DataObject
) -> None:
    """What two people's merge and unmerge leave behind is as it was before."""
    mixed = data.draw(st.permutations([*acts, *arrived(own[0] for own in some)]))
    before = log(*mixed)
    whole = about(Split, 60, into="d", messages=(("x", "m1"),), whole=True, because=Because.PERSON)
    fact = about(Merged, 50, other="d", because=Because.PERSON)
    after = [*before, *log(fact, whole, first=100)]

    assert fold("c", after) == fold("c", before)


def test_taking_back_what_a_message_joined_keeps_apart() -> None:
    """Otherwise the next message would join them again."""
    facts = [
        about(Merged, 50, other="d", because=Because.MESSAGE),
        about(Split, 60, into="d", messages=(), whole=True, because=Because.PERSON),
    ]

    conversation = told(asks(0), *facts)

    assert (conversation.absorbed, conversation.apart) == ((), ("d",))


def test_a_split_keeps_both_sides_apart() -> None:
    """Each knows the other, until somebody merges them again."""
    fact = about(Split, 5, into="d", messages=(("x", "m1"),), because=Because.PERSON)
    origin = about(SplitOff, 5, origin="d", because=Because.PERSON)
    again = about(Merged, 9, other="d", because=Because.PERSON)

    assert told(asks(0), fact).apart == told(asks(0), origin).apart == ("d",)
    assert told(asks(0), fact, again).apart == ()
    assert told(asks(0), origin, again).absorbed == (Absorbed(id="d", because=Because.PERSON),)


def test_what_a_link_joined_may_be_joined_again() -> None:
    """What is split because two handles are two people is kept apart by that alone."""
    fact = about(Split, 5, into="d", messages=(("x", "m1"),), because=Because.LINK)

    assert told(asks(0), fact).apart == ()


def test_settling_one_conversation_does_not_settle_another() -> None:
    """What waited in another conversation still waits once the two are merged."""
    logs_of_both = merged(
        *other(asks(1)), into=log(asks(0), about(Resolved, 5), first=90), because=Because.MESSAGE
    )

    conversation = fold("c", logs_of_both)

    assert (conversation.state, conversation.waiting_since) == (State.OPEN, at(1))


def test_what_was_settled_apart_is_settled_together() -> None:
    """Two settled conversations make a settled one."""
    logs_of_both = merged(
        *other(asks(1), about(Resolved, 4)),
        into=log(asks(0), about(Resolved, 5), first=20),
        because=Because.PERSON,
    )

    assert fold("c", logs_of_both).state is State.RESOLVED


def test_a_decision_after_the_merge_settles_both() -> None:
    """From the merge on there is one conversation."""
    logs_of_both = merged(*other(asks(1)), into=log(asks(0)), because=Because.MESSAGE)

    conversation = fold("c", [*logs_of_both, *log(about(Resolved, 70), first=200)])

    assert conversation.state is State.RESOLVED


def test_a_decision_after_the_split_settles_what_was_split_off() -> None:
    """Messages that were received elsewhere are its own from the split on."""
    moved = Recorded(position=1, event=event(asks(0), "a"))
    facts = log(about(SplitOff, 5, origin="a", because=Because.PERSON), about(Resolved, 6), first=5)

    assert fold("c", [moved, *facts]).state is State.RESOLVED


# Summaries


def test_a_summary_says_what_the_conversation_says() -> None:
    """Every field of a summary is read off the conversation."""
    conversation = fold(
        "case-1",
        log(
            about(
                MessageReceived,
                message=asks(0, conversation_id="case-1", brand=None),
                previous_id="x:old",
            ),
            about(NoteWritten, message=note(3)),
            about(Assigned, agent_id="anna", team_id="social"),
            about(Tagged, tag="vip"),
            answers(5, channel="email"),
            about(Categorised, category="billing", subcategory="late"),
            about(Merged, other="d", because=Because.MESSAGE),
            about(Split, into="e", messages=(), because=Because.PERSON),
            about(Resolved, 8),
        ),
        customer_id="person-1",
    )

    found = attrs.asdict(summary_of(conversation))

    assert found == {
        "id": "case-1",
        "brand": None,
        "customer_id": "person-1",
        "state": State.RESOLVED,
        "channel": "x",
        "opened_at": NINE,
        "last_at": at(5),
        "waiting_since": None,
        "turn_at": None,
        "priority": None,
        "prioritised": False,
        "resolved_at": at(8),
        "reopened": 0,
        "agent_id": "anna",
        "team_id": "social",
        "level": None,
        "category": "billing",
        "subcategory": "late",
        "tags": ("vip",),
        "messages": 3,
        "given": True,
        "previous_id": "x:old",
        "merged_into": None,
        "apart": ("e",),
        "absorbed": ("d",),
    }


def test_the_channel_is_where_the_customer_wrote_last() -> None:
    """Where the customer never wrote, it is where anybody did."""
    assert summary_of(told(asks(0), asks(3, channel="email"), answers(5))).channel == "email"
    assert summary_of(told(answers(0), answers(5, channel="email"))).channel == "email"


def test_a_conversation_does_not_come_back_to_itself() -> None:
    """What it came back to may have become part of it."""
    first = about(MessageReceived, message=asks(0), previous_id="d")

    assert told(first).previous_id == "d"
    assert told(first, about(Merged, other="d", because=Because.PERSON)).previous_id is None
