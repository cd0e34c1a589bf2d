"""The store: what it knows is in memory, and how it came to know it is in the journal.

A commit is tried in memory first, which finds conflicts, and then written; both under one lock, so
that nobody is shown what is not on the disk yet.
Opened again, it does everything over that is in the journal.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from os import PathLike
from pathlib import Path
from threading import RLock
from typing import Any

from socialcare.domain.events import Recorded
from socialcare.domain.query.needs import Needs
from socialcare.domain.summary import Summary
from socialcare.errors import StoreUnusable
from socialcare.plugins.memory import MemoryStore
from socialcare.plugins.records import (
    Around,
    Asked,
    Commit,
    Delivery,
    Entry,
    Found,
    Kept,
    Logged,
    Page,
)

from socialcare_journal.form import Claim, claim_from, commit_from, plain
from socialcare_journal.journal import Journal


class JournalStore:
    """Keeps the log in one file, for one process, and all of it in memory.

    Args:
        path: The file; it is made if it is not there.

    Raises:
        StoreUnusable: If another program has it open, it is no journal, or it is damaged.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self._path = Path(path)
        self._lock = RLock()
        self._memory = MemoryStore()
        self._journal = Journal(self._path)
        try:
            self._catch_up()
        except BaseException:
            self._journal.close()
            raise

    def _catch_up(self) -> None:
        """Does everything over that is in the journal."""
        for count, line in enumerate(self._journal.lines(), start=2):
            try:
                self._do_again(line)
            except Exception as error:
                raise StoreUnusable(str(self._path), f"line {count}: {error}") from error

    def _do_again(self, line: dict[str, Any]) -> None:
        if "claim" in line:
            claim = claim_from(line["claim"])
            self._claimed(claim)
        else:
            self._memory.commit(commit_from(line["commit"]))

    def commit(self, commit: Commit) -> tuple[Recorded, ...]:
        """Writes all of it or nothing; the events as recorded."""
        with self._lock:
            self._journal.refuse_unusable()
            line = {"commit": plain(commit)}
            recorded = self._memory.commit(commit)
            self._journal.append(line)
            return recorded

    def claim(
        self, targets: Collection[str], *, now: datetime, until: datetime, limit: int
    ) -> tuple[Entry, ...]:
        """Claims entries of the outbox that are due; that they were tried is kept, too."""
        claim = Claim(targets=tuple(targets), now=now, until=until, limit=limit)
        with self._lock:
            self._journal.refuse_unusable()
            claimed = self._claimed(claim)
            if claimed:
                self._journal.append({"claim": plain(claim)})
            return claimed

    def _claimed(self, claim: Claim) -> tuple[Entry, ...]:
        return self._memory.claim(
            claim.targets, now=claim.now, until=claim.until, limit=claim.limit
        )

    # Questions, which the memory answers

    def _known(self) -> MemoryStore:
        self._journal.refuse_unusable()
        return self._memory

    def events(self, conversation: str | None) -> tuple[Recorded, ...]:
        """The events that belong to a conversation now, or to none."""
        with self._lock:
            return self._known().events(conversation)

    def around(self, asked: Asked) -> Around:
        """What threading needs to know."""
        with self._lock:
            return self._known().around(asked)

    def summaries(self, ids: Collection[str]) -> Mapping[str, Kept]:
        """The summaries of these conversations."""
        with self._lock:
            return self._known().summaries(ids)

    def page(self, page: Page) -> tuple[Summary, ...]:
        """A page of a queue, or of a customer's history."""
        with self._lock:
            return self._known().page(page)

    def log(self, after: str | None, limit: int) -> tuple[Logged, ...]:
        """Events of the whole desk from a cursor on."""
        with self._lock:
            return self._known().log(after, limit)

    def search(self, needs: Needs, limit: int, after: Found | None = None) -> tuple[Found, ...]:
        """The messages that meet these needs."""
        with self._lock:
            return self._known().search(needs, limit, after)

    def outbox(
        self, state: Delivery, limit: int, *, target: str | None = None
    ) -> tuple[Entry, ...]:
        """Entries of the outbox in a state, for one target or any."""
        with self._lock:
            return self._known().outbox(state, limit, target=target)

    def entries(self, keys: Collection[str]) -> tuple[Entry, ...]:
        """The entries of the outbox with these keys."""
        with self._lock:
            return self._known().entries(keys)

    def close(self) -> None:
        """Lets go of the file."""
        with self._lock:
            self._journal.close()
