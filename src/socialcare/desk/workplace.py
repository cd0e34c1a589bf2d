"""The workplace: what every command of a desk works with.

It holds no clock: `now` comes with each command. Ids, chance and pauses come from what it was
opened with, so that a test can give its own.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random
from types import MappingProxyType
from typing import TypeVar

import attrs

from socialcare.desk.handbook import Handbook, Shelf
from socialcare.desk.lately import Lately
from socialcare.domain.events import Event
from socialcare.domain.priority import RuleBook
from socialcare.domain.sla import SlaPolicy
from socialcare.domain.threading import ThreadingPolicy
from socialcare.domain.volume import Volume
from socialcare.errors import Conflict, UnknownChannel
from socialcare.plugins.protocols import Channel, Classifier, Directory, Notifier, Store

ATTEMPTS = 10
"""How often a command is tried before its conflict is raised."""
FIRST_PAUSE = 0.002
LONGEST_PAUSE = 0.25
_Done = TypeVar("_Done")


@attrs.frozen(kw_only=True)
class Workplace:
    """What the commands share.

    Attributes:
        store: The log.
        channels, notifiers: By name.
        threading: When two messages are one conversation.
        ids: Gives an id that nobody had before.
        random: Spreads out those who try again.
        sleep: Waits so many seconds.
        classifiers, directories: By name, in the order in which they are asked.
        shelf: Holds the documents in force.
        volume: How much is said about each topic.
        accounts: The brand's own accounts, by name without `@`.
        pass_time: Writes what was late in a conversation by an instant, and gives it.
        lately: What was answered lately, to find copies.
        max_text: The longest text of a message that is taken in, in characters.
    """

    store: Store
    channels: Mapping[str, Channel]
    notifiers: Mapping[str, Notifier]
    threading: ThreadingPolicy
    ids: Callable[[], str]
    random: Random
    sleep: Callable[[float], None]
    max_text: int
    shelf: Shelf
    pass_time: "Callable[[Workplace, str, datetime], tuple[Event, ...]]"
    classifiers: Mapping[str, Classifier] = MappingProxyType({})
    directories: Mapping[str, Directory] = MappingProxyType({})
    accounts: frozenset[str] = frozenset()
    volume: Volume = attrs.field(factory=Volume)
    lately: Lately = attrs.field(factory=Lately)

    @property
    def handbook(self) -> Handbook:
        """The documents in force; ask once where all of a decision must be by one state of them."""
        return self.shelf.handbook

    @property
    def rules(self) -> RuleBook | None:
        """What comes first; None where nobody ranks."""
        return self.handbook.rules

    @property
    def deadlines(self) -> SlaPolicy | None:
        """By when an answer is promised; None where nothing is."""
        return self.handbook.deadlines

    def channel(self, name: str) -> Channel:
        """The channel of that name.

        Raises:
            UnknownChannel: If no plugin brings it.
        """
        if name not in self.channels:
            raise UnknownChannel(name, known=tuple(sorted(self.channels)))
        return self.channels[name]

    def retried(self, attempt: Callable[[], _Done]) -> _Done:
        """What the attempt gives, tried again on fresh state while somebody else is faster.

        Raises:
            Conflict: If somebody else was faster every time.
        """
        for count in range(ATTEMPTS - 1):
            try:
                return attempt()
            except Conflict:
                longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2**count)
                self.sleep(self.random.uniform(0, longest))
        return attempt()
