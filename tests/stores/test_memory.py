"""The store in memory passes the contract."""

from typing import ClassVar

import pytest

from socialcare.errors import InvalidValue
from socialcare.plugins.memory import MemoryStore, socialcare_store
from socialcare.testing import StoreContract
from socialcare.testing.store.place import Opener


class TestMemory(StoreContract):
    """The reference."""

    durable: ClassVar[bool] = False

    @pytest.fixture
    def opener(self) -> Opener:
        """A new store in memory."""
        return MemoryStore


def test_a_cursor_of_something_else_is_refused() -> None:
    """A cursor that this store did not give is an error that says so."""
    with pytest.raises(InvalidValue, match="cursor: found 'yesterday'"):
        MemoryStore().log("yesterday", 10)


def test_the_location_of_memory() -> None:
    """`memory:` is a new store in memory, and any other location is for somebody else."""
    assert isinstance(socialcare_store("memory:"), MemoryStore)
    assert socialcare_store("care.db") is None
