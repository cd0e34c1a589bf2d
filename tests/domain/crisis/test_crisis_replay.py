"""A replay: what a policy would have done on history."""

from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from random import Random

import pytest

from crises import OUTAGE, outage_log
from socialcare.domain.crisis.policy import CrisisPolicy
from socialcare.domain.crisis.replay import Replay, replay
from socialcare.domain.message import Author, AuthorRole, Direction, Message
from socialcare.errors import InvalidValue

POLICY = CrisisPolicy(
    topics=("payments",), windows=CrisisPolicy().windows[:5], history=timedelta(days=14)
)


def about(message: Message) -> Iterable[str]:
    """The topics of a message."""
    return ("payments",) if "payments" in (message.text or "") else ()


@cache
def played() -> Replay:
    """What the policy would have done."""
    return replay(outage_log(), POLICY, topics=about)


def test_the_crisis_is_found() -> None:
    """There is one alarm, it is that of the outage, and it ends."""
    (alarm,) = played().alarms

    assert OUTAGE < alarm.at <= OUTAGE + timedelta(minutes=45)
    assert alarm.ended is not None
    assert OUTAGE + timedelta(minutes=90) < alarm.ended < OUTAGE + timedelta(hours=6)


def test_it_says_why() -> None:
    """An alarm has a sentence, and what the messages behind it have in common."""
    (alarm,) = played().alarms
    drivers = {(driver.kind, driver.name) for driver in alarm.drivers}

    assert "usual; by chance that happens" in alarm.reason
    assert {("term", "failing"), ("topic", "payments")} <= drivers


def test_order_and_repeats_do_not_matter() -> None:
    """Shuffled and doubled history is the same history."""
    shuffled = [*outage_log(), *outage_log()[::7]]
    Random(1).shuffle(shuffled)

    assert replay(shuffled, POLICY, topics=about) == played()


def test_false_alarms_are_those_that_nobody_knows() -> None:
    """An alarm within a known crisis is no false one."""
    known = [(OUTAGE, OUTAGE + timedelta(hours=2))]

    assert played().false_alarms(known) == ()
    assert played().false_alarms() == played().alarms


def test_the_promise_can_be_judged() -> None:
    """So many false alarms in so short a time would be unlikely."""
    assert played().allowed == pytest.approx(4 / 30, abs=0.01)
    assert played().chance_of(0) == 1.0
    assert played().chance_of(3) < 0.001


def test_points_make_a_plot() -> None:
    """Every hour of every series has its count beside what was usual and what was too much."""
    volume = [point for point in played().points if point.series == "volume"]
    loud = max(volume, key=lambda point: point.count)

    assert len(volume) == (played().until - played().since) // timedelta(hours=1)
    assert sum(point.count for point in volume) == sum(
        played().since <= message.sent_at < volume[-1].end for message in outage_log()
    )
    assert loud.count > loud.threshold > loud.expected
    assert all(point.end - point.start == timedelta(hours=1) for point in volume)


def test_only_customers_count() -> None:
    """What the brand answers is no crisis."""
    answers = [
        Message(
            id=f"answer {number}",
            sent_at=OUTAGE + timedelta(minutes=number),
            direction=Direction.OUTBOUND,
            author=Author(id="anna", role=AuthorRole.AGENT),
            customer_id="ada",
            channel="x",
        )
        for number in range(90)
    ]

    assert replay([*outage_log(), *answers], POLICY, topics=about) == played()


@pytest.mark.parametrize("messages", [(), outage_log()[:500]], ids=["none", "days"])
def test_too_little_history_is_refused(messages: tuple[Message, ...]) -> None:
    """What is shorter than the history that the policy wants can't be replayed."""
    with pytest.raises(InvalidValue, match="expected more than the history that the policy wants"):
        replay(messages, POLICY)
