"""Terms that many queries of a document share, written once.

A document writes them under `terms`, each a query or a list of them of which any will do, and its
queries name them in angle brackets, as `<outage> lang:en`. Words after `exceptions` are never taken
for another with a slip in it.
"""

import re
from collections.abc import Mapping
from typing import Self

import attrs

from socialcare.domain.documents import Table, text, texts
from socialcare.domain.query.document import queries, query_at
from socialcare.domain.query.query import Query
from socialcare.errors import InvalidValue

__all__ = ["Terms"]

_NAMED = re.compile(r"<([\w-]+)>", re.ASCII)


@attrs.frozen(kw_only=True)
class Terms:
    """The terms of a document.

    Attributes:
        alternatives: By name, the query that each stands for.
        exceptions: Words that are no slips of others.
    """

    alternatives: Mapping[str, str]
    exceptions: tuple[str, ...] = ()

    @classmethod
    def of(cls, table: Table) -> Self:
        """The terms that stand at the top of a document.

        Raises:
            InvalidValue: At the first that can't be read.
        """
        none: tuple[str, ...] = ()
        return cls(
            alternatives=dict(table.table("terms").entries(_any_of)),
            exceptions=table.get("exceptions", texts, none),
        )

    def query(self, value: object, where: str) -> Query:
        """The query at a place of the document, its terms spelt out; a reader for `Table`.

        Raises:
            InvalidQuery: If it can't be read.
            InvalidValue: If it names a term that there is not.
        """
        written = text(value, where)
        # Names stand for words while it is tried, so that an error counts what was written.
        query_at(_NAMED.sub(lambda found: "x" * len(found[0]), written), self.exceptions, where)
        return query_at(self._spelt_out(written, where), self.exceptions, where)

    def _spelt_out(self, query: str, where: str) -> str:
        def alternatives(found: "re.Match[str]") -> str:
            if found[1] not in self.alternatives:
                known = ", ".join(self.alternatives) or "none"
                right = f"a name out of those under `terms`: {known}"
                raise InvalidValue(found[0], where=where, right=right)
            return self.alternatives[found[1]]

        return _NAMED.sub(alternatives, query)


def _any_of(value: object, where: str) -> str:
    """Terms as one query: any of them will do."""
    every = queries(value, where)
    if not every:
        raise InvalidValue(value, where=where, right="at least one term")
    # Without parentheses that need not be, a long list is one look at the words of a text.
    return "(" + " OR ".join(f"({each})" if "+" in each else each for each in every) + ")"
