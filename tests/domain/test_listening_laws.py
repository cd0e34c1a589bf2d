"""Laws of listening: it finds what its queries find, in order, and never breaks a limit."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from builders import asks
from socialcare.domain.hearing import Hearing
from socialcare.domain.listening import Limit, Listening, ListeningQuery
from socialcare.domain.message import Message
from socialcare.domain.query import Query, Subject

WORDS = ("northline", "train", "late", "down", "nl", "rain", "fail")
QUERIES = ("northline", "nl (down OR fail)", '"train late"', "northlin~ NOT rain", "#fail OR late")
texts = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
minutes = st.integers(0, 12).map(lambda quarter: quarter / 4)
messages = st.lists(st.tuples(texts, minutes), max_size=40).map(
    lambda said: [asks(at, id=str(place), text=text) for place, (text, at) in enumerate(said)]
)
limits = st.builds(
    Limit,
    messages=st.integers(1, 4),
    within=st.integers(20, 90).map(lambda s: timedelta(seconds=s)),
)


def listening(**fields: Any) -> Listening:
    """All queries, each with the same limit or sample."""
    return Listening(
        written=[ListeningQuery(name=text, query=Query(text), **fields) for text in QUERIES]
    )


@given(said=messages)
def test_listening_finds_what_the_queries_find(said: list[Message]) -> None:
    """Where nothing is held back, no message more and none less, in the same order."""
    found = [
        (message.id, tuple(text for text in QUERIES if Query(text).holds(Subject(message=message))))
        for message in said
    ]

    heard = [(each.message.id, each.found_by) for each in listening().hear(said)]
    assert heard == [(name, by) for name, by in found if by]


@given(said=messages, limit=limits)
def test_a_limit_holds_in_every_window(said: list[Message], limit: Limit) -> None:
    """In whatever order the messages come, wherever the window begins."""
    hearing = listening(limit=limit).hear(said)
    by_query: dict[str, list[Message]] = {text: [] for text in QUERIES}
    for each in hearing:
        for name in each.found_by:
            by_query[name].append(each.message)

    for passed in by_query.values():
        for first in passed:
            window = [
                each
                for each in passed
                if timedelta() <= each.sent_at - first.sent_at < limit.within
            ]
            assert len(window) <= limit.messages


@given(said=messages, limit=limits)
def test_a_limit_holds_nothing_back_that_fits(said: list[Message], limit: Limit) -> None:
    """A message is only held back where some window around it would be too full with it."""
    text = QUERIES[0]
    only = Listening(written=[ListeningQuery(name=text, query=Query(text), limit=limit)])
    found = [each for each in said if Query(text).holds(Subject(message=each))]
    passed: list[Message] = []
    for message in found:
        times = sorted(each.sent_at for each in (*passed, message))
        runs = zip(times, times[limit.messages :], strict=False)
        if all(last - first >= limit.within for first, last in runs):
            passed.append(message)

    assert [each.message for each in only.hear(said)] == passed


@given(said=messages, limit=limits)
def test_order_in_is_order_out(said: list[Message], limit: Limit) -> None:
    """What is heard is a part of what came, in its order, and the record counts the rest."""
    hearing = listening(limit=limit).hear(said)
    heard = [each.message.id for each in hearing]
    places = [int(name) for name in heard]

    assert places == sorted(set(places))
    assert hearing.record.passed_on == len(heard)
    for counted in hearing.record.queries:
        assert counted.found == counted.passed_on + counted.held_back
        assert counted.looked_at == len(said)


@given(said=messages, times=st.integers(2, 3))
def test_what_comes_again_is_not_heard_again(said: list[Message], times: int) -> None:
    """However often a batch is told, it is heard once."""
    again = listening().hear(said * times)

    assert list(again) == list(listening().hear(said))


@given(said=messages, remembered=st.integers(1, 5))
def test_memory_is_bounded(said: list[Message], remembered: int) -> None:
    """A repeat is known as long as not so many others were found in between."""
    hearing = Hearing(listening(), [*said, *said[-1:]], remembered=remembered)
    heard = [each.message.id for each in hearing]

    assert len(heard) == len(set(heard))
