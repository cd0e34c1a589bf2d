"""Statuses: what is said in public about an issue, instead of a reply to each."""

from collections.abc import Mapping
from datetime import datetime

import attrs

from socialcare.desk import gate, issues, templates
from socialcare.desk.transaction import Transaction
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor
from socialcare.domain.events import IssueUpdated, Reply
from socialcare.domain.issue import Issue, Status
from socialcare.domain.message import Visibility
from socialcare.errors import InvalidValue


@attrs.frozen(kw_only=True)
class Post:
    """What somebody wants to say to all.

    Attributes:
        text: The words; None where a template says them.
        template_id: An approved template; None for words of one's own.
        values: What stands in its blanks.
        channel: Where.
        brand, account: On whose behalf, and from which account.
    """

    text: str | None
    template_id: str | None
    values: Mapping[str, str]
    channel: str
    brand: str | None
    account: str | None

    def __attrs_post_init__(self) -> None:
        """Refuses words of one's own beside a template, and neither of them."""
        if bool(self.text) == (self.template_id is not None):
            raise InvalidValue(self.text, where="status", right="a text, or a template, not both")


def post(work: Workplace, issue_id: str, wanted: Post, *, who: Actor, now: datetime) -> Reply:
    """The post, which is queued; the issue knows of it."""
    if work.channels:
        work.channel(wanted.channel)
    reply_id, made = work.ids(), list[Reply]()

    def change(before: Issue, transaction: Transaction) -> Issue:
        reply = _queued(work, transaction, wanted, reply_id, who, now)
        made.append(reply)
        transaction.add(
            IssueUpdated(
                conversation=None,
                at=now,
                by=who,
                issue_id=issue_id,
                reply_id=reply.id,
                channel=reply.channel,
                text=reply.text,
            )
        )
        status = Status(at=now, channel=reply.channel, text=reply.text, reply_id=reply.id)
        return attrs.evolve(before, statuses=(*before.statuses, status))

    issues.changed(work, issue_id, change)
    return made[-1]


def _queued(
    work: Workplace,
    transaction: Transaction,
    wanted: Post,
    reply_id: str,
    who: Actor,
    now: datetime,
) -> Reply:
    proposal = None  # as it is in this attempt, and not as it was in one before
    if wanted.template_id is not None:
        proposal = templates.proposal(work, wanted.template_id)
    reply = Reply(
        id=reply_id,
        text=wanted.text or "",
        channel=wanted.channel,
        visibility=Visibility.PUBLIC,
        customer_id=None,
        brand=wanted.brand,
        account=wanted.account,
        agent_id=who.id,
    )
    return gate.send_to_all(work, transaction, reply, proposal, wanted.values, who=who, now=now)
