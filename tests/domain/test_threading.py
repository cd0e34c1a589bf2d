"""Which messages make one conversation."""

import random
from datetime import UTC, datetime, timedelta

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import answers, asks, at, note
from socialcare.domain.conversation import Conversation
from socialcare.domain.message import Message
from socialcare.domain.threading import (
    Given,
    Resolved,
    ThreadingPolicy,
    deduplicated,
    misdated,
    orphans,
    thread,
    until,
)
from socialcare.errors import InvalidPolicy, NaiveDatetime
from strategies import logs, thread_policies

DAY = 24 * 60
LAW = settings(deadline=None)


def ids(conversations: tuple[Conversation, ...]) -> list[list[str]]:
    """The ids of the messages of each conversation."""
    return [[message.id for message in each.messages] for each in conversations]


def test_neighbours_within_the_gap_are_one_conversation() -> None:
    """Silence of exactly the gap joins; a second more cuts."""
    joined = thread([asks(0), asks(DAY)])
    cut = thread([asks(0), asks(DAY + 1 / 60)])

    assert len(joined) == 1
    assert len(cut) == 2


def test_the_gap_is_measured_in_whole_seconds() -> None:
    """Fractions of a second do not cut what its seconds join."""
    late = asks(DAY, sent_at=at(DAY).replace(microsecond=999_999))

    assert len(thread([asks(0), late])) == 1


def test_the_gap_is_measured_from_the_last_message_of_anyone() -> None:
    """An answer prolongs a conversation as the customer's own message does."""
    assert len(thread([asks(0), answers(DAY - 1), asks(2 * DAY - 2)])) == 1


def test_channels_and_visibilities_are_one_conversation() -> None:
    """A question in public, its details in private and thanks in public belong together."""
    where = asks(0)
    details = asks(10, channel="email", visibility="private")
    thanks = asks(20)

    assert ids(thread([where, details, thanks])) == [["m0", "m10", "m20"]]


def test_a_reply_joins_over_any_silence() -> None:
    """A chain of replies is one conversation however long it took."""
    assert len(thread([asks(0), answers(30 * DAY, in_reply_to="m0")])) == 1


def test_a_reply_to_what_comes_later_joins() -> None:
    """The stamps of a reply and of what it answers may be in any order."""
    assert len(thread([asks(0, in_reply_to="m43200"), asks(30 * DAY)])) == 1


def test_a_reply_names_a_message_of_its_own_channel() -> None:
    """The same id on another channel is another message."""
    elsewhere = answers(30 * DAY, in_reply_to="m0", channel="email")

    assert len(thread([asks(0), elsewhere])) == 2


def test_customers_of_one_thread_are_apart() -> None:
    """A reply to another customer's message links nothing."""
    other = asks(1, customer_id="bo", in_reply_to="m0")

    assert [each.customer_id for each in thread([asks(0), other])] == ["ada", "bo"]


def test_brands_are_apart() -> None:
    """Nothing joins one customer's messages to two brands; no brand and an empty one are one."""
    to_two = [asks(0, brand="north"), asks(1, brand="south", in_reply_to="m0")]

    assert [each.brand for each in thread(to_two)] == ["north", "south"]
    assert len(thread([asks(0, brand=""), asks(1)])) == 1


def test_a_note_neither_joins_nor_prolongs() -> None:
    """Two sessions with a note between them stay two."""
    conversations = thread([asks(0), note(DAY), asks(DAY + 2)])

    assert ids(conversations) == [["m0", "m1440"], ["m1442"]]


def test_a_note_goes_where_it_answers() -> None:
    """A note that answers a message is in that message's conversation."""
    answering = note(2 * DAY + 5, in_reply_to="m0")

    assert ids(thread([asks(0), asks(2 * DAY), answering])) == [["m0", "m2885"], ["m2880"]]


def test_a_note_before_everything_goes_to_the_first() -> None:
    """With nothing before it, a note belongs to what comes next."""
    assert ids(thread([note(0), asks(5)])) == [["m0", "m5"]]


def test_notes_alone_are_one_conversation() -> None:
    """A customer of whom there are only notes has one conversation, named by the first."""
    (conversation,) = thread([note(0), note(9 * DAY)])

    assert conversation.id == "x:m0"


def test_a_given_id_is_the_conversation() -> None:
    """What the export has threaded is neither joined nor cut, whoever speaks in it."""
    far = [asks(0, conversation_id="7"), answers(99 * DAY, conversation_id="7")]
    other = asks(1, conversation_id="7", customer_id="bo")
    beside = asks(2, conversation_id="8")

    assert ids(thread([*far, other, beside])) == [["m0", "m1", "m142560"], ["m2"]]


