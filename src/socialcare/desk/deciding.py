"""Deciding: what those who may approve say of drafts, and of answers that went out.

Whoever approves says which words they have read, by the seal of the draft that they were shown. If
anything changed since, be it the draft or what the customer said, it is another seal, and they are
asked to read again. The last approval that is needed queues the answer in the same transaction.
"""

from collections.abc import Callable, Iterable

from socialcare.desk import gate
from socialcare.desk.drafting import Case, Change, ask_approval, edited
from socialcare.desk.ruling import approval_ruling
from socialcare.domain.actor import Actor
from socialcare.domain.approval.deciding import missing, objection
from socialcare.domain.approval.draft import Approval
from socialcare.domain.approval.policy import ApprovalPolicy
from socialcare.domain.approval.requirement import Requirement, in_words, together
from socialcare.domain.approval.states import DraftStep
from socialcare.domain.events import DraftApproved, DraftRejected, ReplyReviewed
from socialcare.errors import InvalidValue, NotAllowedNow


def approve(seen: str | None) -> Callable[[Case], None]:
    """Approves a draft as it was read; sends it if that was the last approval that it needed.

    Args:
        seen: The seal of the draft that was read.
    """

    def deal(case: Case) -> None:
        _refuse_unless_as_read(case, seen)
        _approved(case)

    return deal


def edit_and_approve(change: Change, seen: str | None) -> Callable[[Case], None]:
    """Changes a draft and approves it as it is then."""

    def deal(case: Case) -> None:
        _refuse_unless_as_read(case, seen)
        before = case.draft.requirements
        edited(case, change)
        if not ask_approval(case, before, change.overrule):
            raise case.refused("approve it", "nobody's approval is asked for; `submit` sends it")
        _approved(case)

    return deal


def reject(reason: str) -> Callable[[Case], None]:
    """Says no to a draft, and why; whoever wrote it is told."""
    if not reason.strip():
        raise InvalidValue(reason, where="reject", right="a reason, for whoever wrote it")

    def deal(case: Case) -> None:
        case.refuse_unless(DraftStep.REJECTED, "reject it")
        _refuse_others(case.name, case.who, case.draft.requirements, "reject it")
        case.transaction.add(
            DraftRejected(
                conversation=case.name,
                at=case.now,
                by=case.who,
                draft_id=case.draft_id,
                reason=reason,
            )
        )
        said = f"{case.who.id} rejected an answer in {case.name}: {reason}"
        case.tell("rejected", case.draft.writers[-1], said)

    return deal


def _refuse_unless_as_read(case: Case, seen: str | None) -> None:
    """Refuses to approve what is not what somebody has read, or comes too late."""
    case.refuse_unless(DraftStep.APPROVED, "approve it")
    draft = case.draft
    if draft.expires_at is not None and draft.expires_at <= case.now:
        raise case.refused("approve it", f"it expired at {draft.expires_at.isoformat()}")
    if seen != draft.seal:
        raise case.refused("approve it", "it was changed since it was read; read it again")


def _approved(case: Case) -> None:
    """Takes down an approval, and if nothing is missing then, that the answer is sent."""
    draft, who = case.draft, case.who
    case.refuse_unless_theirs()
    ruled = approval_ruling(case.work, case.found, draft.reply, now=case.now)
    needed = together(draft.requirements, ruled.requirements)
    policy = case.work.handbook.approvals or ApprovalPolicy()
    against = objection(draft, who, needed, editors_approve=policy.editors_approve)
    if against is not None:
        raise case.refused("approve it", against)
    own = Approval(by=who.id, roles=who.roles, at=case.now)
    complete = not missing(draft, (*draft.approvals, own), needed)
    case.transaction.add(
        DraftApproved(
            conversation=case.name,
            at=case.now,
            by=who,
            draft_id=draft.id,
            seal=draft.seal or "",
            requirements=needed,
            complete=complete,
        )
    )
    if complete:
        gate.send_approved(case.work, case.transaction, case.name, draft.id, who=who, now=case.now)


def _refuse_others(name: str, who: Actor, requirements: Iterable[Requirement], wanted: str) -> None:
    """Refuses who has none of the roles that are asked for."""
    needed = tuple(requirements)
    if not any(set(who.roles) & set(each.roles) for each in needed):
        has = ", ".join(who.roles) or "none"
        said = f"{who.id} has the roles: {has}; expected {in_words(needed)}"
        raise NotAllowedNow(name, wanted=wanted, found=said)


# After it went out


def review(*, fine: bool, comment: str | None) -> Callable[[Case], None]:
    """Says how an answer was that went out; whoever wrote it is told if it was not right."""

    def deal(case: Case) -> None:
        found = next((each for each in case.found.reviews if each.reply_id == case.draft_id), None)
        if found is None or found.done:
            said = "nobody asked for that" if found is None else "all have who should"
            raise NotAllowedNow(case.name, wanted=f"review {case.draft_id}", found=said)
        against = objection(found, case.who, found.requirements)
        if against is not None:
            raise NotAllowedNow(case.name, wanted=f"review {case.draft_id}", found=against)
        case.transaction.add(
            ReplyReviewed(
                conversation=case.name,
                at=case.now,
                by=case.who,
                reply_id=case.draft_id,
                fine=fine,
                comment=comment,
            )
        )
        if not fine:
            said = f"{case.who.id} found fault with an answer in {case.name}: {comment or 'see it'}"
            case.tell("reviewed", found.writers[-1], said)

    return deal
