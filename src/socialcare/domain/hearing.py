"""Hearing: listening at work, with what it remembers and what it counts.

A message is asked after once, whatever comes again: the ids of what was found are remembered, the
latest of them, since a firehose has no end. What the brand itself wrote is left out. A query that
finds a message passes it on unless its sample or its limit holds it back, and a message is heard if
one query passes it on. Nothing is left out in silence: the record counts it.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import attrs

from socialcare.domain.heard import Heard
from socialcare.domain.listening_limit import Allowance
from socialcare.domain.message import Direction, Message
from socialcare.domain.query import QuerySet
from socialcare.domain.subject import Subject
from socialcare.domain.words import folded
from socialcare.errors import InvalidValue

if TYPE_CHECKING:
    from socialcare.domain.listening import Listening, ListeningQuery

__all__ = ["Hearing", "ListeningRecord", "QueryRecord"]

REMEMBERED = 100_000
"""How many ids of messages that were found are remembered."""
_SCALE = 2**64


@attrs.frozen(kw_only=True)
class QueryRecord:
    """What became of what a query looked at.

    Attributes:
        name: The query.
        looked_at: How many messages it was asked of.
        found: How many of them it found.
        passed_on: How many of those it passed on.
        held_back: How many its sample or its limit held back.
    """

    name: str
    looked_at: int
    found: int
    passed_on: int
    held_back: int


@attrs.frozen(kw_only=True)
class ListeningRecord:
    """What became of everything that came in: the sum of the next four.

    Attributes:
        received: How many messages came in.
        own: How many the brand itself wrote.
        repeats: How many had been found before.
        unfound: How many no query found.
        found: How many at least one query found.
        passed_on: How many of those were heard.
        held_back: How many of those no query passed on.
        queries: The same for each query.
    """

    received: int
    own: int
    repeats: int
    unfound: int
    found: int
    passed_on: int
    held_back: int
    queries: tuple[QueryRecord, ...]


class Hearing(Iterator[Heard]):
    """What is heard of messages as they come, one by one.

    Args:
        listening: What is listened for.
        messages: What came in; more can be told with `heard`.
        remembered: How many ids are remembered, so that what comes again is not heard again.

    Raises:
        InvalidValue: If not even one id is to be remembered.
    """

    def __init__(
        self,
        listening: "Listening",
        messages: Iterable[Message | Subject] = (),
        *,
        remembered: int = REMEMBERED,
    ) -> None:
        if remembered < 1:
            raise InvalidValue(remembered, where="Hearing: remembered", right="at least one id")
        self._messages = iter(messages)
        self._accounts = listening.accounts
        self._own = frozenset(map(_account, listening.accounts))
        self._queries = QuerySet({each.name: each.query for each in listening.queries})
        self._gates = {each.name: _Gate(each) for each in listening.queries}
        self._known: dict[tuple[str, str], None] = {}
        self._remembered = remembered
        self._received = self._by_brand = self._repeats = self._found = self._passed_on = 0

    def __iter__(self) -> "Hearing":
        """Itself."""
        return self

    def __next__(self) -> Heard:
        """The next message that is heard."""
        for message in self._messages:
            heard = self.heard(message)
            if heard is not None:
                return heard
        raise StopIteration

    def heard(self, message: Message | Subject) -> Heard | None:
        """What is heard of one message; None where nothing is."""
        subject = self._subject(message)
        self._received += 1
        if self.is_own(subject.message):
            self._by_brand += 1
            return None
        if subject.message.key in self._known:
            self._repeats += 1
            return None
        names = [name for name, _ in self._queries.each(subject)]
        return self._passed(subject.message, names) if names else None

    @property
    def record(self) -> ListeningRecord:
        """What became of everything so far."""
        looked_at = self._received - self._by_brand - self._repeats
        return ListeningRecord(
            received=self._received,
            own=self._by_brand,
            repeats=self._repeats,
            unfound=looked_at - self._found,
            found=self._found,
            passed_on=self._passed_on,
            held_back=self._found - self._passed_on,
            queries=tuple(gate.record(looked_at) for gate in self._gates.values()),
        )

    def is_own(self, message: Message) -> bool:
        """Whether the brand wrote it: outbound, or by one of its accounts, whatever its case."""
        if message.direction is Direction.OUTBOUND:
            return True
        if not self._own:
            return False
        author = message.author
        shown = author.name if author.name and author.name.startswith("@") else None
        return any(name is not None and _account(name) in self._own for name in (author.id, shown))

    def _subject(self, message: Message | Subject) -> Subject:
        if isinstance(message, Message):
            return Subject(message=message, accounts=self._accounts)
        if message.accounts or not self._accounts:
            return message
        return attrs.evolve(message, accounts=self._accounts)

    def _passed(self, message: Message, names: list[str]) -> Heard | None:
        self._found += 1
        self._remember(message.key)
        passing = tuple(name for name in names if self._gates[name].lets(message))
        if not passing:
            return None
        self._passed_on += 1
        return Heard(message=message, found_by=passing)

    def _remember(self, key: tuple[str, str]) -> None:
        self._known[key] = None
        if len(self._known) > self._remembered:
            del self._known[next(iter(self._known))]


class _Gate:
    """What one query passes on, counted."""

    def __init__(self, query: "ListeningQuery") -> None:
        self._name, self._sample = query.name, query.sample
        self._allowance = None if query.limit is None else Allowance(query.limit)
        self._found = self._passed_on = 0

    def lets(self, message: Message) -> bool:
        """Whether a message that it found passes."""
        self._found += 1
        if not self._is_sampled(message):
            return False
        if self._allowance is not None and not self._allowance.lets(message.sent_at):
            return False
        self._passed_on += 1
        return True

    def record(self, looked_at: int) -> QueryRecord:
        """Its counts, given how many messages it was asked of."""
        return QueryRecord(
            name=self._name,
            looked_at=looked_at,
            found=self._found,
            passed_on=self._passed_on,
            held_back=self._found - self._passed_on,
        )

    def _is_sampled(self, message: Message) -> bool:
        """Whether it is in the sample; of one message the answer is always the same."""
        if self._sample == 1:
            return True
        key = "\0".join(message.key).encode("utf-8", "replace")
        digest = hashlib.blake2b(key, digest_size=8).digest()
        return int.from_bytes(digest) < self._sample * _SCALE


def _account(name: str) -> str:
    return folded(name.removeprefix("@"))
