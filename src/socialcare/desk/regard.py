"""Regard: who helps others, who speaks for the brand, and who leaves it, as the log has it.

Who helps is found in the conversations in which peers spoke, and whom a question suits among them.
What customers say for and against the brand is looked for everywhere. So both cost a walk over the
log, as numbers do.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

import attrs

from socialcare.desk import peers as asking
from socialcare.desk import searching
from socialcare.desk.searching import LOOK_AT
from socialcare.desk.transaction import opened
from socialcare.desk.walk import conversations, pages
from socialcare.desk.workplace import Workplace
from socialcare.domain import peers as domain
from socialcare.domain.assessment import UNREAD
from socialcare.domain.conversation import Conversation
from socialcare.domain.customer import Handle
from socialcare.domain.events import MessageReceived
from socialcare.domain.folding import summary_of
from socialcare.domain.instants import instant
from socialcare.domain.message import Message
from socialcare.domain.peers import Advocate, Peer, PeerAnswer, Statement
from socialcare.domain.query import Query
from socialcare.domain.subject import Subject
from socialcare.domain.summary import Summary
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Asked

_LEAVING = Query("is:leaving is:inbound NOT is:peer")


@attrs.frozen(kw_only=True)
class Suited:
    """A peer whom a question suits.

    Attributes:
        peer: Who, with what they answered before.
        suits: How well, from 0 to 1.
        reasons: Why, in words.
        refused: Why they may not be asked now, in words; None for who may.
    """

    peer: Peer
    suits: float
    reasons: tuple[str, ...]
    refused: str | None = None


def _once(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value))


@attrs.frozen(kw_only=True)
class Leaver:
    """A customer who says that they leave.

    Attributes:
        conversation: Where, and how it stands.
        message: What they wrote last of that.
        words: With which words.
    """

    conversation: Summary
    message: Message
    words: tuple[str, ...] = attrs.field(converter=_once)


def peers(work: Workplace, *, least: int) -> tuple[Peer, ...]:
    """Those who answer other customers, the best first."""
    return tuple(domain.peers(_answers(work), least=least))


def suited(work: Workplace, conversation: str, *, now: datetime, limit: int) -> tuple[Suited, ...]:
    """The peers whom what a customer waits with suits; those who may be asked come first."""
    at = instant(now, where="now")
    transaction, name = opened(work.store, conversation)
    found = transaction.conversation(name)
    limits = asking.policy(work)
    known = domain.peers(_answers(work, besides=name), least=limits.least_answers)
    able = [
        each for each in known if each.score >= limits.least_score and each.id != found.customer_id
    ]
    parts = (found.category, found.subcategory)
    category = " / ".join(part for part in parts if part) or None
    made = [
        Suited(
            peer=each.peer,
            suits=each.suits,
            reasons=each.reasons,
            refused=asking.may_be_asked(work, found, each.peer.id, at),
        )
        for each in domain.suiting(able, _question(found), category)[:limit]
    ]
    return tuple(sorted(made, key=lambda each: each.refused is not None))


def advocates(work: Workplace, *, least: int) -> tuple[Advocate, ...]:
    """Those who speak for the brand, the surest first."""
    return tuple(domain.advocates(_statements(work), least=least))


def leavers(work: Workplace, *, limit: int) -> tuple[Leaver, ...]:
    """The conversations in which a customer says that they leave, the latest first, each once."""
    found = searching.search(work, _LEAVING, limit=_every(limit), look_at=LOOK_AT)
    every = ((each.conversation, each) for each in reversed(found.found))
    latest = {name: each for name, each in every if name is not None}
    kept = work.store.summaries(latest.keys())
    made = (
        Leaver(
            conversation=kept[name].summary,
            message=each.message,
            words=[hit.found for hit in each.hits if hit.start is not None],
        )
        for name, each in latest.items()
    )
    return tuple(sorted(made, key=lambda each: each.message.sent_at, reverse=True)[:limit])


def _every(limit: int) -> int:
    """How many messages are enough for so many conversations, as people repeat themselves."""
    return 10 * limit


def _question(found: Conversation) -> str:
    """What the customer waits with, or else all that they said."""
    since = found.waiting_since
    said = found.customer_messages
    waits = [each for each in said if since is not None and each.sent_at >= since]
    return "\n".join(each.text or "" for each in waits or said)


# What the log has


class _Person:
    """Who is behind a handle, each looked up once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[Handle, str] = {}

    def __call__(self, handle: Handle) -> str:
        if handle not in self._known:
            links = self._store.around(Asked(handles=(handle,))).links
            self._known[handle] = links.get(handle, handle.id)
        return self._known[handle]


def _answers(work: Workplace, besides: str | None = None) -> Iterator[PeerAnswer]:
    """All answers by peers, but for those in one conversation."""
    person = _Person(work.store)
    for name in _with_peers(work.store):
        if name != besides:
            transaction, current = opened(work.store, name)
            yield from domain.answers_in(transaction.conversation(current), person)


def _with_peers(store: Store) -> tuple[str, ...]:
    """The conversations in which a peer spoke, as they are called now."""
    found: dict[str, None] = {}
    for page in pages(store):
        for logged in page:
            event = logged.recorded.event
            if isinstance(event, MessageReceived) and event.message.by_peer and logged.belongs_to:
                found[logged.belongs_to] = None
    return tuple(found)


def _statements(work: Workplace) -> Iterator[Statement]:
    """All that anybody said for or against the brand."""
    person = _Person(work.store)
    for found in conversations(work.store):
        summary = summary_of(found)
        for message in found.spoken:
            said = domain.statement(_subject(work, found, summary, message), person)
            if said is not None:
                yield said


def _subject(work: Workplace, found: Conversation, summary: Summary, message: Message) -> Subject:
    read = found.assessments.get(message.key, UNREAD)
    return Subject(
        message=message,
        annotations=read.annotations,
        conversation=summary,
        accounts=work.accounts,
        found_by=read.found_by,
    )
