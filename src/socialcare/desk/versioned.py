"""Texts kept beside the log that several processes change, each as it was read.

A text is a cursor, and its version is kept where those of customers are, under a name that no
customer has. Of two who change one at once the second gets `Conflict`, reads again and decides
again.
"""

from collections.abc import Iterable, Mapping

import attrs

from socialcare.desk.transaction import Transaction
from socialcare.desk.workplace import Workplace
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


def versioned(work: Workplace, name: str, cursors: Iterable[str] = ()) -> Versioned:
    """The texts under a name.

    Args:
        work: The workplace.
        name: Under what they have their version.
        cursors: The names of their cursors; by default that name alone.
    """
    customer = _customer(name)
    wanted = tuple(cursors) or (name,)
    span = Span(customer=customer, first=0, last=0)
    around = work.store.around(Asked(cursors=wanted, spans=(span,)))
    return Versioned(name, around.cursors, around.customers.get(customer, 0))


def _customer(name: str) -> CustomerKey:
    return (None, _KIND + name)
