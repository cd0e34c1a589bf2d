"""Documents: what is written down when a file holds another one, or none that can be in force.

Every process reads the files for itself, and what it has read is in force in it at once. The event
is written by whoever sees it first. For that, each content gets a number, the one after the last;
an entry of the outbox has the number in its key, so of several processes only one can add it, and
whoever claims it writes the event. Nothing is lost if a process ends in between: the next one
claims it.
"""

import logging
from collections.abc import Iterator
from datetime import datetime
from itertools import count

from socialcare.desk import notices
from socialcare.desk.delivery import LEASE
from socialcare.desk.handbook import Changed, Refused
from socialcare.desk.transaction import Transaction
from socialcare.desk.versioned import Versioned, each_versioned
from socialcare.desk.walk import cursor
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor, By, actor
from socialcare.domain.events import DocumentChanged, DocumentRefused, Event
from socialcare.domain.instants import instant
from socialcare.domain.stored_form import event_from, event_text
from socialcare.errors import Conflict, InvalidEvent
from socialcare.plugins.records import Commit, Delivery, Entry, Notice, Settlement

TARGET = "desk:documents"
_AT_ONCE = 10
_log = logging.getLogger("socialcare.desk")


def reload(work: Workplace, *, by: By, now: datetime) -> tuple[Event, ...]:
    """The events about what is new in the files, as far as nobody wrote them before."""
    now, who = instant(now, where="now"), actor(by)
    for found in _new(work):
        _note(work, _event(found, who, now), now)
    return tuple(_written(work, now))


def _new(work: Workplace) -> Iterator[Changed | Refused]:
    """What is new in the files: to this process, and where it has just begun to all others."""
    first = {_cursor("document_changed", each.kind): each for each in work.shelf.first_time()}
    known = each_versioned(work.store, first)
    for name, found in first.items():
        if not known[name].texts:
            _begin(work, known[name], found)
    again = work.shelf.read_again()
    newer = {each.kind for each in again if isinstance(each, Changed)}
    for name, found in first.items():
        # Of a newer one another process may have told before: then the older one is no news.
        if known[name].texts and found.kind not in newer:
            yield found
    yield from again


def _begin(work: Workplace, known: Versioned, found: Changed) -> None:
    """Takes down which document was the first, unless another process does so."""
    transaction = Transaction(store=work.store, kept={})
    known.put(transaction, {known.name: f"0 {found.digest}"})
    try:
        transaction.commit()
    except Conflict:
        _log.debug("another process was the first to know of %s", found.kind)


def _event(
    found: Changed | Refused, who: Actor, now: datetime
) -> DocumentChanged | DocumentRefused:
    if isinstance(found, Changed):
        return DocumentChanged(
            conversation=None,
            at=now,
            by=who,
            kind=found.kind,
            name=found.name,
            document_version=found.version,
            digest=found.digest,
            changes=found.changes,
        )
    _log.error("%s stays as it was: %s", found.kind, found.said)
    return DocumentRefused(
        conversation=None,
        at=now,
        by=who,
        kind=found.kind,
        source=found.source,
        said=found.said,
        digest=found.digest,
    )


def _note(work: Workplace, event: DocumentChanged | DocumentRefused, now: datetime) -> None:
    """Has an event written by whoever comes first, unless it was the last of its kind."""
    name = _cursor_of(event)
    known = cursor(work.store, name) or "0 "
    last, _, digest = known.partition(" ")
    if digest == event.digest:
        return
    for number in count(int(last) + 1):
        entry = _entry(name, number, event, now)
        work.store.commit(Commit(outbox=(entry,)))
        (held,) = work.store.entries((entry.key,))
        if _event_in(held).digest == event.digest:
            return  # ours, or the same by another process; else that number is another content's


def _entry(
    name: str, number: int, event: DocumentChanged | DocumentRefused, now: datetime
) -> Entry:
    key = f"{name}:{number}"
    notice = Notice(id=key, kind="document", conversation=None, said=event_text(event), at=now)
    return Entry(key=key, target=TARGET, lane=name, what=notice, conversation=None, due_at=now)


def _event_in(entry: Entry) -> DocumentChanged | DocumentRefused:
    event = event_from(entry.what.said) if isinstance(entry.what, Notice) else None
    if not isinstance(event, DocumentChanged | DocumentRefused):
        raise InvalidEvent(entry.key, "found no event about a document")
    return event


def _written(work: Workplace, now: datetime) -> Iterator[Event]:
    """Writes what was noted, here or by a process that ended before it could."""
    while due := work.store.claim((TARGET,), now=now, until=now + LEASE, limit=_AT_ONCE):
        for entry in due:
            try:
                yield _write(work, entry, now)
            except Conflict:  # our claim ran out, and another process was faster
                continue


def _write(work: Workplace, entry: Entry, now: datetime) -> Event:
    event = _event_in(entry)
    transaction = Transaction(store=work.store, kept={})
    transaction.add(event)
    if isinstance(event, DocumentRefused):
        said = f"{event.kind} stays as it was: {event.said}"
        transaction.outbox += notices.entries(
            work, kind="document_refused", conversation=None, to=None, said=said, at=now
        )
    number = entry.key.rpartition(":")[2]
    transaction.cursors[_cursor_of(event)] = f"{number} {event.digest}"
    transaction.settled.append(
        Settlement(key=entry.key, attempt=entry.attempts, state=Delivery.SENT)
    )
    transaction.commit()
    return event


def _cursor_of(event: DocumentChanged | DocumentRefused) -> str:
    of = "document_changed" if isinstance(event, DocumentChanged) else "document_refused"
    return _cursor(of, event.kind)


def _cursor(of: str, kind: str) -> str:
    """The name of the cursor with the number and the digest of what was written last."""
    return f"desk:{of}:{kind}"
