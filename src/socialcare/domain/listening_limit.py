"""Limits of listening: how many messages a query may pass on in how long.

Time is that of the messages, so a recorded firehose is held back as the live one was. A limit holds
in every stretch of its length, wherever it begins, and in whatever order the messages come.

To tell that, an allowance keeps the times of what it let through, a bounded number of them. Where
it has forgotten times that could lie in one stretch with a message, it can't tell, and holds the
message back: a limit is never broken, however far back a late message reaches.
"""

from bisect import bisect_left
from datetime import datetime, timedelta

import attrs

from socialcare.errors import InvalidValue

__all__ = ["Allowance", "Limit"]

_MINUTE = timedelta(minutes=1)
_FEWEST_KEPT = 10_000
_TIMES_THE_LIMIT = 4


def _some(
    limit: "Limit",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[int]",  # noqa: ARG001 - attrs passes it
    value: int,
) -> None:
    if value < 1:
        raise InvalidValue(value, where="Limit.messages", right="at least one message")


def _some_time(
    limit: "Limit",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[timedelta]",  # noqa: ARG001 - attrs passes it
    value: timedelta,
) -> None:
    if value <= timedelta():
        raise InvalidValue(value, where="Limit.within", right="some time, such as a minute")


@attrs.frozen(kw_only=True)
class Limit:
    """So many messages in so long.

    Attributes:
        messages: How many at most.
        within: In how long; a minute by default. What is exactly so far apart is not within it.

    Raises:
        InvalidValue: If there is no message or no time in it.
    """

    messages: int = attrs.field(validator=_some)
    within: timedelta = attrs.field(default=_MINUTE, validator=_some_time)


class Allowance:
    """What is left of a limit: lets messages through, or holds them back.

    Args:
        limit: The limit.

    >>> from datetime import UTC
    >>> allowance = Allowance(Limit(messages=1))
    >>> noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    >>> [allowance.lets(noon + timedelta(seconds=second)) for second in (0, 59, 60)]
    [True, False, True]
    """

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._times: list[datetime] = []
        """When what was let through was sent, in order."""
        self._most = max(_FEWEST_KEPT, _TIMES_THE_LIMIT * limit.messages)
        self._latest_forgotten: datetime | None = None
        self._earliest_forgotten: datetime | None = None
        """Times are forgotten from both ends: up to the first of these, and from the second on."""

    def lets(self, at: datetime) -> bool:
        """Whether a message of that time is let through; if it is, it is counted."""
        place = bisect_left(self._times, at)
        if not self._is_known(at) or self._is_full(at, place):
            return False
        self._times.insert(place, at)
        if len(self._times) > self._most:
            self._forget(at)
        return True

    def _is_known(self, at: datetime) -> bool:
        """Whether every time in one stretch with this one is remembered."""
        within, low, high = self._limit.within, self._latest_forgotten, self._earliest_forgotten
        return (low is None or at - low >= within) and (high is None or high - at >= within)

    def _is_full(self, at: datetime, place: int) -> bool:
        """Whether some stretch around a time would hold too many with it."""
        most, times = self._limit.messages, self._times
        first, last = max(0, place - most), min(place, len(times) - most)
        return any(
            max(at, times[start + most - 1]) - min(at, times[start]) < self._limit.within
            for start in range(first, last + 1)
        )

    def _forget(self, at: datetime) -> None:
        """Forgets a time from the end that is farther from this one."""
        if at - self._times[0] >= self._times[-1] - at:
            self._latest_forgotten = self._times.pop(0)
        else:
            self._earliest_forgotten = self._times.pop()
