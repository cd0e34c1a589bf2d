"""Lately: what was answered in public a short while ago, by whoever did it.

A copy of an answer can be noticed only by somebody who remembers the others. Each process keeps the
last of them in memory, and nothing is stored for it: they stand in the log. What is new there is
read when an answer is checked, so answers of other processes are known too. A process begins where
the last `watch` ended, so at first it knows only what came after that; where nobody watches it goes
through the whole log once, a piece with every check.
"""

from collections import deque
from collections.abc import Iterable
from itertools import islice
from threading import Lock

from socialcare.desk.walk import FOLLOWED, cursor, pages
from socialcare.domain.events import MessageReceived, Reply, ReplyQueued
from socialcare.domain.message import Direction, Message, Visibility
from socialcare.domain.playbook import Sent
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Logged

__all__ = ["Lately"]

MOST = 200
"""How many answers are remembered."""
_PAGES = 5
"""How much of the log is read with one check, in pages."""


class Lately:
    """The last public answers. Safe to be used from several threads at once."""

    def __init__(self) -> None:
        self._sent: deque[Sent] = deque(maxlen=MOST)
        self._cursor: str | None = None
        self._begun = False
        self._lock = Lock()

    def sent(self, store: Store) -> tuple[Sent, ...]:
        """The last answers, the latest last."""
        with self._lock:
            if not self._begun:
                self._cursor = cursor(store, FOLLOWED)
                self._begun = True
            for page in islice(pages(store, self._cursor), _PAGES):
                self._take(page)
                self._cursor = page[-1].cursor
            return tuple(self._sent)

    def _take(self, page: Iterable[Logged]) -> None:
        for logged in page:
            text = _answer(logged)
            if text:
                self._sent.append(Sent(text, logged.belongs_to))


def _answer(logged: Logged) -> str | None:
    """What was answered in public, on this desk or elsewhere, if that is what happened."""
    event = logged.recorded.event
    said: Reply | Message
    if isinstance(event, ReplyQueued):
        said = event.reply
    elif isinstance(event, MessageReceived) and event.message.direction is Direction.OUTBOUND:
        said = event.message
    else:
        return None
    return said.text if said.visibility is Visibility.PUBLIC and not said.automated else None
