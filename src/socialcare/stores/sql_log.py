"""The log in SQL.

An event keeps its tick and its position for good; which conversation it belongs to may change.
The tick is the number of the transaction that wrote it, and the log is read in order of ticks. It
is read only up to the first transaction that is still open: so what turns up later always comes
behind what was read, and a cursor misses nothing. A transaction that stays open, anywhere on the
server, holds readers of the log back, and nothing else.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Row,
    bindparam,
    or_,
    select,
    tuple_,
    update,
)

from socialcare.domain.events import Event, Recorded
from socialcare.domain.stored_form import event_from, event_text
from socialcare.errors import InvalidValue
from socialcare.plugins.records import Logged, Move
from socialcare.stores.sql_migrations import first_open_tick, tick
from socialcare.stores.sql_rows import Rows
from socialcare.stores.sql_tables import Tables
from socialcare.stores.sql_types import AnyText

START = "0:0"
"""A cursor before every event."""
_CURSOR = re.compile(r"([0-9]{1,18}):([0-9]{1,18})")


class Log:
    """Writes and reads events."""

    def __init__(self, tables: Tables) -> None:
        table = tables.event
        self._events = Rows("event", [table.c.conversation, table.c.event], place=True)
        # In order before positions are drawn, so that they rise as the events do.
        ordered = select(*self._events.c).order_by(self._events.c.place).subquery()
        drawn = select(
            tick(tables), tables.position.next_value(), ordered.c.conversation, ordered.c.event
        )
        self._add = (
            table.insert()
            .from_select(["tick", "position", "conversation", "event"], drawn)
            .returning(table.c.position)
        )
        ends: list[Column[Any]] = [Column(each, AnyText()) for each in ("source", "target")]
        self._moves = Rows("move", [*ends, table.c.position])
        only = self._moves.c.position
        self._move = (
            update(table)
            .where(
                table.c.conversation == self._moves.c.source,
                or_(only.is_(None), only == table.c.position),
            )
            .values(conversation=self._moves.c.target)
        )
        event = select(table.c.position, table.c.event).order_by(table.c.position)
        self._of_one = event.where(table.c.conversation == bindparam("conversation"))
        self._of_none = event.where(table.c.conversation.is_(None))
        place = tuple_(table.c.tick, table.c.position)
        after = tuple_(
            bindparam("tick", type_=BigInteger()), bindparam("position", type_=BigInteger())
        )
        self._after = (
            select(*table.c)
            .where(place > after, table.c.tick < first_open_tick(tables))
            .order_by(table.c.tick, table.c.position)
            .limit(bindparam("most"))
        )

    def add(self, connection: Connection, events: Sequence[Event]) -> tuple[Recorded, ...]:
        """Adds events, in their order."""
        if not events:
            return ()
        rows = self._events.given((each.conversation, event_text(each)) for each in events)
        positions = sorted(connection.scalars(self._add, rows))
        return tuple(
            Recorded(position=position, event=event)
            for position, event in zip(positions, events, strict=True)
        )

    def move(self, connection: Connection, moves: Sequence[Move]) -> None:
        """Makes events belong to other conversations, one move after the other."""
        for batch in _independent(moves):
            rows = [
                (move.source, move.target, position)
                for move in batch
                for position in ((None,) if move.positions is None else move.positions)
            ]
            connection.execute(self._move, self._moves.given(rows))

    def of_one(self, connection: Connection, conversation: str | None) -> tuple[Recorded, ...]:
        """The events that belong to a conversation, or to none, by position."""
        if conversation is None:
            rows = connection.execute(self._of_none)
        else:
            rows = connection.execute(self._of_one, {"conversation": conversation})
        return tuple(Recorded(position=position, event=event_from(text)) for position, text in rows)

    def after(self, connection: Connection, cursor: str, limit: int) -> tuple[Logged, ...]:
        """Events from a cursor on, up to the first that could still be written."""
        tick, position = _parts(cursor)
        asked = {"tick": tick, "position": position, "most": limit}
        return tuple(_logged(row) for row in connection.execute(self._after, asked))


def _parts(cursor: str) -> tuple[int, int]:
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise InvalidValue(cursor, where="cursor", right="one that `Store.log` gave")
    return int(found[1]), int(found[2])


def _logged(row: Row[Any]) -> Logged:
    return Logged(
        cursor=f"{row.tick}:{row.position}",
        belongs_to=row.conversation,
        recorded=Recorded(position=row.position, event=event_from(row.event)),
    )


def _independent(moves: Sequence[Move]) -> Iterator[list[Move]]:
    """Moves in batches of which each comes to the same in whatever order it is done."""
    batch: list[Move] = []
    touched: set[str] = set()
    for move in moves:
        if move.source in touched:
            yield batch
            batch, touched = [], set()
        batch.append(move)
        touched |= {move.source, move.target}
    if batch:
        yield batch
