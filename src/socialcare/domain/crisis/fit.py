"""The profile of a usual week, fitted to counts by the hour, without what was not usual.

The expected count of an hour is the level of its week, times a factor of its weekday, times one of
its hour of the day; and where an hour of one weekday differs from that more clearly than chance
would make it, it goes towards its own count, the further the more there is to learn from.
So two thousand messages are enough for a profile, and two hundred thousand make a sharper one.

What was not usual is left out: first whole days that had far more or far fewer messages than such
days have, then single hours that the rest make all but impossible; and then the rest is fitted
again. Of a share the same is fitted, with the messages that came in the place of hours.
The algorithms by which health authorities find outbreaks treat past ones in the same way
(Farrington and others 1996, Noufaily and others 2013).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import sqrt
from statistics import fmean, median

import attrs

from socialcare.domain.crisis.chance import Spread, lower_tail, tail
from socialcare.domain.crisis.week import HOURS

DAY, WEEK = 24, HOURS
LEAST = 1e-6
"""Messages an hour that are always expected, so that the first one ever is no miracle."""
_ROUNDS = 4
_PASSES = 3
"""How often the factors of days and of hours are fitted to each other; they settle at once."""
_IMPOSSIBLE = 1e-4
"""The chance below which an hour is taken for one that was not usual."""
_CLOSE = 3.0
"""Standard deviations of Poisson's law about the median up to which a day counts as it is."""
_FAR = 2.5
"""How many times more or less than such days have makes a day no usual one ..."""
_HALF = 0.5
"""A message that is added to every factor of counts, so that none is zero."""
_SOME = 20.0
"""Messages of the usual share that are added to every factor of a share."""
_FAR_SHARE = 1.5
"""The same for shares, which waver less ..."""
_SURE = 4.0
"""... if it is also so many standard deviations of Poisson's law away."""


@attrs.frozen(kw_only=True)
class Fit:
    """The usual week that was found.

    Attributes:
        base: Messages an hour at level one, for each hour of the week; of a share, the share.
        doubts: The squared relative error of each of these.
        levels: The level of each hour of the history, by its week.
        used: Whether each hour of the history was a usual one.
        parameters: How many numbers were fitted, in effect.
    """

    base: tuple[float, ...]
    doubts: tuple[float, ...]
    levels: tuple[float, ...]
    used: tuple[bool, ...]
    parameters: float


def fitted(counts: Sequence[int], cells: Sequence[int], of: Sequence[int] | None = None) -> Fit:
    """The usual week in these counts.

    Args:
        counts: Messages in each hour, oldest first; at least one.
        cells: The hour of the local week of each of them.
        of: Of a share, how many messages came in each hour in all.
    """
    if of is None:
        levels, used = _first_look(counts, cells)
        weights: Sequence[float] = (1.0,) * len(counts)
    else:
        levels, used = _first_look_at_shares(counts, of)
        weights = of
    base: list[float] = []
    share = None if of is None else (sum(counts) + 0.5) / (sum(of) + 1)
    spread = Spread()
    for _ in range(_ROUNDS):
        kept = [hour for hour, use in enumerate(used) if use]
        exposed = [level * weight for level, weight in zip(levels, weights, strict=True)]
        base = _factors(counts, cells, exposed, kept, share)
        levels = _levels(counts, cells, base, levels, weights, kept)
        exposed = [level * weight for level, weight in zip(levels, weights, strict=True)]
        means = [max(each * base[cell], LEAST) for each, cell in zip(exposed, cells, strict=True)]
        spread = _spread(counts, means, kept)
        used = _usual(counts, means, spread, used)
    kept = [hour for hour, use in enumerate(used) if use]
    exposed = [level * weight for level, weight in zip(levels, weights, strict=True)]
    shaped, doubts, shapes = _shaped(counts, cells, exposed, base, kept, spread)
    return Fit(
        base=tuple(shaped),
        doubts=tuple(doubts),
        levels=tuple(levels),
        used=tuple(used),
        parameters=DAY + 7 + len(counts) / WEEK + shapes,
    )


def _blocks(size: int, length: int) -> list[range]:
    """The hours in blocks of that length that end with the last; what is left over comes first."""
    first = size % length
    whole = [range(at, at + length) for at in range(first, size, length)]
    if not whole:
        return [range(size)]
    return [range(whole[0].stop), *whole[1:]]


