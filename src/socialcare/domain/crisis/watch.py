"""Where a crisis detector stands, and what it finds: values that `crisis` makes from one another.

A `CrisisWatch` holds the minutes of its longest window and no more, so going on costs the same
after a year as after a day.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias

import attrs

from socialcare.domain.crisis.baseline import Baseline
from socialcare.domain.crisis.flood import Voices
from socialcare.domain.crisis.observation import MINUTE, Bin, Observation
from socialcare.domain.crisis.policy import CrisisPolicy
from socialcare.domain.crisis.states import CrisisState, Happening
from socialcare.domain.crisis.windows import Rise, Windows
from socialcare.domain.instants import epoch_second, instant
from socialcare.errors import InvalidValue


@attrs.frozen(kw_only=True)
class Change:
    """The state changed.

    Attributes:
        at: When: the end of a minute, or when somebody decided.
        was: The state before.
        state: The state since.
        happening: What changed it.
        rise: The rarest count, where counts changed it; None otherwise.
        genuine: How many of that count are people, as far as can be told.
        policy: The version of the policy.
        behind: The messages of the rise, as far as they were kept.
    """

    at: datetime
    was: CrisisState
    state: CrisisState
    happening: Happening
    rise: Rise | None = None
    genuine: int | None = None
    policy: str
    behind: tuple[Observation, ...] = attrs.field(default=(), repr=False)


@attrs.frozen(kw_only=True)
class Flood:
    """A rise that too few people, or accounts made for it, have brought: not a crisis.

    Attributes:
        at: When it was found.
        rise: The rarest count.
        voices: Who wrote.
        policy: The version of the policy.
        behind: The messages of the rise, as far as they were kept.
    """

    at: datetime
    rise: Rise
    voices: Voices
    policy: str
    behind: tuple[Observation, ...] = attrs.field(default=(), repr=False)


Finding: TypeAlias = Change | Flood


@attrs.frozen
class Day:
    """What a day had so far, but for the time in which a crisis was on.

    Attributes:
        minutes: How many minutes of it have passed.
        seen: What came of each series.
        usual: What was to be expected of each.
    """

    minutes: int
    seen: tuple[int, ...]
    usual: tuple[float, ...]


@attrs.frozen(kw_only=True)
class CrisisWatch:
    """Where a detector stands.

    Attributes:
        policy: What is watched, and what is worth an alarm.
        baselines: What is usual, for each series of the policy in its order.
        windows: What came in the latest minutes.
        closed: The second of UTC up to which minutes are complete.
        open: What came in minutes after it, by the second at which they began.
        late: The series that got messages of complete minutes since.
        state: Where things stand.
        since: When that began.
        muted: Whether rises are no news, because somebody said so, until counts are usual.
        flooded: Since when a flood is on that was told of, or None.
        fresh: The second of UTC at which the last rise or flood was over; what came before it
            raises no second alarm.
        day: What the day had so far.
    """

    policy: CrisisPolicy
    baselines: tuple[Baseline, ...]
    windows: Windows
    closed: int
    open: Mapping[int, Bin] = MappingProxyType({})
    late: frozenset[int] = frozenset()
    state: CrisisState = CrisisState.WATCHING
    since: datetime
    muted: bool = False
    flooded: datetime | None = None
    fresh: int = 0
    day: Day

    @classmethod
    def begun(
        cls, policy: CrisisPolicy, baselines: Mapping[str, Baseline], *, now: datetime
    ) -> "CrisisWatch":
        """A detector that has seen nothing yet.

        Args:
            policy: What is watched, and what is worth an alarm.
            baselines: What is usual, for each series of the policy.
            now: When it begins.

        Raises:
            InvalidValue: If a series has no baseline.
        """
        missing = [name for name in policy.series if name not in baselines]
        if missing:
            right = f"a baseline for each of {', '.join(policy.series)}"
            raise InvalidValue(f"none for {missing[0]}", where="baselines", right=right)
        blank = (0,) * len(policy.series)
        return cls(
            policy=policy,
            baselines=tuple(baselines[name] for name in policy.series),
            windows=Windows.empty(policy),
            closed=epoch_second(instant(now, where="now")) // MINUTE * MINUTE,
            since=instant(now),
            day=Day(0, blank, (0.0,) * len(blank)),
        )

    def with_baselines(self, baselines: Mapping[str, Baseline]) -> "CrisisWatch":
        """The detector with what was learnt anew; the series that are not given stay."""
        kept = tuple(baselines.get(each.series, each) for each in self.baselines)
        return attrs.evolve(self, baselines=kept)

    def latest(self, rise: Rise) -> tuple[Observation, ...]:
        """The messages behind a rise that was just found, as far as they were kept."""
        minutes = (self.closed - epoch_second(rise.since)) // MINUTE
        number = self.policy.series.index(rise.series)
        return tuple(
            one
            for each in self.windows.latest(minutes)
            for one in each.sample
            if one.counts(self.policy.series)[number]
        )


@attrs.frozen
class Step:
    """The detector after a step, and what was found on the way, oldest first."""

    watch: CrisisWatch
    findings: tuple[Finding, ...] = ()
