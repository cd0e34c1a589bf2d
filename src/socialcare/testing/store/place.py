"""Where the contract's store comes from."""

from collections.abc import Callable, Iterator
from typing import ClassVar, TypeAlias

import pytest

from socialcare.plugins.protocols import Store

Opener: TypeAlias = Callable[[], Store]
"""Opens the store of a test: empty the first time, and the same one after that."""


class OnAStore:
    """What every part of the contract has: a store, and a way to open it again."""

    durable: ClassVar[bool] = True
    """Whether what was committed is there when it is opened again, also by another process."""

    @pytest.fixture
    def opener(self) -> Opener:
        """Opens the store of this test; to be given by the class that is tested."""
        name = type(self).__name__
        pytest.fail(f"give {name} a fixture `opener` that returns a function that opens the store")

    @pytest.fixture
    def store(self, opener: Opener) -> Iterator[Store]:
        """An empty store, closed after the test."""
        store = opener()
        yield store
        store.close()

    def needs_durability(self) -> None:
        """Skips the test for stores that keep nothing."""
        if not self.durable:
            pytest.skip(f"{type(self).__name__}.durable is False: nothing is there to open again")
