"""What is usual: how many messages of one kind to expect at any minute, and how surely.

A baseline is a profile of the week, messages an hour for each of its hours, times a level that
follows growth and decline from day to day, and the spread of counts about both.
`learning` makes one from history.

A share is expected of each message, and not of each hour: so many of those that came, however many.

Beside the level stands a slower one, what is remembered. Counts are held to the higher of the two:
what comes back to a level that was usual a few weeks ago is no rise.

A day moves the level by what it had, and by no more than a day that was only busy could have had:
neither a crisis nor an outage, nor a channel that was cut off, drags it along.
"""

from collections.abc import Mapping
from datetime import timedelta
from math import sqrt
from types import MappingProxyType

import attrs

from socialcare.domain.crisis.chance import Spread
from socialcare.domain.crisis.policy import SHARE
from socialcare.domain.crisis.week import HOURS, LocalWeek
from socialcare.errors import InvalidPolicy

_ODD = 3.0
"""Standard deviations beyond which a day is taken for one that was no usual day."""
_LEAST = 1e-6
"""Messages an hour that are always expected, so that the first one ever is no miracle."""


def _whole_week(
    _: object, field: "attrs.Attribute[tuple[float, ...]]", value: tuple[float, ...]
) -> None:
    if len(value) != HOURS or min(value) < 0:
        right = f"{HOURS} numbers, none below zero"
        raise InvalidPolicy(len(value), where=f"Baseline.{field.name}", right=right)


def _kept(value: Mapping[int, Spread]) -> Mapping[int, Spread]:
    return MappingProxyType(dict(value))


def _seen(baseline: "Baseline") -> float:
    return baseline.seen


def _usual(baseline: "Baseline") -> float:
    return baseline.usual


def _remembers(baseline: "Baseline") -> timedelta:
    return 4 * baseline.half_life


@attrs.frozen(kw_only=True)
class Baseline:
    """What to expect of one series.

    Attributes:
        series: Its name, such as `volume`.
        week: The clock and calendar of its rhythm.
        profile: Messages an hour at level one, for each hour of the local week; of a share, the
            share then.
        doubts: The squared relative error of each of these.
        spreads: How counts stray, by the length of the window in seconds.
        seen: Messages of the past, the older the less they count.
        usual: How many those would have been at level one.
        half_life: The time in which the past loses half of its weight.
        long_seen, long_usual: The same as `seen` and `usual`, of a longer past.
        remembers: The time in which that loses half of its weight.
    """

    series: str
    week: LocalWeek
    profile: tuple[float, ...] = attrs.field(validator=_whole_week)
    doubts: tuple[float, ...] = attrs.field(validator=_whole_week)
    spreads: Mapping[int, Spread] = attrs.field(converter=_kept, hash=False)
    seen: float
    usual: float
    half_life: timedelta
    long_seen: float = attrs.field(default=attrs.Factory(_seen, takes_self=True))
    long_usual: float = attrs.field(default=attrs.Factory(_usual, takes_self=True))
    remembers: timedelta = attrs.field(default=attrs.Factory(_remembers, takes_self=True))

    @property
    def level(self) -> float:
        """How many times the profile comes now."""
        return self.seen / self.usual

    @property
    def expected_level(self) -> float:
        """How many times the profile is no rise: the level, or the one remembered if higher."""
        return max(self.level, self.long_seen / self.long_usual)

    @property
    def is_share(self) -> bool:
        """Whether it says what to expect of each message, and not of each hour."""
        return self.series == SHARE

    def rate(self, second: int) -> float:
        """What to expect in an hour, or of a message, as things are at that second of UTC."""
        return self.rate_between(*self.week.between(second))

    def rate_between(self, before: int, after: int, share: float) -> float:
        """The same for a second between the middles of two hours of the week, that far on."""
        start = self.profile[before]
        found = max(self.expected_level * (start + share * (self.profile[after] - start)), _LEAST)
        return min(found, 1.0) if self.is_share else found

    def doubt(self, second: int) -> float:
        """The squared relative error of `rate` then."""
        return self.doubts[self.week.hour(second)]

    def excess(self, window: int, mean: float, second: int) -> float:
        """The variance above Poisson's of a count over that many seconds, ending then.

        Args:
            window: The length of the window in seconds.
            mean: What is expected in it.
            second: Where it ends.
        """
        return self.spreads[window].excess(mean, self.doubt(second))

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, object], *, where: str = "baseline") -> "Baseline":
        """The baseline that `to_mapping` wrote.

        Raises:
            InvalidPolicy: If a key is missing, unknown or not right; the message names it.
        """
        from socialcare.domain.crisis.mapping import baseline_from

        return baseline_from(mapping, where=where)

    def to_mapping(self) -> dict[str, object]:
        """The baseline as texts, numbers, lists and dicts only, for keeping as JSON."""
        from socialcare.domain.crisis.mapping import baseline_mapping

        return baseline_mapping(self)

    def with_day(self, seen: float, usual: float) -> "Baseline":
        """The baseline after a day, or what of a day could be counted.

        Args:
            seen: Messages that came.
            usual: Messages that were expected, at level one.
        """
        kept, kept_long = (
            0.5 ** (timedelta(days=1) / length) for length in (self.half_life, self.remembers)
        )
        came = self._within_reason(seen, usual)
        return attrs.evolve(
            self,
            seen=kept * self.seen + came,
            usual=kept * self.usual + usual,
            long_seen=kept_long * self.long_seen + came,
            long_usual=kept_long * self.long_usual + usual,
        )

    def with_level(self, level: float) -> "Baseline":
        """The baseline at another level, such as when a channel was added."""
        return attrs.evolve(self, seen=level * self.usual, long_seen=level * self.long_usual)

    def _within_reason(self, seen: float, usual: float) -> float:
        mean = max(self.level * usual, _LEAST)
        reach = _ODD * sqrt(mean + self.spreads[max(self.spreads)].excess(mean))
        return min(max(seen, mean - reach, 0.0), mean + reach)