def test_given_ids_of_two_brands_are_two() -> None:
    """The same number at two brands is not the same case."""
    both = [
        asks(0, conversation_id="7", brand="n"),
        asks(0, conversation_id="7", id="b", brand="s"),
    ]

    assert [(each.brand, each.id) for each in thread(both)] == [("s", "7"), ("n", "7")]


def test_given_ids_can_be_ignored() -> None:
    """Asked to thread again, the ids are as if they had not been there."""
    apart = [asks(0, conversation_id="7"), asks(1, conversation_id="8")]

    assert ids(thread(apart, ThreadingPolicy(given="ignore"))) == [["m0", "m1"]]


def test_messages_with_and_without_a_given_id_are_apart() -> None:
    """Those without one thread among themselves."""
    assert len(thread([asks(0, conversation_id="7"), asks(1), asks(2)])) == 2


def test_the_customer_of_a_given_conversation_is_the_first_who_asked() -> None:
    """An agent's message for somebody else before that does not change it."""
    early = answers(0, customer_id="bo", conversation_id="7")
    (conversation,) = thread([early, asks(1, conversation_id="7")])

    assert conversation.customer_id == "ada"


def test_broadcasts_are_in_no_conversation() -> None:
    """A message of no customer and no given id is left out."""
    assert ids(thread([answers(0, customer_id=None), asks(1)])) == [["m1"]]


def test_it_is_named_by_its_first_spoken_message() -> None:
    """A computed id is the channel and id of the first message that is no note."""
    (conversation,) = thread([note(0), asks(1), answers(2)])

    assert conversation.id == "x:m1"


def test_a_late_reply_to_what_was_resolved_begins_anew() -> None:
    """After `reopen_within` a reply names the old conversation and does not join it."""
    old, reply = asks(0), asks(9 * DAY, in_reply_to="m0")
    resolved = Resolved(channel="x", message_id="m0", at=at(60))
    conversations = thread([old, reply], resolved=[resolved])

    assert [each.previous_id for each in conversations] == [None, "x:m0"]


def test_a_reply_in_time_reopens() -> None:
    """Exactly `reopen_within` after the resolution is in time."""
    reply = asks(60 + 7 * DAY, in_reply_to="m0")
    resolved = Resolved(channel="x", message_id="m0", at=at(60))

    assert len(thread([asks(0), reply], resolved=[resolved])) == 1


def test_within_the_gap_a_resolved_conversation_goes_on() -> None:
    """Silence shorter than the gap joins, resolved or not."""
    policy = ThreadingPolicy(reopen_within=timedelta(0))
    resolved = Resolved(channel="x", message_id="m0", at=at(1))

    assert len(thread([asks(0), asks(10, in_reply_to="m0")], policy, [resolved])) == 1


def test_only_a_resolution_before_the_reply_counts() -> None:
    """What was resolved after the reply, or never, does not cut it off."""
    later = Resolved(channel="x", message_id="m0", at=at(20 * DAY))
    elsewhere = Resolved(channel="x", message_id="gone", at=at(1))
    log = [asks(0), asks(9 * DAY, in_reply_to="m0")]

    assert len(thread(log, resolved=[later, elsewhere])) == 1


def test_the_last_resolution_counts() -> None:
    """A conversation that was resolved again may be reopened from then on."""
    twice = [Resolved(channel="x", message_id="m0", at=at(minutes)) for minutes in (1, 5 * DAY)]

    assert len(thread([asks(0), asks(9 * DAY, in_reply_to="m0")], resolved=twice)) == 1


def test_a_repeat_is_the_same_message() -> None:
    """Of two with one channel and id the earlier is kept, in whatever order they come."""
    first, again = asks(0, id="1", text="a"), asks(5, id="1", text="b")

    assert deduplicated([again, first]) == deduplicated([first, again]) == (first,)


def test_a_repeat_at_the_same_time_is_told_by_its_content() -> None:
    """What no stamp decides the content does, so that the answer is one."""
    one, other = asks(0, id="1", category="a"), asks(0, id="1", category="b")

    assert deduplicated([one, other]) == deduplicated([other, one])


def test_an_orphan_answers_what_is_not_there() -> None:
    """A reply to an id that its channel does not have is an orphan; one to itself is none."""
    log = [
        asks(0),
        asks(1, in_reply_to="gone"),
        asks(2, in_reply_to="m0"),
        asks(3, in_reply_to="m3"),
    ]

    assert orphans(log) == {("x", "m1")}


