"""Resolutions over a whole message table: the columnar twin of the domain's.

Whatever the evidence, it comes down to events of two kinds in the order of time:
one that resolves a conversation and one that opens it again.
A resolution is where a resolving event does not follow another, a reopening where an opening one
follows a resolving one; both are comparisons of neighbours.
"""

from collections.abc import Callable

import attrs
import numpy as np
import polars as pl

from socialcare.analytics.rows import Flags, Ints
from socialcare.analytics.threads import Threads
from socialcare.analytics.waits import CUSTOMER, RESPONSE, Kinds
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
    """What resolves and what reopens, by conversation and time."""

    conversation: Ints
    second: Ints
    resolves: Flags


def resolutions(
    frame: pl.DataFrame,
    threads: Threads,
    kind: Kinds,
    *,
    as_of: int,
    settle: int,
    status: pl.DataFrame | None,
    given: Callable[[pl.DataFrame], Ints],
) -> Resolutions:
    """The resolution of every conversation that has a customer's message.

    Args:
        frame: The message table.
        threads: Its conversations.
        kind: What `waits.kinds` says of each row of the frame.
        as_of: The second at which it is looked at.
        settle: Seconds of silence after which an answered conversation counts as resolved.
        status: The status table, where there is one.
        given: The conversation of each row of a side table, or -1.
    """
    kind = kind[threads.order]
    second = threads.rows.second[threads.order]
    opening = threads.first(kind == CUSTOMER)
    conversation = np.flatnonzero(opening >= 0)
    thanks = _thanks(frame, threads, kind)
    by_status = None if status is None else _by_status(status, given, threads, kind, thanks)
    sources = [by_status, _by_thanks(threads, kind, second, thanks)]
    if status is None:
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
        if events is None or not len(events.conversation):
            continue
        mine = _only(events, free[events.conversation])
        _reduce(mine, first, last, reopened)
        free[mine.conversation] = False
        source[mine.conversation] = code
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
    thanks = np.zeros(len(kind), np.bool_)
    if "text" not in frame.columns:
        return thanks
    answered = threads.first(kind == RESPONSE)[threads.conversation]
    places = np.arange(len(kind))
    asked = np.flatnonzero((kind == CUSTOMER) & (answered >= 0) & (places > answered))
    texts = frame["text"].gather(threads.order[asked])
    thanks[asked] = [text is not None and is_acknowledgement(text) for text in texts]
    return thanks


def _by_thanks(threads: Threads, kind: Kinds, second: Ints, thanks: Flags) -> _Events | None:
    grateful = threads.last(thanks) >= 0
    at = np.flatnonzero((kind == CUSTOMER) & grateful[threads.conversation])
    return _Events(conversation=threads.conversation[at], second=second[at], resolves=thanks[at])


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
        conversation=conversation[kept], second=second[at][kept], resolves=resolves[kept]
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


def _by_status(
    status: pl.DataFrame,
    given: Callable[[pl.DataFrame], Ints],
    threads: Threads,
    kind: Kinds,
    thanks: Flags,
) -> _Events:
    """Changes of status, and customers' messages that reopen; a message comes before a status."""
    second = threads.rows.second[threads.order]
    of = given(status)
    opening = threads.first(kind == CUSTOMER)
    at = _seconds(status["at"])
    known = (of >= 0) & (opening[of] >= 0)
    known &= at >= second[opening[of]]
    watched = np.zeros(len(threads), np.bool_)
    watched[of[of >= 0]] = True
    places = np.flatnonzero((kind == CUSTOMER) & ~thanks & watched[threads.conversation])
    states = status["status"].str.to_lowercase().is_in([*RESOLVED]).to_numpy()
    conversation = np.concatenate((threads.conversation[places], of[known]))
    when = np.concatenate((second[places], at[known]))
    later = np.concatenate((np.zeros(len(places), np.int64), np.ones(int(known.sum()), np.int64)))
    resolves = np.concatenate((np.zeros(len(places), np.bool_), states[known]))
    order = np.lexsort((resolves, later, when, conversation))
    return _Events(conversation=conversation[order], second=when[order], resolves=resolves[order])


def _seconds(instants: pl.Series) -> Ints:
    return np.asarray(instants.dt.epoch("us").to_numpy() // 1_000_000)
