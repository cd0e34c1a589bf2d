"""Pauses: spans in which a conversation's status stops a clock.

Spans of one conversation follow each other, so the paused time before an instant is a running
total, and the paused time within an interval is the difference of two look-ups.
"""

import attrs
import numpy as np
import polars as pl

from socialcare.analytics.engine.arrays import Ints
from socialcare.analytics.engine.clock import BusinessClock


@attrs.frozen(kw_only=True, eq=False)
class Pauses:
    """Spans in order of conversation and time.

    Attributes:
        conversation: The conversation of each span.
        start: Its first second.
        end: The second in which it is over.
    """

    conversation: Ints
    start: Ints
    end: Ints

    @classmethod
    def of(cls, states: pl.DataFrame, pausing: frozenset[str], as_of: int) -> "Pauses":
        """The spans in which conversations were in one of these states.

        Args:
            states: `conversation`, `second`, `status`, in order of conversation and time.
            pausing: The states that pause.
            as_of: Where the last span of a conversation ends.
        """
        changes = states.with_columns(
            end=pl.col("second").shift(-1).over("conversation").fill_null(as_of)
        ).filter(pl.col("status").is_in([*pausing]))
        return cls(
            conversation=changes["conversation"].to_numpy(),
            start=changes["second"].to_numpy(),
            end=changes["end"].to_numpy(),
        )

    def within(
        self, start: Ints, end: Ints, conversation: Ints, clock: BusinessClock | None
    ) -> Ints:
        """Paused seconds of each interval; open ones where a business clock is given."""
        if not len(self.start):
            return np.zeros(len(start), np.int64)
        return self._before(end, conversation, clock) - self._before(start, conversation, clock)

    def _before(self, at: Ints, conversation: Ints, clock: BusinessClock | None) -> Ints:
        """Paused seconds before each instant, in that conversation and all before it."""
        length = self._length(self.start, self.end, clock)
        total = np.concatenate(([0], np.cumsum(length)))
        # One sorted key for (conversation, second), so that one search finds the span.
        base = min(int(self.start.min()), int(at.min())) if len(at) else 0
        key = (self.conversation << 33) | (self.start - base)
        span = np.searchsorted(key, (conversation << 33) | (at - base), side="right") - 1
        inside = np.maximum(span, 0)
        mine = (span >= 0) & (self.conversation[inside] == conversation)
        upto = np.minimum(at, self.end[inside])
        partial = self._length(self.start[inside], np.maximum(upto, self.start[inside]), clock)
        return np.where(mine, total[inside] + partial, total[span + 1])

    @staticmethod
    def _length(start: Ints, end: Ints, clock: BusinessClock | None) -> Ints:
        return end - start if clock is None else clock.elapsed(start, end)