def test_a_reply_before_its_question_is_misdated() -> None:
    """A stamp in an earlier second is a fault, one in the same second is none."""
    log = [asks(5), answers(4, in_reply_to="m5"), answers(5, id="a", in_reply_to="m5")]

    assert misdated(log) == {("x", "m4")}


def test_what_came_later_is_not_known_yet() -> None:
    """`until` keeps what was sent in the second of the instant or before."""
    within = asks(1, sent_at=at(1).replace(microsecond=5))

    assert until([asks(0), within, asks(2)], at(1)) == (asks(0), within)


def test_a_negative_gap_is_refused() -> None:
    """A policy that makes no sense says so, with the field."""
    with pytest.raises(InvalidPolicy, match=r"ThreadingPolicy\.gap.*zero or more"):
        ThreadingPolicy(gap=timedelta(seconds=-1))


def test_an_unknown_choice_is_refused() -> None:
    """The words that would be right are listed."""
    with pytest.raises(InvalidPolicy, match="'keep', 'ignore'"):
        ThreadingPolicy(given="maybe")


def test_a_resolution_needs_a_time_zone() -> None:
    """A naive instant is refused where it enters."""
    with pytest.raises(NaiveDatetime):
        Resolved(
            channel="x", message_id="1", at=datetime(2026, 3, 2, tzinfo=UTC).replace(tzinfo=None)
        )


@LAW
@given(logs(), thread_policies(), st.randoms(use_true_random=False))
def test_order_and_repeats_do_not_matter(
    log: list[Message], policy: ThreadingPolicy, chance: random.Random
) -> None:
    """Any shuffle, with any messages twice, makes the same conversations."""
    again = log + chance.sample(log, len(log) // 2)
    chance.shuffle(again)

    assert thread(again, policy) == thread(log, policy)


@LAW
@given(logs(), thread_policies())
def test_every_message_is_in_one_conversation(log: list[Message], policy: ThreadingPolicy) -> None:
    """Each message with a customer or a given id is in exactly one; the others are in none."""
    found = [message.key for each in thread(log, policy) for message in each.messages]
    keep = policy.given is Given.KEEP
    expected = {
        message.key
        for message in deduplicated(log)
        if message.customer_id is not None or (keep and message.conversation_id is not None)
    }

    assert len(found) == len(set(found))
    assert set(found) == expected


@LAW
@given(logs(), thread_policies())
def test_threading_what_was_threaded_changes_nothing(
    log: list[Message], policy: ThreadingPolicy
) -> None:
    """Each conversation, threaded by itself, is itself."""
    for conversation in thread(log, policy):
        assert thread(conversation.messages, policy) == (conversation,)


@LAW
@given(logs())
def test_conversations_never_cross_customers_or_brands(log: list[Message]) -> None:
    """A computed conversation has one customer and one brand."""
    for each in thread(log, ThreadingPolicy(given="ignore")):
        assert {(m.brand, m.customer_id) for m in each.messages} == {(each.brand, each.customer_id)}


@LAW
@given(logs(), st.sampled_from((timedelta(0), timedelta(minutes=7), timedelta(hours=24))))
def test_a_longer_gap_only_joins(log: list[Message], gap: timedelta) -> None:
    """Spoken messages together under a gap are together under a longer one."""
    shorter = thread(log, ThreadingPolicy(gap=gap, given="ignore"))
    longer = thread(log, ThreadingPolicy(gap=gap + timedelta(hours=5), given="ignore"))
    home = {message.key: each.id for each in longer for message in each.messages}

    for conversation in shorter:
        assert len({home[message.key] for message in conversation.spoken}) <= 1


@LAW
@given(logs(min_size=1), st.data())
def test_resolutions_only_cut(log: list[Message], data: st.DataObject) -> None:
    """With resolutions there are at least as many conversations, and none forgets its past."""
    message = data.draw(st.sampled_from(log))
    after = data.draw(st.sampled_from((timedelta(0), timedelta(hours=1), timedelta(days=2))))
    resolved = Resolved(channel=message.channel, message_id=message.id, at=message.sent_at + after)
    policy = ThreadingPolicy(gap=timedelta(minutes=7), reopen_within=timedelta(hours=1))
    cut = thread(log, policy, [resolved])
    known = {each.id for each in cut}

    assert len(cut) >= len(thread(log, policy))
    assert all(each.previous_id in known for each in cut if each.previous_id is not None)


def test_a_conversation_is_a_value() -> None:
    """Two threadings of equal messages are equal, and hash alike."""
    one, other = thread([asks(0)]), thread([attrs.evolve(asks(0))])

    assert hash(one) == hash(other)
