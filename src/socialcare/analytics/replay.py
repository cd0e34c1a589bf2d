"""A replay: who would have been answered when, had the queue stood in another order.

The same people answer as often and at the same instants as they did, each brand's for itself; but
each answer goes to the wait that comes first in the queue by the book. A wait stands in it from its
first message on, and its turn is the moment of asking plus the allowance of its priority. A later
message of the same wait may raise that, from when it was sent; noise stands behind all others.

What that leaves out: an answer takes as long whoever gets it; nobody prefers what they know, or a
channel; a customer writes again when they did, though the answer came sooner or later. So it shows
in which direction and by how much a book moves response times, and is no forecast to the minute.
"""

import heapq

import attrs
import numpy as np

from socialcare.analytics.engine.arrays import Floats, Ints
from socialcare.analytics.engine.measurement import Measurement
from socialcare.domain.policy import Opens

PENDING = -1


@attrs.frozen(kw_only=True, eq=False)
class Line:
    """The waits of a log as a queue sees them.

    Attributes:
        asked: When each wait opened, in whole seconds.
        answered: When it closed, or -1 while pending.
        queue: The number of the queue that it stands in, one for each brand.
        wait: For each customer message the wait that it belongs to, or -1.
        second: When each customer message was sent.
    """

    asked: Ints
    answered: Ints
    queue: Ints
    wait: Ints
    second: Ints

    @classmethod
    def of(cls, measured: Measurement, queue: Ints) -> "Line":
        """The line of a measured log.

        Args:
            measured: The log.
            queue: The number of the queue of each wait.
        """
        waits = measured.waits
        place, burst = measured.bursts.members
        each = measured.policy.opens is Opens.EACH
        opened = np.searchsorted(place, waits.opened)
        wait = _found(place if each else burst, waits.opened if each else burst[opened])
        closed = measured.second_at(waits.closed)
        return cls(
            asked=measured.second_at(waits.opened),
            answered=np.where(waits.pending, PENDING, closed),
            queue=queue,
            wait=wait,
            second=measured.threads.second[place],
        )

    def first(self, order: Ints, none: int) -> Ints:
        """The smallest number of the messages of each wait; `none` for a wait without any."""
        found = np.full(len(self.asked), none, np.int64)
        mine = self.wait >= 0
        np.minimum.at(found, self.wait[mine], order[mine])
        return found


def _found(wanted: Ints, ordered: Ints) -> Ints:
    """For each wanted number its place among those that ascend, or -1."""
    if not len(ordered):
        return np.full(len(wanted), -1, np.int64)
    at = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    return np.where(ordered[at] == wanted, at, -1)


def replayed(line: Line, allowance: Floats) -> Ints:
    """When each wait would have closed, or -1 for those that still wait.

    Args:
        line: The waits, and the messages in them.
        allowance: For each customer message how many seconds after asking its turn comes;
            infinite for noise.

    >>> asked, answered = np.array([0, 10, 20]), np.array([30, 40, -1])
    >>> line = Line(
    ...     asked=asked, answered=answered, queue=asked * 0, wait=np.arange(3), second=asked
    ... )
    >>> replayed(line, np.array([3600.0, np.inf, 0.0])).tolist()
    [40, -1, 30]
    """
    closed = np.full(len(line.asked), PENDING, np.int64)
    mine = np.flatnonzero(line.wait >= 0)
    wait = line.wait[mine]
    comes = np.maximum(line.second[mine], line.asked[wait])
    turn = line.asked[wait] + allowance[mine]
    for queue in np.unique(line.queue):
        here = line.queue[wait] == queue
        served = line.answered[(line.queue == queue) & (line.answered != PENDING)]
        entries = zip(
            comes[here].tolist(),
            turn[here].tolist(),
            line.asked[wait[here]].tolist(),
            wait[here].tolist(),
            strict=True,
        )
        _serve(sorted(entries), np.sort(served).tolist(), closed)
    return closed


def _serve(entries: list[tuple[int, float, int, int]], served: list[int], closed: Ints) -> None:
    """Give each instant of service to the wait whose turn it is then.

    Args:
        entries: When an entry comes, its turn, when its wait was asked, and which wait it is.
        served: The instants at which somebody answers.
        closed: Where the instant of each wait is put.
    """
    queue: list[tuple[float, int, int]] = []
    coming = iter(entries)
    ahead = next(coming, None)
    for now in served:
        while ahead is not None and ahead[0] <= now:
            heapq.heappush(queue, ahead[1:])
            ahead = next(coming, None)
        while queue:
            *_, wait = heapq.heappop(queue)
            if closed[wait] == PENDING:
                closed[wait] = now
                break