def _first_look(counts: Sequence[int], cells: Sequence[int]) -> tuple[list[float], list[bool]]:
    """The level of each hour's week relative to all, and whether its day was a usual one.

    By what is typical of days, which half of the days would have to be unusual to move far.
    """
    days = _blocks(len(counts), DAY)
    totals = [sum(counts[hour] for hour in day) * DAY / len(day) for day in days]
    weekdays = [cells[day[len(day) // 2]] // DAY for day in days]
    everyday = max(_typical(totals), LEAST)
    shares = {
        weekday: max(_typical(_of(totals, weekdays, weekday)) / everyday, 0.05)
        for weekday in set(weekdays)
    }
    levelled = [total / shares[weekday] for total, weekday in zip(totals, weekdays, strict=True)]
    levels, used = [1.0] * len(counts), [True] * len(counts)
    for number, day in enumerate(days):
        near = levelled[max(0, number - 10) : number + 11]
        level = max(_typical(near), LEAST)
        expected = level * shares[weekdays[number]]
        odd = _is_odd(totals[number], expected)
        for hour in day:
            levels[hour], used[hour] = level / everyday, not odd
    return levels, used if any(used) else [True] * len(counts)


def _first_look_at_shares(
    counts: Sequence[int], of: Sequence[int]
) -> tuple[list[float], list[bool]]:
    """A level of one for each hour, and whether the share of its day was a usual one."""
    days = [
        (day, sum(counts[h] for h in day), sum(of[h] for h in day)) for day in _blocks(len(of), DAY)
    ]
    shares = [bad / all_ for _, bad, all_ in days if all_]
    middle = median(shares) if shares else 0.0
    used = [True] * len(of)
    for day, bad, all_ in days:
        if _is_odd(bad, middle * all_, far=_FAR_SHARE):
            for hour in day:
                used[hour] = False
    return [1.0] * len(of), used if any(used) else [True] * len(of)


def _typical(values: Sequence[float]) -> float:
    """The mean of values that are drawn in to where Poisson's law has them about the median.

    Of large ones that is nearly the median; of days with a message or none it tells how many.
    """
    middle = median(values)
    reach = _CLOSE * sqrt(middle + 1)
    return fmean(min(max(value, middle - reach), middle + reach) for value in values)


def _of(values: Iterable[float], kinds: Iterable[int], kind: int) -> list[float]:
    return [value for value, its in zip(values, kinds, strict=True) if its == kind]


def _is_odd(total: float, expected: float, *, far: float = _FAR) -> bool:
    surely = abs(total - expected) > _SURE * sqrt(expected)
    return surely and not expected / far <= total <= expected * far


def _sums(
    counts: Sequence[int], cells: Sequence[int], weights: Sequence[float], kept: Iterable[int]
) -> tuple[list[float], list[float]]:
    """For each hour of the week its messages, and how many hours there were of it at level one.

    Of a share it is not hours but messages, of all kinds.
    """
    seen, exposed = [0.0] * HOURS, [0.0] * HOURS
    for hour in kept:
        seen[cells[hour]] += counts[hour]
        exposed[cells[hour]] += weights[hour]
    return seen, exposed


def _factors(
    counts: Sequence[int],
    cells: Sequence[int],
    weights: Sequence[float],
    kept: Iterable[int],
    share: float | None,
) -> list[float]:
    """What to expect at each hour of the week, as a weekday's factor times an hour's.

    Where next to nothing came, as it does at night, a share is what it is over all.
    """
    seen, exposed = _sums(counts, cells, weights, kept)
    few = (_HALF, 0.0) if share is None else (_SOME * share, _SOME)
    fewer = (_HALF, 0.0) if share is None else (_SOME * share, _SOME * share)
    days, hours = [1.0] * 7, [1.0] * DAY
    for _ in range(_PASSES):
        of_days = [days[cell // DAY] * exposed[cell] for cell in range(HOURS)]
        hours = [_ratio(seen, of_days, range(hour, HOURS, DAY), few) for hour in range(DAY)]
        of_hours = [hours[cell % DAY] * exposed[cell] for cell in range(HOURS)]
        days = [
            _ratio(seen, of_hours, range(DAY * day, DAY * (day + 1)), fewer) for day in range(7)
        ]
    return [max(days[cell // DAY] * hours[cell % DAY], LEAST) for cell in range(HOURS)]


def _ratio(
    seen: Sequence[float], expected: Sequence[float], cells: range, more: tuple[float, float]
) -> float:
    """Messages over what is expected; with a few more of both, so that no factor is zero."""
    few, of = more
    return (sum(seen[cell] for cell in cells) + few) / max(
        sum(expected[cell] for cell in cells) + of, LEAST
    )


def _levels(
    counts: Sequence[int],
    cells: Sequence[int],
    base: Sequence[float],
    before: Sequence[float],
    weights: Sequence[float],
    kept: Iterable[int],
) -> list[float]:
    """The level of each hour's week; that of before where nothing of the week was usual."""
    usual = set(kept)
    levels = list(before)
    for week in _blocks(len(counts), WEEK):
        means = {hour: base[cells[hour]] * weights[hour] for hour in week}
        expected = sum(mean for hour, mean in means.items() if hour in usual)
        if expected > max(0.25 * sum(means.values()), LEAST):
            level = (sum(counts[hour] for hour in week if hour in usual) + 0.5) / expected
            for hour in week:
                levels[hour] = level
    return levels


def _spread(counts: Sequence[int], means: Sequence[float], kept: Sequence[int]) -> Spread:
    """How counts by the hour stray, by the usual ones."""
    squares = sum((counts[hour] - means[hour]) ** 2 for hour in kept)
    total = sum(means[hour] for hour in kept)
    weight = sum(means[hour] ** 2 for hour in kept)
    clumps = sum((counts[hour] - means[hour]) ** 2 / max(means[hour], 0.2) for hour in kept)
    return Spread(
        clumps=max(1.0, clumps / max(len(kept), 1)),
        wavering=max(0.0, (squares - total) / max(weight, LEAST)),
    )


def _usual(
    counts: Sequence[int], means: Sequence[float], spread: Spread, used: Sequence[bool]
) -> list[bool]:
    """Which hours are possible; one of a day that was left out stays out."""
    return [
        use and not _is_impossible(count, mean, spread)
        for use, count, mean in zip(used, counts, means, strict=True)
    ]


def _is_impossible(count: int, mean: float, spread: Spread) -> bool:
    excess = spread.excess(mean)
    if abs(count - mean) < 2.5 * sqrt(mean + excess):
        return False  # as nearly all are, and far from so rare
    chance = tail(count, mean, excess) if count > mean else lower_tail(count, mean, excess)
    return chance < _IMPOSSIBLE


def _shaped(
    counts: Sequence[int],
    cells: Sequence[int],
    weights: Sequence[float],
    base: Sequence[float],
    kept: Sequence[int],
    spread: Spread,
) -> tuple[list[float], list[float], float]:
    """The profile with shapes of weekdays, its doubts, and how many shapes there are in effect."""
    seen, exposed = _sums(counts, cells, weights, kept)
    hours = Counter(cells[hour] for hour in kept)
    expected = [max(exposed[cell] * base[cell], LEAST) for cell in range(HOURS)]
    noise = [
        expected[cell] + spread.excess(expected[cell] / max(hours[cell], 1)) * hours[cell]
        for cell in range(HOURS)
    ]
    strays = sum((s - e) ** 2 - n for s, e, n in zip(seen, expected, noise, strict=True))
    between = max(0.0, strays / sum(e * e for e in expected))
    trust = [
        between / (between + n / (e * e)) if between else 0.0
        for e, n in zip(expected, noise, strict=True)
    ]
    shaped = [
        base[cell] * (1 + trust[cell] * (seen[cell] / expected[cell] - 1)) for cell in range(HOURS)
    ]
    of_factors = _factor_doubts(expected, noise)
    doubts = [of_factors[cell] + (1 - trust[cell]) * between for cell in range(HOURS)]
    return [max(each, LEAST) for each in shaped], doubts, sum(trust)


def _factor_doubts(expected: Sequence[float], noise: Sequence[float]) -> list[float]:
    """The squared relative error of a weekday's factor times an hour's."""

    def relative(cells: range) -> float:
        return sum(noise[cell] for cell in cells) / sum(expected[cell] for cell in cells) ** 2

    hours = [relative(range(hour, HOURS, DAY)) for hour in range(DAY)]
    days = [relative(range(DAY * day, DAY * (day + 1))) for day in range(7)]
    return [min(1.0, hours[cell % DAY] + days[cell // DAY]) for cell in range(HOURS)]
