"""What is around messages, in SQL: one statement for all the messages and customers of a batch."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    CompoundSelect,
    Connection,
    Select,
    Table,
    and_,
    func,
    literal,
    select,
    union,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement

from socialcare.domain.customer import Handle
from socialcare.domain.placed import Placed
from socialcare.plugins.records import Around, Asked, CustomerKey
from socialcare.stores.sql_rows import Rows, one_of
from socialcare.stores.sql_summaries import Summaries
from socialcare.stores.sql_tables import Tables

BEFORE_ALL, AFTER_ALL = -(2**62), 2**62
"""Seconds that no message is sent at."""
PEOPLE = one_of("people")
"""One of the people that are asked for."""


class Surroundings:
    """Answers what threading wants to know."""

    def __init__(self, tables: Tables, summaries: Summaries) -> None:
        self._summaries = summaries
        message, customer, link = tables.message, tables.customer, tables.link
        self._keys = Rows("key", message.primary_key)
        seconds = [Column(each, BigInteger()) for each in ("first", "last")]
        self._spans = Rows("span", [message.c.brand, message.c.customer_id, *seconds])
        self._placed = union_all(*_known(tables, self._keys), _within(tables, self._spans))
        self._customers = Rows("customer", customer.primary_key)
        self._versions = _either(customer, self._customers, customer.c.id == PEOPLE)
        self._handles = Rows("handle", link.primary_key)
        self._links = _either(link, self._handles, link.c.customer_id == PEOPLE)
        channels = one_of("channels")
        self._cursors = select(tables.cursor).where(tables.cursor.c.channel == channels)

    def around(self, connection: Connection, asked: Asked) -> Around:
        """The answers; versions are read first, so that a commit finds out what changed since."""
        customers = self._customers_of(connection, asked)
        links = self._links_of(connection, asked)
        placed = self._placed_of(connection, asked)
        conversations = {row.conversation for row in placed if row.conversation is not None}
        return Around(
            placed=placed,
            customers=customers,
            summaries=self._summaries.with_survivors(connection, conversations),
            links={each: links[each] for each in asked.handles if each in links},
            handles=_by_person(asked.people, links),
            cursors=self._cursors_of(connection, asked),
        )

    def _customers_of(self, connection: Connection, asked: Asked) -> Mapping[CustomerKey, int]:
        wanted = {span.customer: 0 for span in asked.spans}
        if not wanted and not asked.people:
            return {}
        given = self._customers.given(wanted) | {"people": list(asked.people)}
        rows = connection.execute(self._versions, given).all()
        return wanted | {(row.brand, row.id): row.version for row in rows}

    def _placed_of(self, connection: Connection, asked: Asked) -> tuple[Placed, ...]:
        if not asked.keys and not asked.spans:
            return ()
        spans = [(*span.customer, span.first, span.last) for span in asked.spans]
        given = self._keys.given(asked.keys) | self._spans.given(spans)
        rows = connection.execute(self._placed, given)
        found = {(row.channel, row.id): row for row in rows}
        return tuple(Placed(**row._mapping) for row in found.values())

    def _links_of(self, connection: Connection, asked: Asked) -> Mapping[Handle, str]:
        if not asked.handles and not asked.people:
            return {}
        handles = self._handles.given((each.channel, each.id) for each in asked.handles)
        rows = connection.execute(self._links, handles | {"people": list(asked.people)})
        return {Handle(channel=row.channel, id=row.id): row.customer_id for row in rows}

    def _cursors_of(self, connection: Connection, asked: Asked) -> Mapping[str, str]:
        if not asked.cursors:
            return {}
        rows = connection.execute(self._cursors, {"channels": list(asked.cursors)})
        return {row.channel: row.cursor for row in rows}


def _by_person(
    people: Iterable[str], links: Mapping[Handle, str]
) -> Mapping[str, tuple[Handle, ...]]:
    handles: dict[str, list[Handle]] = {person: [] for person in people}
    for handle, person in links.items():
        if person in handles:
            handles[person].append(handle)
    return {person: tuple(sorted(own)) for person, own in handles.items()}


def _either(table: Table, rows: Rows, chosen: ColumnElement[bool]) -> CompoundSelect[Any]:
    """The rows of a table with one of these keys, and those that are chosen."""
    return union(select(table).join(rows.table, _alike(table, rows)), select(table).where(chosen))


def _alike(table: Table, rows: Rows) -> ColumnElement[bool]:
    return and_(*(table.c[each] == rows.c[each] for each in rows.names))


def _known(tables: Tables, keys: Rows) -> tuple[Select[Any], Select[Any]]:
    """The messages with one of these keys, and those that answer one of them."""
    table = tables.message
    answering = and_(table.c.channel == keys.c.channel, table.c.in_reply_to == keys.c.id)
    return (
        select(table).join(keys.table, _alike(table, keys)),
        select(table).join(keys.table, answering),
    )


def _within(tables: Tables, spans: Rows) -> Select[Any]:
    """The messages of customers in stretches of time, up to what was spoken on either side."""
    table = tables.message
    spoken = table.alias("spoken")
    own = (
        spoken.c.customer_id == spans.c.customer_id,
        spoken.c.brand == spans.c.brand,
        ~spoken.c.note,
        spoken.c.given.is_(None),
    )
    before = select(func.max(spoken.c.second)).where(*own, spoken.c.second < spans.c.first)
    after = select(func.min(spoken.c.second)).where(*own, spoken.c.second > spans.c.last)
    return select(table).join(
        spans.table,
        and_(
            table.c.customer_id == spans.c.customer_id,
            table.c.brand == spans.c.brand,
            table.c.second >= func.coalesce(before.scalar_subquery(), literal(BEFORE_ALL)),
            table.c.second <= func.coalesce(after.scalar_subquery(), literal(AFTER_ALL)),
        ),
    )
