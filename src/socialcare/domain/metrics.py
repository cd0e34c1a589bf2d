"""Metrics: from messages to the rows that they are statistics over, in one pure pass.

This is the reference that other engines are held equal to.
It is written to be read: repeats are removed, what came after `as_of` is left out, the rest is
threaded, and each conversation is measured by itself.
"""

from collections.abc import Iterable
from datetime import datetime

import attrs

from socialcare.domain.changes import Assignment, Status
from socialcare.domain.conversation import Conversation
from socialcare.domain.handling import Handling, HandlingSpan, handling
from socialcare.domain.message import Message
from socialcare.domain.policy import MeasurementPolicy
from socialcare.domain.resolutions import Resolution, resolutions
from socialcare.domain.statistics import Summary, summarise
from socialcare.domain.stopwatch import Hours
from socialcare.domain.threading import ThreadingPolicy, deduplicated, misdated, thread, until
from socialcare.domain.waits import Wait, WaitKind, waits_of


@attrs.frozen(kw_only=True)
class Measured:
    """What a log comes to: the evidence for every number about time.

    Attributes:
        as_of: The instant of the calculation; None for an empty log.
        conversations: By first message.
        waits: By conversation, then in the order in which they opened.
        resolutions: By conversation.
        handling: By agent and start.
    """

    as_of: datetime | None
    conversations: tuple[Conversation, ...] = ()
    waits: tuple[Wait, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    handling: tuple[Handling, ...] = ()


def latest(
    messages: Iterable[Message],
    statuses: Iterable[Status] = (),
    assignments: Iterable[Assignment] = (),
    spans: Iterable[HandlingSpan] = (),
) -> datetime | None:
    """The latest instant in the data: the default for `as_of`; None where there is none."""
    instants = [message.sent_at for message in messages]
    instants += [row.at for row in statuses]
    instants += [row.at for row in assignments]
    instants += [span.ended_at for span in spans]
    return max(instants, default=None)


def measured(
    messages: Iterable[Message],
    *,
    as_of: datetime | None = None,
    policy: MeasurementPolicy = MeasurementPolicy(),  # noqa: B008 - frozen
    threading: ThreadingPolicy = ThreadingPolicy(),  # noqa: B008 - frozen
    hours: Hours | None = None,
    statuses: Iterable[Status] = (),
    assignments: Iterable[Assignment] = (),
    spans: Iterable[HandlingSpan] = (),
    has_statuses: bool = False,
    shared: bool = True,
) -> Measured:
    """The conversations of a log, and how long everybody waited.

    Args:
        messages: In any order, repeats included.
        as_of: The instant of the calculation; by default the latest in the data.
        policy: The rules of measurement.
        threading: The rules of threading.
        hours: Business hours, for `business_seconds`.
        statuses: The status table.
        assignments: The assignment table.
        spans: The handling table.
        has_statuses: Whether the log has a status table even if `statuses` is empty.
        shared: Whether agents' time on several conversations at once is shared out.
    """
    kept, states = deduplicated(messages), tuple(statuses)
    hands, worked = tuple(assignments), tuple(spans)
    at = as_of or latest(kept, states, hands, worked)
    if at is None:
        return Measured(as_of=None)
    known = until(kept, at)
    found, wrong = thread(known, threading), misdated(known)
    return Measured(
        as_of=at,
        conversations=found,
        waits=waits_of(
            found,
            as_of=at,
            policy=policy,
            hours=hours,
            statuses=states,
            assignments=hands,
            misdated=wrong,
        ),
        resolutions=resolutions(
            found,
            as_of=at,
            policy=policy,
            hours=hours,
            statuses=states,
            log_has_statuses=has_statuses,
            misdated=wrong,
        ),
        handling=handling(worked, shared=shared),
    )


def response_times(rows: Iterable[Wait], kind: WaitKind | None = None) -> Summary:
    """What the calendar seconds of the waits come to, pending ones counted as censored.

    With `kind` of `WaitKind.FIRST` this is the first response time; of all waits, the average
    response time.
    """
    own = [wait for wait in rows if kind is None or wait.kind is kind]
    return summarise(
        [wait.calendar_seconds for wait in own if not wait.pending],
        [wait.calendar_seconds for wait in own if wait.pending],
    )
