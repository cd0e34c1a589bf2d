"""A process that is killed in the middle of a commit; a module, so that it can be started anew."""

import os
import signal
from pathlib import Path

from socialcare.stores.sqlite import SqliteStore


def die_before(path: Path, statement: str) -> None:
    """Commits, and is killed when SQLite comes to a statement that holds these words."""
    # Here, so that pytest has not met it yet when a test asks for the contract.
    from socialcare.testing.store.workers import with_entry

    store = SqliteStore(path)
    with store.connections.reading() as connection:
        connection.set_trace_callback(
            lambda text: os.kill(os.getpid(), signal.SIGKILL) if statement in text else None
        )
    store.commit(with_entry(1))
