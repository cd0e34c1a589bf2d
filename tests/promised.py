"""Service level policies in few words, for tests that are read like a timetable."""

from datetime import datetime
from typing import Any

from socialcare.domain.changes import Assignment, Status
from socialcare.domain.conversation import Conversation
from socialcare.domain.sla.clock import SlaClock, sla_clocks
from socialcare.domain.sla.policy import SlaPolicy
from socialcare.domain.sla.rules import Promised


def promising(*, rules: str | dict[str, Any] = "socialcare", **keys: Any) -> SlaPolicy:
    """A policy with one entry for all, in calendar time unless `weekly` hours are given."""
    weekly, timezone = keys.pop("weekly", None), keys.pop("timezone", "UTC")
    holidays = keys.pop("holidays", [])
    hours = {"timezone": timezone, "weekly": weekly, "holidays": holidays}
    return SlaPolicy.from_mapping(
        {
            "name": "test",
            "rules": {"preset": rules} if isinstance(rules, str) else rules,
            "warnings": keys.pop("warnings", []),
            "standard_hours": "calendar" if weekly is None else "desk",
            "hours": {} if weekly is None else {"desk": hours},
            "entries": keys.pop("entries", None) or [{"name": "all", **keys}],
        }
    )


def became(when: datetime, status: str) -> Status:
    """A row of the status table."""
    return Status(conversation_id="c", at=when, status=status)


def given(when: datetime, team: str | None, agent: str | None = None) -> Assignment:
    """A row of the assignment table."""
    return Assignment(conversation_id="c", at=when, agent_id=agent, team_id=team)


def clock(
    conversation: Conversation,
    policy: SlaPolicy,
    target: Promised,
    *,
    now: datetime,
    place: int = 0,
    **known: Any,
) -> SlaClock:
    """One clock of a conversation."""
    found = sla_clocks(conversation, policy, now=now, **known)
    return [each for each in found if each.target is target][place]
