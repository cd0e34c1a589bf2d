"""Counts over several lengths of time at once, and how rarely chance makes them so large.

Minutes find a sudden rise, hours a slow one or one at a quiet channel.
Each window of each series gets an equal part of the false alarms that the policy allows, so that
all of them together stay within it. How rare a count is, is told in time: a count that its part
would bring once in four months is, all windows and series considered, one that chance brings once
in four months.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil, inf
from zoneinfo import ZoneInfo

import attrs

from socialcare.domain.crisis.baseline import Baseline
from socialcare.domain.crisis.chance import rate_of_chance
from socialcare.domain.crisis.observation import MINUTE, Bin
from socialcare.domain.crisis.policy import NEGATIVE, SHARE, TOPIC, VOLUME, CrisisPolicy
from socialcare.domain.instants import from_epoch_second

_LOOKS = 60.0
"""Looks in an hour: one at the end of each minute."""
_HOUR = 3600
_LEAST = 1e-9
_LONGEST = timedelta(days=365 * 1000)
_UNITS = (("year", 365.25), ("month", 365.25 / 12), ("day", 1.0), ("hour", 1 / 24))


@attrs.frozen(kw_only=True)
class Rise:
    """A count that is more than usual, and how often chance alone would bring it.

    Attributes:
        series: What was counted.
        since: Where the window begins.
        until: Where it ends.
        count: How many came in it.
        usual: How many were to be expected.
        once_in: How often chance brings something like it, anywhere that is looked; at most a
            thousand years.
        of: Of a share, how many messages there were in all; None otherwise.
    """

    series: str
    since: datetime
    until: datetime
    count: int
    usual: float
    once_in: timedelta
    of: int | None = None

    def words(self, timezone: str = "UTC") -> str:
        """Why there was an alarm, as a sentence.

        >>> from datetime import UTC
        >>> print(
        ...     Rise(
        ...         series="volume",
        ...         since=datetime(2026, 3, 2, 14, tzinfo=UTC),
        ...         until=datetime(2026, 3, 2, 16, tzinfo=UTC),
        ...         count=63,
        ...         usual=21.2,
        ...         once_in=timedelta(days=122),
        ...     ).words()
        ... )
        Since 14:00 63 messages where 21 are usual; by chance that happens once in 4 months.
        """
        since = self.since.astimezone(ZoneInfo(timezone))
        came = f"{self.count:,} {series_words(self.series)}"
        if self.of is not None:
            came = f"{self.count:,} of {self.of:,} messages negative"
        return (
            f"Since {since:%H:%M} {came} where {_amount(self.usual)} usual; "
            f"by chance that happens {_once_in(self.once_in)}."
        )


def series_words(series: str) -> str:
    """What a series counts, in words.

    >>> series_words("topic:login"), series_words("negative")
    ("messages about 'login'", 'negative messages')
    """
    if series.startswith(TOPIC):
        return f"messages about {series.removeprefix(TOPIC)!r}"
    return {VOLUME: "messages", NEGATIVE: "negative messages"}.get(series, series)


def _amount(usual: float) -> str:
    if usual < 0.05:
        return "next to none are"
    return f"{usual:,.0f} are" if usual >= 10 else f"{usual:.1f} are"


def _once_in(length: timedelta) -> str:
    if length >= _LONGEST:
        return "less than once in 1,000 years"
    days = length / timedelta(days=1)
    unit, size = next((each for each in _UNITS if days >= 1.5 * each[1]), _UNITS[-1])
    amount = max(1, round(days / size))
    return (
        f"once in {amount:,} {unit}s"
        if amount > 1
        else f"once in {'an' if unit == 'hour' else 'a'} {unit}"
    )


@attrs.frozen
class Past:
    """A minute that is complete, and all that came and was to be expected before it.

    Attributes:
        came: What came in it.
        rates: What was to be expected of each series in it; of a share, of each message in it.
        size_before: Messages before it, since the windows began.
        counts_before: Messages of each series before it, since the windows began.
        usual_before: What was to be expected of each in that time.
    """

    came: Bin
    rates: tuple[float, ...]
    size_before: int
    counts_before: tuple[int, ...]
    usual_before: tuple[float, ...]


@attrs.frozen
class Windows:
    """The latest minutes, with running totals from which every window's sums follow.

    Attributes:
        lengths: The windows in minutes, shortest first.
        minutes: The latest minutes, oldest first, as many as the longest window has.
        shares: The numbers of the series that are shares.
        size: Messages since the windows began.
        counts: Messages of each series in that time.
        usual: What was to be expected of each.
    """

    lengths: tuple[int, ...]
    minutes: tuple[Past, ...]
    shares: frozenset[int]
    size: int
    counts: tuple[int, ...]
    usual: tuple[float, ...]

    @classmethod
    def empty(cls, policy: CrisisPolicy) -> "Windows":
        """Windows in which nothing came, because nobody looked."""
        none, nothing = (0,) * len(policy.series), (0.0,) * len(policy.series)
        lengths = tuple(window // timedelta(seconds=MINUTE) for window in policy.windows)
        shares = frozenset(place for place, name in enumerate(policy.series) if name == SHARE)
        blank = Past(Bin(none), nothing, 0, none, nothing)
        return cls(lengths, (blank,) * lengths[-1], shares, 0, none, nothing)

    def expected_of(self, came: Bin, rates: tuple[float, ...]) -> tuple[float, ...]:
        """What was to be expected of each series in a minute in which that came."""
        if not self.shares:
            return rates
        return tuple(
            [rate * came.size if place in self.shares else rate for place, rate in enumerate(rates)]
        )

    def with_minute(self, came: Bin, rates: tuple[float, ...]) -> "Windows":
        """The windows a minute later."""
        usual = self.expected_of(came, rates)
        return Windows(
            self.lengths,
            (*self.minutes[1:], Past(came, rates, self.size, self.counts, self.usual)),
            self.shares,
            self.size + came.size,
            tuple([total + more for total, more in zip(self.counts, came.counts, strict=True)]),
            tuple([total + more for total, more in zip(self.usual, usual, strict=True)]),
        )

    def with_late(self, late: Mapping[int, Bin]) -> "Windows":
        """The windows with more in earlier minutes.

        Args:
            late: Those minutes as they are now, by how many minutes ago they were, 1 the latest.
        """
        minutes = list(self.minutes)
        for back, came in late.items():
            minutes[-back] = attrs.evolve(minutes[-back], came=came)
        first = minutes[0]
        size, counts, usual = first.size_before, first.counts_before, first.usual_before
        for place, each in enumerate(minutes):
            minutes[place] = Past(each.came, each.rates, size, counts, usual)
            more = self.expected_of(each.came, each.rates)
            size += each.came.size
            counts = tuple(map(sum, zip(counts, each.came.counts, strict=True)))
            usual = tuple(map(sum, zip(usual, more, strict=True)))
        return attrs.evolve(self, minutes=tuple(minutes), size=size, counts=counts, usual=usual)

    def count(self, series: int, place: int) -> int:
        """Messages of a series in a window."""
        return self.counts[series] - self.minutes[-self.lengths[place]].counts_before[series]

    def of(self, series: int, place: int) -> int | None:
        """Of a share, how many messages there were in a window in all; None otherwise."""
        if series not in self.shares:
            return None
        return self.size - self.minutes[-self.lengths[place]].size_before

    def expected(self, series: int, place: int) -> float:
        """What was to be expected of a series in a window."""
        past = self.minutes[-self.lengths[place]]
        return max(self.usual[series] - past.usual_before[series], _LEAST)

    def latest(self, minutes: int = 0) -> tuple[Bin, ...]:
        """What came in so many of the latest minutes, or in all of them, oldest first."""
        return tuple(each.came for each in self.minutes[-minutes:])


def rises(
    windows: Windows,
    baselines: Sequence[Baseline],
    policy: CrisisPolicy,
    *,
    series: Iterable[int],
    second: int,
    since: int = 0,
) -> tuple[Rise, ...]:
    """What is more than the policy's false alarms allow for, the rarest first.

    Args:
        windows: The counts.
        baselines: What is usual, for each series.
        policy: What is worth an alarm.
        series: The numbers of the series in which something came since the last look; a count
            to which nothing was added is no news.
        second: The second of UTC at which the windows end.
        since: Windows that begin before that second are left out.
    """
    starts = [
        (place, windows.minutes[-length])
        for place, length in enumerate(windows.lengths)
        if second - length * MINUTE >= since
    ]
    found = [
        rise_of(count, windows, (number, place), baselines[number], policy, second=second)
        for number in series
        for place, start in starts
        if (count := windows.counts[number] - start.counts_before[number]) >= policy.fewest
        and count
        >= times(
            policy.smallest_rise,
            windows.usual[number] - start.usual_before[number],
            of=windows.size - start.size_before if number in windows.shares else None,
        )
    ]
    rare = [rise for rise in found if rise.once_in >= policy.false_alarm_every]
    return tuple(sorted(rare, key=lambda rise: rise.once_in, reverse=True))


def rise_of(
    count: int,
    windows: Windows,
    at: tuple[int, int],
    baseline: Baseline,
    policy: CrisisPolicy,
    *,
    second: int,
) -> Rise:
    """How rare that count would be in one of the windows.

    Args:
        count: How many messages.
        windows: What was to be expected.
        at: The numbers of the series and of the window.
        baseline: What is usual in that series.
        policy: How many series and windows share the false alarms.
        second: Where the window ends.
    """
    series, place = at
    usual, length = windows.expected(series, place), windows.lengths[place] * MINUTE
    hourly = rate_of_chance(
        count,
        usual,
        baseline.excess(length, usual, second),
        coming=_coming(windows, at, baseline, second),
        looks=_LOOKS,
    )
    longest = _LONGEST / timedelta(hours=1)
    hours = (
        policy.share_of_alarms / hourly if hourly * longest > policy.share_of_alarms else longest
    )
    return Rise(
        series=baseline.series,
        since=from_epoch_second(second - length),
        until=from_epoch_second(second),
        count=count,
        usual=usual,
        once_in=timedelta(hours=hours),
        of=windows.of(series, place),
    )


def times(factor: float, usual: float, *, of: int | None) -> float:
    """So many times the usual; of a share, the count that has so many times the usual odds.

    Args:
        factor: How many times.
        usual: What is to be expected.
        of: Of a share, how many messages there were in all; None otherwise.

    >>> times(2.0, 30.0, of=None), round(times(2.0, 30.0, of=100), 1)
    (60.0, 46.2)
    """
    if of is None:
        return factor * usual
    others = of - usual
    return of * factor * usual / (others + factor * usual) if others > 0 else inf


def _coming(windows: Windows, at: tuple[int, int], baseline: Baseline, second: int) -> float:
    """Messages of a series to be expected in an hour, now; of a share, of those that do come."""
    if not baseline.is_share:
        return baseline.rate(second - 1)
    series, place = at
    return max(
        windows.expected(series, each) * _HOUR / (windows.lengths[each] * MINUTE)
        for each in (0, place)
    )


def threshold(
    windows: Windows,
    at: tuple[int, int],
    baseline: Baseline,
    policy: CrisisPolicy,
    *,
    second: int,
) -> int:
    """The fewest messages that would be worth an alarm in one of the windows.

    Args:
        windows: What was to be expected.
        at: The numbers of the series and of the window.
        baseline: What is usual in that series.
        policy: What is worth an alarm.
        second: Where the window ends.
    """
    usual, of = windows.expected(*at), windows.of(*at)
    if of is not None and usual >= of:
        return of + 1
    low = max(policy.fewest, ceil(times(policy.smallest_rise, usual, of=of)))
    high = 2 * low

    def is_enough(count: int) -> bool:
        rise = rise_of(count, windows, at, baseline, policy, second=second)
        return rise.once_in >= policy.false_alarm_every

    while not is_enough(high):
        low, high = high, 2 * high
    return low + bisect_left(range(low, high), True, key=is_enough)
