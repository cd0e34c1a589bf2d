"""Standstill: in which stretches the states of a conversation stop its clocks."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import zip_longest

import attrs

from socialcare.domain.acknowledgement import is_acknowledgement
from socialcare.domain.changes import Status
from socialcare.domain.conversation import Conversation
from socialcare.domain.instants import epoch_second, from_epoch_second
from socialcare.domain.resolutions import RESOLVED
from socialcare.domain.responses import Part, part
from socialcare.domain.sla.facts import Facts
from socialcare.domain.sla.promises import Promise
from socialcare.domain.sla.rules import Promised, SlaRules
from socialcare.domain.sla.time import Pause
from socialcare.domain.threading import until

__all__ = ["Standstill"]

_ARCHIVED = "archived"
_OPEN = "open"
_RESPONSES = frozenset({Promised.FIRST_RESPONSE, Promised.NEXT_RESPONSE})


@attrs.frozen(kw_only=True)
class Standstill:
    """The states of a conversation, and which of them stop which clock.

    Attributes:
        rules: Which states stop a clock.
        states: From which second on it was in which state, in order.
        complete: Whether these are all states that it came into, and not only those that somebody
            set.
    """

    rules: SlaRules
    states: tuple[tuple[datetime, str], ...]
    complete: bool

    @classmethod
    def of(
        cls,
        conversation: Conversation,
        rules: SlaRules,
        *,
        facts: Facts,
        statuses: Sequence[Status],
        as_of: datetime,
    ) -> "Standstill":
        """What stood still by an instant.

        Args:
            conversation: The conversation.
            rules: Which states stop a clock.
            facts: Its states, where all are known.
            statuses: Else those that somebody set, no later than the instant and in order.
            as_of: The instant.
        """
        last = epoch_second(as_of)
        told = [(each.at, each.value or "") for each in facts.states]
        rows = told or [*_set(conversation, rules, statuses, as_of)]
        seconds = [(epoch_second(at), state) for at, state in rows]
        kept = [(from_epoch_second(second), state) for second, state in seconds if second <= last]
        return cls(rules=rules, states=tuple(kept), complete=bool(told))

    def pauses(self, promise: Promise) -> Iterator[Pause]:
        """What the states take off a promise; what began when it was over takes nothing."""
        stopping = self._stopping(promise.target)
        ends = (begins for begins, _ in self.states[1:])
        for (begins, state), end in zip_longest(self.states, ends):
            if state.casefold() not in stopping:
                continue
            if promise.closed_at is None or begins < promise.closed_at:
                yield begins, end

    def _stopping(self, target: Promised) -> AbstractSet[str]:
        own = self.rules.pausing(target)
        return own | RESOLVED if self.complete and target in _RESPONSES else own


def _set(
    conversation: Conversation, rules: SlaRules, statuses: Sequence[Status], as_of: datetime
) -> Iterable[tuple[datetime, str]]:
    """The states that somebody set; what was archived is open again once the customer asks."""
    rows = [(row.at, row.status) for row in statuses]
    if all(state != _ARCHIVED for _, state in rows):
        return rows
    asked = (
        (message.sent_at, _OPEN)
        for message in until(conversation.messages, as_of)
        if part(message, rules.measurement, frozenset()) is Part.ASKS
        and not is_acknowledgement(message.text or "")
        and _state_at(rows, message.sent_at) == _ARCHIVED
    )
    return sorted((*rows, *asked), key=_second)


def _state_at(rows: Iterable[tuple[datetime, str]], at: datetime) -> str | None:
    before = [state for since, state in rows if epoch_second(since) < epoch_second(at)]
    return before[-1] if before else None


def _second(row: tuple[datetime, str]) -> int:
    return epoch_second(row[0])
