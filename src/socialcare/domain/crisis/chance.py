"""How often chance alone brings so many messages.

Messages come in clumps, and some days are busier than others, so counts spread wider than Poisson's
law allows. They are taken as negative binomial: Poisson about a level that itself wavers, with the
mean and the variance that the history showed.

A window slides over the stream and is looked at whenever a message comes.
It reaches a count of `n` at a message that finds `n - 1` others in the window, so it does so as
often as messages come, times the chance of finding just so many. That is the rate at which a
threshold of `n` is crossed from below, and so a bound on false alarms that begin: a window that
stays above it raises no second one.
Rates of several windows and series add up, and so do their bounds.
"""

from collections.abc import Iterator
from math import exp, lgamma, log

import attrs

_NEGLIGIBLE = 1e-9
"""The share of a tail below which further terms are not worth adding."""
_EVEN = 1e7
"""Above this shape a negative binomial law is Poisson's to all digits that matter."""


@attrs.frozen
class Spread:
    """How far counts in windows of one length stray from what is expected.

    Their variance is the larger of `clumps * mean` and `mean + wavering * mean ** 2`: the first
    is what messages in clumps make, the second what better and worse days make.

    Attributes:
        clumps: Variance over mean; 1.0 for messages that know nothing of each other.
        wavering: The squared relative spread of the level.
    """

    clumps: float = attrs.field(default=1.0, validator=attrs.validators.ge(1.0))
    wavering: float = attrs.field(default=0.0, validator=attrs.validators.ge(0.0))

    def excess(self, mean: float, doubt: float = 0.0) -> float:
        """The variance above Poisson's of a count with that mean, in messages squared.

        Args:
            mean: What is expected.
            doubt: The squared relative error of `mean` itself.

        >>> Spread(clumps=1.5, wavering=0.1).excess(2.0)
        1.0
        >>> Spread(clumps=1.5, wavering=0.1).excess(10.0)
        10.0
        """
        return max((self.clumps - 1.0) * mean, self.wavering * mean * mean) + doubt * mean * mean


def tail(count: int, mean: float, excess: float = 0.0) -> float:
    """The chance of `count` messages or more where `mean` are expected.

    Args:
        count: How many came.
        mean: How many are expected, more than zero.
        excess: The variance above `mean`; zero for Poisson's law.

    >>> round(tail(10, 3.0), 5), round(tail(10, 3.0, excess=3.0), 4)
    (0.0011, 0.0193)
    """
    if count <= 0:
        return 1.0
    if count <= mean:
        return max(0.0, 1.0 - sum(_downward(count - 1, mean, excess)))
    return min(1.0, sum(chance for _, chance in _upward(count, mean, excess)))


def lower_tail(count: int, mean: float, excess: float = 0.0) -> float:
    """The chance of `count` messages or fewer where `mean` are expected.

    >>> round(lower_tail(2, 10.0), 4)
    0.0028
    """
    if count > mean:
        return max(0.0, 1.0 - tail(count + 1, mean, excess))
    return min(1.0, sum(_downward(count, mean, excess)))


def rate_of_chance(count: int, mean: float, excess: float, *, coming: float, looks: float) -> float:
    """How often, in an hour, chance brings a window to so many messages from fewer.

    That is the rate of the messages that complete such a window, or that of the looks that find
    so many or more, whichever is less.

    Args:
        count: How many messages the window holds.
        mean: How many are expected in it.
        excess: The variance of that above `mean`.
        coming: Messages expected in an hour, now.
        looks: Looks in an hour.
    """
    exactly = _chance(max(count, 1), mean, excess)
    return min(coming * count * exactly / mean, looks * tail(count, mean, excess))


def _upward(count: int, mean: float, excess: float) -> Iterator[tuple[int, float]]:
    """Each count from that one on with its chance, until the rest is negligible."""
    shape = mean * mean / excess if excess > 0 else _EVEN
    even = shape >= _EVEN
    share = mean / (mean + shape)
    chance, total = _chance(count, mean, excess), 0.0
    while chance > _NEGLIGIBLE * total:
        yield count, chance
        total += chance
        step = mean if even else (count + shape) * share
        count += 1
        chance *= step / count


def _downward(count: int, mean: float, excess: float) -> Iterator[float]:
    """The chances of that count, the one below it, and so on to zero."""
    shape = mean * mean / excess if excess > 0 else _EVEN
    even = shape >= _EVEN
    share = mean / (mean + shape)
    chance, total = _chance(count, mean, excess), 0.0
    while count >= 0 and chance > _NEGLIGIBLE * total:
        yield chance
        total += chance
        step = mean if even else (count - 1 + shape) * share
        chance *= count / step
        count -= 1


def _chance(count: int, mean: float, excess: float) -> float:
    """The chance of exactly that count."""
    shape = mean * mean / excess if excess > 0 else _EVEN
    if shape >= _EVEN:
        return exp(count * log(mean) - mean - lgamma(count + 1))
    return exp(
        lgamma(count + shape)
        - lgamma(shape)
        - lgamma(count + 1)
        + shape * log(shape / (shape + mean))
        + count * log(mean / (shape + mean))
    )
