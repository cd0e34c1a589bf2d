"""Searching: a query, asked of everything that was ever said.

The store finds candidates, page by page and the latest first; each is read in its conversation, and
the query itself decides. So the answer is that of asking every message there is, whatever the store
can look up. Each conversation is read once, and the pages get larger as the search goes on.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import attrs

from socialcare.desk.transaction import concerns, survivors
from socialcare.desk.workplace import Workplace
from socialcare.domain.assessment import UNREAD
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import Key, Recorded
from socialcare.domain.folding import fold
from socialcare.domain.message import Message
from socialcare.domain.naming import current_name
from socialcare.domain.query import Hit, Match, Query, Subject
from socialcare.domain.query.needs import Needs, needs, only_channel
from socialcare.domain.summary import Summary
from socialcare.domain.words import folded
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Found, Kept

LOOK_AT = 10_000
"""How many messages a search looks at where nobody says."""
_FIRST_PAGE = 100
_LARGEST_PAGE = 5_000


@attrs.frozen(kw_only=True)
class Result:
    """A message for which a query holds.

    Attributes:
        conversation: The conversation that it is in now; None for one that is in none.
        message: The message.
        hits: Which parts of the query were found where.
    """

    conversation: str | None
    message: Message
    hits: tuple[Hit, ...]


@attrs.frozen(kw_only=True)
class Results:
    """What a search found; to be gone through as a tuple is.

    Attributes:
        found: The messages, the latest first.
        looked_at: How many messages were looked at.
        complete: Whether there may be no others but earlier ones beyond the `limit`; False where
            the search ended because it had looked at as many messages as it was allowed to.
    """

    found: tuple[Result, ...] = ()
    looked_at: int = 0
    complete: bool = True

    def __iter__(self) -> Iterator[Result]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)


def search(work: Workplace, query: Query, *, limit: int, look_at: int) -> Results:
    """The latest messages for which a query holds."""
    archive = _Archive(work)
    found: list[Result] = []
    looked_at = 0
    for each in _candidates(archive, query, look_at + 1):
        if len(found) == limit:
            break
        if looked_at == look_at:
            return Results(found=tuple(found), looked_at=looked_at, complete=False)
        looked_at += 1
        match = archive.match(query, each)
        if match is not None:
            found.append(_result(match))
    return Results(found=tuple(found), looked_at=looked_at)


def _result(match: Match) -> Result:
    held = match.subject.conversation
    return Result(
        conversation=None if held is None else held.id,
        message=match.subject.message,
        hits=match.hits,
    )


def _candidates(archive: "_Archive", query: Query, most: int) -> Iterator[Found]:
    """At most so many messages that the query may hold for, the latest first."""
    channel = only_channel(query.node)
    for page in _pages(archive.store, needs(query.node)):
        fitting = [each for each in page if channel in (None, folded(each.channel))][:most]
        archive.learn(fitting)
        yield from fitting
        most -= len(fitting)
        if most == 0:
            break


def _pages(store: Store, wanted: Needs) -> Iterator[tuple[Found, ...]]:
    size, after = _FIRST_PAGE, None
    while page := store.search(wanted, size, after):
        yield page
        if len(page) < size:
            break
        size, after = min(2 * size, _LARGEST_PAGE), page[-1]


class _Archive:
    """Reads messages in their conversations, and remembers those that it has read."""

    def __init__(self, work: Workplace) -> None:
        self.store = work.store
        self._accounts = work.accounts
        self._kept: dict[str, Kept] = {}
        self._messages: dict[str | None, Mapping[Key, Subject]] = {}

    def learn(self, found: Iterable[Found]) -> None:
        """Looks up where the conversations stand that messages are in."""
        names = {each.conversation for each in found} - self._kept.keys() - {None}
        self._kept |= survivors(self.store, *(name for name in names if name is not None))

    def match(self, query: Query, found: Found) -> Match | None:
        """What a query finds in a message; None where it does not hold, or the message is gone."""
        name = self._current(found.conversation)
        if name not in self._messages:
            self._messages[name] = self._read(name)
        subject = self._messages[name].get((found.channel, found.message_id))
        return None if subject is None else query.matches(subject)

    def _current(self, name: str | None) -> str | None:
        """The conversation that one is part of now, or itself."""
        return None if name is None else current_name(name, self._into)

    def _into(self, name: str) -> str | None:
        kept = self._kept.get(name)
        return None if kept is None else kept.summary.merged_into

    def _read(self, name: str | None) -> dict[Key, Subject]:
        events = self.store.events(name)
        if name is None:
            single = map(_alone, _by_message(events).values())
            return {key: each for one in single for key, each in self._subjects(one, None)}
        kept = self._kept.get(name)
        if kept is None:
            return {}
        conversation = fold(name, events, customer_id=kept.summary.customer_id)
        return dict(self._subjects(conversation, kept.summary))

    def _subjects(
        self, conversation: Conversation, summary: Summary | None
    ) -> Iterator[tuple[Key, Subject]]:
        for message in conversation.messages:
            assessment = conversation.assessments.get(message.key, UNREAD)
            subject = Subject(
                message=message,
                annotations=assessment.annotations,
                conversation=summary,
                accounts=self._accounts,
                found_by=assessment.found_by,
            )
            yield message.key, subject


def _by_message(events: Iterable[Recorded]) -> Mapping[Key, list[Recorded]]:
    """The events about each message."""
    found: defaultdict[Key, list[Recorded]] = defaultdict(list)
    for recorded in events:
        key = concerns(recorded.event)
        if key is not None:
            found[key].append(recorded)
    return found


def _alone(events: Iterable[Recorded]) -> Conversation:
    """A message that is in no conversation, as one of its own."""
    return fold("", events)
