"""The states of a draft, as a table.

What happens to a draft is one of eight things; the table says what each makes of each state, and
what is not in it cannot happen. A draft that is queued or withdrawn is at its end.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class DraftState(StrEnum):
    """Where a draft stands."""

    WRITTEN = "written"
    """Somebody wrote it, and nobody is asked yet."""
    AWAITING = "awaiting"
    """It waits for those who must approve it."""
    APPROVED = "approved"
    """All who must have approved it; it is queued in the same moment."""
    REJECTED = "rejected"
    """Somebody who might have approved it said no, and why."""
    STALE = "stale"
    """The customer wrote or changed something since it was put forward."""
    EXPIRED = "expired"
    """Nobody decided in time."""
    QUEUED = "queued"
    """It is in the outbox, or went out."""
    WITHDRAWN = "withdrawn"
    """It was taken back."""


class DraftStep(StrEnum):
    """What can happen to a draft."""

    EDITED = "edited"
    SUBMITTED = "submitted"
    """It was put forward for approval."""
    APPROVED = "approved"
    """By the last who must."""
    REJECTED = "rejected"
    OUTDATED = "outdated"
    """What it answers changed."""
    EXPIRED = "expired"
    QUEUED = "queued"
    WITHDRAWN = "withdrawn"


DRAFT_TABLE: Mapping[tuple[DraftState, DraftStep], DraftState] = MappingProxyType(
    {
        (DraftState.WRITTEN, DraftStep.EDITED): DraftState.WRITTEN,
        (DraftState.WRITTEN, DraftStep.SUBMITTED): DraftState.AWAITING,
        (DraftState.WRITTEN, DraftStep.QUEUED): DraftState.QUEUED,
        (DraftState.WRITTEN, DraftStep.WITHDRAWN): DraftState.WITHDRAWN,
        (DraftState.AWAITING, DraftStep.EDITED): DraftState.WRITTEN,
        (DraftState.AWAITING, DraftStep.APPROVED): DraftState.APPROVED,
        (DraftState.AWAITING, DraftStep.REJECTED): DraftState.REJECTED,
        (DraftState.AWAITING, DraftStep.OUTDATED): DraftState.STALE,
        (DraftState.AWAITING, DraftStep.EXPIRED): DraftState.EXPIRED,
        (DraftState.AWAITING, DraftStep.WITHDRAWN): DraftState.WITHDRAWN,
        (DraftState.APPROVED, DraftStep.QUEUED): DraftState.QUEUED,
        (DraftState.REJECTED, DraftStep.EDITED): DraftState.WRITTEN,
        (DraftState.REJECTED, DraftStep.WITHDRAWN): DraftState.WITHDRAWN,
        (DraftState.STALE, DraftStep.EDITED): DraftState.WRITTEN,
        (DraftState.STALE, DraftStep.SUBMITTED): DraftState.AWAITING,
        (DraftState.STALE, DraftStep.QUEUED): DraftState.QUEUED,
        (DraftState.STALE, DraftStep.WITHDRAWN): DraftState.WITHDRAWN,
        (DraftState.EXPIRED, DraftStep.EDITED): DraftState.WRITTEN,
        (DraftState.EXPIRED, DraftStep.SUBMITTED): DraftState.AWAITING,
        (DraftState.EXPIRED, DraftStep.QUEUED): DraftState.QUEUED,
        (DraftState.EXPIRED, DraftStep.WITHDRAWN): DraftState.WITHDRAWN,
    }
)
"""State and step, and the state that follows.

What is stale or expired is queued without a new approval only where none is asked for any more.
"""

ENDED = frozenset({DraftState.QUEUED, DraftState.WITHDRAWN})
"""States that a draft does not leave."""


def draft_allows(state: DraftState, step: DraftStep) -> bool:
    """Whether this can happen to a draft in that state.

    >>> draft_allows(DraftState.REJECTED, DraftStep.SUBMITTED)
    False
    """
    return (state, step) in DRAFT_TABLE
