"""A store for a desk of socialcare: one file that is only ever added to.

The module is the plugin: `Desk.open("journal:care.jsonl", socialcare_journal)`.
"""

from socialcare import hookimpl

from socialcare_journal.store import JournalStore

__all__ = ["JournalStore", "socialcare_store"]

SCHEME = "journal:"


@hookimpl
def socialcare_store(location: str) -> JournalStore | None:
    """The store at `journal:PATH`; None for a location of another kind."""
    if not location.startswith(SCHEME):
        return None
    return JournalStore(location.removeprefix(SCHEME))
