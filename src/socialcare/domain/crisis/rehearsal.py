"""Simulated channels, on which a policy can be tried before there is history to try it on.

A channel here has the rhythm of a day and of a week, and is as unruly as real ones: every hour
and every day has a level of its own that nobody could foresee, so counts spread wider than
Poisson's law. Chance comes in from outside, so that the same seed gives the same channel.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from math import exp, sqrt
from types import MappingProxyType
from typing import Protocol

import attrs

from socialcare.domain.crisis.baseline import Baseline
from socialcare.domain.crisis.detector import Change, CrisisWatch, step
from socialcare.domain.crisis.learning import STEP_SECONDS, all_learnt
from socialcare.domain.crisis.observation import MINUTE, Bin
from socialcare.domain.crisis.policy import NEGATIVE, SHARE, VOLUME, CrisisPolicy
from socialcare.domain.crisis.states import ON
from socialcare.domain.instants import epoch_second, from_epoch_second

_DAY = 1440
_MONDAY = 4 * 86_400
"""A second of UTC at which a Monday began."""
_MANY = 50.0
"""Above this Poisson's law is Gauss's, to what matters here."""
_LEARNS_EVERY = 7
_OFFICE = (
    *(0.2, 0.1, 0.1, 0.1, 0.1, 0.3, 0.6, 1.0, 1.4, 1.6, 1.7, 1.7),
    *(1.6, 1.6, 1.6, 1.6, 1.6, 1.6, 1.5, 1.4, 1.2, 0.9, 0.6, 0.4),
)
"""How busy the hours of a day are beside each other, by default."""


class Chance(Protocol):
    """Where random numbers come from; `random.Random` is one."""

    def random(self) -> float:
        """A number from 0.0 up to 1.0."""

    def gauss(self, mu: float, sigma: float) -> float:
        """A number by Gauss's law."""

    def gammavariate(self, alpha: float, beta: float) -> float:
        """A number by a gamma law."""


