"""The SQL store, for those who have SQLAlchemy: the extra `sql`.

This module is there without it; what needs it loads when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from socialcare.errors import MissingExtra
from socialcare.plugins.hookspecs import hookimpl
from socialcare.plugins.protocols import Store

if TYPE_CHECKING:
    from socialcare.stores.sql_store import SqlStore

__all__ = ["SqlStore", "plugin"]

NEEDED = ("sqlalchemy", "psycopg")


class SqlPlugin:
    """Opens PostgreSQL databases by their URL."""

    @hookimpl
    def socialcare_store(self, location: str) -> Store | None:
        """The store at a location, if it is the URL of a PostgreSQL.

        Raises:
            MissingExtra: If SQLAlchemy or psycopg is not installed.
        """
        if not location.startswith(("postgresql:", "postgresql+")):
            return None
        return _store_class()(location)


plugin = SqlPlugin()


def _store_class() -> "type[SqlStore]":
    try:
        for name in NEEDED:
            import_module(name)
    except ModuleNotFoundError as error:
        raise MissingExtra("sql", module=error.name or "sqlalchemy") from error
    from socialcare.stores import sql_store

    return sql_store.SqlStore


def __getattr__(name: str) -> object:
    if name != "SqlStore":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = _store_class()
    return globals()[name]
