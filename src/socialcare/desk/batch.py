"""One attempt to take a batch of messages and deletions in.

What is wrong by itself was found before. Here it is told apart what is new, what is known, and what
only the log shows to be wrong; everything ends in one transaction and one receipt each.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TypeAlias

import attrs

from socialcare.desk.arrivals import Arrival, Assess, Surroundings, arrive
from socialcare.desk.echoes import Echoes, delivered_message
from socialcare.desk.receipts import Outcome, Receipt
from socialcare.desk.reshaping import look_first
from socialcare.desk.screening import Refused, excerpt, foreign_private, named
from socialcare.desk.transaction import Transaction
from socialcare.desk.versions import Verdict, about, loose_verdict, shown, verdict
from socialcare.domain.actor import Actor, By, actor
from socialcare.domain.events import (
    Event,
    Key,
    MessageDeleted,
    MessageEdited,
    MessageRefused,
    Refusal,
    Reply,
)
from socialcare.domain.message import Message
from socialcare.domain.placed import Placed, digest
from socialcare.domain.placement import Placement
from socialcare.plugins.protocols import Deletion, Sent
from socialcare.plugins.records import Delivery, Entry, Settlement

Escalate: TypeAlias = Callable[[Transaction, Callable[[Key], str | None]], None]
"""Takes down who must see what came in, given the conversations of messages."""


def _to_nobody(_: Transaction, __: Callable[[Key], str | None]) -> None:
    """Agents answer everything."""


@attrs.define(kw_only=True)
class Batch:
    """One attempt to take a batch in.

    Attributes:
        receipts: What is decided already, by place in the batch.
        arrivals: Messages that are new, by place in the batch.
        again: Places of what is about messages that are known, or were earlier in this batch.
        escalate: Takes down who must see what came in.
        wrong: New messages that were refused because of what they answer.
    """

    now: datetime
    by: By | None
    brought: Sequence[object]
    around: Surroundings
    transaction: Transaction
    assess: Assess
    escalate: Escalate = _to_nobody
    receipts: dict[int, Receipt] = attrs.field(factory=dict)
    arrivals: dict[int, Arrival] = attrs.field(factory=dict)
    again: dict[int, Message | Deletion] = attrs.field(factory=dict)
    wrong: dict[Key, Refused] = attrs.field(factory=dict)

    def take_in(self, wrong: Mapping[int, Refused], cursors: Mapping[str, str]) -> None:
        """Takes everything in that is not wrong."""
        for place, found in wrong.items():
            self._refuse(place, found)
        self._sort()
        self._refuse_foreign()
        self._recognise_echoes()
        self._take_arrivals()
        for place, each in self.again.items():
            self._take_again(place, each)
        self.escalate(self.transaction, self._conversation_of)
        self.transaction.cursors.update(cursors)
        look_first(self.around.work, self.transaction, now=self.now)
        self.transaction.commit()

    def _sort(self) -> None:
        """Tells what is new from what is known."""
        new: set[Key] = set()
        for place, each in enumerate(self.brought):
            if place in self.receipts or not isinstance(each, Message | Deletion):
                continue
            row = self.around.known.get(key := (each.channel, each.id))
            is_known = key in new or (row is not None and row.second is not None)
            if isinstance(each, Deletion) or is_known:
                self.again[place] = each
            else:
                new.add(key)
                row = self.around.row(each)
                self.arrivals[place] = Arrival(message=each, row=row, by=self._by(each.channel))

    def _refuse_foreign(self) -> None:
        """Refuses what answers a private message of another customer."""
        if not any(arrival.message.in_reply_to for arrival in self.arrivals.values()):
            return
        rows = {arrival.row.key: arrival.row for arrival in self.arrivals.values()}
        for place, arrival in tuple(self.arrivals.items()):
            answered = (arrival.row.channel, arrival.row.in_reply_to or "")
            parent = rows.get(answered) or self.around.known.get(answered)
            if parent and (found := foreign_private(parent, arrival.row)):
                del self.arrivals[place]
                self.wrong[arrival.row.key] = found
                self._refuse(place, found)

    def _recognise_echoes(self) -> None:
        """Takes for a reply of ours what is one."""
        echoes = Echoes(self.transaction.store)
        for place, arrival in self.arrivals.items():
            entry = echoes.of(arrival.message)
            if entry is not None and isinstance(entry.what, Reply):
                self.arrivals[place] = self._echo(arrival, entry, entry.what)
                self.transaction.settled.append(
                    Settlement(key=entry.key, attempt=None, state=Delivery.SENT)
                )

    def _echo(self, arrival: Arrival, entry: Entry, reply: Reply) -> Arrival:
        """The message as the reply that it is."""
        shown = arrival.message
        sent = Sent(message_id=shown.id, sent_at=shown.sent_at)
        message = delivered_message(reply, sent, given=shown.conversation_id)
        return Arrival(
            message=message,
            row=self.around.row(message),
            by=arrival.by,
            reply_id=reply.id,
            reply_to=entry.conversation,
        )

    def _take_arrivals(self) -> None:
        arrivals = tuple(self.arrivals.values())
        found = arrive(self.transaction, self.around, arrivals, now=self.now, assess=self.assess)
        told: set[str] = set()
        for (place, arrival), row in zip(self.arrivals.items(), found.rows, strict=True):
            conversation = self._current(row.conversation)
            is_first = bool(found.merges) and conversation not in told
            merged = self._merged(found, conversation) if is_first else ()
            written = self.transaction.placed[row.key]
            self._receipt(place, _outcome(arrival, written, merged), conversation, merged)
            told.add(conversation or "")

    def _merged(self, found: Placement, conversation: str | None) -> tuple[str, ...]:
        return tuple(o for s, o in found.merges if self._current(s) == conversation)

    def _take_again(self, place: int, each: Message | Deletion) -> None:
        key = (each.channel, each.id)
        row = self.transaction.placed.get(key) or self.around.known.get(key)
        if key in self.wrong:
            self._refuse(place, self.wrong[key])
        elif isinstance(each, Deletion):
            self._delete(place, each, row)
        elif row is not None:
            self._compare(place, each, row)

    def _delete(self, place: int, deletion: Deletion, row: Placed | None) -> None:
        if row is not None and row.deleted:
            self._receipt(place, Outcome.REPEATED, self._current(row.conversation))
            return
        if row is None:
            self.transaction.new.add((deletion.channel, deletion.id))
        found = row or Placed(channel=deletion.channel, id=deletion.id, conversation=None)
        conversation = self._current(found.conversation)
        self.transaction.add(
            MessageDeleted(
                conversation=conversation,
                at=self.now,
                by=self._by(deletion.channel),
                channel=deletion.channel,
                message_id=deletion.id,
            )
        )
        self.transaction.place([attrs.evolve(found, deleted=True)])
        self.transaction.texts[found.key] = None
        self._receipt(place, Outcome.DELETED, conversation)

    def _compare(self, place: int, message: Message, row: Placed) -> None:
        conversation = self._current(row.conversation)
        if row.digest.startswith(digest(message)):
            self._receipt(place, Outcome.REPEATED, conversation)
            return
        log = () if conversation is None else self.transaction.log(conversation)
        events = about(log, message.key)
        found = verdict(message, events) if events else loose_verdict(self.around.row(message), row)
        match found:
            case Verdict.REPEATED:
                self._receipt(place, Outcome.REPEATED, conversation)
            case Verdict.EDITED:
                self._edit(message, row, events)
                self._receipt(place, Outcome.EDITED, conversation)
            case Verdict.REUSED:
                self._refuse(place, _reused(message))

    def _edit(self, message: Message, row: Placed, events: Sequence[Event]) -> None:
        conversation = self._current(row.conversation)
        edited = MessageEdited(
            conversation=conversation,
            at=self.now,
            by=self._by(message.channel),
            message=message,
            assessment=self.assess(message, self.transaction.known(conversation)),
        )
        self.transaction.add(edited)
        shows = shown((*events, edited)) if events else message
        digests = dict.fromkeys((digest(shows), digest(message), *row.digest.split()))
        self.transaction.place([attrs.evolve(row, digest=" ".join(digests))])
        if not row.deleted:
            self.transaction.texts[row.key] = shows.text or ""

    def _refuse(self, place: int, found: Refused) -> None:
        each = self.brought[place]
        channel, message_id = named(each)
        self.transaction.add(
            MessageRefused(
                conversation=None,
                at=self.now,
                by=self._by(channel),
                channel=channel,
                message_id=message_id,
                refusal=found.refusal,
                said=found.said,
                excerpt=excerpt(each),
            )
        )
        self._receipt(place, Outcome.REFUSED, None, refused=found)

    def _receipt(
        self,
        place: int,
        outcome: Outcome,
        conversation: str | None,
        merged: tuple[str, ...] = (),
        refused: Refused | None = None,
    ) -> None:
        channel, message_id = named(self.brought[place])
        self.receipts[place] = Receipt(
            channel=channel,
            message_id=message_id,
            outcome=outcome,
            conversation=conversation,
            merged=merged,
            refusal=None if refused is None else refused.refusal,
            said=None if refused is None else refused.said,
        )

    def _conversation_of(self, key: Key) -> str | None:
        """The conversation of a message that came in, once this is written."""
        row = self.transaction.placed.get(key) or self.around.known.get(key)
        return None if row is None else self._current(row.conversation)

    def _current(self, conversation: str | None) -> str | None:
        return None if conversation is None else self.transaction.current(conversation)

    def _by(self, channel: str) -> Actor:
        return actor(self.by) if self.by is not None else _channel_itself(channel)


@lru_cache(maxsize=64)
def _channel_itself(name: str) -> Actor:
    """Who brings what nobody else is said to bring; the same few channels bring nearly all."""
    return Actor(id=f"channel:{name}")


def _outcome(arrival: Arrival, row: Placed, merged: tuple[str, ...]) -> Outcome:
    if arrival.reply_id is not None:
        return Outcome.ECHO
    if row.deleted:
        return Outcome.DELETED
    return Outcome.MERGED if merged else Outcome.NEW


def _reused(message: Message) -> Refused:
    said = f"another message {message.channel}:{message.id} is known; an edit has another edited_at"
    return Refused(refusal=Refusal.ID_REUSED, said=f"{said} and the same author, instant and place")
