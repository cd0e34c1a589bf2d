"""Checking: what the playbook in force says of an answer, before it goes out.

Nothing is written here, so an answer can be checked while somebody still writes it.
"""

from datetime import datetime

from socialcare.desk.problems import problem_of
from socialcare.desk.ranking import annotations_of
from socialcare.desk.workplace import Workplace
from socialcare.domain.annotation import Annotation
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import Reply
from socialcare.domain.message import Author, AuthorRole, Direction, Message
from socialcare.domain.playbook import Answer, Finding

__all__ = ["findings"]


def findings(
    work: Workplace,
    conversation: Conversation,
    reply: Reply,
    *,
    now: datetime,
    problem: str | None = None,
) -> tuple[Finding, ...]:
    """What is wrong with a reply, the worst first; nothing where there is no playbook.

    Args:
        work: The workplace.
        conversation: What it answers.
        reply: What is to be sent, and where.
        now: When.
        problem: What concerns many, if this conversation is about it; by default the open issue
            that it is affected by.
    """
    playbook = work.handbook.playbook
    if playbook is None:
        return ()
    return playbook.check(
        Answer.of(reply),
        conversation,
        recent=work.lately.sent(work.store),
        annotations=_annotations(work, reply, now),
        problem=problem or problem_of(work, conversation),
    )


def _annotations(work: Workplace, reply: Reply, now: datetime) -> tuple[Annotation, ...]:
    """What the classifiers say of the text of a reply."""
    if not work.classifiers:
        return ()
    message = Message(
        id=reply.id,
        sent_at=now,
        direction=Direction.OUTBOUND,
        author=Author(id=reply.agent_id, role=AuthorRole.AGENT),
        customer_id=reply.customer_id,
        channel=reply.channel,
        visibility=reply.visibility,
        text=reply.text,
    )
    return annotations_of(work, message)
