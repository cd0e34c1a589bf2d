"""The time that agents really spent."""

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import asks, at
from socialcare.domain.handling import HandlingSpan, handling
from socialcare.domain.message import Message
from socialcare.errors import InvalidValue
from strategies import handling_for, logs

LAW = settings(deadline=None)


def span(start: float, end: float, *, conversation: str = "a", agent: str = "sam") -> HandlingSpan:
    """A span by its minutes."""
    return HandlingSpan(
        conversation_id=conversation, agent_id=agent, started_at=at(start), ended_at=at(end)
    )


def test_a_span_is_its_seconds() -> None:
    """From start to end, floored to seconds."""
    (row,) = handling([span(0, 10.0125)])

    assert (row.started_at, row.ended_at, row.seconds) == (at(0), at(10), 600.0)


def test_overlapping_spans_of_one_conversation_are_merged() -> None:
    """So are those that touch, and those that are inside another."""
    (row,) = handling([span(0, 10), span(5, 20), span(20, 30), span(1, 2), span(0, 10)])

    assert (row.started_at, row.ended_at, row.seconds) == (at(0), at(30), 1800.0)


def test_spans_apart_are_rows_apart() -> None:
    """A break between two spans stays one."""
    assert [row.seconds for row in handling([span(0, 1), span(2, 4)])] == [60.0, 120.0]


def test_time_on_two_conversations_is_shared() -> None:
    """Each gets half of the overlap and all of the rest."""
    rows = handling([span(0, 20), span(10, 30, conversation="b")])

    assert [row.seconds for row in rows] == [900.0, 900.0]


def test_time_on_three_conversations_is_shared() -> None:
    """A third each."""
    rows = handling([span(0, 1, conversation=each) for each in "abc"])

    assert [row.seconds for row in rows] == [20.0, 20.0, 20.0]


def test_sharing_can_be_turned_off() -> None:
    """Then each has its whole span."""
    rows = handling([span(0, 20), span(10, 30, conversation="b")], shared=False)

    assert [row.seconds for row in rows] == [1200.0, 1200.0]


def test_agents_do_not_share_with_each_other() -> None:
    """Two people on one conversation both work."""
    assert [row.seconds for row in handling([span(0, 1), span(0, 1, agent="anna")])] == [60.0, 60.0]


def test_an_empty_span_is_a_row_of_nothing() -> None:
    """Opened and closed at once, it took no time."""
    assert [row.seconds for row in handling([span(5, 5)])] == [0.0]


def test_a_span_that_ends_before_it_starts_is_refused() -> None:
    """The message says which and by what."""
    with pytest.raises(InvalidValue, match=r"HandlingSpan\.ended_at.*no earlier than"):
        span(5, 4)


@LAW
@given(st.data(), logs())
def test_nobody_works_more_than_there_is_time(data: st.DataObject, log: list[Message]) -> None:
    """The shares of one agent add up to the time in which they were on anything."""
    spans = data.draw(handling_for([*log, asks(0)]))
    rows = handling(spans)

    for agent in {each.agent_id for each in spans}:
        own = [each for each in handling(spans, shared=False) if each.agent_id == agent]
        moments = {
            each.started_at + timedelta(seconds=second)
            for each in own
            for second in range(int(each.seconds))
        }
        total = sum(Fraction(row.seconds) for row in rows if row.agent_id == agent)
        assert float(total) == pytest.approx(len(moments))


@LAW
@given(st.data(), logs())
def test_the_order_of_spans_does_not_matter(data: st.DataObject, log: list[Message]) -> None:
    """Backwards and twice over, they make the same rows."""
    spans = data.draw(handling_for([*log, asks(0)]))

    assert handling([*reversed(spans), *spans]) == handling(spans)
