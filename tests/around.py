"""What a store answers about the messages around a batch, from a plain dictionary.

This is `Store.around` and no more of it than placement needs, written down as its docstring says;
a desk that takes in batches is played on top of it, without events.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import attrs

from socialcare.domain.events import Key
from socialcare.domain.instants import from_epoch_second
from socialcare.domain.message import Message
from socialcare.domain.naming import given_name
from socialcare.domain.placement import (
    Placed,
    Placement,
    given_names,
    place,
    placed_row,
)
from socialcare.domain.summary import Summary
from socialcare.domain.threading import ThreadingPolicy

_SECOND = timedelta(seconds=1)


def _themselves(message: Message) -> str | None:
    return message.customer_id


class Shelf:
    """Rows and summaries, and batches that are placed among them.

    Args:
        policy: When two messages are one conversation.
    """

    def __init__(self, policy: ThreadingPolicy) -> None:
        self.policy = policy
        self.rows: dict[Key, Placed] = {}
        self.summaries: dict[str, Summary] = {}

    def receive(
        self,
        messages: Iterable[Message],
        person: Callable[[Message], str | None] = _themselves,
    ) -> Placement:
        """Places those messages that are not here yet, and keeps what came of it."""
        given = self.policy.given
        fresh = {message.key: message for message in messages if message.key not in self.rows}
        rows = [placed_row(each, person=person(each), given=given) for each in fresh.values()]
        return self.put(rows)

    def put(self, rows: Sequence[Placed]) -> Placement:
        """Places rows, and keeps what came of it."""
        known = self.around(rows)
        placement = place(rows, known, self.known(rows, known), self.policy)
        self.keep(placement)
        return placement

    def around(self, rows: Sequence[Placed]) -> list[Placed]:
        """What is known around these rows; in no helpful order."""
        keys = {row.key for row in rows} | {
            (row.channel, row.in_reply_to) for row in rows if row.in_reply_to is not None
        }
        found = {
            row.key: row
            for row in self.rows.values()
            if row.key in keys or (row.channel, row.in_reply_to) in keys
        }
        for customer in {(row.brand, row.customer_id) for row in rows if row.customer_id}:
            seconds = [
                row.second
                for row in rows
                if (row.brand, row.customer_id) == customer and row.second is not None
            ]
            gap = self.policy.gap // _SECOND
            for row in self._within(customer, min(seconds) - gap, max(seconds) + gap):
                found[row.key] = row
        return list(reversed(found.values()))

    def _within(
        self, customer: tuple[str | None, str | None], first: int, last: int
    ) -> list[Placed]:
        own = [
            (row.second, row)
            for row in self.rows.values()
            if (row.brand, row.customer_id) == customer and row.second is not None
        ]
        spoken = [second for second, row in own if not row.note and row.given is None]
        low = max((each for each in spoken if each < first), default=None)
        high = min((each for each in spoken if each > last), default=None)
        return [
            row
            for second, row in own
            if (low is None or low <= second) and (high is None or second <= high)
        ]

    def known(self, rows: Sequence[Placed], known: Iterable[Placed]) -> Mapping[str, Summary]:
        """The summaries of the conversations of these rows, and what those were merged into."""
        names = [*given_names(rows), *(row.conversation for row in known)]
        found = {}
        for each in names:
            name = each
            while name is not None and name in self.summaries:
                found[name] = self.summaries[name]
                name = found[name].merged_into
        return found

    def keep(self, placement: Placement) -> None:
        """Writes what placement says."""
        self.rows |= {row.key: row for row in placement.written}
        given = {given_name(row.brand, row.given) for row in placement.rows if row.given}
        for name in placement.begun:
            self.summaries[name] = Summary(
                id=name, given=name in given, previous_id=placement.previous.get(name)
            )
        for survivor, absorbed in placement.merges:
            self.change(absorbed, merged_into=survivor)
            before = (*self.summaries[survivor].absorbed, absorbed)
            self.change(survivor, absorbed=(*before, *self.summaries[absorbed].absorbed))
        for name, own in self.conversations().items():
            seconds = [self.rows[key].second for key in own]
            opened = min(each for each in seconds if each is not None)
            self.change(name, opened_at=from_epoch_second(opened))

    def change(self, name: str, **fields: Any) -> None:
        """Writes other fields into a summary."""
        self.summaries[name] = attrs.evolve(self.summaries[name], **fields)

    def conversations(self) -> dict[str, frozenset[Key]]:
        """The messages of each conversation, by its name."""
        found: dict[str, frozenset[Key]] = {}
        for row in self.rows.values():
            if row.conversation is not None:
                name = self.current(row.conversation)
                found[name] = found.get(name, frozenset()) | {row.key}
        return found

    def current(self, name: str) -> str:
        """What a conversation has become part of by now."""
        while (into := self.summaries[name].merged_into) is not None:
            name = into
        return name
