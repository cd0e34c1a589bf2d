"""Handling: the time that agents really spent.

Overlapping spans of one agent on one conversation are one span.
Where one agent's spans on several conversations overlap, each gets an equal share of the overlap,
so that nobody works more than sixty minutes in an hour.
Shares are summed as fractions, so that splits add up to the whole; the result is a float.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from itertools import pairwise

import attrs

from socialcare.domain.instants import epoch_second, from_epoch_second, instant
from socialcare.errors import InvalidValue


def _at(value: datetime) -> datetime:
    return instant(value, where="HandlingSpan")


def _not_before(
    span: "HandlingSpan", attribute: "attrs.Attribute[datetime]", value: datetime
) -> None:
    if value < span.started_at:
        where = f"HandlingSpan.{attribute.name}"
        raise InvalidValue(value, where=where, right=f"no earlier than {span.started_at}")


@attrs.frozen(kw_only=True)
class HandlingSpan:
    """An agent worked on a conversation.

    Raises:
        InvalidValue: If it ends before it starts.
        NaiveDatetime: If an instant has no time zone.
    """

    conversation_id: str
    agent_id: str
    started_at: datetime = attrs.field(converter=_at)
    ended_at: datetime = attrs.field(converter=_at, validator=_not_before)


@attrs.frozen(kw_only=True)
class Running:
    """An agent works on a conversation, and has not stopped yet."""

    agent_id: str
    started_at: datetime = attrs.field(converter=_at)


@attrs.frozen(kw_only=True)
class Handling:
    """Time that an agent spent on a conversation without a break.

    Attributes:
        conversation_id: The conversation.
        agent_id: The agent.
        started_at: When they began, floored to its second.
        ended_at: When they stopped, floored to its second.
        seconds: How much of it is this conversation's, shares counted.
    """

    conversation_id: str
    agent_id: str
    started_at: datetime
    ended_at: datetime
    seconds: float


@attrs.frozen
class _Span:
    """A merged span, in whole seconds."""

    conversation_id: str
    start: int
    end: int


def handling(spans: Iterable[HandlingSpan], *, shared: bool = True) -> tuple[Handling, ...]:
    """One row for each stretch of time that an agent spent on a conversation.

    Args:
        spans: In any order, repeats included. Those of one agent on one conversation that overlap
            or touch become one.
        shared: Whether the time in which an agent was on several conversations is shared out.

    Returns:
        Rows by agent, start, end and conversation.

    >>> from datetime import UTC, timedelta
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> hour = timedelta(hours=1)
    >>> both = [
    ...     HandlingSpan(conversation_id=c, agent_id="sam", started_at=nine, ended_at=nine + hour)
    ...     for c in "ab"
    ... ]
    >>> [row.seconds for row in handling(both)]
    [1800.0, 1800.0]
    """
    by_agent: defaultdict[str, list[HandlingSpan]] = defaultdict(list)
    for span in spans:
        by_agent[span.agent_id].append(span)
    rows: list[Handling] = []
    for agent_id, own in sorted(by_agent.items()):
        merged = _merged(own)
        seconds = _shares(merged) if shared else _lengths(merged)
        rows += [_row(agent_id, *pair) for pair in zip(merged, seconds, strict=True)]
    return tuple(rows)


def _row(agent_id: str, span: _Span, seconds: Fraction) -> Handling:
    return Handling(
        conversation_id=span.conversation_id,
        agent_id=agent_id,
        started_at=from_epoch_second(span.start),
        ended_at=from_epoch_second(span.end),
        seconds=float(seconds),
    )


def _merged(spans: Iterable[HandlingSpan]) -> list[_Span]:
    """The spans of one agent, those on one conversation that overlap or touch made one."""
    by_conversation: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for span in spans:
        ends = (epoch_second(span.started_at), epoch_second(span.ended_at))
        by_conversation[span.conversation_id].append(ends)
    merged = [
        _Span(conversation_id, start, end)
        for conversation_id, own in by_conversation.items()
        for start, end in _united(own)
    ]
    return sorted(merged, key=lambda span: (span.start, span.end, span.conversation_id))


def _united(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    united: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united


def _lengths(spans: Sequence[_Span]) -> list[Fraction]:
    return [Fraction(span.end - span.start) for span in spans]


def _shares(spans: Sequence[_Span]) -> list[Fraction]:
    """For each span its own part of the time.

    Each part is read off one clock per agent that runs slower the more there is to do: beside
    k conversations it gains a second in k seconds.
    """
    clock = _clock(sorted(s.start for s in spans), sorted(s.end for s in spans))
    return [clock[span.end] - clock[span.start] for span in spans]


def _clock(starts: Sequence[int], ends: Sequence[int]) -> dict[int, Fraction]:
    """What the agent's clock shows at each moment at which a span starts or ends."""
    moments = sorted({*starts, *ends})
    clock = dict.fromkeys(moments[:1], Fraction(0))
    for before, moment in pairwise(moments):
        busy = bisect_right(starts, before) - bisect_right(ends, before)
        gained = Fraction(moment - before, busy) if busy else Fraction(0)
        clock[moment] = clock[before] + gained
    return clock
