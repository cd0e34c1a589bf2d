"""Resolutions over a whole message table: the columnar twin of the domain's.

Whatever the evidence, it comes down to events of two kinds in the order of time:
one that resolves a conversation and one that opens it again.
A resolution is where a resolving event does not follow another, a reopening where an opening one
follows a resolving one; both are comparisons of neighbours.
"""

from collections.abc import Mapping

import attrs
import numpy as np
import polars as pl

from socialcare.analytics.engine.arrays import Flags, Ints
from socialcare.analytics.engine.threads import Threads
from socialcare.analytics.engine.waits import CUSTOMER, Bursts, Events
from socialcare.domain.acknowledgement import is_acknowledgement
from socialcare.domain.resolutions import RESOLVED

STATUS, ACKNOWLEDGEMENT, INFERRED = "status", "acknowledgement", "inferred"


@attrs.frozen(kw_only=True, eq=False)
class Resolutions:
    """One entry a conversation with a customer's message.

    Attributes:
        conversation: The conversation.
        opened: Second of the first customer message.
        first: Second of the first resolution, or -1.
        last: Second of the last resolution, or -1 if none or reopened since.
        reopened: How often it was reopened.
        source: Code of the evidence: 0 status, 1 acknowledgement, 2 inferred; -1 where unresolved.
    """

    conversation: Ints
    opened: Ints
    first: Ints
    last: Ints
    reopened: Ints
    source: Ints


@attrs.frozen(kw_only=True, eq=False)
class _Story:
    """What resolves and what reopens, by conversation and time.

    Attributes:
        conversation, second, resolves: One entry an event.
        speaks_of: The conversations that this evidence decides, with events or without.
    """

    conversation: Ints
    second: Ints
    resolves: Flags
    speaks_of: Ints

    def where(self, kept: Flags) -> "_Story":
        """Only some of the events."""
        if kept.all():
            return self
        return attrs.evolve(
            self,
            conversation=self.conversation[kept],
            second=self.second[kept],
            resolves=self.resolves[kept],
        )


def resolutions(
    frame: pl.DataFrame,
    threads: Threads,
    bursts: Bursts,
    opening: Ints,
    *,
    as_of: int,
    settle: int,
    states: pl.DataFrame | None,
) -> Resolutions:
    """The resolution of every conversation that has a customer's message.

    Args:
        frame: The message table.
        threads: Its conversations.
        bursts: What customers wrote in a row, and what ended it.
        opening: The place of each conversation's first customer message, or -1.
        as_of: The second at which it is looked at.
        settle: Seconds of silence after which an answered conversation counts as resolved.
        states: `conversation`, `second`, `status` in order, where there is a status table.
    """
    events = bursts.events
    conversation = np.flatnonzero(opening >= 0)
    sources = [] if states is None else [_by_status(states, frame, threads, events, opening)]
    sources.append(_by_thanks(frame, threads, events))
    if states is None:
        sources.append(_by_silence(bursts, as_of, settle))
    codes = (0, 1) if states is not None else (1, 2)
    opened = threads.second[opening[conversation]]
    return _reduced(conversation, opened, dict(zip(codes, sources, strict=True)), len(threads))


def _reduced(
    conversation: Ints, opened: Ints, sources: Mapping[int, _Story], n: int
) -> Resolutions:
    """The resolutions by the first source that speaks of each conversation."""
    first, last = np.full(n, -1, np.int64), np.full(n, -1, np.int64)
    reopened, source = np.zeros(n, np.int64), np.full(n, -1, np.int64)
    free = np.ones(n, np.bool_)
    for code, events in sources.items():
        mine = events if free.all() else events.where(free[events.conversation])
        _reduce(mine, first, last, reopened)
        source[mine.conversation] = code
        free[events.speaks_of] = False
    source[first < 0] = -1
    return Resolutions(
        conversation=conversation,
        opened=opened,
        first=first[conversation],
        last=last[conversation],
        reopened=reopened[conversation],
        source=source[conversation],
    )


