"""Circumstances: what was known of a conversation from when on, in the order of its log.

A promise depends on how much a conversation matters, whose it is and what it is about, and may be
judged only by what was known at the moment. So this goes by when things were taken in, and not by
when they were sent; and it keeps which messages came in later than they were sent, so that one can
say what was known before.

Only promises ask for it, so a conversation keeps its events, and works it out once somebody asks.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any

import attrs

from socialcare.domain import events
from socialcare.domain.assessment import UNREAD, Assessment
from socialcare.domain.categories import SEPARATOR
from socialcare.domain.changes import Kind, Learnt
from socialcare.domain.events import Event, Key
from socialcare.domain.instants import epoch_second
from socialcare.domain.message import Message
from socialcare.domain.policy import MeasurementPolicy
from socialcare.domain.responses import Part, part
from socialcare.domain.states import State
from socialcare.domain.tier import Priority

_POLICY = MeasurementPolicy()


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Circumstances:
    """What was known of a conversation when.

    Attributes:
        events: Its events, in the order of its log.
        states: The states that it came into, each with when.
    """

    events: tuple[Event, ...] = ()
    states: tuple[tuple[datetime, State], ...] = ()

    @cached_property
    def learnt(self) -> tuple[Learnt, ...]:
        """What became known when, in the order of the log, and the states after all of it."""
        states = (Learnt(at=at, kind=Kind.STATE, value=state.value) for at, state in self.states)
        return (*self._told.learnt, *states)

    @property
    def late(self) -> Mapping[Key, datetime]:
        """When those messages were taken in that had been sent in an earlier second."""
        return MappingProxyType(self._told.late)

    @cached_property
    def _told(self) -> "_Telling":
        telling = _Telling()
        for event in self.events:
            telling.take(event)
        return telling


class _Telling:
    """What was known after some of the events."""

    def __init__(self) -> None:
        self.learnt: list[Learnt] = []
        self.late: dict[Key, datetime] = {}
        self._known: dict[Kind, str] = {}
        self._waiting: dict[Key, Priority | None] = {}
        """How much each message matters that the customer waits with, or waited with last."""
        self._highest: Priority | None = None
        """The highest of these."""
        self._is_over = False
        """Whether these have been answered or settled."""
        self._said: Priority | None = None
        self._is_categorised = False

    def take(self, event: Event) -> None:
        """Goes on to an event."""
        take = _TAKES.get(type(event))
        if take is not None:
            take(self, event)

    # What comes in

    def _received(self, event: events.MessageReceived) -> None:
        message = event.message
        key, does = message.key, part(message, _POLICY)
        self._take_in(event, message, key, does)
        if does is Part.ASKS:
            if self._is_over:
                self._waiting.clear()
                self._highest = None
                self._is_over = False
            self._waiting[key] = None
            self._read(event.at, key, event.assessment)
        self._categories_of(event.at, message)

    def _take_in(self, event: Event, message: Message, key: Key, does: Part) -> None:
        if epoch_second(event.at) > message.second:
            self.late.setdefault(key, event.at)
        if does is Part.ANSWERS:
            self._is_over = True

    def _delivered(self, event: events.ReplyDelivered) -> None:
        message = event.message
        self._take_in(event, message, message.key, part(message, _POLICY))

    def _edited(self, event: events.MessageEdited) -> None:
        self._read(event.at, event.message.key, event.assessment)
        self._categories_of(event.at, event.message)

    def _assessed(self, event: events.Assessed) -> None:
        self._read(event.at, (event.channel, event.message_id), event.assessment)

    def _read(self, at: datetime, key: Key, assessment: Assessment | None) -> None:
        """Goes on to what was made of a message."""
        found = UNREAD if assessment is None else assessment
        if key in self._waiting and found.decision is not None:
            self._wait_with(key, found.decision.priority)
            self._weigh(at)
        self._learn(at, Kind.TIER, found.tier)
        if not self._is_categorised:
            self._learn(at, Kind.CATEGORY, found.category)

    def _wait_with(self, key: Key, priority: Priority) -> None:
        """Keeps the highest priority by itself: a customer may wait with thousands of messages."""
        before, self._waiting[key] = self._waiting[key], priority
        if before is None:
            known = self._highest
            self._highest = priority if known is None else min(priority, known)
        else:  # it was looked at again, and may have been the highest
            self._highest = min(each for each in self._waiting.values() if each is not None)

    def _categories_of(self, at: datetime, message: Message) -> None:
        if message.category is not None and not self._is_categorised:
            self._learn(at, Kind.CATEGORY, _path(message.category, message.subcategory))

    # What people say

    def _prioritised(self, event: events.Prioritised) -> None:
        self._said = event.priority
        self._weigh(event.at)

    def _categorised(self, event: events.Categorised) -> None:
        self._is_categorised = True
        if event.category is not None:
            self._learn(event.at, Kind.CATEGORY, _path(event.category, event.subcategory))

    def _settled(self, _: Event) -> None:
        self._said, self._is_over = None, True

    def _weigh(self, at: datetime) -> None:
        """Takes down how much what the customer waits with matters, or what a person says."""
        priority = self._said or self._highest
        self._learn(at, Kind.PRIORITY, None if priority is None else priority.tier.value)

    def _learn(self, at: datetime, kind: Kind, value: str | None) -> None:
        if value is not None and self._known.get(kind) != value:
            self._known[kind] = value
            self.learnt.append(Learnt(at=at, kind=kind, value=value))


def _path(category: str, subcategory: str | None) -> str:
    return category if subcategory is None else f"{category}{SEPARATOR}{subcategory}"


_TAKES: Mapping[type[Event], Callable[[_Telling, Any], None]] = MappingProxyType(
    {
        events.MessageReceived: _Telling._received,
        events.ReplyDelivered: _Telling._delivered,
        events.MessageEdited: _Telling._edited,
        events.Assessed: _Telling._assessed,
        events.Prioritised: _Telling._prioritised,
        events.Categorised: _Telling._categorised,
        events.Resolved: _Telling._settled,
        events.Archived: _Telling._settled,
    }
)
"""What is done with each type of event; the others change nothing of this."""
