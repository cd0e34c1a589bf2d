"""Contacts: what passed between the house and those who help it, kept beside its events.

Whoever asks or thanks somebody writes the contact only as it was read. So nobody is asked twice
because two colleagues asked at once.
"""

from socialcare.desk.transaction import Transaction
from socialcare.desk.versioned import Versioned, versioned
from socialcare.domain.events import Event
from socialcare.domain.peers.contact import Contact
from socialcare.domain.peers.ledger import after
from socialcare.domain.stored_form import text_of, value_from
from socialcare.plugins.protocols import Store

_PREFIX = "peer:"


def contact(store: Store, person: str) -> Contact:
    """What passed between the house and somebody; nothing where nothing did."""
    return _read(store, person)[0]


def note(transaction: Transaction, person: str, event: Event) -> Contact:
    """Takes down an event about somebody, and what it makes of the contact with them."""
    known, texts = _read(transaction.store, person)
    found = after(known, event)
    transaction.add(event)
    texts.put(transaction, {texts.name: text_of(found)})
    return found


def _read(store: Store, person: str) -> tuple[Contact, Versioned]:
    texts = versioned(store, _PREFIX + person)
    text = texts.texts.get(texts.name)
    return Contact(person=person) if text is None else value_from(text, Contact), texts
