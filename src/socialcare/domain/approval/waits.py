"""Waits for approval: how much of a customer's wait went by while an answer waited for others.

A round is the time from when a draft was put forward until somebody decided, or it went stale,
expired, or was taken back. Rounds of one conversation that overlap are counted once: however many
drafts wait, it is one customer who does. Of a round only that part counts in which the customer
waited. What is not decided yet lasts until the instant at which it is looked at.
"""

from collections.abc import Iterable
from datetime import datetime

import attrs

from socialcare.domain.approval.draft import Round
from socialcare.domain.instants import epoch_second
from socialcare.domain.statistics import Summary, summarise
from socialcare.domain.waits import Wait


@attrs.frozen(kw_only=True)
class ApprovalWait:
    """What waiting for approvals comes to.

    Attributes:
        times: Seconds of it in each wait in which an answer waited for approval; those of a wait
            that is pending are not at their end.
        seconds: Their sum.
        of: The sum of the seconds of all waits.
    """

    times: Summary
    seconds: int
    of: int

    @property
    def share(self) -> float | None:
        """The part of all waiting that was waiting for approval; None where nobody waited."""
        return self.seconds / self.of if self.of else None


def approval_wait(
    waits: Iterable[Wait], rounds: Iterable[Round], *, as_of: datetime
) -> ApprovalWait:
    """How much of these waits went by waiting for approval.

    Args:
        waits: The waits, by that instant.
        rounds: The rounds, of any conversations and in any order.
        as_of: The instant; what is later is not known yet.
    """
    last = epoch_second(as_of)
    spans = _spans(rounds, last)
    own = [(wait, _within(wait, spans.get(wait.conversation_id, ()), last)) for wait in waits]
    some = [(wait, seconds) for wait, seconds in own if seconds > 0]
    return ApprovalWait(
        times=summarise(
            [seconds for wait, seconds in some if not wait.pending],
            [seconds for wait, seconds in some if wait.pending],
        ),
        seconds=sum(seconds for _, seconds in some),
        of=sum(_lasted(wait, last) for wait, _ in own),
    )


_Span = tuple[int, int]


def _spans(rounds: Iterable[Round], last: int) -> dict[str, list[_Span]]:
    """The stretches in which something waited, by conversation, in order and apart."""
    found: dict[str, list[_Span]] = {}
    for each in sorted(rounds, key=_asked):
        begun = _asked(each)
        ended = last if each.decided_at is None else min(epoch_second(each.decided_at), last)
        if ended <= begun:
            continue
        own = found.setdefault(each.conversation_id, [])
        if own and begun <= own[-1][1]:
            own[-1] = (own[-1][0], max(own[-1][1], ended))
        else:
            own.append((begun, ended))
    return found


def _asked(each: Round) -> int:
    return epoch_second(each.asked_at)


def _end(wait: Wait, last: int) -> int:
    return last if wait.closed_at is None else epoch_second(wait.closed_at)


def _lasted(wait: Wait, last: int) -> int:
    return max(0, _end(wait, last) - epoch_second(wait.opened_at))


def _within(wait: Wait, spans: Iterable[_Span], last: int) -> int:
    """Seconds of the spans that fall into a wait."""
    opened, closed = epoch_second(wait.opened_at), _end(wait, last)
    return sum(max(0, min(end, closed) - max(start, opened)) for start, end in spans)
