"""Overrun: an agent who forgot to stop would seem to work for ever, so handling ends by itself."""

from datetime import datetime, timedelta

from socialcare.desk.delivery import US
from socialcare.desk.looks import Look
from socialcare.desk.workplace import Workplace
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import HandlingStopped

LONGEST_HANDLING = timedelta(hours=12)


def overrun(_: Workplace, found: Conversation, now: datetime) -> Look:
    """That handling which was not stopped in time ends, as of the moment when it should have."""
    ends = {each.agent_id: each.started_at + LONGEST_HANDLING for each in found.running}
    return Look(
        events=(
            HandlingStopped(conversation=found.id, at=at, by=US, agent_id=agent)
            for agent, at in ends.items()
            if at <= now
        ),
        next_at=min((at for at in ends.values() if at > now), default=None),
    )
