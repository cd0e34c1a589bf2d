"""Queries in documents: what is wrong with one is said with its file and key, and the character."""

from collections.abc import Iterable

from socialcare.domain.documents import texts
from socialcare.domain.query.query import Query
from socialcare.errors import InvalidQuery


def query_at(written: str, exceptions: Iterable[str], where: str) -> Query:
    """The query that stands at a place of a document.

    Raises:
        InvalidQuery: If it can't be read.
    """
    try:
        return Query(written, exceptions)
    except InvalidQuery as error:
        raise InvalidQuery(
            str(error.found),
            query=written,
            position=error.position,
            right=error.right,
            where=where,
        ) from None


def queries(value: object, where: str) -> tuple[str, ...]:
    """One query, or a list of them, as they are written; a reader for `Table`.

    Raises:
        InvalidValue: If it is no text, or no list of them.
        InvalidQuery: If one of them can't be read.
    """
    found = texts(value, where)
    for number, each in enumerate(found):
        query_at(each, (), where if isinstance(value, str) else f"{where}[{number}]")
    return found
