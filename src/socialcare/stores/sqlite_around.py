"""What threading asks a SQLite database, within a transaction that shows one moment of it."""

import sqlite3
from collections.abc import Iterable, Iterator
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

_BY_KEY = f"SELECT {PLACED} FROM message WHERE channel = ? AND id = ?"  # noqa: S608 - ours
_ANSWERS = f"SELECT {PLACED} FROM message WHERE channel = ? AND in_reply_to = ?"  # noqa: S608 - ours
# From the nearest second with a spoken row on one side to that on the other, or to the end.
_PLACED = ", ".join(f"message.{name}" for name in PLACED.split(", "))
_OWN = "near.customer_id = asked.customer AND near.brand IS asked.brand"
_LOOSE = "near.note = 0 AND near.given IS NULL"
_BY_SPAN = f"""
    SELECT {_PLACED}
    FROM (SELECT ? AS customer, ? AS brand, ? AS first, ? AS last) AS asked CROSS JOIN message
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
"""  # noqa: S608 - constants of ours
_VERSION = "SELECT brand, id, version FROM customer WHERE id = ? AND brand = ?"
_VERSIONS = "SELECT brand, id, version FROM customer WHERE id = ?"
_KEPT = f"SELECT version, {SUMMARY} FROM conversation WHERE id = ?"  # noqa: S608 - ours
_LINK = "SELECT customer_id FROM link WHERE channel = ? AND handle_id = ?"
_HANDLES = "SELECT channel, handle_id FROM link WHERE customer_id = ? ORDER BY channel, handle_id"
_CURSOR = "SELECT cursor FROM cursor WHERE channel = ?"


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
    found = _each(connection, _KEPT, ((written(name),) for name in ids))
    return {kept.summary.id: kept for kept in map(kept_from, found)}


def _each(connection: sqlite3.Connection, statement: str, asked: Iterable[Row]) -> Iterator[Row]:
    """The rows that a statement finds for each of what is asked."""
    return chain.from_iterable(connection.execute(statement, each) for each in asked)


def _placed(connection: sqlite3.Connection, asked: Asked) -> dict[Key, Placed]:
    keys = [key_row(key) for key in asked.keys]
    found = chain(
        _each(connection, _BY_KEY, keys),
        _each(connection, _ANSWERS, keys),
        _each(connection, _BY_SPAN, map(_span_row, asked.spans)),
    )
    rows = {row[:2]: row for row in found}
    return {key: placed_from(row) for key, row in rows.items()}


def _span_row(span: Span) -> Row:
    brand, name = span.customer
    return (written(name), written_or_none(brand), span.first, span.last)


def _versions(connection: sqlite3.Connection, asked: Asked) -> dict[CustomerKey, int]:
    versions = {span.customer: 0 for span in asked.spans}
    own = _each(connection, _VERSION, map(customer_row, tuple(versions)))
    every = _each(connection, _VERSIONS, ((written(person),) for person in asked.people))
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
    asked = ((each, connection.execute(_LINK, handle_row(each)).fetchone()) for each in handles)
    return {handle: found[0] for handle, found in asked if found}


def _handles_of(connection: sqlite3.Connection, person: str) -> tuple[Handle, ...]:
    rows = connection.execute(_HANDLES, (written(person),))
    return tuple(Handle(channel=channel, id=name) for channel, name in rows)


def _cursors(connection: sqlite3.Connection, channels: Iterable[str]) -> dict[str, str]:
    asked = ((each, connection.execute(_CURSOR, (written(each),)).fetchone()) for each in channels)
    return {channel: found[0] for channel, found in asked if found}
