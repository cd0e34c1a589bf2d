"""Contacts: what passed between the house and those who help it, kept beside its events.

A contact has a version as a customer has one, under a name that begins with `peer:`, and whoever
asks or thanks somebody writes it as it was read. So nobody is asked twice because two colleagues
asked at once.
"""

from socialcare.desk.transaction import Transaction
from socialcare.domain.events import Event
from socialcare.domain.peers.contact import Contact
from socialcare.domain.peers.ledger import after
from socialcare.domain.stored_form import text_of, value_from
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Asked

_PREFIX = "peer:"


def contact(store: Store, person: str) -> Contact:
    """What passed between the house and somebody; nothing where nothing did."""
    return _read(store, person)[0]


def note(transaction: Transaction, person: str, event: Event) -> Contact:
    """Takes down an event about somebody, and what it makes of the contact with them."""
    known, version = _read(transaction.store, person)
    found = after(known, event)
    transaction.add(event)
    transaction.cursors[_PREFIX + person] = text_of(found)
    transaction.customers[None, _PREFIX + person] = version
    return found


def _read(store: Store, person: str) -> tuple[Contact, int]:
    name = _PREFIX + person
    around = store.around(Asked(people=(name,), cursors=(name,)))
    text = around.cursors.get(name)
    known = Contact(person=person) if text is None else value_from(text, Contact)
    return known, around.customers.get((None, name), 0)
