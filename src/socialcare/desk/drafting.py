"""Drafting: answers that are written, changed and put forward before anything is sent.

A draft is addressed as a reply is, once, when it is written; whoever changes it may say otherwise.
Each time that it is put forward it is asked anew what the house says of it, and what approvals are
bound to is sealed as the conversation is then. Where nobody's approval is asked for, putting it
forward sends it.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import attrs

from socialcare.desk import gate, notices, waiting_list
from socialcare.desk.delivery import US
from socialcare.desk.gate import NOTHING
from socialcare.desk.leasing import refuse_unless_free
from socialcare.desk.replies import Wish, addressed
from socialcare.desk.ruling import Ruling, gives_away, last_asked, refuse_unless_allowed, ruling
from socialcare.desk.transaction import Transaction, opened
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor, By, actor
from socialcare.domain.approval.draft import Draft
from socialcare.domain.approval.policy import ApprovalPolicy
from socialcare.domain.approval.requirement import Requirement, in_words, together
from socialcare.domain.approval.seal import seal
from socialcare.domain.approval.states import DraftStep, draft_allows
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import (
    DraftEdited,
    DraftOutdated,
    DraftSubmitted,
    DraftWithdrawn,
    Reply,
    ReplyDrafted,
)
from socialcare.domain.message import Attachment, Visibility, attached
from socialcare.domain.routing.lease import Hold, hold_of
from socialcare.errors import InvalidValue, NotAllowedNow


@attrs.frozen(kw_only=True)
class Case:
    """A draft and its conversation, within a transaction.

    Attributes:
        work: The workplace.
        transaction: What is written about it.
        name: The conversation.
        draft_id: The draft.
        who: Who does something.
        now: When.
    """

    work: Workplace
    transaction: Transaction
    name: str
    draft_id: str
    who: Actor
    now: datetime

    @property
    def found(self) -> Conversation:
        """The conversation, with what was done to it so far."""
        return self.transaction.conversation(self.name)

    @property
    def draft(self) -> Draft:
        """The draft, with what was done to it so far.

        Raises:
            InvalidValue: If the conversation has no such draft.
        """
        found = next((each for each in self.found.drafts if each.id == self.draft_id), None)
        if found is None:
            right = "the id of a draft of this conversation"
            raise InvalidValue(self.draft_id, where=f"{self.name}: draft", right=right)
        return found

    def refuse_unless(self, step: DraftStep, wanted: str) -> None:
        """Refuses what the table of states does not allow.

        Raises:
            NotAllowedNow: Which says in which state the draft is.
        """
        draft = self.draft
        if not draft_allows(draft.state, step):
            why = f": {draft.reason}" if draft.reason else ""
            raise self.refused(wanted, f"it is {draft.state}{why}")

    def refuse_unless_theirs(self) -> None:
        """Refuses to go on with a draft while somebody answers who has nothing to do with it.

        Raises:
            NotAllowedNow: Which names who has leased the conversation.
        """
        draft, lease = self.draft, self.found.lease
        people = (self.who.id, *draft.writers, *draft.editors)
        if all(hold_of(lease, each, self.now) is Hold.ANOTHERS for each in people):
            refuse_unless_free(self.found, self.who, self.now)

    def refused(self, wanted: str, found: str) -> NotAllowedNow:
        """What to raise: the draft can't be dealt with like this, and why."""
        return NotAllowedNow(self.name, wanted=f"{wanted} (draft {self.draft_id})", found=found)

    def notice(self) -> None:
        """Takes down that the draft is stale, if that only followed from what was said."""
        draft = self.draft
        if not draft.noticed:
            at = draft.rounds[-1].decided_at or self.now
            self.transaction.add(
                DraftOutdated(conversation=self.name, at=at, by=US, draft_id=self.draft_id)
            )

    def tell(self, kind: str, to: str | None, said: str) -> None:
        """Takes down what a colleague is to be told."""
        self.transaction.outbox += notices.entries(
            self.work, kind=kind, conversation=self.name, to=to, said=said, at=self.now
        )


def dealt_with(
    work: Workplace,
    conversation: str,
    draft_id: str,
    deal: Callable[[Case], None],
    *,
    by: By,
    now: datetime,
) -> Draft:
    """The draft after what was done about it was written.

    Raises:
        UnknownConversation: If there is no conversation of that name.
    """
    return looked_at(work, conversation, draft_id, deal, by=by, now=now).draft


def looked_at(
    work: Workplace,
    conversation: str,
    draft_id: str,
    deal: Callable[[Case], None],
    *,
    by: By,
    now: datetime,
) -> Case:
    """The case after what was done about a draft, or about the reply that it became, was written.

    Raises:
        UnknownConversation: If there is no conversation of that name.
    """
    who = actor(by)

    def attempt() -> Case:
        transaction, name = opened(work.store, conversation)
        case = Case(
            work=work, transaction=transaction, name=name, draft_id=draft_id, who=who, now=now
        )
        deal(case)
        waiting_list.keep(transaction, name, now)
        transaction.commit()
        return case

    return work.retried(attempt)


# Writing