@attrs.frozen(kw_only=True)
class Channel:
    """A channel that never was.

    Attributes:
        per_day: Messages on a day, on average.
        negative: The share of them that sounds bad.
        mood: The squared relative spread of that share from hour to hour.
        hours: How busy each hour of the day is, beside the others.
        weekdays: How busy each day of the week is, Monday first.
        hourly: The squared relative spread of the level from hour to hour.
        daily: The same from day to day.
    """

    per_day: float = attrs.field(validator=attrs.validators.gt(0.0))
    negative: float = 0.3
    mood: float = 0.01
    hours: tuple[float, ...] = attrs.field(default=_OFFICE, validator=attrs.validators.min_len(24))
    weekdays: tuple[float, ...] = attrs.field(
        default=(1.1, 1.1, 1.05, 1.05, 1.1, 0.8, 0.8), validator=attrs.validators.min_len(7)
    )
    hourly: float = 0.05
    daily: float = 0.01

    def minutes(
        self,
        days: int,
        chance: Chance,
        *,
        rise: tuple[int, float] | None = None,
        course: Mapping[int, float] = MappingProxyType({}),
        sours: tuple[int, float] | None = None,
    ) -> tuple[list[int], list[int]]:
        """The messages of each minute, and the negative ones among them, from a Monday on.

        Args:
            days: How many days.
            chance: Where the random numbers come from.
            rise: From which minute on how many times as many come.
            course: On which days how many times as many come; on the others once as many.
            sours: From which minute on what share of them sounds bad.
        """
        since, factor = rise or (days * _DAY, 1.0)
        sour_since, sour = sours or (days * _DAY, 0.0)
        counts, negative = [], []
        share = self.negative
        for minute, rate in enumerate(self._rates(days, chance)):
            if minute % 60 == 0:
                share = min(1.0, self.negative * _level(self.mood, chance))
            times = course.get(minute // _DAY, 1.0) * (factor if minute >= since else 1.0)
            count = _poisson(rate * times, chance)
            counts.append(count)
            bad = sour if minute >= sour_since else share
            negative.append(sum(chance.random() < bad for _ in range(count)))
        return counts, negative

    def _rates(self, days: int, chance: Chance) -> Iterator[float]:
        """The messages to expect in each minute, going over from one hour to the next evenly."""
        even = self.per_day / _DAY / (sum(self.hours) / 24) / (sum(self.weekdays) / 7)
        for day in range(days):
            of_day = even * self.weekdays[day % 7] * _level(self.daily, chance)
            for hour in range(24):
                level = of_day * _level(self.hourly, chance)
                for minute in range(60):
                    before, share = divmod(hour * 60 + minute - 30, 60)
                    start, end = self.hours[before % 24], self.hours[(before + 1) % 24]
                    yield level * (start + (end - start) * share / 60)


def _level(spread: float, chance: Chance) -> float:
    return chance.gammavariate(1 / spread, spread) if spread > 0 else 1.0


def _poisson(mean: float, chance: Chance) -> int:
    if mean > _MANY:
        return max(0, round(chance.gauss(mean, sqrt(mean))))
    limit, count, product = exp(-mean), 0, chance.random()
    while product > limit:
        count += 1
        product *= chance.random()
    return count


@attrs.frozen
class _Run:
    """A simulated channel and a detector going along it, a day at a time."""

    policy: CrisisPolicy
    counts: tuple[list[int], list[int]]

    def baselines(self, day: int) -> dict[str, Baseline]:
        """What the days before that one teach."""
        steps = STEP_SECONDS // MINUTE
        until = day * _DAY
        coarse = [
            [sum(each[at : at + steps]) for at in range(0, until, steps)] for each in self.counts
        ]
        of_series = {VOLUME: coarse[0], NEGATIVE: coarse[1], SHARE: coarse[1]}
        silent = [0] * len(coarse[0])
        wanted = {name: of_series.get(name, silent) for name in (VOLUME, *self.policy.series)}
        return all_learnt(wanted, start=_MONDAY, policy=self.policy)

    def changes(self) -> Iterator[Change]:
        """Every change of state after the time that the policy learns from first."""
        first = -(-self.policy.history // timedelta(days=1))
        days = len(self.counts[0]) // _DAY
        now = from_epoch_second(_MONDAY + first * 86_400)
        watch = CrisisWatch.begun(self.policy, self.baselines(first), now=now)
        for day in range(first, days):
            if day > first and (day - first) % _LEARNS_EVERY == 0:
                watch = watch.with_baselines(self.baselines(day))
            begin = _MONDAY + day * 86_400
            filled = attrs.evolve(watch, open=self._bins(day, begin))
            after = step(filled, now=from_epoch_second(begin + 86_400))
            watch = after.watch
            yield from (each for each in after.findings if isinstance(each, Change))

    def _bins(self, day: int, begin: int) -> MappingProxyType[int, Bin]:
        volume, negative = self.counts
        place = {VOLUME: volume, NEGATIVE: negative, SHARE: negative}
        silent = [0] * len(volume)
        of_series = [place.get(name, silent) for name in self.policy.series]
        return MappingProxyType(
            {
                begin + MINUTE * minute: Bin(
                    tuple(each[day * _DAY + minute] for each in of_series),
                    volume[day * _DAY + minute],
                )
                for minute in range(_DAY)
                if volume[day * _DAY + minute]
            }
        )


def alarms(
    channel: Channel,
    policy: CrisisPolicy,
    *,
    days: int,
    chance: Chance,
    course: Mapping[int, float] = MappingProxyType({}),
) -> int:
    """How many false alarms a channel has on which nothing happens.

    Args:
        channel: What is watched, after as much of its history as the policy wants.
        policy: What is worth an alarm.
        days: For how long it is watched.
        chance: Where the random numbers come from.
        course: On which days, the first of the history being day 0, how many times as many come.
    """
    first = -(-policy.history // timedelta(days=1))
    counts = channel.minutes(first + days, chance, course=course)
    return sum(each.was not in ON and each.state in ON for each in _Run(policy, counts).changes())


def delay(
    channel: Channel,
    policy: CrisisPolicy,
    *,
    factor: float,
    at: timedelta,
    chance: Chance,
    sours: float | None = None,
) -> timedelta | None:
    """How long a rise goes unseen, or None if it is not seen on its day or the next.

    Args:
        channel: What is watched, after as much of its history as the policy wants.
        policy: What is worth an alarm.
        factor: How many times as many messages as usual come.
        at: From which time of the day on.
        chance: Where the random numbers come from.
        sours: What share of them sounds bad from then on; None for as many as ever.
    """
    first = -(-policy.history // timedelta(days=1))
    since = first * _DAY + at // timedelta(minutes=1)
    soured = None if sours is None else (since, sours)
    counts = channel.minutes(first + 2, chance, rise=(since, factor), sours=soured)
    began = _MONDAY + since * MINUTE
    for change in _Run(policy, counts).changes():
        if change.state in ON and epoch_second(change.at) > began:
            return change.at - from_epoch_second(began)
    return None
