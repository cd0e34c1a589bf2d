"""A crisis seen while it is small: a detector whose rate of false alarms the user declares.

Messages are counted by the minute, in bins on the clock, so what is found does not depend on how
often anybody looks, nor on the order in which messages come.
At the end of each minute the counts over several windows are compared with what is usual at that
hour of that weekday (`baseline`). One that chance brings less often than the policy's
`false_alarm_every`, over all windows and series together (`chance`), is a rise.
If enough people write it (`flood`), a crisis is suspected; otherwise it is a flood.

A `CrisisWatch` is a value: `step` gives the one after some messages and some time, and what was
found on the way. It holds the minutes of its longest window and no more, so a step costs the same
after a year as after a day.

What comes while a crisis is on teaches the baseline nothing.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import sqrt
from types import MappingProxyType

import attrs

from socialcare.domain.crisis.baseline import Baseline
from socialcare.domain.crisis.flood import repeaters, voices
from socialcare.domain.crisis.observation import MINUTE, Bin, Observation
from socialcare.domain.crisis.states import BY_PEOPLE, ON, CrisisState, Happening, after
from socialcare.domain.crisis.watch import Change, CrisisWatch, Day, Finding, Flood, Step
from socialcare.domain.crisis.windows import Rise, rise_of, rises, times
from socialcare.domain.instants import epoch_second, from_epoch_second, instant
from socialcare.errors import InvalidValue

__all__ = ["Change", "CrisisWatch", "Finding", "Flood", "Step", "decided", "step"]

_MINUTE = timedelta(seconds=MINUTE)
_DAY = timedelta(days=1) // _MINUTE
_HOURLY = MINUTE / 3600
_TOLD_APART = 2.0
"""Standard deviations up to which a count may come of chance at an ordinary hour."""


def step(watch: CrisisWatch, observations: Iterable[Observation] = (), *, now: datetime) -> Step:
    """The detector after these messages, at that time.

    Messages may come in any order and a little late; one that is older than the longest window
    is left out. Each is given once. Going on minute by minute or by the hour finds the same.

    Args:
        watch: The detector.
        observations: What came since.
        now: The time up to which minutes are complete.

    Raises:
        NaiveDatetime: If `now` has no time zone.
    """
    taken = _with_observations(watch, observations)
    until = epoch_second(instant(now, where="now")) // MINUTE * MINUTE
    findings: list[Finding] = []
    while taken.closed < until:
        taken, found = _minute(taken)
        findings.extend(found)
    filling = {at: each for at, each in taken.open.items() if at >= taken.closed}
    return Step(attrs.evolve(taken, open=MappingProxyType(filling)), tuple(findings))


def decided(watch: CrisisWatch, happening: Happening, *, now: datetime) -> Step:
    """The detector after a person declared a crisis, or said that it is none or has ended.

    After a dismissal rises are no news until counts have been usual.

    Raises:
        InvalidValue: If people can't make that happen, or not in this state.
    """
    state = after(watch.state, happening)
    if happening not in BY_PEOPLE or state is watch.state:
        right = f"a decision that changes the state {watch.state.value!r}"
        raise InvalidValue(happening.value, where="crisis", right=right)
    change = _change(watch, happening, instant(now))
    muted = happening is Happening.DISMISSED
    return Step(attrs.evolve(watch, state=state, since=change.at, muted=muted), (change,))


def _with_observations(watch: CrisisWatch, observations: Iterable[Observation]) -> CrisisWatch:
    """The detector with messages in their minutes, where those are kept."""
    series = watch.policy.series
    filled, news, late = dict(watch.open), set(watch.late), dict[int, Bin]()
    blank = Bin((0,) * len(series))
    for one in observations:
        minute, counts = one.minute, one.counts(series)
        if minute >= watch.closed:
            filled[minute] = filled.get(minute, blank).with_observation(one, counts)
            continue
        back = (watch.closed - minute) // MINUTE
        if back <= len(watch.windows.minutes):
            so_far = late.get(back) or watch.windows.minutes[-back].came
            late[back] = so_far.with_observation(one, counts)
            news.update(number for number, count in enumerate(counts) if count)
    windows = watch.windows.with_late(late) if late else watch.windows
    return attrs.evolve(watch, open=MappingProxyType(filled), windows=windows, late=frozenset(news))


def _minute(watch: CrisisWatch) -> tuple[CrisisWatch, tuple[Finding, ...]]:
    """The detector a minute later, and what was found."""
    begin, end = watch.closed, watch.closed + MINUTE
    place = watch.baselines[0].week.between(begin + MINUTE // 2)
    rates = tuple(
        [
            each.rate_between(*place) * (1.0 if each.is_share else _HOURLY)
            for each in watch.baselines
        ]
    )
    one = watch.open.get(begin) or Bin((0,) * len(rates))
    baselines, day = _learnt(watch, one.counts, watch.windows.expected_of(one, rates))
    news = watch.late.union(number for number, count in enumerate(one.counts) if count)
    later = attrs.evolve(
        watch,
        windows=watch.windows.with_minute(one, rates),
        baselines=baselines,
        day=day,
        closed=end,
        late=frozenset(),
    )
    risen, found = _risen(later, news)
    settled, ended = _settled(risen)
    return settled, (*found, *ended)


def _learnt(
    watch: CrisisWatch, came: tuple[int, ...], expected: tuple[float, ...]
) -> tuple[tuple[Baseline, ...], Day]:
    """Baselines and the day so far, after a minute; a full day goes into the baselines."""
    seen, usual = watch.day.seen, watch.day.usual
    if watch.state not in ON:
        seen = tuple([sum_ + more for sum_, more in zip(seen, came, strict=True)])
        usual = tuple([sum_ + more for sum_, more in zip(usual, expected, strict=True)])
    if watch.day.minutes + 1 < _DAY:
        return watch.baselines, Day(watch.day.minutes + 1, seen, usual)
    learnt = tuple(
        each.with_day(count, mean / each.expected_level)
        for each, count, mean in zip(watch.baselines, seen, usual, strict=True)
    )
    return learnt, Day(0, (0,) * len(seen), (0.0,) * len(seen))


def _risen(watch: CrisisWatch, news: Iterable[int]) -> tuple[CrisisWatch, tuple[Finding, ...]]:
    """The detector with a rise or a flood noticed, if there is one and it is news."""
    if not news or watch.muted or watch.state is CrisisState.DECLARED:
        return watch, ()
    if watch.state in ON and watch.policy.declared_at is None:
        return watch, ()
    found = rises(
        watch.windows,
        watch.baselines,
        watch.policy,
        series=news,
        second=watch.closed,
        since=watch.fresh,
    )
    if not found or (watch.state in ON and not _soars(watch, found[0])):
        return watch, ()
    at = from_epoch_second(watch.closed)
    rise, count = _genuine(watch, found)
    if rise is None:
        return _flooded(watch, found[0], at)
    happening = Happening.SOARED if _soars(watch, rise) else Happening.ROSE
    change = _change(watch, happening, at, rise=rise, genuine=count)
    if change.state is watch.state:
        return watch, ()
    return attrs.evolve(watch, state=change.state, since=at), (change,)


def _soars(watch: CrisisWatch, rise: Rise) -> bool:
    stricter = watch.policy.declared_at
    return stricter is not None and rise.once_in >= stricter


def _flooded(
    watch: CrisisWatch, rise: Rise, at: datetime
) -> tuple[CrisisWatch, tuple[Finding, ...]]:
    """The detector with a flood on, and the flood, if it is the first that is seen of it."""
    if watch.flooded or watch.state in ON:
        return watch, ()
    busy = repeaters(watch.windows.latest(), watch.policy)
    who = voices(_bins(watch, rise), watch.policy, repeaters=busy)
    flood = Flood(
        at=at, rise=rise, voices=who, policy=watch.policy.version, behind=watch.latest(rise)
    )
    return attrs.evolve(watch, flooded=at), (flood,)


def _genuine(watch: CrisisWatch, found: tuple[Rise, ...]) -> tuple[Rise | None, int]:
    """The first rise that enough people wrote to be one without the rest, and how many they are.

    What is told of it is the count as it is, and how rare the genuine part of it would be.
    """
    policy, shares = watch.policy, dict[datetime, tuple[float, ...]]()
    busy = repeaters(watch.windows.latest(), policy)
    for rise in found:
        if rise.since not in shares:
            who = voices(_bins(watch, rise), policy, repeaters=busy)
            shares[rise.since] = who.genuine
        series = policy.series.index(rise.series)
        count = round(rise.count * shares[rise.since][series])
        least = times(policy.smallest_rise, rise.usual, of=rise.of)
        if count < policy.fewest or count < least:
            continue
        place = watch.windows.lengths.index((rise.until - rise.since) // _MINUTE)
        real = rise_of(
            count,
            watch.windows,
            (series, place),
            watch.baselines[series],
            policy,
            second=watch.closed,
        )
        if real.once_in >= policy.false_alarm_every:
            return attrs.evolve(rise, once_in=real.once_in), count
    return None, 0


def _bins(watch: CrisisWatch, rise: Rise) -> tuple[Bin, ...]:
    return watch.windows.latest((rise.until - rise.since) // _MINUTE)


def _settled(watch: CrisisWatch) -> tuple[CrisisWatch, tuple[Finding, ...]]:
    """The detector with the end of a rise noticed, if counts have been usual for long enough."""
    rising = watch.state in ON or watch.muted or watch.flooded is not None
    if not rising and watch.state is CrisisState.WATCHING:
        return watch, ()
    at = from_epoch_second(watch.closed)
    began = max(watch.since, watch.flooded or watch.since)
    if at - began < watch.policy.quiet_for or not _is_calm(watch):
        return watch, ()
    fresh = watch.closed if rising else watch.fresh
    calm = attrs.evolve(watch, muted=False, flooded=None, fresh=fresh)
    change = _change(watch, Happening.SUBSIDED, at)
    if change.state is watch.state:
        return calm, ()
    return attrs.evolve(calm, state=change.state, since=at), (change,)


def _is_calm(watch: CrisisWatch) -> bool:
    """Whether every series is near its usual, or can't be told from it."""
    policy, place = watch.policy, watch.policy.windows.index(watch.policy.quiet_for)
    length = watch.windows.lengths[place] * MINUTE
    for series, baseline in enumerate(watch.baselines):
        count, usual = watch.windows.count(series, place), watch.windows.expected(series, place)
        spread = sqrt(usual + baseline.excess(length, usual, watch.closed))
        near = times(policy.over_below, usual, of=watch.windows.of(series, place))
        if count > max(near, usual + _TOLD_APART * spread):
            return False
    return True


def _change(
    watch: CrisisWatch,
    happening: Happening,
    at: datetime,
    *,
    rise: Rise | None = None,
    genuine: int | None = None,
) -> Change:
    return Change(
        at=at,
        was=watch.state,
        state=after(watch.state, happening),
        happening=happening,
        rise=rise,
        genuine=genuine,
        policy=watch.policy.version,
        behind=() if rise is None else watch.latest(rise),
    )
