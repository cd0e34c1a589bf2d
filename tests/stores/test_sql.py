"""The SQL store passes the contract, on a real PostgreSQL, however it is given its database."""

from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import create_engine

from socialcare.stores.sql_store import SqlStore
from socialcare.testing import StoreContract
from socialcare.testing.store import Opener


class TestSql(StoreContract):
    """A database of its own."""

    @pytest.fixture
    def opener(self, postgres_url: str) -> Opener:
        """A store in the database of this test."""
        return partial(SqlStore, postgres_url)


class TestSqlInASchema(StoreContract):
    """A schema of a host's database, by the host's engine, in a session far from UTC."""

    @pytest.fixture
    def opener(self, postgres_url: str) -> Iterator[Opener]:
        """A store in a schema whose name has to be quoted."""
        url = postgres_url.replace("postgresql:", "postgresql+psycopg:")
        engine = create_engine(url, connect_args={"options": "-c TimeZone=Asia/Kathmandu"})
        yield partial(SqlStore, engine, schema="The Desk", prefix="")
        engine.dispose()
