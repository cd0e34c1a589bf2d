"""Resolutions over a whole message table: the columnar twin of the domain's.

Whatever the evidence, it comes down to events of two kinds in the order of time:
one that resolves a conversation and one that opens it again.
A resolution is where a resolving event does not follow another, a reopening where an opening one
follows a resolving one; both are comparisons of neighbours.
"""

import attrs
import numpy as np
import polars as pl

from socialcare.analytics.engine.rows import Flags, Ints
from socialcare.analytics.engine.threads import Threads
from socialcare.analytics.engine.waits import CUSTOMER, RESPONSE, Kinds
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
class _Events:
    """What resolves and what reopens, by conversation and time.

    Attributes:
        conversation, second, resolves: One entry an event.
        speaks_of: The conversations that this evidence decides, with events or without.
    """

    conversation: Ints
    second: Ints
    resolves: Flags
    speaks_of: Ints


def resolutions(
    frame: pl.DataFrame,
    threads: Threads,
    kind: Kinds,
    *,
    as_of: int,
    settle: int,
    states: pl.DataFrame | None,
) -> Resolutions:
    """The resolution of every conversation that has a customer's message.

    Args:
        frame: The message table.
        threads: Its conversations.
        kind: What `waits.kinds` says of each row of the frame.
        as_of: The second at which it is looked at.
        settle: Seconds of silence after which an answered conversation counts as resolved.
        states: `conversation`, `second`, `status` in order, where there is a status table.
    """
    kind = kind[threads.order]
    second = threads.rows.second[threads.order]
    opening = threads.first(kind == CUSTOMER)
    conversation = np.flatnonzero(opening >= 0)
    thanks = _thanks(frame, threads, kind)
    by_status = None if states is None else _by_status(states, frame, threads, kind)
    sources = [by_status, _by_thanks(threads, kind, second, thanks)]
    if states is None:
        sources.append(_by_silence(threads, kind, second, as_of, settle))
    return _reduced(conversation, second[opening[conversation]], sources, len(threads))


def _reduced(
    conversation: Ints, opened: Ints, sources: list[_Events | None], n: int
) -> Resolutions:
    """The resolutions by the first source that speaks of each conversation."""
    first, last = np.full(n, -1, np.int64), np.full(n, -1, np.int64)
    reopened, source = np.zeros(n, np.int64), np.full(n, -1, np.int64)
    free = np.ones(n, np.bool_)
    for code, events in enumerate(sources):
        if events is None:
            continue
        mine = _only(events, free[events.conversation])
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


def _only(events: _Events, kept: Flags) -> _Events:
    return _Events(
        conversation=events.conversation[kept],
        second=events.second[kept],
        resolves=events.resolves[kept],
        speaks_of=events.speaks_of,
    )


def _reduce(events: _Events, first: Ints, last: Ints, reopened: Ints) -> None:
    at, resolves = events.conversation, events.resolves
    after_resolved = np.zeros(len(at), np.bool_)
    after_resolved[1:] = resolves[:-1] & (at[1:] == at[:-1])
    becomes = resolves & ~after_resolved
    first[at[becomes][::-1]] = events.second[becomes][::-1]
    last[at[becomes]] = events.second[becomes]
    reopens = ~resolves & after_resolved
    np.add.at(reopened, at[reopens], 1)
    ends = np.ones(len(at), np.bool_)
    ends[:-1] = at[1:] != at[:-1]
    last[at[ends & ~resolves]] = -1


def _thanks(frame: pl.DataFrame, threads: Threads, kind: Kinds) -> Flags:
    """Which places are a customer's acknowledgement, after at least one response."""
    answered = threads.first(kind == RESPONSE)[threads.conversation]
    after = (answered >= 0) & (np.arange(len(kind)) > answered)
    return _grateful(frame, threads, (kind == CUSTOMER) & after)


def _grateful(frame: pl.DataFrame, threads: Threads, asked: Flags) -> Flags:
    """Which of the places that are asked for are acknowledgements by their text."""
    grateful = np.zeros(len(asked), np.bool_)
    if "text" not in frame.columns:
        return grateful
    places = np.flatnonzero(asked)
    texts = frame["text"].gather(pl.Series(threads.order[places], dtype=pl.UInt32))
    grateful[places] = [text is not None and is_acknowledgement(text) for text in texts]
    return grateful


def _by_thanks(threads: Threads, kind: Kinds, second: Ints, thanks: Flags) -> _Events | None:
    grateful = threads.last(thanks) >= 0
    at = np.flatnonzero((kind == CUSTOMER) & grateful[threads.conversation])
    return _Events(
        conversation=threads.conversation[at],
        second=second[at],
        resolves=thanks[at],
        speaks_of=np.flatnonzero(grateful),
    )


def _by_silence(threads: Threads, kind: Kinds, second: Ints, as_of: int, settle: int) -> _Events:
    """Responses after which the customer was silent long enough, and customers' messages."""
    opening = threads.first(kind == CUSTOMER)[threads.conversation]
    places = np.arange(len(kind))
    at = np.flatnonzero((kind != 0) & (opening >= 0) & (places >= opening))
    at = at[(kind[at] == CUSTOMER) | (kind[at] == RESPONSE)]
    conversation = threads.conversation[at]
    silent_until = _next_customer(conversation, second[at], kind[at] == CUSTOMER)
    settled = np.where(
        silent_until >= 0, silent_until - second[at] > settle, as_of - second[at] >= settle
    )
    resolves = (kind[at] == RESPONSE) & settled
    kept = resolves | (kind[at] == CUSTOMER)
    return _Events(
        conversation=conversation[kept],
        second=second[at][kept],
        resolves=resolves[kept],
        speaks_of=conversation[:0],
    )


def _next_customer(conversation: Ints, second: Ints, by_customer: Flags) -> Ints:
    """For each event the second of the next customer message of its conversation, or -1."""
    n = len(second)
    following = np.full(n + 1, n, np.int64)
    following[:-1][by_customer] = np.flatnonzero(by_customer)
    following = np.minimum.accumulate(following[::-1])[::-1][1:]
    inside = np.minimum(following, n - 1)
    same = (following < n) & (conversation[inside] == conversation)
    return np.where(same, second[inside], -1)


def _by_status(states: pl.DataFrame, frame: pl.DataFrame, threads: Threads, kind: Kinds) -> _Events:
    """Changes of status, and customers' messages that reopen; a message comes before a status."""
    second = threads.rows.second[threads.order]
    opening = threads.first(kind == CUSTOMER)
    of, at = states["conversation"].to_numpy(), states["second"].to_numpy()
    counts = (opening[of] >= 0) & (at >= second[opening[of]])
    watched = np.zeros(len(threads), np.bool_)
    watched[of] = True
    asked = (kind == CUSTOMER) & watched[threads.conversation]
    places = np.flatnonzero(asked & ~_grateful(frame, threads, asked))
    resolved = states["status"].is_in([*RESOLVED]).to_numpy()[counts]
    conversation = np.concatenate((threads.conversation[places], of[counts]))
    when = np.concatenate((second[places], at[counts]))
    stated = np.concatenate((np.zeros(len(places), np.bool_), np.ones(len(resolved), np.bool_)))
    resolves = np.concatenate((np.zeros(len(places), np.bool_), resolved))
    order = np.lexsort((stated, when, conversation))
    return _Events(
        conversation=conversation[order],
        second=when[order],
        resolves=resolves[order],
        speaks_of=np.flatnonzero(watched),
    )
