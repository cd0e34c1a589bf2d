"""What threading asks a SQLite database, within a transaction that shows one moment of it.

What is asked of one kind goes over in one statement, many rows of it at a time: a statement of its
own for each row takes several times as long, nearly all of it on the way.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from socialcare.domain.customer import Handle
from socialcare.domain.events import Key
from socialcare.domain.placement import Placed
from socialcare.plugins.records import Around, Asked, CustomerKey, Kept, Span
from socialcare.stores.names import written, written_or_none
from socialcare.stores.sqlite_rows import (
    NO_BRAND,
    PLACED,
    SUMMARY,
    Row,
    customer_row,
    handle_row,
    kept_from,
    key_row,
    placed_from,
)

_MANY = 100
"""Rows that are asked for together; SQLite may take no more than 999 values."""
_FEW = 10
"""Fewer rows than that are asked for one by one."""


def _asking(*columns: str, statement: str) -> Mapping[int, str]:
    """A statement that joins `asked`, a table of what is asked, by how many rows that has."""
    row = f"({', '.join('?' for _ in columns)})"
    return {
        rows: f"WITH asked ({', '.join(columns)}) AS (VALUES {', '.join([row] * rows)}) {statement}"
        for rows in (1, _MANY)
    }


# The statements are put together from constants of ours. `CROSS JOIN` has what is asked gone
# through, and the rest looked up.
_PLACED = ", ".join(f"message.{name}" for name in PLACED.split(", "))
_BY_KEY = _asking(
    "channel",
    "id",
    statement=f"""
        SELECT {_PLACED} FROM asked CROSS JOIN message
        ON message.id = asked.id AND message.channel = asked.channel
    """,  # noqa: S608
)
_ANSWERS = _asking(
    "channel",
    "id",
    statement=f"""
        SELECT {_PLACED} FROM asked CROSS JOIN message
        ON message.in_reply_to = asked.id AND message.channel = asked.channel
    """,  # noqa: S608
)
# From the nearest second with a spoken row on one side to that on the other, or to the end.
_OWN = "near.customer_id = asked.customer AND near.brand IS asked.brand"
_LOOSE = "near.note = 0 AND near.given IS NULL"
_BY_SPAN = _asking(
    "customer",
    "brand",
    "first",
    "last",
    statement=f"""
        SELECT {_PLACED} FROM asked CROSS JOIN message
        ON message.customer_id = asked.customer AND message.brand IS asked.brand
        AND message.second >= coalesce(
            (
                SELECT near.second FROM message AS near
                WHERE {_OWN} AND near.second < asked.first AND {_LOOSE}
                ORDER BY near.second DESC LIMIT 1
            ),
            -9223372036854775808
        )
        AND message.second <= coalesce(
            (
                SELECT near.second FROM message AS near
                WHERE {_OWN} AND near.second > asked.last AND {_LOOSE}
                ORDER BY near.second LIMIT 1
            ),
            9223372036854775807
        )
    """,  # noqa: S608
)
_VERSION = _asking(
    "id",
    "brand",
    statement="""
        SELECT customer.brand, customer.id, customer.version FROM asked CROSS JOIN customer
        ON customer.id = asked.id AND customer.brand = asked.brand
    """,
)
_SUMMARY = ", ".join(f"conversation.{name}" for name in SUMMARY.split(", "))
_KEPT = _asking(
    "id",
    statement=f"""
        SELECT conversation.version, {_SUMMARY} FROM asked CROSS JOIN conversation
        ON conversation.id = asked.id
    """,  # noqa: S608
)
_LINK = _asking(
    "channel",
    "handle_id",
    statement="""
        SELECT link.channel, link.handle_id, link.customer_id FROM asked CROSS JOIN link
        ON link.channel = asked.channel AND link.handle_id = asked.handle_id
    """,
)
_VERSIONS = "SELECT brand, id, version FROM customer WHERE id = ?"
_HANDLES = "SELECT channel, handle_id FROM link WHERE customer_id = ? ORDER BY channel, handle_id"
_CURSOR = "SELECT channel, cursor FROM cursor WHERE channel = ?"


def around(connection: sqlite3.Connection, asked: Asked) -> Around:
    """The answers to what is asked."""
    placed = _placed(connection, asked)
    conversations = {row.conversation for row in placed.values() if row.conversation is not None}
    return Around(
        placed=tuple(placed.values()),
        customers=_versions(connection, asked),
        summaries=_with_survivors(connection, conversations),
        links=_links(connection, asked.handles),
        handles={person: _handles_of(connection, person) for person in asked.people},
        cursors=_cursors(connection, asked.cursors),
    )


def summaries(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, Kept]:
    """The summaries of these conversations; unknown ones are absent."""
    found = _found(connection, _KEPT, ((written(name),) for name in ids))
    return {kept.summary.id: kept for kept in map(kept_from, found)}


def _found(
    connection: sqlite3.Connection, statement: Mapping[int, str], asked: Iterable[Row]
) -> Iterator[Row]:
    """The rows that a statement finds for all that is asked."""
    rows = list(asked)
    if len(rows) < _FEW:
        return chain.from_iterable(connection.execute(statement[1], row) for row in rows)
    rows += [(None,) * len(rows[0])] * (-len(rows) % _MANY)  # which find nothing
    parts = (rows[first : first + _MANY] for first in range(0, len(rows), _MANY))
    together = (tuple(chain.from_iterable(part)) for part in parts)
    return chain.from_iterable(connection.execute(statement[_MANY], each) for each in together)


def _each(connection: sqlite3.Connection, statement: str, names: Iterable[str]) -> Iterator[Row]:
    """The rows that a statement finds for each name."""
    found = (connection.execute(statement, (written(name),)) for name in names)
    return chain.from_iterable(found)


def _placed(connection: sqlite3.Connection, asked: Asked) -> dict[Key, Placed]:
    keys = [key_row(key) for key in asked.keys]
    found = chain(
        _found(connection, _BY_KEY, keys),
        _found(connection, _ANSWERS, keys),
        _found(connection, _BY_SPAN, map(_span_row, asked.spans)),
    )
    rows = {row[:2]: row for row in found}
    return {key: placed_from(row) for key, row in rows.items()}


def _span_row(span: Span) -> Row:
    brand, name = span.customer
    return (written(name), written_or_none(brand), span.first, span.last)


def _versions(connection: sqlite3.Connection, asked: Asked) -> dict[CustomerKey, int]:
    versions = {span.customer: 0 for span in asked.spans}
    own = _found(connection, _VERSION, map(customer_row, tuple(versions)))
    every = _each(connection, _VERSIONS, asked.people)
    for brand, name, version in chain(own, every):
        versions[None if brand == NO_BRAND else brand, name] = version
    return versions


def _with_survivors(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, Kept]:
    found: dict[str, Kept] = {}
    wanted = set(ids)
    while wanted:
        known = summaries(connection, wanted)
        found.update(known)
        merged_into = {kept.summary.merged_into for kept in known.values()} - {None}
        wanted = {each for each in merged_into if each is not None and each not in found}
    return found


def _links(connection: sqlite3.Connection, handles: Iterable[Handle]) -> dict[Handle, str]:
    rows = _found(connection, _LINK, map(handle_row, handles))
    return {Handle(channel=channel, id=name): customer for channel, name, customer in rows}


def _handles_of(connection: sqlite3.Connection, person: str) -> tuple[Handle, ...]:
    rows = connection.execute(_HANDLES, (written(person),))
    return tuple(Handle(channel=channel, id=name) for channel, name in rows)


def _cursors(connection: sqlite3.Connection, channels: Iterable[str]) -> dict[str, str]:
    return dict(_each(connection, _CURSOR, channels))
