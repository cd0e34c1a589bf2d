"""Templates: texts for many, approved once, and sent as often as they are needed.

A template belongs to no conversation. What became of it is told by its events, and kept beside
them as a text, so that it is found without reading the log. Whoever changes it writes both, and
only as it was read; of two who change it at once one is slower, reads again and decides again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import attrs

from socialcare.desk import gate, notices
from socialcare.desk.replies import Wish, addressed
from socialcare.desk.transaction import Transaction, opened
from socialcare.desk.versioned import Versioned, versioned
from socialcare.desk.waiting_list import TARGET, entry
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor, By, actor
from socialcare.domain.approval.deciding import missing, objection
from socialcare.domain.approval.draft import Approval
from socialcare.domain.approval.policy import ApprovalPolicy
from socialcare.domain.approval.proposal import Proposal
from socialcare.domain.approval.requirement import Requirement, in_words, together
from socialcare.domain.approval.states import DraftState
from socialcare.domain.approval.template import Template
from socialcare.domain.events import (
    Event,
    Reply,
    TemplateApproved,
    TemplateProposed,
    TemplateRejected,
    TemplateWithdrawn,
)
from socialcare.domain.stored_form import text_of, value_from
from socialcare.errors import InvalidValue, NotAllowedNow
from socialcare.plugins.records import Asked, Delivery, Settlement

_EVERY = 2**31 - 1


def proposal(work: Workplace, template_id: str) -> Proposal:
    """A template and what became of it.

    Raises:
        InvalidValue: If there is no such template.
    """
    return _existing(_read(work, template_id)[0], template_id)


def awaiting(work: Workplace, role: str | None) -> Iterator[Proposal]:
    """The templates that wait for approval, of somebody with that role."""
    listed = work.store.outbox(Delivery.PENDING, _EVERY, target=f"{TARGET}:templates")
    cursors = work.store.around(Asked(cursors=tuple(each.key for each in listed))).cursors
    for each in listed:
        found = value_from(cursors[each.key], Proposal)
        if role is None or role in found.roles:
            yield found


def propose(
    work: Workplace, template: Template, ask: Iterable[Requirement], *, by: By, now: datetime
) -> Proposal:
    """The template, which waits for approval, or may be used if it needs none."""
    who, asked = actor(by), tuple(ask)

    def change(known: Proposal | None, policy: ApprovalPolicy) -> tuple[Proposal, Iterable[Event]]:
        if known is not None and _holds(known, now):
            said = f"it is {known.state}; withdraw it, or give another id"
            raise NotAllowedNow(template.id, wanted="propose this template", found=said)
        house = () if policy.templates is None else (policy.templates,)
        needed = together(house, asked)
        found = Proposal(
            template=template,
            writers=(who.id,),
            requirements=needed,
            state=DraftState.AWAITING if needed else DraftState.APPROVED,
            proposed_at=now,
            expires_at=now + policy.expires,
        )
        event = TemplateProposed(
            conversation=None,
            at=now,
            by=who,
            template=template,
            requirements=needed,
            expires_at=found.expires_at,
        )
        return found, (event,)

    return _changed(work, template.id, change, who, now)


def _holds(known: Proposal, now: datetime) -> bool:
    """Whether its id is taken: it waits for a decision that may still come, or may be used."""
    waits = known.state is DraftState.AWAITING and now < known.expires_at
    return waits or known.state is DraftState.APPROVED


def approve(work: Workplace, template_id: str, seen: str, *, by: By, now: datetime) -> Proposal:
    """The template with one more approval, of what was read."""
    who = actor(by)

    def change(known: Proposal | None, _: ApprovalPolicy) -> tuple[Proposal, Iterable[Event]]:
        found = _waiting(known, template_id, now, "approve it")
        if seen != found.template.seal:
            said = "it was changed since it was read; read it again"
            raise NotAllowedNow(template_id, wanted="approve this template", found=said)
        against = objection(found, who, found.requirements)
        if against is not None:
            raise NotAllowedNow(template_id, wanted="approve this template", found=against)
        given = (*found.approvals, Approval(by=who.id, roles=who.roles, at=now))
        complete = not missing(found, given, found.requirements)
        state = DraftState.APPROVED if complete else DraftState.AWAITING
        event = TemplateApproved(
            conversation=None,
            at=now,
            by=who,
            template_id=template_id,
            seal=seen,
            complete=complete,
        )
        return attrs.evolve(found, approvals=given, state=state), (event,)

    return _changed(work, template_id, change, who, now)


def reject(work: Workplace, template_id: str, reason: str, *, by: By, now: datetime) -> Proposal:
    """The template, which may not be used."""
    who = actor(by)

    def change(known: Proposal | None, _: ApprovalPolicy) -> tuple[Proposal, Iterable[Event]]:
        found = _waiting(known, template_id, now, "reject it")
        if not found.roles & set(who.roles):
            said = f"expected {in_words(found.requirements)}"
            raise NotAllowedNow(template_id, wanted="reject this template", found=said)
        event = TemplateRejected(
            conversation=None, at=now, by=who, template_id=template_id, reason=reason
        )
        return attrs.evolve(found, state=DraftState.REJECTED, reason=reason), (event,)

    return _changed(work, template_id, change, who, now)


def withdraw(
    work: Workplace, template_id: str, reason: str | None, *, by: By, now: datetime
) -> Proposal:
    """The template, which may not be used any more."""
    who = actor(by)

    def change(known: Proposal | None, _: ApprovalPolicy) -> tuple[Proposal, Iterable[Event]]:
        found = _existing(known, template_id)
        if found.state is DraftState.WITHDRAWN:
            return found, ()
        event = TemplateWithdrawn(
            conversation=None, at=now, by=who, template_id=template_id, reason=reason
        )
        return attrs.evolve(found, state=DraftState.WITHDRAWN, reason=reason), (event,)

    return _changed(work, template_id, change, who, now)


def send(
    work: Workplace,
    conversation: str,
    template_id: str,
    values: Mapping[str, str],
    wish: Wish,
    *,
    by: By,
    now: datetime,
) -> Reply:
    """The reply that was made of an approved template, written to the log and the outbox."""
    who, reply_id = actor(by), work.ids()

    def attempt() -> Reply:
        found = proposal(work, template_id)
        transaction, name = opened(work.store, conversation)
        own = addressed(work, transaction.conversation(name), wish, who, reply_id)
        sent = gate.send_template(work, transaction, name, own, found, values, who=who, now=now)
        transaction.commit()
        return sent

    return work.retried(attempt)


_Change = Callable[[Proposal | None, ApprovalPolicy], tuple[Proposal, Iterable[Event]]]


def _changed(
    work: Workplace, template_id: str, change: _Change, who: Actor, now: datetime
) -> Proposal:
    """The template after a change was written, decided again if somebody else was faster."""
    policy = work.handbook.approvals or ApprovalPolicy()

    def attempt() -> Proposal:
        known, texts = _read(work, template_id)
        found, events = change(known, policy)
        transaction = Transaction(store=work.store, kept={})
        for event in events:
            transaction.add(event)
        texts.put(transaction, {texts.name: text_of(found)})
        _list(transaction, found, now)
        _tell(work, transaction, known, found, who, now)
        transaction.commit()
        return found

    return work.retried(attempt)


def _list(transaction: Transaction, found: Proposal, now: datetime) -> None:
    """Has it on the list of what waits, or not any more."""
    key = _key(found.id)
    state = Delivery.PENDING if found.state is DraftState.AWAITING else Delivery.SENT
    known = transaction.store.entries((key,))
    if not known and state is Delivery.PENDING:
        transaction.outbox.append(entry(key, f"{TARGET}:templates", None, now))
    elif known:
        transaction.settled.append(Settlement(key=key, attempt=None, state=state))


def _tell(
    work: Workplace,
    transaction: Transaction,
    before: Proposal | None,
    found: Proposal,
    who: Actor,
    now: datetime,
) -> None:
    """Has those told who can approve it, or whoever wrote it that it was rejected."""
    told: list[tuple[str, str, str]] = []
    is_new = before is None or before.state is not DraftState.AWAITING
    if found.state is DraftState.AWAITING and is_new:
        said = f"{who.id} asks for the approval of the template {found.id}"
        told += [("approval", role, said) for role in sorted(found.roles)]
    elif found.state is DraftState.REJECTED:
        said = f"{who.id} rejected the template {found.id}: {found.reason}"
        told.append(("rejected", found.writers[-1], said))
    for kind, to, said in told:
        transaction.outbox += notices.entries(
            work, kind=kind, conversation=None, to=to, said=said, at=now
        )


def _waiting(known: Proposal | None, template_id: str, now: datetime, wanted: str) -> Proposal:
    found = _existing(known, template_id)
    state: Any = found.state
    if state is DraftState.AWAITING and found.expires_at <= now:
        state = DraftState.EXPIRED
    if state is not DraftState.AWAITING:
        raise NotAllowedNow(template_id, wanted=wanted, found=f"the template is {state}")
    return found


def _existing(known: Proposal | None, template_id: str) -> Proposal:
    if known is None:
        raise InvalidValue(template_id, where="template", right="the id of one that was proposed")
    return known


def _read(work: Workplace, template_id: str) -> tuple[Proposal | None, Versioned]:
    """A template, as it was read."""
    texts = versioned(work.store, _key(template_id))
    text = texts.texts.get(texts.name)
    return None if text is None else value_from(text, Proposal), texts


def _key(template_id: str) -> str:
    return f"{TARGET}:templates:{template_id}"
