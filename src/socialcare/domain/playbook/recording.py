"""Recording: what of a conversation is to be kept, and is not there yet."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from socialcare.domain.conversation import Conversation
from socialcare.domain.playbook.contents import Recorded, What

__all__ = ["unrecorded"]


def _is_scored(conversation: Conversation) -> bool:
    return any(each.sentiment is not None for each in conversation.customer_messages) or any(
        annotation.known and annotation.sense == "sentiment"
        for assessment in conversation.assessments.values()
        for annotation in assessment.annotations
    )


_KEPT: Mapping[What, Callable[[Conversation], bool]] = MappingProxyType(
    {
        What.CATEGORY: lambda found: found.category is not None,
        What.SUBCATEGORY: lambda found: found.subcategory is not None,
        What.TAG: lambda found: bool(found.tags),
        What.SENTIMENT: _is_scored,
        What.NOTE: lambda found: any(each.is_note for each in found.messages),
        What.AGENT: lambda found: found.agent_id is not None,
        What.TEAM: lambda found: found.team_id is not None,
        What.HANDLING: lambda found: bool(found.handling),
    }
)


def unrecorded(wanted: Iterable[Recorded], conversation: Conversation) -> tuple[Recorded, ...]:
    """What is to be recorded of a conversation and is not."""
    return tuple(each for each in wanted if not _KEPT[each.what](conversation))
