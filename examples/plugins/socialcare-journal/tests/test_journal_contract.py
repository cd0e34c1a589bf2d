"""The store does what every store must, but for several processes at once."""

from functools import partial
from pathlib import Path

import pytest
from socialcare.testing import StoreContract
from socialcare.testing.store import Opener

from socialcare_journal import JournalStore

OPENED_TWICE = {
    "test_another_opening_sees_what_was_committed",
    "test_no_two_processes_get_the_same_entry",
    "test_processes_lose_nothing",
}
"""What a journal refuses; that it does is tested in `test_journal`."""


class TestJournalStore(StoreContract):
    """A journal in a temporary folder, opened by one program after the other."""

    @pytest.fixture(autouse=True)
    def one_at_a_time(self, request: pytest.FixtureRequest) -> None:
        """Skips what opens it twice at once."""
        if request.function.__name__ in OPENED_TWICE:
            pytest.skip("a journal is for one program at a time")

    @pytest.fixture
    def opener(self, tmp_path: Path) -> Opener:
        """Opens the journal of this test."""
        return partial(JournalStore, tmp_path / "care.jsonl")
