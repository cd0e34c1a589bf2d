"""Many rows in one statement.

An array goes to the server for each column, and it takes them apart into rows, in their order.
So a batch of a thousand is one round trip, and the statement is the same whatever its size:
SQLAlchemy compiles it once, and the server plans it once.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    Insert,
    Table,
    TableValuedAlias,
    Text,
    any_,
    bindparam,
    column,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import CollectionAggregate, ColumnElement, KeyedColumnElement
from sqlalchemy.types import TypeEngine

from socialcare.stores.sql_types import AnyText, Json


class Rows:
    """Rows that go along with a statement.

    Args:
        name: What they are called in it.
        columns: What they consist of; each is called as the column, and of its type.
        place: Whether a column `place` counts them.
    """

    def __init__(self, name: str, columns: Iterable[Column[Any]], *, place: bool = False) -> None:
        own = {f"{name}_{each.name}": each for each in columns}
        self.names = tuple(each.name for each in own.values())
        self._parameters = tuple(own)
        self._lines = [each for each in own if isinstance(own[each].type, Json)]
        parts = [column(each.name, each.type) for each in own.values()]
        self.table: TableValuedAlias = (
            func.unnest(*(_array(each, own[each].type) for each in own))
            .table_valued(*parts, with_ordinality="place" if place else None, name=name)
            .render_derived()
        )

    @property
    def c(self) -> ReadOnlyColumnCollection[str, KeyedColumnElement[Any]]:
        """Their columns."""
        return self.table.c

    def given(self, rows: Iterable[tuple[object, ...]]) -> dict[str, object]:
        """The parameters that bring these rows."""
        arrays = [list(each) for each in zip(*rows, strict=True)] or [[] for _ in self.names]
        given: dict[str, Any] = dict(zip(self._parameters, arrays, strict=True))
        return given | {each: "\n".join(given[each]) for each in self._lines}


def _array(parameter: str, kind: TypeEngine[Any]) -> ColumnElement[Any]:
    """An array of the type; of JSON as lines of one text, since quotes in arrays cost much."""
    if isinstance(kind, Json):
        return func.string_to_array(bindparam(parameter, type_=Text()), "\n")
    return bindparam(parameter, type_=ARRAY(kind, dimensions=1))


def one_of(name: str) -> CollectionAggregate[Any]:
    """One of the names that go along as a parameter."""
    return any_(bindparam(name, type_=ARRAY(AnyText(), dimensions=1)))


def insertion(table: Table, rows: Rows, *only: ColumnElement[bool]) -> PostgresInsert:
    """Puts the rows, or only some, into a table, in their order."""
    chosen = select(*(rows.c[name] for name in rows.names)).where(*only)
    return insert(table).from_select(rows.names, chosen)


def upsertion(table: Table, rows: Rows) -> Insert:
    """Puts the rows into a table, or in the place of those that have the same key."""
    new = insertion(table, rows)
    return new.on_conflict_do_update(index_elements=keys(table), set_=changes(table, rows, new))


def changes(table: Table, rows: Rows, new: PostgresInsert) -> dict[str, object]:
    """What becomes of a row that is there already: all but its key is replaced."""
    return {name: new.excluded[name] for name in rows.names if name not in keys(table)}


def keys(table: Table) -> tuple[str, ...]:
    """The columns by which a row is known."""
    return tuple(column.name for column in table.primary_key)
