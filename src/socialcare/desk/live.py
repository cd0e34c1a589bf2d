"""Live numbers: what goes on at the desk now, kept up to date from the log.

A subscriber follows the log from a cursor. For each page of events it asks the store what became of
the conversations that these belong to, and measures anew those of which it may have something to
say: where somebody waits, or where the last message is no older than the window. So what an event
costs depends on its conversation and not on the size of the log, and what is held in memory is the
conversations in which somebody waits or was answered within the window, and when messages of the
window were sent. In which state every other conversation is stands on disk (`Scratch`).

Every number follows from the conversation as it is now and not from the event, so it makes no
difference in which order events come, nor how many processes each keep such numbers.
"""

from bisect import bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush
from threading import RLock

import attrs

from socialcare.desk.measuring import Measured, Measuring
from socialcare.desk.scratch import Scratch
from socialcare.desk.snapshot import Flow, Snapshot, Times, Volume, flow
from socialcare.desk.walk import brought, concerned, pages
from socialcare.domain.instants import epoch_second, instant
from socialcare.domain.message import Message
from socialcare.domain.policy import MeasurementPolicy
from socialcare.domain.states import State
from socialcare.domain.waits import Wait, WaitKind
from socialcare.errors import InvalidPolicy, InvalidValue
from socialcare.plugins.protocols import Store
from socialcare.plugins.records import Around, Asked, Logged

DAY = timedelta(hours=24)
Marks = list[tuple[int, str]]
"""A heap of seconds, each with the conversation of which something happens then."""


def _in_order(value: Iterable[timedelta]) -> tuple[timedelta, ...]:
    return tuple(sorted(set(value)))


def _positive(
    live: "LiveNumbers",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[timedelta]",
    value: timedelta,
) -> None:
    if value < timedelta(seconds=1):
        where = f"LiveNumbers.{attribute.name}"
        raise InvalidValue(value, where=where, right="a timedelta of a second or more")


def _without_pauses(
    live: "LiveNumbers",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[MeasurementPolicy]",
    value: MeasurementPolicy,
) -> None:
    if value.pauses:
        where = f"LiveNumbers.{attribute.name}"
        right = "a policy without pauses: running waits are in calendar seconds"
        raise InvalidPolicy(value.pauses, where=where, right=right)


