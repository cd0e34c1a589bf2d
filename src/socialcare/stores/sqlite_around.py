"""What threading asks a SQLite database, within a transaction that shows one moment of it."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator

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
    handle_row,
    kept_from,
    key_row,
    listed,
    placed_from,
)


def _asked(*names: str) -> str:
    """What is asked for, as a table made of a JSON array of arrays."""
    each = (f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(names))
    return f"(SELECT {', '.join(each)} FROM json_each(?)) AS asked"  # noqa: S608 - constants of ours


# CROSS has SQLite begin with what is asked. Columns are those of `PLACED`, or as they are named.
_PLACED = ", ".join(f"message.{name}" for name in PLACED.split(", "))
_BY_KEY = f"""
    SELECT {_PLACED} FROM {_asked("channel", "id")} CROSS JOIN message
    ON message.channel = asked.channel AND message.id = asked.id
"""  # noqa: S608 - constants of ours
_ANSWERS = f"""
    SELECT {_PLACED} FROM {_asked("channel", "id")} CROSS JOIN message
    ON message.channel = asked.channel AND message.in_reply_to = asked.id
"""  # noqa: S608 - constants of ours
_OWN = "near.customer_id = asked.customer AND near.brand IS asked.brand"
_LOOSE = "near.note = 0 AND near.given IS NULL"
# From the nearest second with a spoken row on one side to that on the other, or to the end.
_BY_SPAN = f"""
    SELECT {_PLACED} FROM {_asked("customer", "brand", "first", "last")} CROSS JOIN message
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
_VERSION = f"""
    SELECT customer.brand, customer.id, customer.version
    FROM {_asked("id", "brand")} CROSS JOIN customer
    ON customer.id = asked.id AND customer.brand = coalesce(asked.brand, x'')
"""  # noqa: S608 - constants of ours
_VERSIONS = "SELECT brand, id, version FROM customer WHERE id = ?"
_KEPT = f"""
    SELECT version, {SUMMARY} FROM conversation
    WHERE id IN (SELECT value FROM json_each(?))
"""  # noqa: S608 - constants of ours
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


def summaries(connection: sqlite3.Connection, ids: Collection[str]) -> dict[str, Kept]:
    """The summaries of these conversations; unknown ones are absent."""
    if not ids:
        return {}
    rows = map(kept_from, connection.execute(_KEPT, (listed(ids),)))
    return {kept.summary.id: kept for kept in rows}


def _placed(connection: sqlite3.Connection, asked: Asked) -> dict[Key, Placed]:
    rows = {row[:2]: row for row in _rows(connection, asked)}
    return {key: placed_from(row) for key, row in rows.items()}


def _rows(connection: sqlite3.Connection, asked: Asked) -> Iterator[Row]:
    keys = (_table(map(key_row, asked.keys)),)
    yield from connection.execute(_BY_KEY, keys)
    yield from connection.execute(_ANSWERS, keys)
    yield from connection.execute(_BY_SPAN, (_table(map(_span_row, asked.spans)),))


def _table(rows: Iterable[Row]) -> str:
    return json.dumps(list(rows))


def _span_row(span: Span) -> Row:
    return (*_named(span.customer), span.first, span.last)


def _named(customer: CustomerKey) -> Row:
    brand, name = customer
    return (written(name), written_or_none(brand))


def _versions(connection: sqlite3.Connection, asked: Asked) -> dict[CustomerKey, int]:
    versions = {span.customer: 0 for span in asked.spans}
    rows = connection.execute(_VERSION, (_table(map(_named, versions)),)).fetchall()
    for person in asked.people:
        rows += connection.execute(_VERSIONS, (written(person),))
    versions.update({(None if row[0] == NO_BRAND else row[0], row[1]): row[2] for row in rows})
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
