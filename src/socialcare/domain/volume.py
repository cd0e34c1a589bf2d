"""Volume: how many times as much is said about a topic as usual.

What is said now are the customers' messages of the hour up to a moment. What is usual is their mean
in the same hour of the week, one to eight weeks before, as far as anything is known.
Where little is said, chance alone makes it three times as much. So both are compared with five more
messages on either side, as a gamma prior with five messages at the usual rate would have it:
six messages where two are usual count as 1.6 times, sixty where twenty are as 2.6.

`socialcare.analytics.volume` computes the same of an export, in columns.
"""

from array import array
from bisect import bisect_right, insort
from threading import Lock
from typing import TypeAlias

from socialcare.domain.message import Message

HOUR = 3_600
WEEK = 7 * 24 * HOUR
WEEKS = 8
"""How many weeks before are looked at."""
PRIOR = 5
"""How many messages more are on either side of the comparison."""
_KEPT = WEEKS * WEEK + HOUR
_TRIMMED_AT = 10_000
"""How many messages of a topic are added before those that are too old are let go of."""

Topic: TypeAlias = tuple[str | None, str | None]
"""Brand and category; a message without a category is about its brand."""


class Volume:
    """What was said about each topic in the last eight weeks.

    Feed it with every message once; it needs eight bytes for each, and may be shared by threads.

    >>> from socialcare.testing.builders import asks
    >>> volume = Volume()
    >>> week = 7 * 24 * 60
    >>> for minutes in (0, week + 90, week + 91, *range(2 * week, 2 * week + 30)):
    ...     volume.add(asks(minutes))
    >>> round(volume.times_usual(asks(2 * week + 30)), 1)
    7.2
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._topics: dict[Topic, array[int]] = {}
        self._since: dict[str | None, int] = {}
        """The first second of which anything is known, by brand."""
        self._added = 0

    def add(self, message: Message) -> None:
        """Takes down that it was said, if a customer said it; in any order."""
        if not message.by_customer:
            return
        with self._lock:
            brand, second = message.brand or None, message.second
            self._since[brand] = min(second, self._since.get(brand, second))
            for topic in {(brand, message.category), (brand, None)}:
                insort(self._topics.setdefault(topic, array("q")), second)
            self._added += 1
            if self._added >= _TRIMMED_AT:
                self._trim()

    def times_usual(self, message: Message) -> float | None:
        """How many times as much is said about its topic, with it; None in the first week."""
        topic = (message.brand or None, message.category)
        with self._lock:
            seconds, since = self._topics.get(topic, array("q")), self._since.get(topic[0])
            if since is None:
                return None
            second = message.second
            weeks = min(WEEKS, (second - HOUR - since) // WEEK)
            if weeks < 1:
                return None
            before = range(second - WEEK, second - weeks * WEEK - 1, -WEEK)
            usual = sum(_within_the_hour(seconds, end) for end in before) / weeks
            now = _within_the_hour(seconds, second) + 1
        return (now + PRIOR) / (usual + PRIOR)

    def _trim(self) -> None:
        self._added = 0
        for topic, seconds in self._topics.items():
            first = bisect_right(seconds, seconds[-1] - _KEPT)
            self._topics[topic] = seconds[first:]


def _within_the_hour(seconds: "array[int]", end: int) -> int:
    return bisect_right(seconds, end) - bisect_right(seconds, end - HOUR)
