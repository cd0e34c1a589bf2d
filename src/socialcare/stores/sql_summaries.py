"""Summaries in SQL: by id, and by the page.

A page is one statement that an index answers in order, so the first page of a long queue costs no
more than that of a short one.
"""

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import (
    Connection,
    Select,
    and_,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.sql.elements import ColumnElement

from socialcare.domain.stored_form import value_from
from socialcare.domain.summary import Summary
from socialcare.plugins.records import CustomerKey, Kept, Page
from socialcare.stores.names import written
from socialcare.stores.sql_rows import one_of
from socialcare.stores.sql_tables import Tables
from socialcare.stores.sql_types import Brand

EQUAL = ("channel", "agent_id", "team_id", "category")
"""What a page asks of a conversation by name, beside its brand."""


class Summaries:
    """Reads summaries."""

    def __init__(self, tables: Tables) -> None:
        self._table = tables.conversation
        self._known = select(self._table.c.id, self._table.c.version, self._table.c.summary).where(
            self._table.c.id == one_of("ids")
        )

    def known(self, connection: Connection, ids: Collection[str]) -> dict[str, Kept]:
        """The summaries of these conversations."""
        if not ids:
            return {}
        rows = connection.execute(self._known, {"ids": list(ids)})
        return {
            name: Kept(summary=value_from(summary, Summary), version=version)
            for name, version, summary in rows
        }

    def with_survivors(self, connection: Connection, ids: Collection[str]) -> Mapping[str, Kept]:
        """The summaries of these conversations, and of those that they became part of."""
        found = self.known(connection, ids)
        while missing := _survivors(found) - found.keys():
            more = self.known(connection, missing)
            if not more:
                break
            found |= more
        return found

    def page(self, connection: Connection, page: Page) -> tuple[Summary, ...]:
        """A page of a queue, or of a customer's history."""
        chosen = self._queue(page) if page.customer is None else self._history(page, page.customer)
        wanted = chosen.where(self._table.c.merged_into.is_(None), *self._filters(page))
        rows = connection.scalars(wanted.limit(page.limit))
        return tuple(value_from(text, Summary) for text in rows)

    def _queue(self, page: Page) -> Select[str]:
        turn, since, name = (self._table.c[each] for each in ("turn_at", "waiting_since", "id"))
        place = since if page.noise else turn
        queue = select(self._table.c.summary).where(place.is_not(None)).order_by(place, name)
        if page.noise:
            queue = queue.where(turn.is_(None))
        if page.after is None:
            return queue
        last = page.after.waiting_since if page.noise else page.after.turn_at
        # Where nobody waits any more there is nothing behind: null is greater than none.
        return queue.where(tuple_(place, name) > (last, page.after.id))

    def _history(self, page: Page, customer: CustomerKey) -> Select[str]:
        last, name = self._table.c.last_at, self._table.c.id
        brand = literal(customer[0], Brand())  # of its type, since none is a value there
        history = (
            select(self._table.c.summary)
            .where(self._table.c.brand == brand, self._table.c.customer_id == customer[1])
            .order_by(last.desc().nulls_last(), name)
        )
        if page.after is None:
            return history
        later = and_(last.is_not_distinct_from(page.after.last_at), name > page.after.id)
        if page.after.last_at is None:
            return history.where(later)
        return history.where(or_(last < page.after.last_at, last.is_(None), later))

    def _filters(self, page: Page) -> Iterator[ColumnElement[bool]]:
        table = self._table
        if page.states is not None:
            yield table.c.state.in_(sorted(page.states))
        if page.brand is not None:
            yield table.c.brand == page.brand
        for name in EQUAL:
            wanted = getattr(page, name)
            if wanted is not None:
                yield table.c[name] == wanted
        if page.tag is not None:
            yield table.c.tags.has_key(written(page.tag))
        if page.unassigned:
            yield table.c.agent_id.is_(None)


def _survivors(found: Mapping[str, Kept]) -> set[str]:
    every = {kept.summary.merged_into for kept in found.values()}
    return {name for name in every if name is not None}
