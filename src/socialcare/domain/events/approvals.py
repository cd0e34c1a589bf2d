"""Events about answers that others must see first: drafts, approvals, reviews, templates.

A draft goes by the id that its reply will have.
"""

from datetime import datetime

import attrs

from socialcare.domain.approval.kept_finding import KeptFinding
from socialcare.domain.approval.requirement import Requirement
from socialcare.domain.approval.template import Template
from socialcare.domain.events.fact import Event, Key
from socialcare.domain.events.replies import Reply


@attrs.frozen(kw_only=True)
class ReplyDrafted(Event):
    """Somebody wrote an answer that is not sent yet; its id is the draft's."""

    reply: Reply


@attrs.frozen(kw_only=True)
class DraftEdited(Event):
    """Somebody changed a draft; whoever does is a co-author, and approvals so far are void.

    Attributes:
        draft_id: Which draft.
        reply: The answer as it is now.
    """

    draft_id: str
    reply: Reply


@attrs.frozen(kw_only=True)
class DraftSubmitted(Event):
    """A draft was put forward for approval.

    Attributes:
        draft_id: Which draft.
        requirements: Whose approval it needs, and why.
        seal: What approvals are bound to: a SHA-256 over the answer and what it answers.
        expires_at: Until when somebody must decide.
        answers: The customer's last message by then, as channel and id; None if there is none.
        findings: What the playbook had to say of it.
    """

    draft_id: str
    requirements: tuple[Requirement, ...]
    seal: str
    expires_at: datetime
    answers: Key | None = None
    findings: tuple[KeptFinding, ...] = ()


@attrs.frozen(kw_only=True)
class DraftApproved(Event):
    """Somebody who may approved a draft as it is.

    Attributes:
        draft_id: Which draft.
        seal: What they approved.
        requirements: Whose approval it needed by then.
        complete: Whether that was the last approval that it needed; it is queued then.
    """

    draft_id: str
    seal: str
    requirements: tuple[Requirement, ...]
    complete: bool


@attrs.frozen(kw_only=True)
class DraftRejected(Event):
    """Somebody who might have approved a draft said no, and why."""

    draft_id: str
    reason: str


@attrs.frozen(kw_only=True)
class DraftOutdated(Event):
    """What a draft answers changed while it waited for approval: nobody may approve it like this.

    It happened when the customer wrote, edited or deleted something, or when conversations were
    merged or split, and not when that was noticed.
    """

    draft_id: str


@attrs.frozen(kw_only=True)
class DraftExpired(Event):
    """Nobody decided on a draft in time."""

    draft_id: str


@attrs.frozen(kw_only=True)
class DraftWithdrawn(Event):
    """Somebody took a draft back."""

    draft_id: str
    reason: str | None = None


@attrs.frozen(kw_only=True)
class FindingsOverruled(Event):
    """Somebody sent an answer although the playbook had something against it, and said why.

    Attributes:
        reply_id: Which reply.
        findings: What was overruled, each with the reason.
    """

    reply_id: str
    findings: tuple[KeptFinding, ...]


@attrs.frozen(kw_only=True)
class ReviewAsked(Event):
    """An answer went out, and was chosen for a review.

    Attributes:
        reply_id: Which reply.
        requirements: Who is to look at it, and why.
    """

    reply_id: str
    requirements: tuple[Requirement, ...]


@attrs.frozen(kw_only=True)
class ReplyReviewed(Event):
    """Somebody looked at an answer that had gone out.

    Attributes:
        reply_id: Which reply.
        fine: Whether it was as it should be.
        comment: What there is to say of it.
    """

    reply_id: str
    fine: bool
    comment: str | None = None


@attrs.frozen(kw_only=True)
class TemplateProposed(Event):
    """Somebody wrote a text that is to go to many, or by itself.

    Attributes:
        template: The text, and to whom it may go.
        requirements: Whose approval it needs; none where nobody asks for one.
        expires_at: Until when somebody must decide.
    """

    template: Template
    requirements: tuple[Requirement, ...]
    expires_at: datetime


@attrs.frozen(kw_only=True)
class TemplateApproved(Event):
    """Somebody who may approved a template for its audience.

    Attributes:
        template_id: Which template.
        seal: What they approved: a SHA-256 over text, attachments and audience.
        complete: Whether that was the last approval that it needed; it may be used then.
    """

    template_id: str
    seal: str
    complete: bool


@attrs.frozen(kw_only=True)
class TemplateRejected(Event):
    """Somebody who might have approved a template said no, and why."""

    template_id: str
    reason: str


@attrs.frozen(kw_only=True)
class TemplateWithdrawn(Event):
    """A template may not be used any more.

    Attributes:
        template_id: Which template.
        reason: Why.
    """

    template_id: str
    reason: str | None = None
