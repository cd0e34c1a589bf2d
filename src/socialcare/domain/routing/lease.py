"""Leases: who may answer a customer now, so that two people do not.

A lease is somebody's hold on a conversation until an instant; it ends by itself then, and nothing
has to happen for it to end. What somebody may do depends on how the conversation is held, which the
table says; what is not in the table makes no sense.

Exclusive it is because a conversation has one lease, and is written only by whoever read it as it
is: of two who want it at once, the second reads again, and finds it taken.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import Enum, auto
from types import MappingProxyType

import attrs

from socialcare.domain.instants import instant

__all__ = ["TABLE", "Hold", "Lease", "Step", "Verdict", "hold_of", "may"]


def _moment(value: datetime) -> datetime:
    return instant(value, where="Lease")


@attrs.frozen(kw_only=True)
class Lease:
    """Somebody's hold on a conversation.

    Attributes:
        agent_id: Who holds it.
        since: Since when.
        until: Until when: it is over at this instant.
    """

    agent_id: str
    since: datetime = attrs.field(converter=_moment)
    until: datetime = attrs.field(converter=_moment)

    def holds(self, now: datetime) -> bool:
        """Whether it holds at an instant."""
        return now < self.until

    def __str__(self) -> str:
        """Who holds it until when, in words."""
        return f"{self.agent_id} has it until {self.until:%Y-%m-%d %H:%M:%S} UTC"


class Hold(Enum):
    """How a conversation is held, as somebody sees it."""

    FREE = auto()
    """By nobody, or by nobody any more."""
    OWN = auto()
    """By them."""
    ANOTHERS = auto()
    """By somebody else."""


class Step(Enum):
    """What somebody can want to do about a lease."""

    LEASE = auto()
    """Have it, or have it longer."""
    TAKE = auto()
    """Have it, and say why, whoever has it."""
    HAND = auto()
    """Give it to somebody else."""
    END = auto()
    """Be rid of it."""
    ANSWER = auto()
    """Answer the customer."""


class Verdict(Enum):
    """Who may do a step."""

    ANYBODY = auto()
    LEADS = auto()
    """Only those whose role the house names for it."""
    NOBODY = auto()


TABLE: Mapping[tuple[Hold, Step], Verdict] = MappingProxyType(
    {
        (Hold.FREE, Step.LEASE): Verdict.ANYBODY,
        (Hold.FREE, Step.TAKE): Verdict.ANYBODY,
        (Hold.FREE, Step.ANSWER): Verdict.ANYBODY,
        (Hold.OWN, Step.LEASE): Verdict.ANYBODY,
        (Hold.OWN, Step.TAKE): Verdict.ANYBODY,
        (Hold.OWN, Step.HAND): Verdict.ANYBODY,
        (Hold.OWN, Step.END): Verdict.ANYBODY,
        (Hold.OWN, Step.ANSWER): Verdict.ANYBODY,
        (Hold.ANOTHERS, Step.LEASE): Verdict.NOBODY,
        (Hold.ANOTHERS, Step.TAKE): Verdict.LEADS,
        (Hold.ANOTHERS, Step.HAND): Verdict.LEADS,
        (Hold.ANOTHERS, Step.END): Verdict.LEADS,
        (Hold.ANOTHERS, Step.ANSWER): Verdict.NOBODY,
    }
)
"""How it is held and what somebody wants, and who may do that."""


def hold_of(lease: Lease | None, agent_id: str, now: datetime) -> Hold:
    """How a conversation with such a lease is held, as somebody sees it."""
    if lease is None or not lease.holds(now):
        return Hold.FREE
    return Hold.OWN if lease.agent_id == agent_id else Hold.ANOTHERS


def may(
    lease: Lease | None,
    step: Step,
    agent_id: str,
    *,
    roles: Collection[str],
    leads: Collection[str],
    now: datetime,
) -> bool:
    """Whether somebody may do a step.

    Args:
        lease: The last lease of the conversation; None where there never was one.
        step: What they want.
        agent_id: Who they are.
        roles: The roles that they have.
        leads: The roles that may do what is for leads.
        now: When.

    >>> from datetime import UTC
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> lease = Lease(agent_id="anna", since=nine, until=nine.replace(minute=15))
    >>> may(lease, Step.TAKE, "bo", roles=[], leads=["lead"], now=nine)
    False
    >>> may(lease, Step.TAKE, "bo", roles=["lead"], leads=["lead"], now=nine)
    True
    """
    who = TABLE.get((hold_of(lease, agent_id, now), step), Verdict.NOBODY)
    if who is Verdict.LEADS:
        return not frozenset(roles).isdisjoint(leads)
    return who is Verdict.ANYBODY
