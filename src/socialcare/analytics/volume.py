"""Volume in columns: how many times as much is said about a topic as usual, for each message.

The definition is in `socialcare.domain.volume`, which computes the same for one message at a time.
Nothing is used that was not known at the moment of a message.
"""

import numpy as np

from socialcare.analytics.engine.arrays import Floats, Ints
from socialcare.domain.volume import HOUR, PRIOR, WEEK, WEEKS


def times_usual(topic: Ints, second: Ints, since: Ints) -> Floats:
    """For each message how many times as much is said about its topic as usual.

    Args:
        topic: The number of the topic of each message, from 0.
        second: When it was sent, in whole seconds.
        since: The second from which on everything that is said is in the log, for each message.

    Returns:
        A number for each; NaN in the first week, where nobody knows what is usual.

    >>> second = np.array([HOUR, WEEK + 2 * HOUR, WEEK + 2 * HOUR])
    >>> times_usual(second * 0, second, second * 0 + HOUR).round(2).tolist()
    [nan, 1.4, 1.4]
    """
    if not len(second):
        return np.zeros(0)
    first = int(second.min())
    # Far enough apart that no hour of one topic reaches into another.
    apart = int(second.max()) - first + (WEEKS + 1) * WEEK
    key = topic * apart + (second - first)
    ordered = np.sort(key)
    usual, weeks = np.zeros(len(key)), np.zeros(len(key))
    for back in range(1, WEEKS + 1):
        known = second - back * WEEK - HOUR >= since
        weeks += known
        usual += np.where(known, _within_the_hour(ordered, key - back * WEEK), 0)
    usual /= np.where(weeks, weeks, np.nan)
    return np.asarray((_within_the_hour(ordered, key) + PRIOR) / (usual + PRIOR))


def _within_the_hour(ordered: Ints, until: Ints) -> Ints:
    """How many keys are in the hour up to each of these."""
    end = np.searchsorted(ordered, until, side="right")
    return np.asarray(end - np.searchsorted(ordered, until - HOUR, side="right"))
