"""Few hashes looked up among many, without sorting the many."""

import numpy as np

from socialcare.analytics.engine.arrays import Flags, Hashes, Ints

_HOLES, _MOST_BITS = 64, 22


def among(values: Hashes, few: Hashes) -> Flags:
    """Which values are one of the few: a coarse sieve, then an exact look."""
    found = np.zeros(len(values), np.bool_)
    at = _sifted(values, few)
    found[at] = np.isin(values[at], few)
    return found


def _sifted(values: Hashes, few: Hashes) -> Ints:
    """The places of values that may be one of the few, with all that are."""
    if not len(few):
        return np.zeros(0, np.int64)
    # Many times as many holes as the few: large enough to sift, small enough for the cache.
    size = 1 << min((_HOLES * len(few)).bit_length(), _MOST_BITS)
    low = np.uint64(size - 1)
    sieve = np.zeros(size, np.bool_)
    sieve[few & low] = True
    return np.flatnonzero(sieve[(values & low).view(np.int64)])


def places_of(wanted: Hashes, values: Hashes) -> Ints:
    """For each wanted value the place where it is, or -1."""
    places = _sifted(values, wanted)
    if not len(places):
        return np.full(len(wanted), -1, np.int64)
    places = places[np.argsort(values[places])]
    ordered = values[places]
    at = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    return np.where(ordered[at] == wanted, places[at], -1)