def draft(
    work: Workplace,
    conversation: str,
    wish: Wish,
    ask: Iterable[Requirement],
    *,
    by: By,
    now: datetime,
) -> Draft:
    """The draft that was written, and put forward if it needs an approval."""
    asked, reply_id = tuple(ask), work.ids()

    def deal(case: Case) -> None:
        if not wish.automated:
            refuse_unless_free(case.found, case.who, now)
        written = addressed(work, case.found, wish, case.who, reply_id)
        case.transaction.add(
            ReplyDrafted(conversation=case.name, at=now, by=case.who, reply=written)
        )
        ask_approval(case, asked, wish.overrule)

    return dealt_with(work, conversation, reply_id, deal, by=by, now=now)


@attrs.frozen(kw_only=True)
class Change:
    """What somebody changes about a draft; what is not given stays.

    Attributes:
        text: What it says.
        visibility: How openly it goes out.
        attachments: What comes with it.
        overrule: Codes of findings of the playbook, and why each is overruled.
    """

    text: str
    visibility: Visibility | None = attrs.field(
        default=None, converter=attrs.converters.optional(Visibility)
    )
    attachments: tuple[Attachment, ...] | None = attrs.field(
        default=None, converter=attrs.converters.optional(attached)
    )
    overrule: Mapping[str, str] = NOTHING


def edit(change: Change) -> Callable[[Case], None]:
    """Changes a draft, and puts it forward again if it needs an approval."""

    def deal(case: Case) -> None:
        edited(case, change)
        ask_approval(case, case.draft.requirements, change.overrule)

    return deal


def edited(case: Case, change: Change) -> None:
    """Takes down that a draft was changed."""
    case.refuse_unless(DraftStep.EDITED, "edit it")
    case.refuse_unless_theirs()
    case.notice()
    before = case.draft.reply
    visibility = change.visibility or before.visibility
    with_it = before.attachments if change.attachments is None else change.attachments
    reply = attrs.evolve(before, text=change.text, visibility=visibility, attachments=with_it)
    Wish(text=change.text, visibility=visibility)  # as a reply may be
    refuse_unasked_public(case, reply, asked=change.visibility is Visibility.PUBLIC)
    case.transaction.add(
        DraftEdited(
            conversation=case.name, at=case.now, by=case.who, draft_id=case.draft_id, reply=reply
        )
    )


def submit(visibility: Visibility | None, overrule: Mapping[str, str]) -> Callable[[Case], None]:
    """Puts a draft forward as it stands: for approval, or to be sent if it needs none."""

    def deal(case: Case) -> None:
        case.refuse_unless(DraftStep.SUBMITTED, "put it forward")
        case.refuse_unless_theirs()
        case.notice()
        refuse_unasked_public(case, case.draft.reply, asked=visibility is Visibility.PUBLIC)
        if not ask_approval(case, case.draft.requirements, overrule):
            gate.send_draft(
                case.work,
                case.transaction,
                case.name,
                case.draft_id,
                who=case.who,
                now=case.now,
                overrule=overrule,
            )

    return deal


def withdraw(reason: str | None) -> Callable[[Case], None]:
    """Takes a draft back."""

    def deal(case: Case) -> None:
        case.refuse_unless(DraftStep.WITHDRAWN, "withdraw it")
        case.notice()
        case.transaction.add(
            DraftWithdrawn(
                conversation=case.name,
                at=case.now,
                by=case.who,
                draft_id=case.draft_id,
                reason=reason,
            )
        )

    return deal


def refuse_unasked_public(case: Case, reply: Reply, *, asked: bool) -> None:
    """Refuses to have go public by the way what the customer wrote about in private since.

    Raises:
        NotAllowedNow: If it would, and nobody said so.
    """
    if not asked and gives_away(case.found, reply) and not _was_asked(case, reply):
        found = "the customer wrote in private; give visibility to say that it may be public"
        raise NotAllowedNow(case.name, wanted="answer in public", found=found)


def _was_asked(case: Case, reply: Reply) -> bool:
    """Whether somebody said so before about the conversation as it is."""
    draft = case.draft
    return draft.seal == seal(draft.reply, case.found.customer_messages) and (
        draft.reply.visibility is reply.visibility
    )


# Putting it forward


def ask_approval(case: Case, asked: Iterable[Requirement], overrule: Mapping[str, str]) -> bool:
    """Whether a draft needs an approval; that it is put forward is taken down then."""
    ruled = ruling(case.work, case.found, case.draft.reply, now=case.now, overrule=overrule)
    refuse_unless_allowed(case.found, case.draft.reply, ruled)
    requirements = together(ruled.requirements, asked)
    if not requirements:
        return False
    case.transaction.add(_submitted(case, ruled, requirements))
    for role in sorted({role for each in requirements for role in each.roles}):
        who = in_words(each for each in requirements if role in each.roles)
        said = f"{case.who.id} asks for the approval of an answer in {case.name}, by {who}"
        case.tell("approval", role, said)
    return True


def _submitted(case: Case, ruled: Ruling, requirements: tuple[Requirement, ...]) -> DraftSubmitted:
    policy = case.work.handbook.approvals or ApprovalPolicy()
    return DraftSubmitted(
        conversation=case.name,
        at=case.now,
        by=case.who,
        draft_id=case.draft_id,
        requirements=requirements,
        seal=seal(case.draft.reply, case.found.customer_messages),
        expires_at=case.now + policy.expires,
        answers=last_asked(case.found),
        findings=ruled.findings,
    )
