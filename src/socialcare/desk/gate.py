"""The gate: whatever words go to a customer go through here.

Before anything is put into the outbox it is asked what the playbook has to say of it, whether it
may be public, and whose approval it needs. There are three ways through, and no other: `send` for
what needs no approval, `send_approved` for a draft that has all that it needs, and `send_template`
for words that were approved for many. Each looks at the conversation as it is in the transaction
that queues the answer, so that whatever changed meanwhile makes it a conflict and is looked at
again. `send_again` is for what failed, and `send_to_all` for what is said in no conversation.
Nothing else in the package makes a `ReplyQueued`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

import attrs

from socialcare.desk.guidance import objection
from socialcare.desk.leasing import refuse_unless_free
from socialcare.desk.outreach_texts import against_again
from socialcare.desk.ruling import (
    Ruling,
    approval_ruling,
    gives_away,
    refuse_unless_allowed,
    ruling,
)
from socialcare.desk.transaction import Transaction
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor
from socialcare.domain.approval.deciding import missing
from socialcare.domain.approval.draft import Approval, Draft
from socialcare.domain.approval.policy import ApprovalPolicy
from socialcare.domain.approval.proposal import Proposal
from socialcare.domain.approval.requirement import Requirement, in_words, together
from socialcare.domain.approval.seal import seal
from socialcare.domain.approval.states import DraftState, DraftStep, draft_allows
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import (
    FindingsOverruled,
    MessageReceived,
    Recorded,
    Reply,
    ReplyQueued,
    ReplyRetried,
    ReviewAsked,
)
from socialcare.domain.routing.lease import Hold, hold_of
from socialcare.errors import ApprovalNeeded, NotAllowedNow
from socialcare.plugins.records import Entry

NOTHING: Mapping[str, str] = MappingProxyType({})
"""No finding is overruled."""


# The ways through


def send(
    work: Workplace,
    transaction: Transaction,
    name: str,
    reply: Reply,
    *,
    who: Actor,
    now: datetime,
    overrule: Mapping[str, str] = NOTHING,
) -> None:
    """Takes down that an answer is to be sent which needs nobody's approval.

    Args:
        work: The workplace.
        transaction: What it is written with.
        name: The conversation.
        reply: The answer, addressed.
        who: Who sends it.
        now: When.
        overrule: Codes of findings of the playbook, and why each is overruled.

    Raises:
        ApprovalNeeded: If somebody must approve it.
        NotAllowedNow: If agents must not answer it, or it would answer in public what is private,
            and may not.
        StoppedByPlaybook: If the playbook stops it, and that is not overruled.
    """
    found = transaction.conversation(name)
    ruled = ruling(work, found, reply, overrule=overrule, now=now)
    refuse_unless_allowed(found, reply, ruled)
    _refuse_others(work, found, reply, (who,), now)
    _refuse_unapproved(name, ruled.requirements)
    _queue(transaction, name, reply, who, now)
    _note(transaction, name, reply, ruled, who, now)


def send_approved(
    work: Workplace,
    transaction: Transaction,
    name: str,
    draft_id: str,
    *,
    who: Actor,
    now: datetime,
) -> None:
    """Takes down that a draft is to be sent which has all the approvals that it needs.

    Raises:
        NotAllowedNow: If it is not approved as it is, or would answer in public what may not be.
        ApprovalNeeded: If more approvals are asked for by now.
    """
    found = transaction.conversation(name)
    draft = _draft(found, draft_id)
    if draft.state is not DraftState.APPROVED:
        raise NotAllowedNow(name, wanted=f"send the draft {draft_id}", found=f"it is {draft.state}")
    if seal(draft.reply, found.customer_messages) != draft.seal:
        said = "it is not what was approved any more"
        raise NotAllowedNow(name, wanted=f"send the draft {draft_id}", found=said)
    ruled = approval_ruling(work, found, draft.reply, now=now)
    _refuse_giving_away(found, draft, ruled)
    needed = together(draft.requirements, ruled.requirements)
    _refuse_unapproved(name, missing(draft, draft.approvals, needed))
    _refuse_others(work, found, draft.reply, _behind(draft), now)
    _queue(transaction, name, draft.reply, who, now)


def send_draft(
    work: Workplace,
    transaction: Transaction,
    name: str,
    draft_id: str,
    *,
    who: Actor,
    now: datetime,
    overrule: Mapping[str, str] = NOTHING,
) -> None:
    """Takes down that a draft is to be sent for which nobody asks for an approval.

    Raises:
        NotAllowedNow: If it can't be sent as it stands, or would answer in public what may not be.
        ApprovalNeeded: If somebody must approve it.
        StoppedByPlaybook: If the playbook stops it, and that is not overruled.
    """
    draft = _draft(transaction.conversation(name), draft_id)
    if draft.requirements or not draft_allows(draft.state, DraftStep.QUEUED):
        raise NotAllowedNow(name, wanted=f"send the draft {draft_id}", found=f"it is {draft.state}")
    send(work, transaction, name, draft.reply, who=who, now=now, overrule=overrule)


def send_again(
    work: Workplace, transaction: Transaction, name: str, reply: Reply, *, who: Actor, now: datetime
) -> None:
    """Takes down that a reply which failed is tried again, if it may go out as things are now.

    Raises:
        NotAllowedNow: If the customer said more since it was approved; agents must not answer; it
            would answer in public what was said in private since; somebody else answers now; or it
            was one of many and was taken back, or goes to somebody who opted out since.
        ApprovalNeeded: If it lacks an approval that is asked for by now.
    """
    found, wanted = transaction.conversation(name), f"send the reply {reply.id} again"
    draft = next((each for each in found.drafts if each.id == reply.id and each.approvals), None)
    if draft is not None and seal(reply, found.customer_messages) != draft.seal:
        said = "the customer said more since it was approved; put it forward with `draft`"
        raise NotAllowedNow(name, wanted=wanted, found=said)
    _refuse_elsewhere(found, reply)
    against = against_again(work, transaction, name, reply.id)
    if against is not None:
        raise NotAllowedNow(name, wanted=wanted, found=against)
    ruled = approval_ruling(work, found, reply, now=now)
    refuse_unless_allowed(found, reply, ruled)
    if gives_away(found, reply) and _said_since(transaction.log(name), reply.id):
        said = "the customer wrote in private since; answer anew"
        raise NotAllowedNow(name, wanted=wanted, found=said)
    first = _queued_by(transaction.log(name), reply.id)
    _refuse_taken(found, reply, (who, *first), now)
    _refuse_others(work, found, reply, (who, *first) if draft is None else _behind(draft), now)
    needed = ruled.requirements
    if draft is not None:
        needed = missing(draft, draft.approvals, together(draft.requirements, needed))
    _refuse_unapproved(name, needed)
    transaction.add(ReplyRetried(conversation=name, at=now, by=who, reply_id=reply.id))


def _said_since(log: Iterable[Recorded], reply_id: str) -> bool:
    """Whether a customer wrote after a reply was queued."""
    events = [each.event for each in log]
    queued = [isinstance(each, ReplyQueued) and each.reply.id == reply_id for each in events]
    after = events[queued.index(True) :] if True in queued else events
    return any(isinstance(each, MessageReceived) and each.message.by_customer for each in after)


def send_template(
    work: Workplace,
    transaction: Transaction,
    name: str,
    reply: Reply,
    proposal: Proposal,
    values: Mapping[str, str],
    *,
    who: Actor,
    now: datetime,
) -> Reply:
    """The reply made of an approved template, taken down to be sent.

    Args:
        work: The workplace.
        transaction: What it is written with.
        name: The conversation.
        reply: The answer, addressed; its words and attachments become those of the template.
        proposal: The template, and its approvals.
        values: What stands in its blanks.
        who: Who sends it.
        now: When.

    Raises:
        NotAllowedNow: If the template may not be used, or not for this audience; agents must not
            answer, and none of those who must approved it; or it would answer in public what is
            private, and may not.
        ApprovalNeeded: If the template lacks an approval that an answer here needs.
        StoppedByPlaybook: If the playbook stops it.
        InvalidValue: If the values do not fit the blanks.
    """
    template = proposal.template
    _refuse_unusable(name, proposal, reply)
    filled = attrs.evolve(
        reply, text=template.filled(values), attachments=template.attachments, automated=True
    )
    found = transaction.conversation(name)
    ruled = ruling(work, found, filled, overrule=NOTHING, now=now)
    refuse_unless_allowed(found, filled, ruled)
    _refuse_others(work, found, filled, (who, *_approved(proposal.approvals)), now)
    needed = together(_of_templates(work), ruled.requirements)
    _refuse_unapproved(name, missing(proposal, proposal.approvals, needed))
    _queue(transaction, name, filled, who, now)
    return filled


def send_to_all(
    work: Workplace,
    transaction: Transaction,
    reply: Reply,
    proposal: Proposal | None,
    values: Mapping[str, str],
    *,
    who: Actor,
    now: datetime,
) -> Reply:
    """A post to nobody in particular, taken down to be sent; it belongs to no conversation.

    Args:
        work: The workplace.
        transaction: What it is written with.
        reply: The post, public and without a customer.
        proposal: The approved template that it is made of; None for words of one's own.
        values: What stands in the template's blanks.
        who: Who sends it.
        now: When.

    Raises:
        NotAllowedNow: If the template may not be used, or not there.
        ApprovalNeeded: If it is no template, and the house asks for approval of what many read.
        InvalidValue: If the values do not fit the blanks.
    """
    name = f"{reply.channel}: post to all"
    needed = _of_templates(work)
    if proposal is not None:
        _refuse_unusable(name, proposal, reply)
        needed = missing(proposal, proposal.approvals, needed)
        template = proposal.template
        filled = template.filled(values)
        reply = attrs.evolve(reply, text=filled, attachments=template.attachments)
    _refuse_unapproved(name, needed)
    transaction.add(ReplyQueued(conversation=None, at=now, by=who, reply=reply))
    transaction.outbox.append(_entry(reply, None, f"all:{reply.channel}", now))
    return reply


# What they have in common


def _draft(found: Conversation, draft_id: str) -> Draft:
    draft = next((each for each in found.drafts if each.id == draft_id), None)
    if draft is None:
        said = "it has no such draft"
        raise NotAllowedNow(found.id, wanted=f"send the draft {draft_id}", found=said)
    return draft


def _refuse_others(
    work: Workplace, found: Conversation, reply: Reply, people: Iterable[Actor], now: datetime
) -> None:
    """Refuses an answer that none of these people may give, as the map has it.

    Whom it is credited to is none of them: anybody can say that of anybody.
    """
    said = objection(work, found, reply, people, now=now)
    if said is not None:
        raise NotAllowedNow(found.id, wanted="answer", found=said)


def _refuse_elsewhere(found: Conversation, reply: Reply) -> None:
    """Refuses what answers a message that went to another conversation, where it is looked at."""
    answered = (reply.channel, reply.in_reply_to)
    if reply.in_reply_to is not None and all(each.key != answered for each in found.messages):
        said = f"{reply.in_reply_to} is in another conversation by now; answer it there"
        raise NotAllowedNow(found.id, wanted=f"answer {reply.in_reply_to}", found=said)


def _refuse_taken(
    found: Conversation, reply: Reply, people: tuple[Actor, ...], now: datetime
) -> None:
    """Refuses words of people while somebody else answers who is none of them."""
    if not reply.automated:
        held = [hold_of(found.lease, each.id, now) is Hold.ANOTHERS for each in people]
        if all(held):
            refuse_unless_free(found, people[0], now)


def _behind(draft: Draft) -> tuple[Actor, ...]:
    """Who stands behind a draft: whoever wrote it, changed it, or approved it."""
    wrote = (Actor(id=each) for each in (*draft.writers[:1], *draft.editors))
    return (*wrote, *_approved(draft.approvals))


def _approved(approvals: Iterable[Approval]) -> tuple[Actor, ...]:
    return tuple(Actor(id=each.by, roles=each.roles) for each in approvals)


def _queued_by(log: Iterable[Recorded], reply_id: str) -> tuple[Actor, ...]:
    """Who sent a reply first."""
    queued = (each.event for each in log if isinstance(each.event, ReplyQueued))
    return tuple(each.by for each in queued if each.reply.id == reply_id)


def _refuse_unapproved(name: str, needed: Iterable[Requirement]) -> None:
    lacking = tuple(needed)
    if lacking:
        roles = tuple(sorted({role for each in lacking for role in each.roles}))
        raise ApprovalNeeded(name, roles=roles, needed=in_words(lacking))


def _refuse_giving_away(found: Conversation, draft: Draft, ruled: Ruling) -> None:
    """Refuses what may not be public; what the playbook said was told to those who approved."""
    known = attrs.evolve(ruled, findings=draft.findings)
    refuse_unless_allowed(found, draft.reply, known)


def _of_templates(work: Workplace) -> tuple[Requirement, ...]:
    """Whose approval the house asks for of what many read, as of now."""
    policy = work.handbook.approvals or ApprovalPolicy()
    return () if policy.templates is None else (policy.templates,)


def _refuse_unusable(name: str, proposal: Proposal, reply: Reply) -> None:
    wanted = f"use the template {proposal.id}"
    if proposal.state is not DraftState.APPROVED:
        raise NotAllowedNow(name, wanted=wanted, found=f"it is {proposal.state}")
    audience = proposal.template.audience
    if not audience.holds(channel=reply.channel, visibility=reply.visibility, brand=reply.brand):
        where = f"{reply.visibility} on {reply.channel}, brand {reply.brand}"
        said = f"it is for {audience.name!r} only, and this goes out {where}"
        raise NotAllowedNow(name, wanted=wanted, found=said)


def _note(
    transaction: Transaction, name: str, reply: Reply, ruled: Ruling, who: Actor, now: datetime
) -> None:
    """Takes down what was overruled, and who is to look at it afterwards."""
    findings = tuple(each for each in ruled.findings if each.overruled is not None)
    if findings:
        transaction.add(
            FindingsOverruled(
                conversation=name, at=now, by=who, reply_id=reply.id, findings=findings
            )
        )
    if ruled.reviews:
        transaction.add(
            ReviewAsked(
                conversation=name, at=now, by=who, reply_id=reply.id, requirements=ruled.reviews
            )
        )


def _queue(transaction: Transaction, name: str, reply: Reply, who: Actor, now: datetime) -> None:
    """Takes down the answer, in the log and in the outbox."""
    _refuse_elsewhere(transaction.conversation(name), reply)
    transaction.add(ReplyQueued(conversation=name, at=now, by=who, reply=reply))
    transaction.outbox.append(_entry(reply, name, name, now))


def _entry(reply: Reply, conversation: str | None, lane: str, now: datetime) -> Entry:
    return Entry(
        key=reply.id,
        target=f"channel:{reply.channel}",
        lane=lane,
        what=reply,
        conversation=conversation,
        due_at=now,
    )
