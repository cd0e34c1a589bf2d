"""Standing: where a conversation stands, while its story is told from the beginning.

What messages do is decided as for waits (`socialcare.domain.responses`), under our own policy, so
that a queue and the metrics agree on who waits. What follows is in the table of states.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

import attrs

from socialcare.domain.acknowledgement import is_acknowledgement
from socialcare.domain.assessment import UNREAD, Assessment
from socialcare.domain.events import Key
from socialcare.domain.message import Direction, Message
from socialcare.domain.policy import MeasurementPolicy
from socialcare.domain.priority import Decision
from socialcare.domain.responses import Part, part
from socialcare.domain.states import SETTLED, TABLE, Happening, State
from socialcare.domain.tier import Priority

POLICY = MeasurementPolicy()

# Python 3.11 takes long to find a member in its class, and every message asks for these.
_ASKS, _RESPONDS = Part.ASKS, Part.ANSWERS
_ASKED, _ANSWERED = Happening.ASKED, Happening.ANSWERED
_NEW, _OUTBOUND = State.NEW, Direction.OUTBOUND


@attrs.define(kw_only=True)
class Standing:
    """Where a conversation stands by now.

    Attributes:
        state: Its state.
        waiting_since: When what the customer waits with was sent; None while nobody waits.
        resolved_at: When it was settled, if it still is.
        reopened: How often it was settled and then was not.
        unanswered_since: When the customer wrote what was never answered, though it may have been
            settled since.
        priority: How much what the customer waits with matters, by the message that matters most;
            None where there are no rules.
        decision: Why.
        turn_at: When its turn comes among all who wait; None while nobody waits, or only noise.
    """

    state: State = State.NEW
    waiting_since: datetime | None = None
    resolved_at: datetime | None = None
    reopened: int = 0
    unanswered_since: datetime | None = None
    priority: Priority | None = None
    decision: Decision | None = None
    turn_at: datetime | None = None

    def hear(
        self,
        message: Message,
        assessments: Mapping[Key, Assessment],
        misdated: AbstractSet[Key] = frozenset(),
    ) -> None:
        """Goes on to a message, and to what the rules say of it, if it asks anything.

        Mere thanks do not open again what is settled. Whatever the brand writes before anybody
        asked, be it by a machine, makes it the customer's turn.
        """
        does = part(message, POLICY, misdated)
        if does is _ASKS:
            if self.state not in SETTLED or not is_acknowledgement(message.text or ""):
                self._ask(message.sent_at, assessments.get(message.key, UNREAD).decision)
        elif does is _RESPONDS or self._begins(message):
            self._answer()

    def decide(self, happening: Happening, at: datetime) -> bool:
        """Goes on to what somebody decided; whether that changed anything."""
        if (self.state, happening) not in TABLE:
            return False
        self._go(happening)
        if happening is Happening.REOPENED:
            self.waiting_since = self.unanswered_since or at
            self.turn_at = self.waiting_since + (allowance(self.decision) or timedelta())
        else:
            self.waiting_since, self.turn_at, self.resolved_at = None, None, at
        return True

    def _begins(self, message: Message) -> bool:
        """Whether the brand wrote it to somebody who had asked nothing."""
        return (
            message.direction is _OUTBOUND
            and not message.is_note
            and self.state is _NEW
            and self.waiting_since is None
        )

    def _ask(self, at: datetime, decision: Decision | None) -> None:
        if self._go(_ASKED) or self.unanswered_since is None:
            self.unanswered_since = at
        if self.waiting_since is None:
            self.waiting_since = at
            self.priority = self.decision = self.turn_at = None
        self._line_up(at, decision)

    def _line_up(self, at: datetime, decision: Decision | None) -> None:
        """Takes the earliest turn of all that the customer waits with, and the highest priority."""
        later = allowance(decision)
        if later is not None:
            turn = at + later
            if self.turn_at is None or turn < self.turn_at:
                self.turn_at = turn
        if decision is not None and (self.priority is None or decision.priority < self.priority):
            self.priority, self.decision = decision.priority, decision

    def _answer(self) -> None:
        self._go(_ANSWERED)
        self.waiting_since = self.unanswered_since = self.turn_at = None

    def _go(self, happening: Happening) -> bool:
        """Takes the step of the table; whether that took up again what was settled."""
        before, self.state = self.state, TABLE[self.state, happening]
        if before not in SETTLED or self.state in SETTLED:
            return False
        self.reopened += 1
        self.resolved_at = None
        return True


def allowance(decision: Decision | None) -> timedelta | None:
    """How much later than the moment of asking a turn comes: at once, where there are no rules."""
    return timedelta() if decision is None else decision.allowance
