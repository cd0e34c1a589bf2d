"""What a policy would have done on history: every alarm, when and why, and how many to expect.

The messages go through the very detector that a desk runs. The first of them, as much as the
policy wants, are only learnt from; the rest are watched, and once a week what is usual is learnt
anew from what had come by then, so nothing is ever judged by what came later.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import attrs

from socialcare.domain.crisis.chance import tail
from socialcare.domain.crisis.course import Course, Told
from socialcare.domain.crisis.detector import Change, CrisisWatch, Flood
from socialcare.domain.crisis.drivers import Driver
from socialcare.domain.crisis.observation import MINUTE, Observation, observation
from socialcare.domain.crisis.policy import CrisisPolicy
from socialcare.domain.crisis.states import ON, CrisisState
from socialcare.domain.crisis.windows import Rise, threshold
from socialcare.domain.instants import from_epoch_second
from socialcare.domain.message import Message
from socialcare.errors import InvalidValue

_HOUR = timedelta(hours=1)
_HOUR_SECONDS = 3600
_DAY = 86_400


@attrs.frozen(kw_only=True)
class Alarm:
    """A crisis that was suspected, or declared at once.

    Attributes:
        at: When.
        ended: When counts were as usual again, or None if not before the end.
        state: How far it went: `suspected` or `declared`.
        rise: The count that raised it.
        genuine: How many of that count are people, as far as can be told.
        drivers: What the messages behind it have in common.
        reason: Why, as a sentence.
        policy: The version of the policy.
    """

    at: datetime
    ended: datetime | None
    state: CrisisState
    rise: Rise
    genuine: int
    drivers: tuple[Driver, ...]
    reason: str
    policy: str


@attrs.frozen(kw_only=True)
class Point:
    """One bin of one series, for a plot.

    Attributes:
        series: Its name.
        start, end: The bin: a window of about an hour.
        count: What came in it.
        expected: What was usual.
        threshold: The fewest messages that would have raised an alarm by this window alone.
        state: Where things stood at its end.
        of: Of a share, how many messages came in all; None otherwise.
    """

    series: str
    start: datetime
    end: datetime
    count: int
    expected: float
    threshold: int
    state: CrisisState
    of: int | None = None


@attrs.frozen(kw_only=True)
class Replay:
    """What a policy would have done.

    Attributes:
        since, until: The time that was watched.
        alarms: Every crisis that was suspected, in order.
        floods: What would have been one if it had been people.
        points: The counts beside what was usual, in order.
        allowed: How many false alarms the policy allows in that time, on average.
    """

    since: datetime
    until: datetime
    alarms: tuple[Alarm, ...]
    floods: tuple[Flood, ...]
    points: tuple[Point, ...]
    allowed: float

    def false_alarms(self, known: Iterable[tuple[datetime, datetime]] = ()) -> tuple[Alarm, ...]:
        """The alarms that are none of the crises that are known, each from when until when."""
        spans = tuple(known)
        return tuple(
            alarm
            for alarm in self.alarms
            if not any(start <= alarm.at <= end for start, end in spans)
        )

    def chance_of(self, false_alarms: int) -> float:
        """The chance of so many false alarms or more, were the declared rate the true one.

        A small one says that the policy does not keep its promise on this history, or that some
        of them were no false alarms.
        """
        return tail(false_alarms, self.allowed)


def replay(
    messages: Iterable[Message],
    policy: CrisisPolicy,
    *,
    topics: Callable[[Message], Iterable[str]] = lambda _: (),
    sentiment: Callable[[Message], float | None] = lambda message: message.sentiment,
    top: int = 5,
) -> Replay:
    """What a policy would have done on these messages.

    Args:
        messages: In any order; those that no customer wrote are left out, and repeats count once.
        policy: What is worth an alarm.
        topics: Gives the names of the topics that a message is about.
        sentiment: Gives how a message sounds, from -1.0 to 1.0.
        top: How many drivers of each kind are told.

    Raises:
        InvalidValue: If they don't last longer than the history that the policy wants.
    """
    seen = {
        message.key: observation(message, topics=topics(message), sentiment=sentiment(message))
        for message in messages
        if message.by_customer
    }
    ordered = sorted(seen.values(), key=lambda one: (one.at, one.id))
    return _Replaying(ordered, policy, top).replayed()


def _in_words(seconds: int) -> str:
    """A length of time in days, or in hours where it is shorter."""
    if seconds < 2 * _DAY:
        return f"{seconds / _HOUR_SECONDS:.0f} hours"
    return f"{seconds / _DAY:.1f} days"


def _days(length: timedelta) -> str:
    return f"{length / timedelta(days=1):g} days"


class _Replaying:
    """The messages on their way through the detector."""

    def __init__(self, ordered: Sequence[Observation], policy: CrisisPolicy, top: int) -> None:
        self._ordered = ordered
        self._minutes = [one.minute for one in ordered]
        self._policy = policy
        self._top = top
        self._start = self._minutes[0] // _HOUR_SECONDS * _HOUR_SECONDS if ordered else 0
        self._end = self._minutes[-1] + MINUTE if ordered else 0
        self._begin = self._start - (-policy.history // _HOUR) * _HOUR_SECONDS
        if self._begin >= self._end:
            found = f"{_in_words(self._end - self._start)} of messages by customers"
            wanted = _days(policy.history)
            right = (
                f"more than the history that the policy wants, {wanted}: a longer log, or a "
                "shorter `history`, of 14 days at least"
            )
            raise InvalidValue(found, where="replay", right=right)

    def replayed(self) -> Replay:
        """All that is found."""
        told: list[Told] = []
        points: list[Point] = []
        for course, found in self._steps():
            told.extend(found)
            if course.watch is not None and course.closed == self._full_bin(course.closed):
                points.extend(self._points(course.watch))
        since, until = from_epoch_second(self._begin), from_epoch_second(self._end)
        return Replay(
            since=since,
            until=until,
            alarms=tuple(self._alarms(told)),
            floods=tuple(each.finding for each in told if isinstance(each.finding, Flood)),
            points=tuple(points),
            allowed=(until - since) / self._policy.false_alarm_every,
        )

    def _steps(self) -> Iterator[tuple[Course, tuple[Told, ...]]]:
        """The course at the end of the history and of every bin after it, with what was found."""
        before = self._between(0, self._begin)
        course = Course(policy=self._policy).with_observations(before)
        course, _ = course.step(now=from_epoch_second(self._begin), top=self._top)
        for begin in range(self._begin, self._end, self._length):
            end = min(begin + self._length, self._end)
            course = course.with_observations(self._between(begin, end))
            course, found = course.step(now=from_epoch_second(end), top=self._top)
            yield course, found

    @property
    def _place(self) -> int:
        """The number of the window that is nearest to an hour."""
        windows = self._policy.windows
        return min(range(len(windows)), key=lambda place: abs(windows[place] - _HOUR))

    @property
    def _length(self) -> int:
        return self._policy.windows[self._place] // timedelta(seconds=1)

    def _full_bin(self, second: int) -> int:
        """The end of the last bin that is complete by then."""
        return second - (second - self._begin) % self._length

    def _between(self, begin: int, end: int) -> Sequence[Observation]:
        """The messages of the minutes from one second up to another."""
        return self._ordered[bisect_left(self._minutes, begin) : bisect_left(self._minutes, end)]

    def _points(self, watch: CrisisWatch) -> Iterator[Point]:
        """The bin that has just ended, of each series."""
        place, end = self._place, from_epoch_second(watch.closed)
        for number, baseline in enumerate(watch.baselines):
            yield Point(
                series=baseline.series,
                start=end - self._policy.windows[place],
                end=end,
                count=watch.windows.count(number, place),
                expected=watch.windows.expected(number, place),
                threshold=threshold(
                    watch.windows, (number, place), baseline, self._policy, second=watch.closed
                ),
                state=watch.state,
                of=watch.windows.of(number, place),
            )

    def _alarms(self, told: Iterable[Told]) -> Iterator[Alarm]:
        """Each alarm with its end."""
        begun: Alarm | None = None
        for each in told:
            finding = each.finding
            if isinstance(finding, Flood):
                continue
            if begun is None and finding.rise is not None:
                begun = self._alarm(finding, finding.rise, each.drivers)
            elif begun is not None and finding.state in ON:
                begun = attrs.evolve(begun, state=finding.state)
            elif begun is not None:
                yield attrs.evolve(begun, ended=finding.at)
                begun = None
        if begun is not None:
            yield begun

    def _alarm(self, change: Change, rise: Rise, behind: tuple[Driver, ...]) -> Alarm:
        return Alarm(
            at=change.at,
            ended=None,
            state=change.state,
            rise=rise,
            genuine=change.genuine or 0,
            drivers=behind,
            reason=rise.words(self._policy.timezone),
            policy=change.policy,
        )
