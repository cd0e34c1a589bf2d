"""What was known of a conversation from when on."""

from datetime import timedelta

from builders import asks, at
from socialcare.domain.actor import Actor
from socialcare.domain.assessment import Assessment
from socialcare.domain.changes import Kind
from socialcare.domain.circumstances import Circumstances
from socialcare.domain.events import Assessed, Event, MessageReceived
from socialcare.domain.priority import Decision
from socialcare.domain.tier import Priority

SAM = Actor(id="sam")


def ranked(priority: str) -> Assessment:
    """What the rules made of a message."""
    decision = Decision(priority=Priority.of(priority), reason="so", book="b 1")
    return Assessment(decision=decision)


def came(minutes: float, priority: str) -> Event:
    """A message that came in at once."""
    message = asks(minutes)
    return MessageReceived(
        conversation="c", at=message.sent_at, by=SAM, message=message, assessment=ranked(priority)
    )


def again(minutes: float, message: str, priority: str) -> Event:
    """A message that was looked at again."""
    return Assessed(
        conversation="c",
        at=at(minutes),
        by=SAM,
        channel=asks(0).channel,
        message_id=message,
        assessment=ranked(priority),
    )


def priorities(*told: Event) -> list[str]:
    """What the priority became, one after the other."""
    found = Circumstances(events=told)
    return [each.value for each in found.learnt if each.kind is Kind.PRIORITY]


def test_what_matters_most_counts() -> None:
    """A message that matters less changes nothing while a more important one waits."""
    assert priorities(came(0, "second"), came(1, "first"), came(2, "noise")) == ["second", "first"]


def test_a_correction_may_lower_it() -> None:
    """If the message that mattered most turns out not to, the others say how much."""
    told = (came(0, "second"), came(1, "first"), again(2, asks(1).id, "noise"))

    assert priorities(*told) == ["second", "first", "second"]


def test_a_flood_costs_no_more_a_message() -> None:
    """Each of thousands of messages in a row is compared with one other, and not with all."""
    compared = 0

    class Counting(Priority):
        def __lt__(self, other: Priority) -> bool:
            nonlocal compared
            compared += 1
            return super().__lt__(other)

    decision = Decision(
        priority=Counting("first"), reason="so", book="b 1", allowance=timedelta(hours=1)
    )
    told = tuple(
        MessageReceived(
            conversation="c",
            at=at(minute),
            by=SAM,
            message=asks(minute),
            assessment=Assessment(decision=decision),
        )
        for minute in range(300)
    )

    assert Circumstances(events=told).learnt
    assert compared < 2 * 300
