"""Queries in documents: what is wrong with one is said with its file and key, and the character."""

from collections.abc import Iterable

from socialcare.domain.documents import each_of, text, texts
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


def one_query(value: object, where: str) -> Query:
    """One query; a reader for `Table`.

    Raises:
        InvalidValue: If it is no text.
        InvalidQuery: If it can't be read.
    """
    return query_at(text(value, where), (), where)


def each_query(value: object, where: str) -> tuple[Query, ...]:
    """One query, or a list of them; a reader for `Table`.

    Raises:
        InvalidValue: If it is no text, or no list of them.
        InvalidQuery: If one of them can't be read.
    """
    return each_of(one_query)(value, where)


def queries(value: object, where: str) -> tuple[str, ...]:
    """One query, or a list of them, as they are written; a reader for `Table`.

    Raises:
        InvalidValue: If it is no text, or no list of them.
        InvalidQuery: If one of them can't be read.
    """
    each_query(value, where)
    return texts(value, where)
