"""Attainment: which share of what was promised was kept, and what another policy would have made.

Met of met and breached. A promise that is not over is breached once its target has passed and
undecided before; one that was withdrawn counts for nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

import attrs

from socialcare.domain.conversation import Conversation
from socialcare.domain.instants import instant
from socialcare.domain.sla.clock import ClockState, SlaClock, sla_clocks
from socialcare.domain.sla.facts import Facts
from socialcare.domain.sla.policy import SlaPolicy
from socialcare.domain.sla.rules import Promised
from socialcare.domain.statistics import Share
from socialcare.domain.threading import misdated

__all__ = ["Attainment", "Change", "Period", "WhatIf", "attainment", "what_if"]


@attrs.frozen(kw_only=True)
class Attainment:
    """How many promises were kept, of those that are decided.

    Attributes:
        met: How many were kept.
        breached: How many were not.
        undecided: How many are still open and not late.
        withdrawn: How many ended as nobody waited any more.
    """

    met: int
    breached: int
    undecided: int
    withdrawn: int

    @property
    def n(self) -> int:
        """How many are decided."""
        return self.met + self.breached

    @property
    def share(self) -> float | None:
        """The share of those that were kept; None of none."""
        return self._kept.value

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the share, after Wilson; None of none."""
        return self._kept.interval

    @property
    def _kept(self) -> Share:
        return Share(k=self.met, n=self.n)


def attainment(clocks: Iterable[SlaClock]) -> Attainment:
    """The attainment of any clocks: of all, of a target, of a team, as they are chosen.

    >>> attainment([]).share is None
    True
    """
    states = [clock.state for clock in clocks]
    met, breached, withdrawn = (
        states.count(each) for each in (ClockState.MET, ClockState.BREACHED, ClockState.WITHDRAWN)
    )
    undecided = len(states) - met - breached - withdrawn
    return Attainment(met=met, breached=breached, undecided=undecided, withdrawn=withdrawn)


def _moment(value: datetime | None) -> datetime | None:
    return None if value is None else instant(value, where="Period")


@attrs.frozen(kw_only=True)
class Period:
    """A stretch of time, half open; None for one without a beginning or an end.

    Attributes:
        since: Where it begins.
        until: Where it ends.
    """

    since: datetime | None = attrs.field(default=None, converter=_moment)
    until: datetime | None = attrs.field(default=None, converter=_moment)

    def of(self, clocks: Iterable[SlaClock]) -> Iterator[SlaClock]:
        """Those clocks that began within it."""
        return (clock for clock in clocks if self._holds(clock.opened_at))

    def _holds(self, at: datetime) -> bool:
        begun = self.since is None or self.since <= at
        return begun and (self.until is None or at < self.until)


_ALWAYS = Period()


@attrs.frozen(kw_only=True)
class Change:
    """A promise that stands otherwise under the other policy.

    Attributes:
        conversation_id: The conversation.
        target: What was promised.
        team: The team, of a time in a team.
        opened_at: When its clock began.
        before: How it stands under the one policy; None where that promises nothing.
        after: The same under the other.
    """

    conversation_id: str
    target: Promised
    team: str | None
    opened_at: datetime
    before: ClockState | None
    after: ClockState | None


@attrs.frozen(kw_only=True)
class WhatIf:
    """The same log under two policies.

    Attributes:
        before: The attainment under the one.
        after: The attainment under the other.
        changes: Every promise that stands otherwise, in the order of the conversations.
    """

    before: Attainment
    after: Attainment
    changes: tuple[Change, ...]

    @property
    def lost(self) -> tuple[Change, ...]:
        """What was met and would be breached."""
        return self._between(ClockState.MET, ClockState.BREACHED)

    @property
    def won(self) -> tuple[Change, ...]:
        """What was breached and would be met."""
        return self._between(ClockState.BREACHED, ClockState.MET)

    def _between(self, before: ClockState, after: ClockState) -> tuple[Change, ...]:
        return tuple(each for each in self.changes if each.before is before and each.after is after)


def what_if(
    conversations: Iterable[Conversation],
    policy_a: SlaPolicy,
    policy_b: SlaPolicy,
    *,
    now: datetime,
    facts: Mapping[str, Facts] = MappingProxyType({}),
    period: Period = _ALWAYS,
) -> WhatIf:
    """What the same conversations come to under two policies.

    Args:
        conversations: What to judge, with their statuses and assignments.
        policy_a: The one policy, as it is.
        policy_b: The other, as it could be.
        now: The instant of the look.
        facts: By conversation, its priorities, tiers and categories over time; by default what a
            desk has learnt of it.
        period: Judges only the promises that began within it.
    """
    before: dict[object, SlaClock] = {}
    after: dict[object, SlaClock] = {}
    for each in conversations:
        told, late = facts.get(each.id), misdated(each.messages)
        for policy, found in ((policy_a, before), (policy_b, after)):
            every = sla_clocks(each, policy, now=now, facts=told, misdated=late)
            clocks = period.of(every)
            found.update({(each.brand, *clock.key): clock for clock in clocks})
    keys = dict.fromkeys((*before, *after))
    compared = (_change(before.get(key), after.get(key)) for key in keys)
    return WhatIf(
        before=attainment(before.values()),
        after=attainment(after.values()),
        changes=tuple(change for change in compared if change is not None),
    )


def _change(before: SlaClock | None, after: SlaClock | None) -> Change | None:
    was = None if before is None else before.state
    would_be = None if after is None else after.state
    clock = after if before is None else before
    if clock is None or was is would_be:
        return None
    return Change(
        conversation_id=clock.conversation_id,
        target=clock.target,
        team=clock.team,
        opened_at=clock.opened_at,
        before=was,
        after=would_be,
    )
