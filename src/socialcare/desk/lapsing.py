"""Lapsing: what time and customers do to drafts that wait.

A draft is stale from the moment in which the customer says something more, and expired from the
moment that was set when it was put forward, whether or not anybody looks. A look says so in the
log, as of that moment, and tells those who wrote it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from socialcare.desk.delivery import US
from socialcare.desk.looks import Look, Told
from socialcare.desk.workplace import Workplace
from socialcare.domain.approval.draft import Draft
from socialcare.domain.approval.states import DraftState
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import DraftExpired, DraftOutdated


def lapsing(_: Workplace, found: Conversation, now: datetime) -> Look:
    """That drafts became stale or expired, and when the next one that waits will expire."""
    stale = tuple(each for each in found.drafts if not each.noticed)
    late = {each.id: at for each in found.drafts if (at := _expiry(each)) and at <= now}
    own = {each.id: each for each in found.drafts}
    outdated = (
        DraftOutdated(
            conversation=found.id,
            at=each.rounds[-1].decided_at or now,
            by=US,
            draft_id=each.id,
        )
        for each in stale
    )
    expired = (
        DraftExpired(conversation=found.id, at=at, by=US, draft_id=name)
        for name, at in late.items()
    )
    ahead = (at for each in found.drafts if (at := _expiry(each)) and at > now)
    return Look(
        events=(*outdated, *expired),
        notices=(
            *_told(found, "stale", stale, "the customer said more since; look at it again"),
            *_told(found, "expired", (own[name] for name in late), "nobody decided in time"),
        ),
        next_at=min(ahead, default=None),
    )


def _expiry(draft: Draft) -> datetime | None:
    """When a draft that waits expires; None for one that does not wait."""
    return draft.expires_at if draft.state is DraftState.AWAITING else None


def _told(found: Conversation, kind: str, drafts: Iterable[Draft], why: str) -> Iterator[Told]:
    """What those who wrote them are told."""
    for each in drafts:
        said = f"an answer in {found.id} that waited for approval is {kind}: {why}"
        yield Told(kind=kind, to=each.writers[-1], said=said)
