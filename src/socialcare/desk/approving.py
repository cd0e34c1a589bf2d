"""Approving: answers that others see before a customer does, or afterwards.

`Desk` has these commands and questions besides the others. Each command takes `by`, who does it,
and `now`; each raises `Conflict` if somebody else was faster every time, and those about a
conversation raise `UnknownConversation` if there is none of that name, `InvalidValue` if it has no
such draft, and `NotAllowedNow` if the draft is in a state that does not allow it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import attrs

from socialcare.desk import deciding, drafting, reading, waiting_list
from socialcare.desk.drafting import Change
from socialcare.desk.gate import NOTHING
from socialcare.desk.replies import Wish
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import By
from socialcare.domain.approval.draft import Draft
from socialcare.domain.approval.requirement import Requirement
from socialcare.domain.approval.review import Review
from socialcare.domain.approval.states import ENDED, DraftState
from socialcare.domain.message import Attachment, Visibility


@attrs.frozen(kw_only=True)
class Waiting:
    """A draft that somebody is to look at, and where.

    Attributes:
        conversation: In which conversation.
        draft: The draft.
    """

    conversation: str
    draft: Draft


@attrs.frozen(kw_only=True)
class ToReview:
    """An answer that somebody is to look at after it went out, and where.

    Attributes:
        conversation: In which conversation.
        review: What is asked of whom.
    """

    conversation: str
    review: Review


class Approving:
    """How answers are drafted, approved and reviewed."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    # Drafts

    def draft(
        self,
        conversation: str,
        text: str,
        *,
        by: By,
        now: datetime,
        channel: str | None = None,
        visibility: Visibility | str | None = None,
        in_reply_to: str | None = None,
        agent_id: str | None = None,
        automated: bool = False,
        attachments: Iterable[Attachment] = (),
        ask: Iterable[Requirement] = (),
        overrule: Mapping[str, str] = NOTHING,
    ) -> Draft:
        """The draft of an answer; writes `ReplyDrafted`.

        If it needs an approval it is put forward at once, `DraftSubmitted`, and those who can give
        it are told. Else it stays as it is written until `submit` sends it.

        Args:
            conversation: Which one.
            text: What to say.
            by: Who wrote it; they never approve it.
            now: When.
            channel: As for `reply`.
            visibility: As for `reply`.
            in_reply_to: As for `reply`.
            agent_id: As for `reply`; they never approve it either.
            automated: As for `reply`.
            attachments: As for `reply`.
            ask: Whose approval the writer wants besides what the house asks for.
            overrule: Codes of findings by which the playbook stops it, and why each is overruled.

        Raises:
            StoppedByPlaybook: If the playbook has something against it that is not overruled.
            NotAllowedNow: If it would answer in public, unasked, what the customer wrote in
                private; nobody knows the customer on that channel; or somebody else has leased it.
            UnknownChannel: If the desk has channels, and not that one.
            InvalidValue: If there is no text, or no such message to answer.
        """
        wish = Wish(
            text=text,
            channel=channel,
            visibility=visibility,
            in_reply_to=in_reply_to,
            agent_id=agent_id,
            automated=automated,
            attachments=attachments,
            overrule=overrule,
        )
        return drafting.draft(self._work, conversation, wish, ask, by=by, now=now)

    def edit_draft(
        self,
        conversation: str,
        draft_id: str,
        text: str,
        *,
        by: By,
        now: datetime,
        visibility: Visibility | str | None = None,
        attachments: Iterable[Attachment] | None = None,
        overrule: Mapping[str, str] = NOTHING,
    ) -> Draft:
        """The draft with other words; writes `DraftEdited`, and `DraftSubmitted` if it is to wait.

        Whoever edits is a co-author, and the approvals that it had are void.

        Args:
            conversation: Which one.
            draft_id: Which draft.
            text: What to say instead.
            by: Who changes it.
            now: When.
            visibility: How openly, if that changes.
            attachments: What comes with it, if that changes.
            overrule: As for `draft`.

        Raises:
            StoppedByPlaybook: If the playbook has something against it that is not overruled.
        """
        change = Change(
            text=text, visibility=visibility, attachments=attachments, overrule=overrule
        )
        deal = drafting.edit(change)
        return drafting.dealt_with(self._work, conversation, draft_id, deal, by=by, now=now)

    def submit(
        self,
        conversation: str,
        draft_id: str,
        *,
        by: By,
        now: datetime,
        visibility: Visibility | str | None = None,
        overrule: Mapping[str, str] = NOTHING,
    ) -> Draft:
        """The draft, put forward as it stands: what was only written, is stale or expired.

        Writes `DraftSubmitted` if it needs an approval, else `ReplyQueued`.

        Args:
            conversation: Which one.
            draft_id: Which draft.
            by: Who puts it forward.
            now: When.
            visibility: `public`, to say that it may go out in public although the customer wrote
                in private since.
            overrule: As for `draft`.
        """
        openly = None if visibility is None else Visibility(visibility)
        deal = drafting.submit(openly, overrule)
        return drafting.dealt_with(self._work, conversation, draft_id, deal, by=by, now=now)

    def withdraw(
        self,
        conversation: str,
        draft_id: str,
        *,
        by: By,
        now: datetime,
        reason: str | None = None,
    ) -> Draft:
        """The draft, taken back; writes `DraftWithdrawn`."""
        deal = drafting.withdraw(reason)
        return drafting.dealt_with(self._work, conversation, draft_id, deal, by=by, now=now)

    # Decisions

    def approve(
        self, conversation: str, draft_id: str, *, seal: str | None, by: By, now: datetime
    ) -> Draft:
        """The draft with one more approval; writes `DraftApproved`.

        The last approval that it needs queues the answer in the same transaction: `ReplyQueued`.

        Args:
            conversation: Which one.
            draft_id: Which draft.
            seal: That of the draft as it was read, `Draft.seal`.
            by: Who approves, with their roles: an `Actor`.
            now: When.

        Raises:
            NotAllowedNow: If it is another draft by now than the one that was read; `by` wrote it,
                has none of the roles, or has approved it; or it may not go out in public.
        """
        deal = deciding.approve(seal)
        return drafting.dealt_with(self._work, conversation, draft_id, deal, by=by, now=now)

    def edit_and_approve(
        self,
        conversation: str,
        draft_id: str,
        text: str,
        *,
        seal: str | None,
        by: By,
        now: datetime,
        overrule: Mapping[str, str] = NOTHING,
    ) -> Draft:
        """The draft with other words, approved by who wrote them.

        Writes `DraftEdited`, `DraftSubmitted` and `DraftApproved`, and `ReplyQueued` if one person
        is needed. Where two are, somebody must approve it too who has written nothing of it.

        Args:
            conversation: Which one.
            draft_id: Which draft.
            text: What to say instead.
            seal: That of the draft as it was read.
            by: Who changes and approves it.
            now: When.
            overrule: As for `draft`.

        Raises:
            NotAllowedNow: As for `approve`; or those who edit may not approve in this house.
        """
        deal = deciding.edit_and_approve(Change(text=text, overrule=overrule), seal)
        return drafting.dealt_with(self._work, conversation, draft_id, deal, by=by, now=now)

    def reject(
        self, conversation: str, draft_id: str, reason: str, *, by: By, now: datetime
    ) -> Draft:
        """The draft, rejected; writes `DraftRejected`, and tells whoever wrote it.

        Raises:
            InvalidValue: If there is no reason.
            NotAllowedNow: If `by` has none of the roles that may approve it.
        """
        deal = deciding.reject(reason)
        return drafting.dealt_with(self._work, conversation, draft_id, deal, by=by, now=now)

    def review(
        self,
        conversation: str,
        reply_id: str,
        *,
        fine: bool,
        by: By,
        now: datetime,
        comment: str | None = None,
    ) -> None:
        """Says how an answer was that went out and was chosen for it; writes `ReplyReviewed`.

        Raises:
            NotAllowedNow: If nobody asked for that, or not `by`.
        """
        deal = deciding.review(fine=fine, comment=comment)
        drafting.looked_at(self._work, conversation, reply_id, deal, by=by, now=now)

    # Questions

    def drafts(self, conversation: str) -> tuple[Draft, ...]:
        """The drafts of a conversation, in the order in which they were written.

        Raises:
            UnknownConversation: If there is none of that name.
        """
        return reading.conversation(self._work, conversation).drafts

    def awaiting(self, role: str | None = None) -> tuple[Waiting, ...]:
        """The drafts that wait for approval, the one that was put forward first before others.

        Args:
            role: Only those that somebody with this role can approve.
        """
        found = [
            each
            for each in self._drafted()
            if each.draft.state is DraftState.AWAITING
            and (role is None or role in each.draft.roles)
        ]
        return tuple(sorted(found, key=_asked))

    def unsent(self, writer: str | None = None) -> tuple[Waiting, ...]:
        """The drafts that are neither sent nor withdrawn: what waits, and what came back.

        Args:
            writer: Only those that this agent wrote.
        """
        return tuple(
            each
            for each in self._drafted()
            if each.draft.state not in ENDED and writer in (None, *each.draft.writers)
        )

    def reviews(self, role: str | None = None) -> tuple[ToReview, ...]:
        """The answers that went out and are to be looked at, in the order of their conversations.

        Args:
            role: Only those that somebody with this role can look at.
        """
        return tuple(
            ToReview(conversation=found.id, review=each)
            for found in waiting_list.listed(self._work)
            for each in found.reviews
            if not each.done and (role is None or role in each.roles)
        )

    def _drafted(self) -> Iterator[Waiting]:
        for found in waiting_list.listed(self._work):
            for draft in found.drafts:
                yield Waiting(conversation=found.id, draft=draft)


def _asked(waiting: Waiting) -> tuple[datetime, str]:
    return waiting.draft.asked_at or waiting.draft.written_at, waiting.draft.id
