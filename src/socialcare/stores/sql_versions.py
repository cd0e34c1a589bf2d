"""Rows with a version: nobody writes one that somebody else changed since it was read."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, Table, and_, exists, or_

from socialcare.errors import Conflict
from socialcare.stores.sql_rows import Rows, changes, insertion, keys

Name = str | tuple[str | None, ...]
"""What a row is known by: the value of its key, or all of them where there are several."""


class Versioned:
    """Writes rows of a table that has a column `version`.

    One statement checks the versions, locks the rows, in the order in which they are given, and
    writes them; it answers which ones it wrote. Whoever holds a row is waited for, and then its
    new version is compared.

    Args:
        table: The table; all of its columns are written.
        kind: What a row is called in a conflict.
    """

    def __init__(self, table: Table, *, kind: str) -> None:
        self._kind = kind
        self._rows = Rows("row", table.columns)
        names = keys(table)
        known = table.alias("known")
        is_known = exists().where(and_(*(known.c[each] == self._rows.c[each] for each in names)))
        new = insertion(table, self._rows, or_(self._rows.c.version == 1, is_known))
        self._write = new.on_conflict_do_update(
            index_elements=names,
            set_=changes(table, self._rows, new),
            where=table.c.version == new.excluded.version - 1,
        ).returning(*(table.c[each] for each in names))

    def write(self, connection: Connection, rows: Mapping[Name, tuple[object, ...]]) -> None:
        """Writes rows, each with the version that it has from now on: 1 for a new one.

        Raises:
            Conflict: If one is not of the version before.
        """
        if not rows:
            return
        order = sorted(rows, key=_place)
        written = connection.execute(self._write, self._rows.given(rows[each] for each in order))
        missing = set(order) - {_name(row) for row in written}
        if missing:
            raise Conflict(f"{self._kind} {min(missing, key=_place)!r}")


def _name(row: Iterable[str]) -> Name:
    parts = tuple(row)
    return parts if len(parts) > 1 else parts[0]


def _place(name: Name) -> tuple[str, ...]:
    return (name,) if isinstance(name, str) else tuple(part or "" for part in name)
