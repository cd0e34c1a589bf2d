"""How long until a conversation was settled."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import answers, asks, at, bot, note, talk
from socialcare.domain.conversation import Conversation
from socialcare.domain.hours import BusinessHours
from socialcare.domain.intervals import (
    Resolution,
    Source,
    Status,
    resolution,
    resolutions,
)
from socialcare.domain.message import Message
from socialcare.domain.policy import MeasurementPolicy, Pause
from socialcare.domain.threading import deduplicated, misdated, thread, until
from strategies import instants, logs, policies, statuses_for

DAY = 24 * 60
AS_OF = at(100 * DAY)
ARGUMENTS = {"as_of", "hours", "statuses", "log_has_statuses", "misdated"}


def settled(conversation: Conversation, **arguments: Any) -> Resolution:
    """The resolution of a conversation that has one; policy fields may be given by name."""
    fields = {name: arguments.pop(name) for name in list(arguments) if name not in ARGUMENTS}
    policy = MeasurementPolicy(**fields)
    found = resolution(conversation, **{"as_of": AS_OF, "policy": policy, **arguments})
    assert found is not None
    return found


def states(*rows: tuple[float, str]) -> list[Status]:
    """Status rows of the conversation, by minute."""
    return [Status(conversation_id="c", at=at(minutes), status=state) for minutes, state in rows]


def test_without_a_customer_there_is_none() -> None:
    """A conversation in which no customer wrote cannot be resolved."""
    assert resolution(talk(answers(0), note(1), bot(2)), as_of=AS_OF) is None


def test_a_status_resolves() -> None:
    """From the first customer message to the state; who answered last is named."""
    found = settled(
        talk(asks(0), answers(5), asks(6), answers(9, by="sam", channel="email")),
        statuses=states((0, "new"), (10, "Solved")),
    )

    assert found == Resolution(
        conversation_id="c",
        brand=None,
        customer_id="ada",
        channel="x",
        opened_at=at(0),
        resolved_at=at(10),
        first_resolved_at=at(10),
        source=Source.STATUS,
        calendar_seconds=600,
        business_seconds=None,
        reopened=0,
        responses=2,
        agent_id="sam",
        closing_channel="email",
    )


@pytest.mark.parametrize("state", ["solved", "resolved", "closed", "done"])
def test_four_states_resolve(state: str) -> None:
    """Each of the four words settles a conversation."""
    assert settled(talk(asks(0)), statuses=states((1, state))).resolved_at == at(1)


def test_what_is_resolved_is_not_resolved_again() -> None:
    """Closing what was solved does not move its resolution."""
    found = settled(talk(asks(0)), statuses=states((1, "solved"), (9, "closed")))

    assert (found.resolved_at, found.reopened) == (at(1), 0)


def test_another_state_reopens() -> None:
    """The last resolution closes; how often it was reopened is counted."""
    rows = states((1, "solved"), (5, "open"), (6, "pending"), (9, "closed"))
    found = settled(talk(asks(0)), statuses=rows)

    assert (found.resolved_at, found.first_resolved_at, found.reopened) == (at(9), at(1), 1)


def test_the_first_resolution_can_close() -> None:
    """With `first` a reopening does not undo it, and later responses do not count."""
    found = settled(
        talk(asks(0), answers(1), asks(5), answers(6)),
        statuses=states((2, "solved")),
        resolution_closes="first",
    )

    assert (found.resolved_at, found.responses, found.reopened) == (at(2), 1, 1)
    assert not found.pending


def test_a_customer_message_reopens() -> None:
    """Even if no state says so, a question after the resolution opens it again."""
    found = settled(talk(asks(0), asks(5)), statuses=states((1, "solved")), as_of=at(10))

    assert found.pending
    assert (found.first_resolved_at, found.calendar_seconds) == (at(1), 600)


def test_thanks_do_not_reopen() -> None:
    """An acknowledgement after the resolution leaves it settled."""
    found = settled(talk(asks(0), asks(5, text="Thank you!")), statuses=states((1, "solved")))

    assert (found.resolved_at, found.reopened) == (at(1), 0)


def test_a_message_and_a_state_of_one_second() -> None:
    """At the same second the state comes after the message."""
    assert settled(talk(asks(0)), statuses=states((0, "solved"))).calendar_seconds == 0


def test_states_before_the_customer_do_not_count() -> None:
    """What was closed before the customer wrote was something else."""
    found = settled(talk(answers(0), asks(5)), statuses=states((1, "closed")), as_of=at(6))

    assert (found.pending, found.first_resolved_at, found.source) == (True, None, None)


def test_states_decide_where_there_are_any() -> None:
    """With a status row nothing is read from thanks or silence."""
    conversation = talk(asks(0), answers(1), asks(2, text="Thanks!"))

    assert settled(conversation, statuses=states((0, "open"))).pending


def test_states_after_the_instant_are_unknown() -> None:
    """A row later than `as_of` is as if it were not there."""
    assert settled(talk(asks(0)), statuses=states((9, "solved")), as_of=at(5)).pending


def test_thanks_resolve() -> None:
    """After a response, thanks settle the conversation when they are sent."""
    found = settled(talk(asks(0), answers(1), asks(2, text="Thanks, it works now!")))

    assert (found.resolved_at, found.source) == (at(2), Source.ACKNOWLEDGEMENT)


def test_thanks_before_any_response_resolve_nothing() -> None:
    """Nobody has helped yet."""
    found = settled(talk(asks(0, text="Thanks!"), answers(1)), as_of=at(2))

    assert (found.pending, found.source) == (True, None)


def test_thanks_and_then_a_question() -> None:
    """A later question opens it again, later thanks settle it again."""
    conversation = talk(
        asks(0), answers(1), asks(2, text="Thanks!"), asks(3), answers(4), asks(5, text="Thanks!")
    )
    found = settled(conversation)

    assert (found.resolved_at, found.first_resolved_at, found.reopened) == (at(5), at(2), 1)
    assert (found.responses, found.agent_id) == (2, "anna")


def test_thanks_twice_resolve_once() -> None:
    """More thanks do not move the resolution."""
    conversation = talk(asks(0), answers(1), asks(2, text="Thanks!"), asks(3, text="Thank you!"))

    assert settled(conversation).resolved_at == at(2)


def test_silence_resolves_in_a_log_without_states() -> None:
    """A response with three days of silence after it settles, marked as inferred."""
    found = settled(talk(asks(0), answers(5)), as_of=at(5 + 3 * DAY))

    assert (found.resolved_at, found.source) == (at(5), Source.INFERRED)
    assert found.calendar_seconds == 300


def test_silence_must_be_long_enough() -> None:
    """A second less than the settling time is too little."""
    assert settled(talk(asks(0), answers(5)), as_of=at(5 + 3 * DAY - 1 / 60)).pending


def test_a_message_within_the_settling_time_breaks_the_silence() -> None:
    """One exactly then breaks it, one a second later reopens."""
    within = talk(asks(0), answers(5), asks(5 + 3 * DAY))
    later = talk(asks(0), answers(5), asks(5 + 3 * DAY + 1 / 60))

    assert settled(within).first_resolved_at is None
    assert settled(later).first_resolved_at == at(5)
    assert settled(later).reopened == 1


def test_silence_says_nothing_where_the_log_has_states() -> None:
    """A conversation without a row in a log with a status table is pending."""
    found = settled(talk(asks(0), answers(5)), log_has_statuses=True)

    assert (found.pending, found.source) == (True, None)


def test_silence_without_a_response_resolves_nothing() -> None:
    """An unanswered customer is not settled by time."""
    assert settled(talk(asks(0))).pending


def test_the_first_of_several_responses_in_a_row_resolves() -> None:
    """What the customer was silent after is settled from then on."""
    assert settled(talk(asks(0), answers(5), answers(6))).resolved_at == at(5)


def test_a_misdated_response_is_none() -> None:
    """An answer stamped before its question settles nothing."""
    assert settled(talk(asks(0), answers(5)), misdated={("x", "m5")}).pending


def test_automated_replies_resolve_only_where_they_count() -> None:
    """The policy says what a response is, here too."""
    conversation = talk(asks(0), bot(1))

    assert settled(conversation).pending
    assert settled(conversation, automated="count").resolved_at == at(1)


def test_responses_before_the_customer_wrote_are_not_counted() -> None:
    """A greeting by the brand is no response."""
    conversation = talk(answers(0), asks(1), answers(2))

    assert settled(conversation).responses == 1


def test_a_pause_is_taken_off() -> None:
    """Time in a pausing state does not count for the resolution."""
    rows = states((2, "pending"), (6, "open"), (9, "solved"))
    pauses = [Pause(states={"pending"}, targets={"resolution"})]

    assert settled(talk(asks(0)), statuses=rows, pauses=pauses).calendar_seconds == 300


def test_business_seconds_are_those_inside_the_hours() -> None:
    """The time after ten does not count."""
    hours = BusinessHours.from_mapping({"timezone": "UTC", "weekly": {"mon": ["09:00-10:00"]}})
    found = settled(talk(asks(0)), statuses=states((90, "solved")), hours=hours)

    assert (found.calendar_seconds, found.business_seconds) == (5400, 3600)


def test_a_status_table_is_for_all_conversations() -> None:
    """Rows go by conversation, and their presence anywhere rules out silence everywhere."""
    one, other = talk(asks(0), answers(1)), talk(asks(0), answers(1), id="d")
    found = resolutions([one, other], as_of=AS_OF, statuses=states((5, "solved")))

    assert [each.resolved_at for each in found] == [at(5), None]


@settings(deadline=None)
@given(st.data(), logs(), policies(), instants())
def test_resolutions_hold_together(
    data: st.DataObject, log: list[Message], policy: MeasurementPolicy, as_of: datetime
) -> None:
    """Nothing is negative, the first comes no later than the last, and pending has no end."""
    statuses = data.draw(statuses_for(log))
    known = until(deduplicated(log), as_of)
    found = resolutions(
        thread(known), as_of=as_of, policy=policy, statuses=statuses, misdated=misdated(known)
    )

    for each in found:
        assert each.calendar_seconds >= 0
        assert each.pending or each.first_resolved_at is not None
        assert (each.source is None) == (each.first_resolved_at is None)
        if each.resolved_at is not None and each.first_resolved_at is not None:
            assert each.first_resolved_at <= each.resolved_at <= as_of + timedelta(seconds=1)
