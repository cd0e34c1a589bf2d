"""A summary that goes on is the summary of the fold."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import answers, asks, at, bot, note
from socialcare.domain.actor import Actor
from socialcare.domain.advance import advanced
from socialcare.domain.assessment import Assessment
from socialcare.domain.events import Archived, Event, MessageReceived, Recorded, Reopened, Resolved
from socialcare.domain.folding import fold, summary_of
from socialcare.domain.message import Message
from socialcare.domain.priority import Decision
from socialcare.domain.summary import Summary
from socialcare.domain.threading import deduplicated
from socialcare.domain.tier import Priority
from strategies import logs

SAM = Actor(id="sam")


def summary(*told: Message | Event) -> Summary:
    """The summary by the fold."""
    recorded = [
        Recorded(position=position, event=_event(each)) for position, each in enumerate(told)
    ]
    return summary_of(fold("c", recorded, customer_id="ada"))


def _event(told: Message | Event) -> Event:
    if isinstance(told, Event):
        return told
    return MessageReceived(conversation="c", at=told.sent_at, by=SAM, message=told)


def assessed(message: Message, assessment: Assessment) -> Event:
    """A message that came in and was looked at."""
    return MessageReceived(
        conversation="c", at=message.sent_at, by=SAM, message=message, assessment=assessment
    )


def _decision(priority: str, hours: int | None) -> Assessment:
    later = None if hours is None else timedelta(hours=hours)
    decision = Decision(priority=Priority.of(priority), reason="so", book="b 1", allowance=later)
    return Assessment(decision=decision)


assessments = st.builds(
    _decision,
    st.sampled_from(("first/1", "first/3", "second/1", "noise")),
    st.none() | st.integers(0, 30),
)


@given(logs(), st.data())
def test_turns_go_on_as_a_fold_says(log: list[Message], data: st.DataObject) -> None:
    """Priority and turn are those of the fold, whatever the rules said of each message."""
    messages = list(deduplicated(log))
    made = {message.key: data.draw(assessments) for message in messages}
    events = [assessed(message, made[message.key]) for message in messages]
    for cut in range(1, len(messages)):
        answered = {(each.channel, each.in_reply_to) for each in messages[:cut]}
        found = advanced(summary(*events[:cut]), [messages[cut]], made)

        if found is not None and messages[cut].key not in answered:
            assert found == summary(*events[: cut + 1])


@given(logs(), st.data())
def test_what_goes_on_is_what_a_fold_says(log: list[Message], data: st.DataObject) -> None:
    """Whatever came before, with decisions in between: if it goes on, it is the same."""
    messages = list(deduplicated(log))
    acts = data.draw(st.lists(st.sampled_from((Resolved, Archived, Reopened)), max_size=3))
    cut = data.draw(st.integers(1, max(1, len(messages))))
    before = [*messages[:cut], *(act(conversation="c", at=at(0), by=SAM) for act in acts)]
    after = data.draw(st.permutations(messages[cut:]))
    if not messages:
        return
    answered = {(each.channel, each.in_reply_to) for each in messages[:cut]}
    found = advanced(summary(*before), after)

    if found is not None and not any(each.key in answered for each in after):
        assert found == summary(*before, *after)


@given(logs())
def test_what_begins_is_what_a_fold_says(log: list[Message]) -> None:
    """A whole conversation in any order: if no fold is needed, it is the same."""
    messages = list(deduplicated(log))
    if not messages:
        return
    brand = min(messages, key=lambda message: message.order).brand
    found = advanced(Summary(id="c", brand=brand, customer_id="ada"), messages)

    if found is not None:
        assert found == summary(*messages)


@pytest.mark.parametrize("first", [asks(0), answers(0), bot(0)], ids=["asks", "answers", "bot"])
def test_most_first_messages_tell_enough(first: Message) -> None:
    """Whoever begins, no fold is needed."""
    assert advanced(Summary(id="c", customer_id="ada"), [first]) == summary(first)


def test_it_goes_on_where_talks_usually_do() -> None:
    """Question, answer, question: each next message needs no fold."""
    talk = [asks(0), answers(10), asks(20), answers(30, channel="x"), bot(40)]
    summaries = [summary(*talk[: place + 1]) for place in range(len(talk))]

    for place, message in enumerate(talk[1:]):
        assert advanced(summaries[place], [message]) == summaries[place + 1]


@pytest.mark.parametrize(
    "message",
    [
        asks(5),
        asks(10),
        note(20),
        asks(20, category="delivery"),
        asks(20, conversation_id="T-1"),
        answers(20, channel="email"),
    ],
    ids=["earlier", "same second", "note", "category", "given", "another channel"],
)
def test_only_a_fold_tells_the_rest(message: Message) -> None:
    """Where more could change than whose turn it is, nothing is said."""
    assert advanced(summary(asks(0), answers(10)), [message]) is None


def test_only_a_fold_tells_what_opens_again() -> None:
    """What was settled is not gone on with."""
    settled = summary(asks(0), Resolved(conversation="c", at=at(5), by=SAM))

    assert advanced(settled, [asks(10)]) is None


def test_an_answer_stamped_before_its_question_is_left_to_the_fold() -> None:
    """It may count for nothing, which only the whole story tells."""
    early, late = answers(10, in_reply_to="m20"), asks(20)

    assert advanced(summary(asks(0)), [late, early]) is None
