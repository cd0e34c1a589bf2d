"""Gathering: what became of the drafts of a conversation, out of its events.

Events are taken one by one, in the order of their positions. What the table of states does not
allow is passed over, and so is what is about a draft that is not here.

Whether a draft is stale is no event's to say: it follows from what the customer said by now, so
that it is so in the very moment in which a message comes in, whoever looks at it next.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

import attrs

from socialcare.domain import events
from socialcare.domain.approval.draft import Approval, Draft, Round
from socialcare.domain.approval.review import Review, Verdict
from socialcare.domain.approval.seal import seal
from socialcare.domain.approval.states import DRAFT_TABLE, DraftState, DraftStep
from socialcare.domain.events import Event, Reply
from socialcare.domain.message import Message

_BY_NOBODY = frozenset({DraftStep.OUTDATED, DraftStep.EXPIRED})
"""Steps that time or the customer takes."""


class Drafts:
    """The drafts of a conversation after some of its events.

    Args:
        conversation: Its id.
    """

    def __init__(self, conversation: str) -> None:
        self._conversation = conversation
        self._known: dict[str, Draft] = {}
        self._changed: dict[str, datetime] = {}
        """When the first thing happened that may have made a draft stale that waits."""
        self._replies: dict[str, tuple[str, ...]] = {}
        """Who wrote the replies that were queued."""
        self._reviews: dict[str, Review] = {}

    def after(self, messages: Iterable[Message]) -> tuple[Draft, ...]:
        """The drafts, in the order in which they were written, with what is said by now."""
        heard = tuple(each for each in messages if each.by_customer) if self._known else ()
        return tuple(self._now(each, heard) for each in self._known.values())

    @property
    def reviews(self) -> tuple[Review, ...]:
        """The reviews of answers that went out, in the order in which they were asked for."""
        return tuple(self._reviews.values())

    def _now(self, draft: Draft, heard: tuple[Message, ...]) -> Draft:
        if draft.state is not DraftState.AWAITING or seal(draft.reply, heard) == draft.seal:
            return draft
        at = self._changed.get(draft.id) or draft.rounds[-1].asked_at
        return attrs.evolve(_gone(draft, DraftStep.OUTDATED, at, None), noticed=False)

    # Drafts

    def _drafted(self, event: events.ReplyDrafted) -> None:
        reply = event.reply
        writers = _writers(event.by.id, reply)
        self._known.setdefault(reply.id, Draft(reply=reply, written_at=event.at, writers=writers))

    def _edited(self, event: events.DraftEdited) -> None:
        draft = self._go(event.draft_id, DraftStep.EDITED, event)
        if draft is not None:
            self._known[draft.id] = attrs.evolve(
                draft,
                reply=event.reply,
                editors=(*draft.editors, event.by.id),
                approvals=(),
                findings=(),
                seal=None,
            )

    def _submitted(self, event: events.DraftSubmitted) -> None:
        draft = self._go(event.draft_id, DraftStep.SUBMITTED, event)
        if draft is not None:
            self._changed.pop(draft.id, None)
            own = Round(conversation_id=self._conversation, draft_id=draft.id, asked_at=event.at)
            self._known[draft.id] = attrs.evolve(
                draft,
                requirements=event.requirements,
                seal=event.seal,
                expires_at=event.expires_at,
                findings=event.findings,
                approvals=(),
                reason=None,
                rounds=(*draft.rounds, own),
            )

    def _approved(self, event: events.DraftApproved) -> None:
        draft = self._known.get(event.draft_id)
        if draft is None or draft.state is not DraftState.AWAITING or draft.seal != event.seal:
            return
        own = Approval(by=event.by.id, roles=event.by.roles, at=event.at)
        self._known[draft.id] = attrs.evolve(
            draft, approvals=(*draft.approvals, own), requirements=event.requirements
        )
        if event.complete:
            self._go(draft.id, DraftStep.APPROVED, event)

    def _rejected(self, event: events.DraftRejected) -> None:
        self._ended(event.draft_id, DraftStep.REJECTED, event, event.reason)

    def _withdrawn(self, event: events.DraftWithdrawn) -> None:
        self._ended(event.draft_id, DraftStep.WITHDRAWN, event, event.reason)

    def _ended(self, draft_id: str, step: DraftStep, event: Event, reason: str | None) -> None:
        draft = self._go(draft_id, step, event)
        if draft is not None:
            self._known[draft_id] = attrs.evolve(draft, reason=reason)

    def _outdated(self, event: events.DraftOutdated) -> None:
        self._go(event.draft_id, DraftStep.OUTDATED, event)

    def _expired(self, event: events.DraftExpired) -> None:
        self._go(event.draft_id, DraftStep.EXPIRED, event)

    def _queued(self, event: events.ReplyQueued) -> None:
        draft = self._go(event.reply.id, DraftStep.QUEUED, event)
        own = _writers(event.by.id, event.reply) if draft is None else draft.writers
        self._replies[event.reply.id] = own

    def _delivered(self, event: events.ReplyDelivered) -> None:
        draft = self._known.get(event.reply_id)
        if draft is not None and draft.rounds and draft.rounds[-1].decision == DraftStep.APPROVED:
            last = attrs.evolve(draft.rounds[-1], message_id=event.message.id)
            self._known[draft.id] = attrs.evolve(draft, rounds=(*draft.rounds[:-1], last))

    def _go(self, draft_id: str, step: DraftStep, event: Event) -> Draft | None:
        """The draft after a step of the table; None if there is no such step or draft."""
        draft = self._known.get(draft_id)
        if draft is None or (draft.state, step) not in DRAFT_TABLE:
            return None
        by = None if step in _BY_NOBODY else event.by.id
        self._known[draft_id] = _gone(draft, step, event.at, by)
        return self._known[draft_id]

    # Reviews

    def _review_asked(self, event: events.ReviewAsked) -> None:
        writers = self._replies.get(event.reply_id, ())
        own = Review(
            reply_id=event.reply_id,
            writers=writers,
            requirements=event.requirements,
            asked_at=event.at,
        )
        self._reviews.setdefault(event.reply_id, own)

    def _reviewed(self, event: events.ReplyReviewed) -> None:
        review = self._reviews.get(event.reply_id)
        if review is not None:
            who = event.by
            said = Verdict(
                by=who.id, roles=who.roles, at=event.at, fine=event.fine, comment=event.comment
            )
            self._reviews[review.reply_id] = attrs.evolve(review, verdicts=(*review.verdicts, said))

    # What may make them stale

    def _heard(self, event: events.MessageReceived | events.MessageEdited) -> None:
        if self._known and event.message.by_customer:
            self._stirred(event)

    def _stirred(self, event: Event) -> None:
        for draft in self._known.values():
            if draft.state is DraftState.AWAITING:
                self._changed.setdefault(draft.id, event.at)

    TAKES: Mapping[type[Event], Callable[..., None]] = MappingProxyType(
        {
            events.ReplyDrafted: _drafted,
            events.DraftEdited: _edited,
            events.DraftSubmitted: _submitted,
            events.DraftApproved: _approved,
            events.DraftRejected: _rejected,
            events.DraftOutdated: _outdated,
            events.DraftExpired: _expired,
            events.DraftWithdrawn: _withdrawn,
            events.ReplyQueued: _queued,
            events.ReplyDelivered: _delivered,
            events.ReviewAsked: _review_asked,
            events.ReplyReviewed: _reviewed,
            events.MessageReceived: _heard,
            events.MessageEdited: _heard,
            events.MessageDeleted: _stirred,
            events.Merged: _stirred,
            events.Split: _stirred,
            events.SplitOff: _stirred,
        }
    )
    """What is done with each type of event that is about drafts, or may be."""


def _writers(by: str, reply: Reply) -> tuple[str, ...]:
    """Who wrote a reply: whoever did it, and whom it is credited to."""
    return (by,) if reply.agent_id in (None, by) else (by, reply.agent_id or "")


def _gone(draft: Draft, step: DraftStep, at: datetime, by: str | None) -> Draft:
    """The draft after a step that the table allows; a round that was open ends with it."""
    state = DRAFT_TABLE[draft.state, step]
    rounds = draft.rounds
    if draft.state is DraftState.AWAITING:
        ended = attrs.evolve(rounds[-1], decided_at=at, decision=step.value, by=by)
        rounds = (*rounds[:-1], ended)
    return attrs.evolve(draft, state=state, rounds=rounds)
