"""The outbox in SQL: new entries, claims, and what became of them.

A claim locks the rows that it takes and skips those that another has locked, so that workers never
wait for each other. It is over with its transaction: what holds from then on is the lease.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from socialcare.domain.events import Reply
from socialcare.domain.stored_form import text_of, value_from
from socialcare.errors import Conflict
from socialcare.plugins.records import Delivery, Entry, Notice, Settlement
from socialcare.stores.sql_rows import Rows, insertion, one_of
from socialcare.stores.sql_tables import Tables
from socialcare.stores.sql_types import AnyText, Instant

KINDS: dict[str, type[Reply | Notice]] = {"reply": Reply, "notice": Notice}
"""What an entry may hold, as it is called in the table."""
FIELDS = (
    "key", "target", "lane", "kind", "what", "conversation", "due_at", "state", "attempts",
    "lease_until", "said",
)  # fmt: skip


class Outbox:
    """What is to be delivered."""

    def __init__(self, tables: Tables) -> None:
        table = tables.outbox
        self._entries = [table.c[each] for each in FIELDS]
        self._new = Rows("entry", self._entries)
        self._add = insertion(table, self._new).on_conflict_do_nothing(index_elements=["key"])
        keys = one_of("keys")
        self._known = select(*self._entries).where(table.c.key == keys).order_by(table.c.place)
        self._held = (
            select(*self._entries)
            .where(table.c.key == keys)
            .order_by(table.c.key)
            .with_for_update()
        )
        self._settled = Rows(
            "settled", [table.c[each] for each in ("key", "state", "due_at", "said")]
        )
        self._settle = (
            update(table)
            .where(table.c.key == self._settled.c.key)
            .values(
                state=self._settled.c.state,
                due_at=func.coalesce(self._settled.c.due_at, table.c.due_at),
                lease_until=None,
                said=self._settled.c.said,
            )
        )
        self._in_state = (
            select(*self._entries)
            .where(
                table.c.state == bindparam("state"),
                table.c.target
                == func.coalesce(bindparam("target", type_=AnyText()), table.c.target),
            )
            .order_by(table.c.place)
            .limit(bindparam("most"))
        )
        self._claim = self._claiming(tables)

    def _claiming(self, tables: Tables) -> ReturningUpdate[Any]:
        table = tables.outbox
        earlier = table.alias("earlier")
        is_behind = exists().where(
            earlier.c.lane == table.c.lane,
            earlier.c.place < table.c.place,
            earlier.c.ready_at.is_not(None),
        )
        due = (
            select(table.c.place, table.c.ready_at)
            .where(
                table.c.ready_at <= bindparam("now", type_=Instant()),
                table.c.target == one_of("targets"),
                ~is_behind,
            )
            .order_by(table.c.ready_at, table.c.place)
            .limit(bindparam("most"))
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        return (
            update(table)
            .where(table.c.place == due.c.place)
            .values(
                state=Delivery.CLAIMED,
                attempts=table.c.attempts + 1,
                lease_until=bindparam("until", type_=Instant()),
            )
            .returning(*self._entries, due.c.ready_at, due.c.place)
        )

    def add(self, connection: Connection, entries: Sequence[Entry]) -> None:
        """Writes new entries, in their order; one whose key is there already stays as it is."""
        if entries:
            connection.execute(self._add, self._new.given(_row(entry) for entry in entries))

    def settle(self, connection: Connection, settled: Sequence[Settlement]) -> None:
        """Writes what became of entries.

        Raises:
            Conflict: If one is not there, or a claim is not the one that holds.
        """
        if not settled:
            return
        held = connection.execute(self._held, {"keys": [each.key for each in settled]})
        known = {entry.key: entry for entry in _entries(held)}
        for each in settled:
            if not _holds(each, known.get(each.key)):
                raise Conflict(f"outbox entry {each.key!r}")
        rows = [(each.key, each.state, each.due_at, each.said) for each in settled]
        connection.execute(self._settle, self._settled.given(rows))

    def claim(
        self,
        connection: Connection,
        targets: Collection[str],
        *,
        now: datetime,
        until: datetime,
        limit: int,
    ) -> tuple[Entry, ...]:
        """Claims what is due, that which is due longest first."""
        asked = {"targets": list(targets), "now": now, "until": until, "most": limit}
        rows = connection.execute(self._claim, asked).all()
        return _entries(sorted(rows, key=lambda row: (row.ready_at, row.place)))

    def in_state(
        self, connection: Connection, state: Delivery, limit: int, target: str | None
    ) -> tuple[Entry, ...]:
        """Entries in a state, for one target or any, in the order in which they came."""
        asked = {"state": state, "target": target, "most": limit}
        return _entries(connection.execute(self._in_state, asked))

    def known(self, connection: Connection, keys: Collection[str]) -> tuple[Entry, ...]:
        """The entries with these keys, in the order in which they came."""
        return _entries(connection.execute(self._known, {"keys": list(keys)}))


def _holds(settlement: Settlement, entry: Entry | None) -> bool:
    """Whether it is about the claim that holds, or about any."""
    if entry is None or settlement.attempt is None:
        return entry is not None
    return entry.state is Delivery.CLAIMED and entry.attempts == settlement.attempt


def _row(entry: Entry) -> tuple[object, ...]:
    return (
        entry.key,
        entry.target,
        entry.lane,
        "reply" if isinstance(entry.what, Reply) else "notice",
        text_of(entry.what),
        entry.conversation,
        entry.due_at,
        entry.state,
        entry.attempts,
        entry.lease_until,
        entry.said,
    )


def _entries(rows: Iterable[Row[Any]]) -> tuple[Entry, ...]:
    return tuple(_entry(row) for row in rows)


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        key=row.key,
        target=row.target,
        lane=row.lane,
        what=value_from(row.what, KINDS[row.kind]),
        conversation=row.conversation,
        due_at=row.due_at,
        state=Delivery(row.state),
        attempts=row.attempts,
        lease_until=row.lease_until,
        said=row.said,
    )
