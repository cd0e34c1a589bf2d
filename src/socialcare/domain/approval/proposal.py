"""Proposals: templates, and whether they may be used."""

from datetime import datetime

import attrs

from socialcare.domain.approval.draft import Approval
from socialcare.domain.approval.requirement import Requirement
from socialcare.domain.approval.states import DraftState
from socialcare.domain.approval.template import Template


@attrs.frozen(kw_only=True)
class Proposal:
    """A template that somebody wrote, and what became of it.

    Attributes:
        template: The text, and to whom it may go.
        writers: Who wrote it.
        requirements: Whose approval it needs.
        approvals: Those that it has, in order.
        state: Where it stands: `awaiting`, `approved`, `rejected`, `expired` or `withdrawn`.
        proposed_at: When it was written.
        expires_at: Until when somebody must decide.
        reason: Why it was rejected or withdrawn.
    """

    template: Template
    writers: tuple[str, ...]
    requirements: tuple[Requirement, ...] = ()
    approvals: tuple[Approval, ...] = ()
    state: DraftState = attrs.field(default=DraftState.AWAITING, converter=DraftState)
    proposed_at: datetime
    expires_at: datetime
    reason: str | None = None

    @property
    def id(self) -> str:
        """The name of its template."""
        return self.template.id

    @property
    def editors(self) -> tuple[str, ...]:
        """Nobody: another text is another template."""
        return ()

    @property
    def roles(self) -> frozenset[str]:
        """The roles whose approval it asks for."""
        return frozenset(role for each in self.requirements for role in each.roles)
