"""Events about what was promised, and not kept or nearly not."""

from datetime import datetime

import attrs

from socialcare.domain.events.fact import Event
from socialcare.domain.instants import instant


def _at(value: datetime) -> datetime:
    return instant(value, where="Event.opened_at or .crossed_at")


@attrs.frozen(kw_only=True)
class DeadlineWarned(Event):
    """More than a share of the time was used that something was promised in.

    Attributes:
        target: What was promised: `first_response`, `next_response`, `resolution` or
            `time_in_team`.
        opened_at: When its clock began, which tells it from others of the conversation.
        share: How much of the promised time, above 0.0 and below 1.0.
        crossed_at: From when on more was used, whenever it was noticed.
        entry: The entry of the policy that promised it.
        policy, policy_version: Which policy.
        team: The team, of a time in a team.
    """

    target: str
    opened_at: datetime = attrs.field(converter=_at)
    share: float
    crossed_at: datetime = attrs.field(converter=_at)
    entry: str
    policy: str
    policy_version: str
    team: str | None = None


@attrs.frozen(kw_only=True)
class DeadlineBreached(Event):
    """More time was used than something was promised in.

    Attributes:
        target: What was promised: `first_response`, `next_response`, `resolution` or
            `time_in_team`.
        opened_at: When its clock began, which tells it from others of the conversation.
        crossed_at: From when on it was late, whenever it was noticed.
        entry: The entry of the policy that promised it.
        policy, policy_version: Which policy.
        team: The team, of a time in a team.
    """

    target: str
    opened_at: datetime = attrs.field(converter=_at)
    crossed_at: datetime = attrs.field(converter=_at)
    entry: str
    policy: str
    policy_version: str
    team: str | None = None

    @property
    def share(self) -> float:
        """All of the promised time: 1.0."""
        return 1.0
