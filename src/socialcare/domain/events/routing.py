"""Events about who is there, and who may answer a customer now."""

from datetime import datetime

import attrs

from socialcare.domain.events.fact import Event
from socialcare.domain.instants import instant
from socialcare.domain.routing.presence import Presence


def _until(value: datetime) -> datetime:
    return instant(value, where="until")


@attrs.frozen(kw_only=True)
class PresenceChanged(Event):
    """Somebody said, or was said, to be there, busy or away.

    Attributes:
        agent_id: Who.
        presence: What they are.
        until: Until when; None without end.
        reason: Why.
    """

    agent_id: str
    presence: Presence
    until: datetime | None = attrs.field(default=None, converter=attrs.converters.optional(_until))
    reason: str | None = None


@attrs.frozen(kw_only=True)
class Leased(Event):
    """Somebody may answer the customer until an instant, and nobody else may.

    Attributes:
        agent_id: Who.
        until: Until when; an earlier lease of theirs is over.
        taken_from: From whom it was taken, or by whom it was handed on; None where nobody had it.
        reason: Why.
    """

    agent_id: str
    until: datetime = attrs.field(converter=_until)
    taken_from: str | None = None
    reason: str | None = None


@attrs.frozen(kw_only=True)
class LeaseEnded(Event):
    """A lease ended before its time.

    Attributes:
        agent_id: Whose it was.
        reason: Why.
    """

    agent_id: str
    reason: str | None = None
