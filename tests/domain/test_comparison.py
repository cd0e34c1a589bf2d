"""Which rule made two policies differ."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from builders import answers, asks, at, bot, note, talk
from effort import examples
from socialcare.domain.comparison import RULES, compare
from socialcare.domain.hours import BusinessHours
from socialcare.domain.intervals import Assignment, Status, resolution, waits
from socialcare.domain.message import Message
from socialcare.domain.policy import MeasurementPolicy, Pause, Targets
from socialcare.domain.threading import thread
from strategies import instants, logs, policies

OURS = MeasurementPolicy()
AS_OF = at(1000)
HOURS = BusinessHours.from_mapping(
    {
        "timezone": "UTC",
        "weekly": {"mon-fri": ["09:00-17:00"]},
        "versions": [{"from": "2026-03-03", "weekly": {"mon-fri": ["10:00-17:00"]}}],
    }
)


def test_the_same_policy_differs_nowhere() -> None:
    """Nor does one that has only another name and other promises."""
    other = MeasurementPolicy(name="other", targets=Targets(resolution=timedelta(hours=1)))

    assert compare(OURS, other, [talk(asks(0), answers(1))], as_of=AS_OF) == ()


@pytest.mark.parametrize(
    ("fields", "messages"),
    [
        ({"opens": "last"}, [asks(0), asks(1), answers(2)]),
        ({"automated": "count"}, [asks(0), bot(1), answers(2)]),
        ({"agent_began": "first"}, [answers(0), asks(1), answers(2)]),
        ({"responses": {"internal", "public"}}, [asks(0), note(1), answers(2)]),
        ({"credited_to": "assignee"}, [asks(0), answers(1)]),
        ({"hours_apply": "start"}, [asks(0), answers(25 * 60)]),
        ({"resolution_closes": "first"}, [asks(0), answers(1), asks(9), answers(10)]),
        ({"pauses": [Pause(states={"solved"})]}, [asks(0), answers(5)]),
    ],
)
def test_a_rule_that_differs_is_named(fields: dict[str, Any], messages: list[Message]) -> None:
    """For each field there is a conversation that it measures differently."""
    other = MeasurementPolicy(**fields)
    (difference,) = compare(
        OURS,
        other,
        [talk(asks(0), answers(1, by="sam"), id="same"), talk(*messages)],
        as_of=at(2000),
        hours=HOURS,
        statuses=[
            Status(conversation_id="c", at=at(3), status="solved"),
            Status(conversation_id="same", at=at(3), status="solved"),
        ],
        assignments=[Assignment(conversation_id="c", at=at(0), agent_id="sam")],
    )

    assert (difference.conversation_id, difference.rules) == ("c", tuple(fields))


def test_the_settling_time_is_named() -> None:
    """Where nothing but silence says that it was resolved."""
    other = MeasurementPolicy.from_mapping({"settle": "1h"})
    (difference,) = compare(OURS, other, [talk(asks(0), answers(1))], as_of=AS_OF)

    assert difference.rules == ("settle",)
    assert [each.pending for each in difference.resolutions if each is not None] == [True, False]


def test_several_rules_are_named() -> None:
    """Each that makes a difference alone, in the order of the fields."""
    other = MeasurementPolicy(opens="last", automated="count", credited_to="assignee")
    conversation = talk(asks(0), asks(1), bot(2), answers(3))
    (difference,) = compare(OURS, other, [conversation], as_of=AS_OF)

    assert difference.rules == ("opens", "automated")
    assert [wait.calendar_seconds for wait in difference.waits[0]] == [180]
    assert [wait.calendar_seconds for wait in difference.waits[1]] == [60]


def test_rules_that_only_bite_together_are_named_together() -> None:
    """A note by a machine is a response only if notes are and machines count."""
    other = MeasurementPolicy(responses={"public", "internal"}, automated="count", opens="last")
    conversation = talk(asks(0), bot(1, visibility="internal"))
    (difference,) = compare(OURS, other, [conversation], as_of=AS_OF)

    assert difference.rules == ("automated", "responses")


@settings(deadline=None, max_examples=examples(25, many=500))
@given(logs(max_size=8), policies(), policies(), instants())
def test_the_rules_explain_the_whole_difference(
    log: list[Message], one: MeasurementPolicy, other: MeasurementPolicy, as_of: datetime
) -> None:
    """A conversation is named if and only if it differs, with rules that do."""
    conversations = thread(log)
    found = compare(one, other, conversations, as_of=as_of)
    named = {(each.brand, each.conversation_id) for each in found}

    for each in conversations:
        answers_of = [
            (waits(each, as_of=as_of, policy=p), resolution(each, as_of=as_of, policy=p))
            for p in (one, other)
        ]
        assert ((each.brand, each.id) in named) == (answers_of[0] != answers_of[1])
    for difference in found:
        assert difference.rules
        assert all(getattr(one, rule) != getattr(other, rule) for rule in difference.rules)
        assert set(difference.rules) <= set(RULES)