def _reduce(events: _Story, first: Ints, last: Ints, reopened: Ints) -> None:
    at, resolves = events.conversation, events.resolves
    after_resolved = np.zeros(len(at), np.bool_)
    after_resolved[1:] = resolves[:-1] & (at[1:] == at[:-1])
    becomes = np.flatnonzero(resolves & ~after_resolved)
    whose, when = at[becomes], events.second[becomes]
    first[whose[::-1]] = when[::-1]
    last[whose] = when
    reopens = np.flatnonzero(~resolves & after_resolved)
    np.add.at(reopened, at[reopens], 1)
    ends = np.ones(len(at), np.bool_)
    ends[:-1] = at[1:] != at[:-1]
    last[at[np.flatnonzero(ends & ~resolves)]] = -1


def grateful(frame: pl.DataFrame, threads: Threads, places: Ints) -> Flags:
    """Which of the messages at these places are acknowledgements by their text."""
    if "text" not in frame.columns:
        return np.zeros(len(places), np.bool_)
    texts = frame["text"].gather(pl.Series(threads.order[places], dtype=pl.UInt32))
    found = [text is not None and is_acknowledgement(text) for text in texts]
    return np.asarray(found, np.bool_)


def _by_thanks(frame: pl.DataFrame, threads: Threads, events: Events) -> _Story:
    """Settled by thanks after at least one response."""
    if "text" not in frame.columns:
        none = events.place[:0]
        return _Story(conversation=none, second=none, resolves=none > 0, speaks_of=none)
    asked = np.flatnonzero(events.kind == CUSTOMER)
    answered = threads.first(events.answered)[events.conversation[asked]]
    after = asked[(answered >= 0) & (events.place[asked] > answered)]
    thanks = np.zeros(len(events.kind), np.bool_)
    thanks[after] = grateful(frame, threads, events.place[after])
    thanked = np.unique(events.conversation[thanks])
    speaks = np.zeros(len(threads), np.bool_)
    speaks[thanked] = True
    at = asked[speaks[events.conversation[asked]]] if len(thanked) else asked[:0]
    return _Story(
        conversation=events.conversation[at],
        second=events.second[at],
        resolves=thanks[at],
        speaks_of=thanked,
    )


def _by_silence(bursts: Bursts, as_of: int, settle: int) -> _Story:
    """Settled by the first response after which the customer was silent long enough.

    If any response of several in a row is followed by enough silence, the first one is.
    """
    spoken = bursts.events.without_stops()
    if spoken is not bursts.events:
        bursts = Bursts.of(spoken)
    conversation, asked = bursts.conversation, spoken.second[bursts.begins]
    answered = spoken.second[bursts.answers]
    silent_until = np.full(len(asked), as_of, np.int64)
    again = np.flatnonzero(conversation[1:] == conversation[:-1])
    silent_until[again] = asked[again + 1] - 1
    settled = (bursts.answers >= 0) & (silent_until - answered >= settle)
    reopens = np.zeros(len(asked), np.bool_)
    reopens[again + 1] = settled[again]
    # A burst may reopen its conversation, and right after it may come what settled it.
    happens = np.flatnonzero(np.column_stack((reopens, settled)))
    return _Story(
        conversation=conversation[happens >> 1],
        second=np.column_stack((asked, answered)).ravel()[happens],
        resolves=(happens & 1).astype(np.bool_),
        speaks_of=conversation[:0],
    )


def _by_status(
    states: pl.DataFrame, frame: pl.DataFrame, threads: Threads, events: Events, opening: Ints
) -> _Story:
    """Changes of status, and customers' messages that reopen; a message comes before a status."""
    of, at = states["conversation"].to_numpy(), states["second"].to_numpy()
    counts = (opening[of] >= 0) & (at >= threads.second[opening[of]])
    watched = np.zeros(len(threads), np.bool_)
    watched[of] = True
    asked = np.flatnonzero((events.kind == CUSTOMER) & watched[events.conversation])
    asked = asked[~grateful(frame, threads, events.place[asked])]
    resolved = states["status"].is_in([*RESOLVED]).to_numpy()[counts]
    conversation = np.concatenate((events.conversation[asked], of[counts]))
    when = np.concatenate((events.second[asked], at[counts]))
    stated = np.arange(len(when)) >= len(asked)
    resolves = np.concatenate((np.zeros(len(asked), np.bool_), resolved))
    order = np.lexsort((stated, when, conversation))
    return _Story(
        conversation=conversation[order],
        second=when[order],
        resolves=resolves[order],
        speaks_of=np.flatnonzero(watched),
    )
