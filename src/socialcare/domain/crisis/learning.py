"""How a baseline is learnt from history.

`fit` finds the usual week; here is what comes of it: the level at which the history ends,
and how counts in windows of every length stray about what is usual.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import accumulate
from math import sqrt

import attrs

from socialcare.domain.crisis.baseline import Baseline
from socialcare.domain.crisis.chance import Spread
from socialcare.domain.crisis.fit import DAY, LEAST, Fit, fitted
from socialcare.domain.crisis.policy import SHARE, STEP, VOLUME, CrisisPolicy
from socialcare.domain.crisis.week import HOURS

STEP_SECONDS = STEP // timedelta(seconds=1)
_HOUR = 3600
_IN_HOUR = _HOUR // STEP_SECONDS
_FEW = 50
"""With fewer messages than this, nothing is said of hours and days."""
_ENOUGH = 8_000
"""Windows of one length that are enough to tell how they stray."""
_UNKNOWN = Spread(clumps=2.0, wavering=0.5)
"""What is taken of a series of which next to nothing is known."""


def all_learnt(
    counts: Mapping[str, Sequence[int]], *, start: int, policy: CrisisPolicy
) -> dict[str, Baseline]:
    """What is usual in each series, by as much of the latest history as the policy wants.

    Args:
        counts: For each series its messages in each five minutes, oldest first, without holes;
            for a share also those of `volume`, whether that is watched or not.
        start: The second of UTC at which the first of them began.
        policy: What is watched.
    """
    most = policy.learns_from // STEP
    return {
        name: learnt(
            name,
            counts[name][-most:],
            of=counts[VOLUME][-most:] if name == SHARE else None,
            start=start + max(0, len(counts[name]) - most) * STEP_SECONDS,
            policy=policy,
        )
        for name in policy.series
    }


def learnt(
    series: str,
    counts: Sequence[int],
    *,
    start: int,
    policy: CrisisPolicy,
    of: Sequence[int] | None = None,
) -> Baseline:
    """What is usual, by what was counted.

    Args:
        series: The name of what was counted.
        counts: Messages in each five minutes, oldest first, without holes.
        start: The second of UTC at which the first of them began.
        policy: Time zone, holidays, windows, and how fast the level follows.
        of: Of a share, how many messages there were in each five minutes in all.
    """
    week = policy.week
    skipped = -week.into_hour(start) % _HOUR // STEP_SECONDS
    begin = start + skipped * STEP_SECONDS
    whole = (len(counts) - skipped) // _IN_HOUR * _IN_HOUR
    steps = counts[skipped : skipped + whole]
    hours = _hourly(steps)
    all_steps = None if of is None else of[skipped : skipped + whole]
    if sum(hours) < _FEW:
        known = len(hours) if all_steps is None else sum(all_steps)
        return _unlearnt(series, sum(hours), known, policy)
    cells = [week.hour(begin + hour * _HOUR) for hour in range(len(hours))]
    fit = fitted(hours, cells, None if all_steps is None else _hourly(all_steps))
    means = _means(fit, cells)
    if all_steps is not None:
        means = [mean * _IN_HOUR * all_ for mean, all_ in zip(means, all_steps, strict=True)]
    seen, usual = _level(fit, means, hours, policy.adapts_in)
    long_seen, long_usual = _level(fit, means, hours, policy.remembers)
    return Baseline(
        series=series,
        week=week,
        profile=fit.base,
        doubts=fit.doubts,
        spreads=_spreads(fit, means, steps, policy),
        seen=seen,
        usual=usual,
        half_life=policy.adapts_in,
        long_seen=long_seen,
        long_usual=long_usual,
        remembers=policy.remembers,
    )


def _hourly(steps: Sequence[int]) -> list[int]:
    return [sum(steps[at : at + _IN_HOUR]) for at in range(0, len(steps), _IN_HOUR)]


def _unlearnt(series: str, seen: int, known: int, policy: CrisisPolicy) -> Baseline:
    """The baseline of a series of which there was next to nothing, in so many hours or messages."""
    return Baseline(
        series=series,
        week=policy.week,
        profile=(1.0,) * HOURS,
        doubts=(1.0 / (seen + 1),) * HOURS,
        spreads={window // timedelta(seconds=1): _UNKNOWN for window in policy.windows},
        seen=seen + 0.5,
        usual=max(known, DAY),
        half_life=policy.adapts_in,
        remembers=policy.remembers,
    )


def _means(fit: Fit, cells: Sequence[int]) -> list[float]:
    """What was to be expected in each step, at level one."""
    around = zip([cells[0], *cells], cells, [*cells[1:], cells[-1]], strict=False)
    known: dict[tuple[int, int, int], list[float]] = {}
    means: list[float] = []
    for hours in around:
        if hours not in known:
            known[hours] = _hour(*(fit.base[cell] for cell in hours))
        means += known[hours]
    return means


def _hour(before: float, now: float, after: float) -> list[float]:
    """What is to be expected in each step of an hour between two others, as `LocalWeek` has it."""
    middles = [(step + 0.5) / _IN_HOUR for step in range(_IN_HOUR)]
    rates = [
        before + (now - before) * (at + 0.5) if at < 0.5 else now + (after - now) * (at - 0.5)
        for at in middles
    ]
    return [max(rate, LEAST) / _IN_HOUR for rate in rates]


def _level(
    fit: Fit, means: Sequence[float], hours: Sequence[int], half_life: timedelta
) -> tuple[float, float]:
    """Messages of the past and what was usual for them, the older the less they count."""
    kept = 0.5 ** (timedelta(hours=1) / half_life)
    seen = usual = 0.0
    for hour, used in enumerate(fit.used):
        seen, usual = kept * seen, kept * usual
        if used:
            seen += hours[hour]
            usual += sum(means[hour * _IN_HOUR : (hour + 1) * _IN_HOUR])
    return seen + 0.5, max(usual, LEAST)


@attrs.frozen(kw_only=True)
class _Strays:
    """How counts in windows of one length strayed: sums over many windows."""

    windows: int
    squares: float
    means: float
    squared_means: float
    relative: float
    errors: float

    def wavering(self, correction: float, overlap: int) -> float:
        """The squared relative spread of the level, one standard error on the safe side."""
        found = (correction * self.squares - self.means) / self.squared_means
        return found + sqrt(overlap * self.errors) / self.squared_means

    def clumps(self, correction: float) -> float:
        """Variance over mean."""
        return max(1.0, correction * self.relative / self.windows)


def _spreads(
    fit: Fit, means: Sequence[float], steps: Sequence[int], policy: CrisisPolicy
) -> dict[int, Spread]:
    """How counts stray, by the length of the window in seconds.

    A level that wavers does so less over a longer time, since what it does evens out. Shorter
    windows are more in number, so they bound what the few long ones say too vaguely.
    """
    expected = [mean * fit.levels[step // _IN_HOUR] for step, mean in enumerate(means)]
    counted = list(accumulate(steps, initial=0))
    usual = list(accumulate(expected, initial=0.0))
    odd = list(accumulate((not used for used in fit.used), initial=0))
    spreads: dict[int, Spread] = {}
    wavering = float("inf")
    for window in policy.windows:
        length = window // STEP
        stride = max(1, length // 3, len(steps) // _ENOUGH)
        strays = _strays(counted, usual, odd, length, stride)
        correction = _correction(fit, length)
        if strays is None:
            spread = spreads[max(spreads)] if spreads else _UNKNOWN
        else:
            wavering = max(0.0, min(wavering, strays.wavering(correction, -(-length // stride))))
            spread = Spread(clumps=strays.clumps(correction), wavering=wavering)
        spreads[window // timedelta(seconds=1)] = spread
    return spreads


def _correction(fit: Fit, length: int) -> float:
    """By how much a fit to the very counts makes them stray less, in windows of so many steps."""
    windows = sum(fit.used) * max(1.0, _IN_HOUR / length)
    return windows / max(windows - fit.parameters, windows / 2)


def _strays(
    counted: Sequence[int], usual: Sequence[float], odd: Sequence[int], length: int, stride: int
) -> _Strays | None:
    """What windows of so many steps have, or None if none was usual from end to end."""
    pairs = [
        (counted[at + length] - counted[at], usual[at + length] - usual[at])
        for at in range(0, len(counted) - length, stride)
        if odd[-(-(at + length) // _IN_HOUR)] == odd[at // _IN_HOUR]
    ]
    if not pairs:
        return None
    total = sum(mean for _, mean in pairs)
    least = max(0.5 * total / len(pairs), LEAST)
    squares = sum((count - mean) ** 2 for count, mean in pairs)
    weight = max(sum(mean * mean for _, mean in pairs), LEAST)
    level = max(0.0, (squares - total) / weight)
    return _Strays(
        windows=len(pairs),
        squares=squares,
        means=total,
        squared_means=weight,
        relative=sum((count - mean) ** 2 / max(mean, least) for count, mean in pairs),
        errors=sum(mean + 2 * (mean + level * mean * mean) ** 2 for _, mean in pairs),
    )