@attrs.define(kw_only=True, eq=False)
class LiveNumbers:
    """Running numbers of one log. Safe to be called from several threads at once.

    `catch_up` goes through what is new, at first the whole log; `snapshot` says what that comes to.
    Moments must not go back: what is older than the window is forgotten.

    Attributes:
        store: The log.
        window: How far back response times and recent volumes go.
        older_than: Ages of open waits to count above, such as what customers were promised.
        policy: What opens a wait and what is a response; ours by default.

    Raises:
        InvalidValue: If the window is less than a second.
        InvalidPolicy: If the policy has pauses.
    """

    store: Store
    window: timedelta = attrs.field(default=DAY, validator=_positive)
    older_than: tuple[timedelta, ...] = attrs.field(default=(), converter=_in_order)
    policy: MeasurementPolicy = attrs.field(factory=MeasurementPolicy, validator=_without_pauses)
    _cursor: str | None = attrs.field(default=None, init=False)
    _waits: dict[str, tuple[Wait, ...]] = attrs.field(factory=dict, init=False)
    _again: Marks = attrs.field(factory=list, init=False)
    """When conversations must be measured again."""
    _ends: Marks = attrs.field(factory=list, init=False)
    """When waits ended: the first of each conversation that is still to be forgotten."""
    _sent: defaultdict[tuple[str, Flow], list[int]] = attrs.field(
        factory=lambda: defaultdict(list), init=False
    )
    """The seconds of the messages of the window, and of later ones, in order."""
    _total: Counter[tuple[str, Flow]] = attrs.field(factory=Counter, init=False)
    _states: Counter[State] = attrs.field(factory=Counter, init=False)
    _state_of: Scratch = attrs.field(factory=Scratch, init=False)
    _lock: RLock = attrs.field(factory=RLock, init=False)

    @property
    def _measuring(self) -> Measuring:
        return Measuring(store=self.store, window=self.window, policy=self.policy)

    @property
    def held(self) -> int:
        """How many conversations are held in memory: somebody waits there, or was answered."""
        return len(self._waits)

    # Following the log

    def catch_up(self, *, now: datetime) -> int:
        """How many events were new; all numbers are up to date then.

        A page of events is counted as a whole or, if the store fails, not at all.
        """
        second = epoch_second(instant(now, where="now"))
        read = 0
        with self._lock:
            for page in pages(self.store, self._cursor):
                self._take(page, second)
                read += len(page)
            self._look_again(second)
            self._forget(second)
        return read

    def _take(self, page: Sequence[Logged], now: int) -> None:
        messages = [found for each in page if (found := brought(each.recorded.event)) is not None]
        touched = dict.fromkeys((*concerned(page), *self._answering(messages)))
        measured = self._measuring.measured(touched, now)
        # From here on the store is asked nothing, so a page is never counted by half.
        for message in messages:
            self._count(message, now)
        for each in measured:
            self._keep(each, now)
        self._cursor = page[-1].cursor

    def _answering(self, messages: Sequence[Message]) -> Iterator[str]:
        """The conversations with answers to these messages, which may have come before them."""
        if not messages:
            return
        asked = {message.key for message in messages}
        around = self.store.around(Asked(keys=tuple(asked)))
        for row in around.placed:
            if row.in_reply_to is not None and (row.channel, row.in_reply_to) in asked:
                yield from _survivors(row.conversation, around)

    def _look_again(self, now: int) -> None:
        """Measures the conversations anew in which something was stamped later than it is now."""
        for each in self._measuring.measured(_passed(self._again, now), now):
            self._keep(each, now)

    def _forget(self, now: int) -> None:
        """Drops what is older than the window."""
        start = self._measuring.start(now)
        for seconds in self._sent.values():
            del seconds[: bisect_right(seconds, start)]
        for name in _passed(self._ends, start):
            self._set_waits(name, self._waits.get(name, ()), now)

    # Conversations

    def _keep(self, measured: Measured, now: int) -> None:
        """Puts what a conversation comes to in the place of what it came to before."""
        self._set_state(measured.id, measured.state)
        self._set_waits(measured.id, measured.waits, now)
        if measured.again is not None:
            heappush(self._again, (measured.again, measured.id))

    def _set_waits(self, name: str, own: Iterable[Wait], now: int) -> None:
        self._waits.pop(name, None)
        lately = self._measuring.has_ended_lately
        left = tuple(wait for wait in own if wait.pending or lately(wait, now))
        if left:
            self._waits[name] = left
        ends = [epoch_second(wait.closed_at) for wait in left if wait.closed_at is not None]
        if ends:
            heappush(self._ends, (min(ends), name))

    def _set_state(self, name: str, state: State | None) -> None:
        before = self._state_of[name]
        if before == state:
            return
        if before is not None:
            self._states[State(before)] -= 1
            del self._state_of[name]
        if state is not None:
            self._states[state] += 1
            self._state_of[name] = state.value

    # Messages

    def _count(self, message: Message, now: int) -> None:
        what = (message.channel, flow(message))
        self._total[what] += 1
        if message.second > self._measuring.start(now):
            insort(self._sent[what], message.second)

    # Saying what it comes to

    def snapshot(self, *, now: datetime) -> Snapshot:
        """What the numbers are at this moment, by what was caught up with."""
        at = instant(now, where="now")
        second = epoch_second(at)
        with self._lock:
            every = [wait for own in self._waits.values() for wait in own]
            ages = [second - epoch_second(wait.opened_at) for wait in every if wait.pending]
            return Snapshot(
                at=at,
                window=self.window,
                waits_open=len(ages),
                oldest_wait=timedelta(seconds=max(ages)) if ages else None,
                older_than={target: _older(ages, target) for target in self.older_than},
                first_response=self._times(every, second, WaitKind.FIRST),
                next_response=self._times(every, second, WaitKind.NEXT),
                responses=self._times(every, second, *WaitKind),
                recent=_by_channel({what: self._recent(what, second) for what in self._sent}),
                total=_by_channel(self._total),
                states={state: self._states[state] for state in State},
            )

    def _times(self, every: Iterable[Wait], now: int, *kinds: WaitKind) -> Times:
        lately = self._measuring.has_ended_lately
        return Times.of(
            wait.calendar_seconds for wait in every if wait.kind in kinds and lately(wait, now)
        )

    def _recent(self, what: tuple[str, Flow], now: int) -> int:
        seconds = self._sent[what]
        return bisect_right(seconds, now) - bisect_right(seconds, self._measuring.start(now))

    def close(self) -> None:
        """Lets go of what is on disk; the numbers can't be asked for any more."""
        self._state_of.close()


def _survivors(name: str | None, around: Around) -> Iterator[str]:
    """A conversation, and what it became part of."""
    while name is not None and name in around.summaries:
        yield name
        name = around.summaries[name].summary.merged_into


def _passed(marks: Marks, until: int) -> list[str]:
    """The conversations marked up to that second, each once; their marks are taken off."""
    found: dict[str, None] = {}
    while marks and marks[0][0] <= until:
        found[heappop(marks)[1]] = None
    return list(found)


def _older(ages: Iterable[int], than: timedelta) -> int:
    return sum(timedelta(seconds=age) > than for age in ages)


def _by_channel(counts: Mapping[tuple[str, Flow], int]) -> dict[str, Volume]:
    """Volumes by channel, in order of the channels; those without a message are absent."""
    found: defaultdict[str, dict[Flow, int]] = defaultdict(dict)
    for (channel, what), number in sorted(counts.items()):
        if number:
            found[channel][what] = number
    return {channel: Volume.of(own) for channel, own in found.items()}
