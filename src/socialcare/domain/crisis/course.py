"""A detector on its way along a log: it learns first, then watches, and learns anew every week.

What a policy would have found in a history (`replay`) and what a desk finds are found by the same
course, so they are the same findings. Messages are put in when they come and time is moved on by
whole minutes, in as many steps as anybody likes.

The past is kept as counts in five minutes, for the baselines, and as what messages usually have,
for telling what a rise is made of; both grow by an hour at a time. Nothing is judged by what came
after it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

import attrs

from socialcare.domain.crisis.baseline import Baseline
from socialcare.domain.crisis.detector import CrisisWatch, Finding, decided, step
from socialcare.domain.crisis.drivers import Commonplace, Driver, drivers
from socialcare.domain.crisis.learning import STEP_SECONDS, all_learnt
from socialcare.domain.crisis.observation import MINUTE, Bin, Observation
from socialcare.domain.crisis.policy import VOLUME, CrisisPolicy
from socialcare.domain.crisis.states import ON, CrisisState, Happening, after
from socialcare.domain.instants import epoch_second, from_epoch_second, instant

_HOUR = 3600
_DAY = 86_400
_WEEK = 7 * _DAY
_STEPS = _HOUR // STEP_SECONDS
_KEPT = 0.9
"""The weight that yesterday keeps in what is usually talked of: a week or two of it count."""


@attrs.frozen(kw_only=True)
class Told:
    """A finding, and what the messages behind it have in common."""

    finding: Finding
    drivers: tuple[Driver, ...] = ()


@attrs.frozen(kw_only=True)
class Past:
    """What came until the last full hour.

    Attributes:
        start: The second of UTC, a full hour, at which it begins.
        counts: Messages in each five minutes, of all and then of each series of the policy; no
            more than the policy learns from.
        dropped: How many five minutes before these were forgotten.
        commonplace: What messages usually have, until the last full day.
        fresh: What those since then had.
    """

    start: int
    counts: tuple[tuple[int, ...], ...]
    dropped: int = 0
    commonplace: Commonplace = attrs.field(factory=Commonplace)
    fresh: Commonplace = attrs.field(factory=Commonplace)

    @property
    def end(self) -> int:
        """The second of UTC at which it ends."""
        return self.start + (self.dropped + len(self.counts[0])) * STEP_SECONDS

    def with_hour(self, bins: Mapping[int, Bin], *, most: int, usual: bool) -> "Past":
        """The past after one more hour.

        Args:
            bins: Its minutes, by the second at which they began.
            most: How many five minutes are kept.
            usual: Whether it teaches what messages usually have.
        """
        minutes = [bins.get(self.end + MINUTE * minute) for minute in range(_HOUR // MINUTE)]
        more = [[0] * _STEPS for _ in self.counts]
        for place, each in enumerate(minutes):
            if each is not None:
                for row, count in zip(more, (each.size, *each.counts), strict=True):
                    row[place * MINUTE // STEP_SECONDS] += count
        said = [one for each in minutes if each is not None for one in each.sample]
        fresh = self.fresh.with_messages(said) if usual else self.fresh
        grown = tuple((*old, *new) for old, new in zip(self.counts, more, strict=True))
        over = max(0, len(grown[0]) - most)
        later = attrs.evolve(
            self,
            counts=tuple(each[over:] for each in grown),
            dropped=self.dropped + over,
            fresh=fresh,
        )
        if (later.end - later.start) % _DAY:
            return later
        return attrs.evolve(
            later,
            commonplace=later.commonplace.with_others(fresh, kept=_KEPT),
            fresh=Commonplace(),
        )

    def with_late(self, late: Iterable[tuple[int, Sequence[int]]]) -> "Past":
        """The past with more messages in it; those before what is kept change nothing.

        Args:
            late: The minute of each, and how much it adds to each series.
        """
        rows = [list(each) for each in self.counts]
        for minute, counts in late:
            place = (minute - self.start) // STEP_SECONDS - self.dropped
            for row, count in zip(rows, (1, *counts), strict=True):
                if place >= 0:
                    row[place] += count
        return attrs.evolve(self, counts=tuple(map(tuple, rows)))

    def since(self, start: int) -> "Past":
        """The past from an earlier hour on, in which nothing is known to have come."""
        before = (0,) * ((self.start - start) // STEP_SECONDS)
        return attrs.evolve(
            self, start=start, counts=tuple((*before, *each) for each in self.counts)
        )


@attrs.frozen(kw_only=True)
class Course:
    """Where a detector stands on its way along a log.

    Attributes:
        policy: What is watched, and what is worth an alarm.
        past: What came until the last full hour; None before the first message.
        bins: What came since, by the second at which each minute began.
        closed: The second of UTC up to which minutes are complete.
        watch: The detector; None while there is less history than the policy wants.
        said: What people said before there was a detector.
    """

    policy: CrisisPolicy
    past: Past | None = None
    bins: Mapping[int, Bin] = MappingProxyType({})
    closed: int = 0
    watch: CrisisWatch | None = None
    said: CrisisState = CrisisState.WATCHING

    @property
    def watches_from(self) -> datetime | None:
        """When there is as much history as the policy wants; None before the first message."""
        return None if self.past is None else from_epoch_second(self._begin(self.past))

    @property
    def state(self) -> CrisisState:
        """Where things stand."""
        return self.said if self.watch is None else self.watch.state

    def with_observations(self, observations: Iterable[Observation]) -> "Course":
        """The course after messages came, each given once, in any order and a little late."""
        given = tuple(observations)
        if not given:
            return self
        begun = self._reaching(min(one.minute for one in given) // _HOUR * _HOUR)
        past = begun.past
        if past is None:
            return begun
        bins, end = dict(begun.bins), past.end
        late: list[tuple[int, Sequence[int]]] = []
        blank = Bin((0,) * len(self.policy.series))
        for one in given:
            counts = one.counts(self.policy.series)
            if one.minute >= end:
                bins[one.minute] = bins.get(one.minute, blank).with_observation(one, counts)
            else:
                late.append((one.minute, counts))
        if late:
            past = past.with_late(late)
        watch = begun.watch
        if watch is not None:
            watch = step(watch, given, now=from_epoch_second(watch.closed)).watch
        return attrs.evolve(begun, past=past, bins=MappingProxyType(bins), watch=watch)

    def step(self, *, now: datetime, top: int = 5) -> "tuple[Course, tuple[Told, ...]]":
        """The course at that time, and what was found on the way, oldest first.

        Args:
            now: The time up to which minutes are complete.
            top: How many drivers of each kind are told.

        Raises:
            NaiveDatetime: If `now` has no time zone.
        """
        until = epoch_second(instant(now, where="now")) // MINUTE * MINUTE
        course, found = self, list[Told]()
        while course.past is not None and course.closed < until:
            course, more = course._to(min(course.past.end + _HOUR, until), top)
            found.extend(more)
        return course, tuple(found)

    def decided(self, happening: Happening, *, now: datetime) -> "Course":
        """The course after a person's decision; the same one where it changes nothing."""
        state = after(self.state, happening)
        if state is self.state:
            return self
        if self.watch is None:
            return attrs.evolve(self, said=state)
        return attrs.evolve(self, watch=decided(self.watch, happening, now=now).watch)

    def _reaching(self, hour: int) -> "Course":
        """The course with its past begun, or begun earlier if nothing is watched yet."""
        if self.past is None:
            blank = ((),) * (1 + len(self.policy.series))
            return attrs.evolve(self, past=Past(start=hour, counts=blank), closed=hour)
        if self.watch is None and hour < self.past.start and not self.past.dropped:
            return attrs.evolve(self, past=self.past.since(hour))
        return self

    def _begin(self, past: Past) -> int:
        return past.start - (-self.policy.history // timedelta(hours=1)) * _HOUR

    def _to(self, edge: int, top: int) -> "tuple[Course, tuple[Told, ...]]":
        """The course at a moment no later than the end of the hour, and what was found."""
        told: tuple[Told, ...] = ()
        watch, past = self.watch, self.past
        if watch is not None and past is not None:
            later = step(watch, now=from_epoch_second(edge))
            watch = later.watch
            told = tuple(
                Told(finding=each, drivers=drivers(each.behind, past.commonplace, top=top))
                for each in later.findings
            )
        moved = attrs.evolve(self, watch=watch, closed=edge)
        is_hour = past is not None and edge == past.end + _HOUR
        return (moved._with_hour() if is_hour else moved), told

    def _with_hour(self) -> "Course":
        """The course with its full hour in the past, and what follows from that."""
        if self.past is None:
            return self
        past = self.past.with_hour(
            self.bins,
            most=self.policy.learns_from // timedelta(seconds=STEP_SECONDS),
            usual=self.state not in ON,
        )
        later = {minute: each for minute, each in self.bins.items() if minute >= past.end}
        course = attrs.evolve(self, past=past, bins=MappingProxyType(later))
        begin = self._begin(past)
        if self.watch is None:
            return course._begun(past) if past.end >= begin else course
        if (past.end - begin) % _WEEK:
            return course
        return attrs.evolve(course, watch=self.watch.with_baselines(course._baselines(past)))

    def _begun(self, past: Past) -> "Course":
        """The course with a detector, which has seen nothing yet."""
        now = from_epoch_second(past.end)
        watch = CrisisWatch.begun(self.policy, self._baselines(past), now=now)
        return attrs.evolve(self, watch=attrs.evolve(watch, open=self.bins, state=self.said))

    def _baselines(self, past: Past) -> dict[str, Baseline]:
        """What the past teaches."""
        names = (VOLUME, *self.policy.series)
        counts = dict(zip(names, past.counts, strict=True))
        start = past.start + past.dropped * STEP_SECONDS
        return all_learnt(counts, start=start, policy=self.policy)
