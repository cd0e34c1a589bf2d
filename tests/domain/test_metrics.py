"""From messages to rows in one pass."""

import random
from datetime import timedelta
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from builders import answers, asks, at
from socialcare.domain.handling import HandlingSpan
from socialcare.domain.intervals import Status, WaitKind
from socialcare.domain.message import Message
from socialcare.domain.metrics import Measured, latest, measured, response_times
from socialcare.domain.policy import MeasurementPolicy
from strategies import handling_for, logs, policies, statuses_for

Row = TypeVar("Row")


def test_nothing_comes_to_nothing() -> None:
    """An empty log has no instant and no rows."""
    assert measured([]) == Measured(as_of=None)


def test_the_latest_instant_is_that_of_the_data() -> None:
    """Messages, states, assignments and work all count."""
    span = HandlingSpan(conversation_id="x:m0", agent_id="sam", started_at=at(0), ended_at=at(9))
    status = Status(conversation_id="x:m0", at=at(5), status="open")

    assert latest([asks(0)], [status], (), [span]) == at(9)
    assert measured([asks(0)], statuses=[status]).as_of == at(5)


def test_what_came_later_is_left_out_before_threading() -> None:
    """A message that joins two conversations joins them only once it is known."""
    log = [asks(0), asks(3000), answers(3010, in_reply_to="m0")]

    assert len(measured(log, as_of=at(3005)).conversations) == 2
    assert len(measured(log).conversations) == 1


def test_response_times_count_the_pending() -> None:
    """First response time is over first waits, average response time over all."""
    log = [asks(0), answers(1), asks(2), answers(5), asks(9000)]
    found = measured(log, as_of=at(9010)).waits
    first, every = response_times(found, WaitKind.FIRST), response_times(found)

    assert (first.n, first.pending, first.median) == (1, 1, 60.0)
    assert (every.n, every.pending, every.mean) == (2, 1, 120.0)


def twice(rows: list[Row], chance: random.Random) -> list[Row]:
    """The rows in another order, half of them a second time."""
    again = rows + rows[: len(rows) // 2]
    chance.shuffle(again)
    return again


@settings(deadline=None)
@given(st.data(), logs(), policies(), st.randoms(use_true_random=False))
def test_nothing_depends_on_order_or_repeats(
    data: st.DataObject, log: list[Message], policy: MeasurementPolicy, chance: random.Random
) -> None:
    """Every row is the same for any shuffle of every table, with anything in it twice."""
    statuses = data.draw(statuses_for(log))
    spans = data.draw(handling_for(log))
    before = measured(log, policy=policy, statuses=statuses, spans=spans)

    again = measured(
        twice(log, chance),
        policy=policy,
        statuses=twice(statuses, chance),
        spans=twice(spans, chance),
    )

    assert again == before


@settings(deadline=None)
@given(logs())
def test_splits_add_up(log: list[Message]) -> None:
    """Waits by channel are all waits, and their seconds sum to the whole."""
    found = measured(log).waits
    channels = {wait.channel for wait in found}
    parts = [
        response_times([wait for wait in found if wait.channel == channel])
        for channel in sorted(channels)
    ]
    whole = response_times(found)

    assert sum(part.n for part in parts) == whole.n
    assert sum(part.pending for part in parts) == whole.pending
    total = sum((part.mean or 0) * part.n for part in parts)
    assert abs(total - (whole.mean or 0) * whole.n) < timedelta(seconds=1).total_seconds()
