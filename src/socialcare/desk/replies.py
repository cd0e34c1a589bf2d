"""Replies and notes: what the brand writes.

A reply goes through `gate` to the log and the outbox in one transaction; `delivery` sends it
afterwards. It goes where the customer wrote last, as openly or privately as the customer did.
Private matters cannot become public by accident: whoever means it says `visibility`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs

from socialcare.desk import aside, gate, waiting_list
from socialcare.desk.leasing import refuse_unless_free
from socialcare.desk.transaction import Transaction, opened
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor, By, actor
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import NoteWritten, Reply
from socialcare.domain.message import (
    Attachment,
    Author,
    AuthorRole,
    Direction,
    Message,
    Visibility,
    attached,
)
from socialcare.domain.placed import placed_row
from socialcare.errors import InvalidValue, NotAllowedNow
from socialcare.plugins.records import Asked, Delivery, Entry, Settlement


def _some(
    wish: "Wish",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[str]",  # noqa: ARG001 - attrs passes it
    value: str,
) -> None:
    if not value:
        raise InvalidValue(value, where="reply", right="a text that is not empty")


def _leaves(
    wish: "Wish",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[Visibility | None]",  # noqa: ARG001 - attrs passes it
    value: Visibility | None,
) -> None:
    if value is Visibility.INTERNAL:
        right = "public or private; or a note"
        raise InvalidValue("internal", where="reply visibility", right=right)


@attrs.frozen(kw_only=True)
class Wish:
    """What somebody wants to answer, and what they said about how.

    Attributes:
        text: What it says.
        channel, visibility, in_reply_to: Where it goes, or None for where the customer wrote last.
        agent_id: Who is credited with it.
        automated: Whether a machine wrote it.
        attachments: What comes with it.
        overrule: Codes of findings of the playbook, and why each is overruled.

    Raises:
        InvalidValue: If there is no text, or it would be a note.
    """

    text: str = attrs.field(validator=_some)
    channel: str | None = None
    visibility: Visibility | None = attrs.field(
        default=None, converter=attrs.converters.optional(Visibility), validator=_leaves
    )
    in_reply_to: str | None = None
    agent_id: str | None = None
    automated: bool = False
    attachments: tuple[Attachment, ...] = attrs.field(default=(), converter=attached)
    overrule: Mapping[str, str] = gate.NOTHING


def reply(work: Workplace, conversation: str, wish: Wish, *, by: By, now: datetime) -> Reply:
    """The reply that was written to the log and the outbox."""
    who, reply_id = actor(by), work.ids()

    def attempt() -> Reply:
        transaction, name = opened(work.store, conversation)
        if not wish.automated:
            refuse_unless_free(transaction.conversation(name), who, now)
        written = addressed(work, transaction.conversation(name), wish, who, reply_id)
        overrule = wish.overrule
        gate.send(work, transaction, name, written, who=who, now=now, overrule=overrule)
        waiting_list.keep(transaction, name, now)
        transaction.commit()
        return written

    return work.retried(attempt)


def addressed(
    work: Workplace, conversation: Conversation, wish: Wish, who: Actor, reply_id: str
) -> Reply:
    """The reply as it would be sent: to whom, where, how openly, and in whose name.

    Raises:
        NotAllowedNow: If it would answer in public, unasked, what the customer wrote in private; or
            nobody knows the customer on that channel.
        UnknownChannel: If the desk has channels, and not that one.
        InvalidValue: If there is no such message to answer.
    """
    answered = _answered(conversation, wish)
    channel = wish.channel or (answered.channel if answered else conversation.channels[0])
    if work.channels:
        work.channel(channel)
    visibility = wish.visibility or _visibility(conversation, answered)
    return Reply(
        id=reply_id,
        text=wish.text,
        channel=channel,
        visibility=visibility,
        customer_id=answered.customer_id if answered else _handle(work, conversation, channel),
        in_reply_to=answered.id if answered else None,
        brand=conversation.brand,
        account=answered.account if answered else None,
        agent_id=wish.agent_id or (None if wish.automated else who.id),
        automated=wish.automated,
        attachments=wish.attachments,
    )


def _answered(conversation: Conversation, wish: Wish) -> Message | None:
    """The message that is answered: the one named, or the latest that can be."""
    there = [each for each in conversation.spoken if wish.channel in (None, each.channel)]
    if wish.in_reply_to is not None:
        named = [each for each in there if each.id == wish.in_reply_to]
        if not named:
            where = f"{conversation.id}: in_reply_to"
            right = "the id of a message of this conversation on that channel"
            raise InvalidValue(wish.in_reply_to, where=where, right=right)
        return named[-1]
    by_customer = [each for each in there if each.by_customer]
    return next(reversed(by_customer or there), None)


def _visibility(conversation: Conversation, answered: Message | None) -> Visibility:
    """As open as what is answered, if that gives nothing private away."""
    visibility = answered.visibility if answered else Visibility.PRIVATE
    asked = conversation.customer_messages
    was_private = bool(asked) and asked[-1].visibility is Visibility.PRIVATE
    if was_private and visibility is not Visibility.PRIVATE:
        found = "the customer wrote last in private; give visibility to say that it may be public"
        raise NotAllowedNow(conversation.id, wanted="answer in public", found=found)
    return visibility


def _handle(work: Workplace, conversation: Conversation, channel: str) -> str | None:
    """Who the customer is on a channel where they have not written in this conversation."""
    person = conversation.customer_id
    if person is None:
        return None
    handles = work.store.around(Asked(people=(person,))).handles.get(person, ())
    found = next((each.id for each in handles if each.channel == channel), None)
    if found is None:
        said = f"nobody knows the customer there; link a handle on {channel!r} first"
        raise NotAllowedNow(conversation.id, wanted=f"answer on {channel!r}", found=said)
    return found


def note(work: Workplace, conversation: str, text: str, *, by: By, now: datetime) -> Message:
    """The note that was written into the conversation."""
    who, note_id = actor(by), work.ids()

    def attempt() -> Message:
        transaction, name = opened(work.store, conversation)
        written = _jotted(transaction.conversation(name), text, who, note_id, now)
        _put(work, transaction, name, written)
        transaction.add(NoteWritten(conversation=name, at=now, by=who, message=written))
        transaction.commit()
        return written

    return work.retried(attempt)


def _jotted(
    conversation: Conversation, text: str, who: Actor, note_id: str, now: datetime
) -> Message:
    beside = next(reversed(conversation.spoken), conversation.last_message)
    return Message(
        id=note_id,
        sent_at=now,
        direction=Direction.OUTBOUND,
        author=Author(id=who.id, role=AuthorRole.AGENT),
        customer_id=beside.customer_id,
        channel=beside.channel,
        visibility=Visibility.INTERNAL,
        brand=conversation.brand,
        in_reply_to=None if beside.is_note else beside.id,
        conversation_id=beside.conversation_id,
        text=text,
    )


def _put(work: Workplace, transaction: Transaction, conversation: str, written: Message) -> None:
    """Takes down the row of a note: it stays with the message beside which it was written."""
    person = transaction.kept[conversation].summary.customer_id
    row = placed_row(written, person=person, given=work.threading.given)
    anchored = written.in_reply_to is not None
    transaction.place([attrs.evolve(row, conversation=conversation, anchored=anchored)])
    transaction.new.add(written.key)
    transaction.texts[written.key] = written.text


def retry(work: Workplace, key: str, *, by: By, now: datetime) -> None:
    """Has a dead entry of the outbox sent again."""
    who = actor(by)

    def attempt() -> None:
        entry = _dead(work, key)
        settled = Settlement(key=key, attempt=None, state=Delivery.PENDING, due_at=now)
        transaction = _looked_at_again(work, entry, who, now)
        transaction.settled.append(settled)
        transaction.commit()

    work.retried(attempt)


def _looked_at_again(work: Workplace, entry: Entry, who: Actor, now: datetime) -> Transaction:
    """A transaction in which what failed may be sent again."""
    reply = entry.what
    if not isinstance(reply, Reply):
        return Transaction(store=work.store, kept={})
    if entry.conversation is not None:
        transaction, name = opened(work.store, entry.conversation)
        gate.send_again(work, transaction, name, reply, who=who, now=now)
        return transaction
    if reply.customer_id is not None:
        return aside.look_again(work, entry, reply, who=who, now=now)
    return Transaction(store=work.store, kept={})


def _dead(work: Workplace, key: str) -> Entry:
    found: Iterable[Entry] = work.store.entries((key,))
    entry = next(iter(found), None)
    if entry is None or entry.state is not Delivery.DEAD:
        state = "there is no such entry in the outbox" if entry is None else f"it is {entry.state}"
        raise NotAllowedNow(key, wanted="send it again", found=f"{state}; expected a dead letter")
    return entry
