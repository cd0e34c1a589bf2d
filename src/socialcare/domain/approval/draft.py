"""Drafts: answers that are not sent yet, and the approvals that they have.

A draft is the very reply that would be sent, with its address, under the id that it will have in
the outbox. Each time that it is put forward begins a round, which ends with a decision; the rounds
are the rows of the table of approvals.
"""

from collections.abc import Iterable
from datetime import datetime

import attrs

from socialcare.domain.approval.kept_finding import KeptFinding
from socialcare.domain.approval.requirement import Requirement
from socialcare.domain.approval.states import DraftState
from socialcare.domain.events import Reply


@attrs.frozen(kw_only=True)
class Approval:
    """Somebody approved a draft as it is.

    Attributes:
        by: Who.
        roles: What roles they had then.
        at: When.
    """

    by: str
    roles: tuple[str, ...]
    at: datetime


@attrs.frozen(kw_only=True)
class Round:
    """A time that a draft waited for approval.

    Attributes:
        conversation_id: In which conversation.
        draft_id: Which draft.
        asked_at: When it was put forward.
        decided_at: When that ended; None while it waits.
        decision: How it ended: a step of the table of drafts, such as `approved`, `outdated`, or
            `edited`; None while it waits.
        by: Who ended it: the last who approved, who rejected, edited or withdrew it; None where
            time or the customer did.
        message_id: What the answer became on its channel; None for what was not sent, or not yet.
    """

    conversation_id: str
    draft_id: str
    asked_at: datetime
    decided_at: datetime | None = None
    decision: str | None = None
    by: str | None = None
    message_id: str | None = None


def _each_once(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value))


@attrs.frozen(kw_only=True)
class Draft:
    """An answer that somebody wrote and that is not sent yet.

    Attributes:
        reply: What would be sent; its id is the draft's.
        state: Where it stands.
        written_at: When it was written first.
        writers: Who wrote it: whoever did so first, and whom it is credited to.
        editors: Who changed it since, in order.
        requirements: Whose approval it needs, as of the last time that it was put forward.
        seal: What approvals are bound to, see `socialcare.domain.approval.seal`; None for what was
            never put forward.
        expires_at: Until when somebody must decide.
        approvals: Those of the words as they are now, in order.
        findings: What the playbook has to say of it.
        reason: Why it was rejected or withdrawn.
        rounds: The times that it waited for approval, in order.
        noticed: Whether the log says in so many words that it is stale, where it is; until
            somebody looks, that only follows from what the customer said.
    """

    reply: Reply
    state: DraftState = DraftState.WRITTEN
    written_at: datetime
    writers: tuple[str, ...] = attrs.field(converter=_each_once)
    editors: tuple[str, ...] = attrs.field(default=(), converter=_each_once)
    requirements: tuple[Requirement, ...] = ()
    seal: str | None = None
    expires_at: datetime | None = None
    approvals: tuple[Approval, ...] = ()
    findings: tuple[KeptFinding, ...] = ()
    reason: str | None = None
    rounds: tuple[Round, ...] = ()
    noticed: bool = True

    @property
    def id(self) -> str:
        """Its name, and that of the reply that it becomes."""
        return self.reply.id

    @property
    def asked_at(self) -> datetime | None:
        """When it was last put forward; None if it never was."""
        return self.rounds[-1].asked_at if self.rounds else None

    @property
    def roles(self) -> frozenset[str]:
        """The roles whose approval it asks for."""
        return frozenset(role for each in self.requirements for role in each.roles)
