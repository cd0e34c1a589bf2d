"""For many: texts that go to many customers, or by themselves, approved once.

`Desk` has these commands and questions besides the others. Each command takes `by`, who does it,
and `now`; each raises `Conflict` if somebody else was faster every time, and `InvalidValue` if
there is no such template.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from socialcare.desk import templates
from socialcare.desk.gate import NOTHING
from socialcare.desk.replies import Wish
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import By
from socialcare.domain.approval.proposal import Proposal
from socialcare.domain.approval.requirement import Requirement
from socialcare.domain.approval.template import Template
from socialcare.domain.events import Reply
from socialcare.domain.message import Visibility


class ForMany:
    """How templates are approved and used."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    def propose_template(
        self, template: Template, *, by: By, now: datetime, ask: Iterable[Requirement] = ()
    ) -> Proposal:
        """The template, which waits for approval if it needs one; writes `TemplateProposed`.

        Args:
            template: The text with its blanks, and to whom it may go.
            by: Who wrote it.
            now: When.
            ask: Whose approval it needs besides what the policy asks of every template.

        Raises:
            NotAllowedNow: If one of that id waits or may be used.
        """
        return templates.propose(self._work, template, ask, by=by, now=now)

    def approve_template(self, template_id: str, *, seal: str, by: By, now: datetime) -> Proposal:
        """The template with one more approval; writes `TemplateApproved`.

        Args:
            template_id: Which one.
            seal: That of the template as it was read, `Template.seal`.
            by: Who approves, with their roles.
            now: When.

        Raises:
            NotAllowedNow: If it is another one by now; or `by` wrote it, has none of the roles, or
                has approved it.
        """
        return templates.approve(self._work, template_id, seal, by=by, now=now)

    def reject_template(self, template_id: str, reason: str, *, by: By, now: datetime) -> Proposal:
        """The template, rejected; writes `TemplateRejected`."""
        return templates.reject(self._work, template_id, reason, by=by, now=now)

    def withdraw_template(
        self, template_id: str, *, by: By, now: datetime, reason: str | None = None
    ) -> Proposal:
        """The template, which may not be used any more; writes `TemplateWithdrawn`."""
        return templates.withdraw(self._work, template_id, reason, by=by, now=now)

    def send_template(
        self,
        conversation: str,
        template_id: str,
        values: Mapping[str, str] = NOTHING,
        *,
        by: By,
        now: datetime,
        channel: str | None = None,
        visibility: Visibility | str | None = None,
    ) -> Reply:
        """The reply that was made of an approved template; writes `ReplyQueued`.

        It counts as written by a machine.

        Args:
            conversation: Which one.
            template_id: Which template.
            values: What stands in its blanks.
            by: Who sends it.
            now: When.
            channel: As for `reply`.
            visibility: As for `reply`.

        Raises:
            NotAllowedNow: If the template may not be used, or not there; or as for `reply`.
            ApprovalNeeded: If an answer there needs an approval that the template has not.
            InvalidValue: If there is no such template, or the values do not fit its blanks.
        """
        wish = Wish(text=template_id, channel=channel, visibility=visibility, automated=True)
        return templates.send(self._work, conversation, template_id, values, wish, by=by, now=now)

    def template(self, template_id: str) -> Proposal:
        """A template, and what became of it.

        Raises:
            InvalidValue: If there is none of that id.
        """
        return templates.proposal(self._work, template_id)

    def templates_awaiting(self, role: str | None = None) -> tuple[Proposal, ...]:
        """The templates that wait for approval, in order.

        Args:
            role: Only those that somebody with this role can approve.
        """
        return tuple(templates.awaiting(self._work, role))
