"""What a policy would have done on history: every alarm, when and why, and how many to expect.

The messages go through the very detector that a desk runs. The first of them, as much as the
policy wants, are only learnt from; the rest are watched, and once a week what is usual is learnt
anew from what had come by then, so nothing is ever judged by what came later.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import attrs

from socialcare.domain.crisis.baseline import Baseline
from socialcare.domain.crisis.chance import tail
from socialcare.domain.crisis.detector import Change, CrisisWatch, Finding, Flood, step
from socialcare.domain.crisis.drivers import Commonplace, Driver, drivers
from socialcare.domain.crisis.learning import STEP_SECONDS, all_learnt
from socialcare.domain.crisis.observation import MINUTE, Observation, observation
from socialcare.domain.crisis.policy import CrisisPolicy
from socialcare.domain.crisis.states import ON, CrisisState
from socialcare.domain.crisis.windows import Rise, threshold
from socialcare.domain.instants import epoch_second, from_epoch_second
from socialcare.domain.message import Message
from socialcare.errors import InvalidValue

_DAY = 86_400
_LEARNS_EVERY = 7
_KEPT = 0.9
"""The weight that yesterday keeps in what is usually talked of: a week or two of it count."""
_HOUR = timedelta(hours=1)


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
    """

    series: str
    start: datetime
    end: datetime
    count: int
    expected: float
    threshold: int
    state: CrisisState


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
    return _Course(ordered, policy, top).replayed()


class _Course:
    """The messages on their way through the detector."""

    def __init__(self, ordered: Sequence[Observation], policy: CrisisPolicy, top: int) -> None:
        self._ordered = ordered
        self._minutes = [one.minute for one in ordered]
        self._policy = policy
        self._top = top
        self._start = self._minutes[0] // 3600 * 3600 if ordered else 0
        self._end = self._minutes[-1] + MINUTE if ordered else 0
        self._begin = self._start + policy.history // timedelta(seconds=1)
        if self._begin >= self._end:
            found = f"{timedelta(seconds=self._end - self._start)} of messages by customers"
            right = f"more than the history that the policy wants, {policy.history}"
            raise InvalidValue(found, where="replay", right=right)
        self._counts = self._counted()

    def replayed(self) -> Replay:
        """All that is found."""
        findings: list[tuple[Finding, tuple[Driver, ...]]] = []
        points: list[Point] = []
        for watch, found, commonplace in self._steps():
            findings.extend((each, self._drivers(each, commonplace)) for each in found)
            points.extend(self._points(watch))
        since, until = from_epoch_second(self._begin), from_epoch_second(self._end)
        return Replay(
            since=since,
            until=until,
            alarms=tuple(self._alarms(findings)),
            floods=tuple(each for each, _ in findings if isinstance(each, Flood)),
            points=tuple(points),
            allowed=(until - since) / self._policy.false_alarm_every,
        )

    def _steps(self) -> Iterator[tuple[CrisisWatch, tuple[Finding, ...], Commonplace]]:
        """The detector at the end of every bin, with what was found in it."""
        length = self._policy.windows[self._place] // timedelta(seconds=1)
        now = from_epoch_second(self._begin)
        watch = CrisisWatch.begun(self._policy, self._baselines(self._begin), now=now)
        commonplace, day, learns = self._commonplace(), self._begin, self._begin
        for begin in range(self._begin, self._end, length):
            if begin >= learns + _LEARNS_EVERY * _DAY:
                watch, learns = watch.with_baselines(self._baselines(begin)), begin
            if begin >= day + _DAY:
                if watch.state not in ON:
                    commonplace = commonplace.with_messages(self._between(day, begin), kept=_KEPT)
                day = begin
            end = min(begin + length, self._end)
            after = step(watch, self._between(begin, end), now=from_epoch_second(end))
            watch = after.watch
            yield watch, after.findings, commonplace

    @property
    def _place(self) -> int:
        """The number of the window that is nearest to an hour."""
        windows = self._policy.windows
        return min(range(len(windows)), key=lambda place: abs(windows[place] - _HOUR))

    def _counted(self) -> dict[str, list[int]]:
        """For each series its messages in each five minutes."""
        steps = (self._end - self._start) // STEP_SECONDS + 1
        counts = {name: [0] * steps for name in self._policy.series}
        for one, minute in zip(self._ordered, self._minutes, strict=True):
            place = (minute - self._start) // STEP_SECONDS
            for name, count in zip(
                self._policy.series, one.counts(self._policy.series), strict=True
            ):
                counts[name][place] += count
        return counts

    def _baselines(self, until: int) -> dict[str, Baseline]:
        steps = (until - self._start) // STEP_SECONDS
        known = {name: each[:steps] for name, each in self._counts.items()}
        return all_learnt(known, start=self._start, policy=self._policy)

    def _commonplace(self) -> Commonplace:
        """What the messages of the history have."""
        found = Commonplace()
        for day in range(self._start, self._begin, _DAY):
            until = min(day + _DAY, self._begin)
            found = found.with_messages(self._between(day, until), kept=_KEPT)
        return found

    def _between(self, begin: int, end: int) -> Sequence[Observation]:
        """The messages of the minutes from one second up to another."""
        return self._ordered[bisect_left(self._minutes, begin) : bisect_left(self._minutes, end)]

    def _drivers(self, finding: Finding, commonplace: Commonplace) -> tuple[Driver, ...]:
        """What the messages behind a finding have in common."""
        if finding.rise is None:
            return ()
        rise = finding.rise
        number = self._policy.series.index(rise.series)
        behind = [
            one
            for one in self._between(epoch_second(rise.since), epoch_second(rise.until))
            if one.counts(self._policy.series)[number]
        ]
        return drivers(behind, commonplace, top=self._top)

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
            )

    def _alarms(self, findings: Iterable[tuple[Finding, tuple[Driver, ...]]]) -> Iterator[Alarm]:
        """Each alarm with its end."""
        begun: Alarm | None = None
        for finding, behind in findings:
            if isinstance(finding, Flood):
                continue
            if begun is None and finding.rise is not None:
                begun = self._alarm(finding, finding.rise, behind)
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
