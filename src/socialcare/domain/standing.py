"""Standing: where a conversation stands, while its story is told from the beginning.

What messages do is decided as for waits (`socialcare.domain.responses`), under our own policy, so
that a queue and the metrics agree on who waits. What follows is in the table of states.
"""

from collections.abc import Set as AbstractSet
from datetime import datetime

import attrs

from socialcare.domain.acknowledgement import is_acknowledgement
from socialcare.domain.events import Key
from socialcare.domain.message import Direction, Message
from socialcare.domain.policy import MeasurementPolicy
from socialcare.domain.responses import Part, part
from socialcare.domain.states import SETTLED, TABLE, Happening, State

POLICY = MeasurementPolicy()


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
    """

    state: State = State.NEW
    waiting_since: datetime | None = None
    resolved_at: datetime | None = None
    reopened: int = 0
    unanswered_since: datetime | None = None

    def hear(self, message: Message, misdated: AbstractSet[Key] = frozenset()) -> None:
        """Goes on to a message.

        Mere thanks do not open again what is settled. Whatever the brand writes before anybody
        asked, be it by a machine, makes it the customer's turn.
        """
        does = part(message, POLICY, misdated)
        if does is Part.ASKS:
            if self.state not in SETTLED or not is_acknowledgement(message.text or ""):
                self._ask(message.sent_at)
        elif does is Part.ANSWERS or self._begins(message):
            self._answer()

    def decide(self, happening: Happening, at: datetime) -> bool:
        """Goes on to what somebody decided; whether that changed anything."""
        if (self.state, happening) not in TABLE:
            return False
        self._go(happening)
        if happening is Happening.REOPENED:
            self.waiting_since = self.unanswered_since or at
        else:
            self.waiting_since, self.resolved_at = None, at
        return True

    def _begins(self, message: Message) -> bool:
        """Whether the brand wrote it to somebody who had asked nothing."""
        return (
            message.direction is Direction.OUTBOUND
            and not message.is_note
            and self.state is State.NEW
            and self.waiting_since is None
        )

    def _ask(self, at: datetime) -> None:
        if self._go(Happening.ASKED) or self.unanswered_since is None:
            self.unanswered_since = at
        if self.waiting_since is None:
            self.waiting_since = at

    def _answer(self) -> None:
        self._go(Happening.ANSWERED)
        self.waiting_since = self.unanswered_since = None

    def _go(self, happening: Happening) -> bool:
        """Takes the step of the table; whether that took up again what was settled."""
        before, self.state = self.state, TABLE[self.state, happening]
        if before not in SETTLED or self.state in SETTLED:
            return False
        self.reopened += 1
        self.resolved_at = None
        return True
