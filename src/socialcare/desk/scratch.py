"""Scratch: small facts by key that would take too much memory, kept on disk for a while.

An export must know which conversations it has met, and running numbers in which state each of
them is: one short fact for each conversation there ever was.
They go to a database of SQLite in a file that nobody else sees and that is gone when it is closed,
also if the process is killed.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager
from types import TracebackType

_CACHE = 16_384
"""KiB of memory, however much there is on disk."""


class Scratch(AbstractContextManager["Scratch"]):
    """Texts by key, on disk. Not safe to be called from several threads at once."""

    def __init__(self) -> None:
        # An empty name is a file of SQLite's own, written to only once its cache is full.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute(f"PRAGMA cache_size = -{_CACHE}")
        self._database.execute(
            "CREATE TABLE fact (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"
        )
        # One transaction that never ends: each end would look through the whole cache.
        self._database.execute("BEGIN")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Forgets everything."""
        self.close()

    def __getitem__(self, key: str) -> str | None:
        """What is known under the key; None if nothing is."""
        found = self._database.execute("SELECT value FROM fact WHERE key = ?", (key,)).fetchone()
        return None if found is None else str(found[0])

    def __setitem__(self, key: str, value: str) -> None:
        """Remembers the value in place of any other."""
        self._database.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (key, value))

    def __delitem__(self, key: str) -> None:
        """Forgets what is known under the key, if anything is."""
        self._database.execute("DELETE FROM fact WHERE key = ?", (key,))

    def is_new(self, key: str) -> bool:
        """Whether the key was not there; it is from now on."""
        return (
            self._database.execute("INSERT OR IGNORE INTO fact VALUES (?, '')", (key,)).rowcount > 0
        )

    def from_key(self, key: str) -> Iterator[tuple[str, str]]:
        """Keys and values from a key on, in order of the keys."""
        found: Iterator[tuple[str, str]] = self._database.execute(
            "SELECT key, value FROM fact WHERE key >= ? ORDER BY key", (key,)
        )
        return found

    def close(self) -> None:
        """Forgets everything."""
        self._database.close()
