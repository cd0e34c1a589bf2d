"""Texts kept beside the log that several processes change, each as it was read.

A text is a cursor, and its version is kept where those of customers are, under a name that no
customer has. Of two who change one at once the second gets `Conflict`, reads again and decides
again. So are kept the cards of agents, contacts with peers, templates, issues, and the like.
"""

from collections.abc import Iterable, Mapping

import attrs

from socialcare.desk.transaction import Transaction
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Asked, CustomerKey, Span

_KIND = "socialcare:text:"


@attrs.frozen
class Versioned:
    """Texts as they were read, all of one moment.

    Attributes:
        name: Under what they have their version.
        texts: By the names of their cursors; those never written are absent.
        version: How often they were written.
    """

    name: str
    texts: Mapping[str, str]
    version: int

    def put(self, transaction: Transaction, texts: Mapping[str, str]) -> None:
        """Takes down new texts, to be written only if nobody has changed any of them since."""
        transaction.customers[_customer(self.name)] = self.version
        transaction.cursors.update(texts)


def versioned(store: Store, name: str, cursors: Iterable[str] = ()) -> Versioned:
    """The texts under a name.

    Args:
        store: Where they are kept.
        name: Under what they have their version.
        cursors: The names of their cursors; by default that name alone.
    """
    wanted = tuple(cursors) or (name,)
    around = store.around(Asked(cursors=wanted, spans=(_span(name),)))
    return Versioned(name, around.cursors, around.customers.get(_customer(name), 0))


def each_versioned(store: Store, names: Iterable[str]) -> Mapping[str, Versioned]:
    """A text under each of these names, with a version of its own; all of one moment."""
    wanted = tuple(names)
    if not wanted:
        return {}
    around = store.around(Asked(cursors=wanted, spans=tuple(map(_span, wanted))))
    texts = around.cursors
    return {
        name: Versioned(
            name,
            {name: texts[name]} if name in texts else {},
            around.customers.get(_customer(name), 0),
        )
        for name in wanted
    }


def _span(name: str) -> Span:
    """A stretch of no messages, for its customer's version."""
    return Span(customer=_customer(name), first=0, last=0)


def _customer(name: str) -> CustomerKey:
    return (None, _KIND + name)
