"""Aside: what is sent to somebody else than the customer of a conversation.

A customer who is asked in, or thanked, gets words about a conversation that is not theirs. Those
are no answer, so whoever asked waits as before; but the house says of them what it says of an
answer there, and what would need somebody's approval is not sent.
"""

from datetime import datetime

from socialcare.desk.gate import NOTHING
from socialcare.desk.guidance import objection
from socialcare.desk.ruling import gives_away, refuse_unless_allowed, ruling
from socialcare.desk.transaction import Transaction, opened
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor
from socialcare.domain.approval.requirement import in_words
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import Reply
from socialcare.errors import ApprovalNeeded, NotAllowedNow
from socialcare.plugins.records import Entry


def send_aside(
    work: Workplace,
    transaction: Transaction,
    name: str,
    reply: Reply,
    *,
    who: Actor,
    now: datetime,
) -> None:
    """Takes down that something is sent to somebody else; the caller's event says what.

    Args:
        work: The workplace.
        transaction: What it is written with.
        name: The conversation that it is about.
        reply: What is sent, addressed.
        who: Who sends it.
        now: When.

    Raises:
        ApprovalNeeded: If somebody must approve what is said about this.
        NotAllowedNow: If agents must not answer it, or it would make public what is private.
        StoppedByPlaybook: If the playbook stops it.
    """
    _refuse(work, transaction.conversation(name), reply, who, now)
    transaction.outbox.append(
        Entry(
            key=reply.id,
            target=f"channel:{reply.channel}",
            lane=f"{name}:{reply.customer_id}",
            what=reply,
            conversation=None,
            due_at=now,
        )
    )


def look_again(
    work: Workplace, entry: Entry, reply: Reply, *, who: Actor, now: datetime
) -> Transaction:
    """A transaction in which what failed may be sent again, as the conversation is by now.

    Raises:
        ApprovalNeeded, NotAllowedNow, StoppedByPlaybook: As for `send_aside`.
    """
    about = entry.lane.removesuffix(f":{reply.customer_id}")
    transaction, name = opened(work.store, about)
    found = transaction.conversation(name)
    _refuse(work, found, reply, who, now)
    if gives_away(found, reply):
        said = "the customer wrote in private; say it anew"
        raise NotAllowedNow(name, wanted="send it again in public", found=said)
    transaction.hold(name)
    return transaction


def _refuse(work: Workplace, found: Conversation, reply: Reply, who: Actor, now: datetime) -> None:
    """Refuses what the house does not have said about a conversation as it is."""
    ruled = ruling(work, found, reply, overrule=NOTHING, now=now)
    refuse_unless_allowed(found, reply, ruled)
    said = objection(work, found, reply, (who,), now=now)
    if said is not None:
        raise NotAllowedNow(found.id, wanted="speak of it to others", found=said)
    if ruled.requirements:
        roles = tuple(sorted({role for each in ruled.requirements for role in each.roles}))
        raise ApprovalNeeded(found.id, roles=roles, needed=in_words(ruled.requirements))
