"""The ledger: what events make of the contacts with those who help.

A contact is a view of the log: folding all events gives what a desk keeps beside them, person by
person, so that it need not.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from socialcare.domain.events import Event, PeerAsked, PeerConsentChanged, PeerThanked
from socialcare.domain.peers.contact import Ask, Contact

__all__ = ["after", "ledger"]


def after(contact: Contact, event: Event) -> Contact:
    """The contact with somebody after an event that is about them."""
    match event:
        case PeerConsentChanged():
            return contact.with_consent(given=event.given)
        case PeerAsked():
            return contact.with_ask(Ask(at=event.at, conversation=event.conversation))
        case PeerThanked():
            return contact.with_thanks(event.at)
        case _:
            return contact


def ledger(events: Iterable[Event]) -> Mapping[str, Contact]:
    """The contacts that these events make, by person; the events as they stand in the log."""
    contacts: dict[str, Contact] = {}
    for event in events:
        if isinstance(event, PeerConsentChanged | PeerAsked | PeerThanked):
            known = contacts.get(event.person) or Contact(person=event.person)
            contacts[event.person] = after(known, event)
    return MappingProxyType(contacts)
