"""Placement: where a live desk puts the messages that come in, one batch after the other.

The conversations that it ends with are those of `socialcare.domain.threading` over all messages.
There the connected parts of a customer's messages are the conversations. One more message only ever
joins parts, never cuts one, so it is enough to know what is around it: the nearest messages on
either side, all within the gap, the one that it answers, and those that answer it. Messages of one
conversation are one part from the start, and where a new one joins several, they are merged.

Only links with a new end are drawn. What people have split or merged stays as they left it, until
something new is said; and even then, conversations that somebody split are not joined again.

Notes join nothing. A note is where the message is that it answers, or else where the customer was
being talked to when it was written; a message that comes late may show that this was elsewhere.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

import attrs

from socialcare.domain.parts import Parts
from socialcare.domain.placed import Placed, digest, given_names, placed_row
from socialcare.domain.reach import Home, Link, reaches, unit
from socialcare.domain.summary import Summary
from socialcare.domain.threading import ThreadingPolicy

__all__ = [
    "Placed",
    "Placement",
    "digest",
    "given_names",
    "place",
    "placed_row",
]


@attrs.frozen(kw_only=True)
class Placement:
    """Where new messages go, and what that does to the conversations that there are.

    Attributes:
        rows: The new rows, as they were given, each with its conversation; None for a message to
            nobody in particular.
        begun: The names of new conversations, in the order in which `rows` come to them.
        merges: Conversations that became one: which one goes on, and which became part of it.
        moved: Rows of known notes that are in another conversation from now on, other than by a
            merge.
        anchored: Rows of known notes that stay, and from now on because of what they answer.
        previous: For new conversations that a late reply began, the settled one that it answers.
    """

    rows: tuple[Placed, ...]
    begun: tuple[str, ...] = ()
    merges: tuple[tuple[str, str], ...] = ()
    moved: tuple[Placed, ...] = ()
    anchored: tuple[Placed, ...] = ()
    previous: Mapping[str, str] = MappingProxyType({})

    @property
    def written(self) -> tuple[Placed, ...]:
        """Every row that is to be written."""
        return (*self.rows, *self.moved, *self.anchored)


def place(
    new: Sequence[Placed],
    known: Iterable[Placed],
    summaries: Mapping[str, Summary],
    policy: ThreadingPolicy,
) -> Placement:
    """Where these messages go.

    Args:
        new: Rows of messages that are in no conversation yet, each message once; or in one, if
            they have become another customer's since.
        known: What `Store.around` says of each customer from `gap` before the first of the new
            rows to `gap` after the last, of the messages that they answer, and of themselves.
        summaries: The conversations of the known rows, what those were merged into, and
            `given_names`.
        policy: When two messages are one conversation.
    """
    parts = Parts(summaries)
    reached = reaches(new, known, parts)
    cuts = [cut for reach in reached for cut in reach.link(policy)]
    for reach in reached:
        reach.take_notes_along()
    names = parts.named({row.key: row.order for row in new})
    homes = {home.note.key: home for reach in reached for home in reach.homes()}
    fresh = {row.key for row in new}
    again = [home for key, home in homes.items() if key not in fresh]

    def name(row: Placed) -> str:
        return names[id(parts.of(unit(row, parts)))]

    def put(row: Placed) -> Placed:
        if row.customer_id is None and row.given is None:
            return row
        home = homes.get(row.key)
        if home is None:
            return row.with_conversation(name(row), anchored=row.anchored)
        return row.with_conversation(name(home.beside), anchored=home.answers)

    def stays(home: Home) -> bool:
        return name(home.note) == name(home.beside)

    rows = tuple(put(row) for row in new)
    return Placement(
        rows=rows,
        begun=_begun(rows, parts),
        merges=parts.merged(),
        moved=tuple(put(home.note) for home in again if not stays(home)),
        anchored=tuple(put(home.note) for home in again if stays(home) and home.answers),
        previous=_previous(cuts, parts, name),
    )


def _begun(rows: Iterable[Placed], parts: Parts) -> tuple[str, ...]:
    names = dict.fromkeys(row.conversation for row in rows if row.conversation is not None)
    return tuple(name for name in names if not parts.is_known(name))


def _previous(
    cuts: Iterable[Link], parts: Parts, name: Callable[[Placed], str]
) -> Mapping[str, str]:
    """For each new conversation that a late reply began, what it would have joined."""
    before: dict[str, str] = {}
    for reply, parent in cuts:
        if name(reply) != name(parent) and not parts.is_known(name(reply)):
            before.setdefault(name(reply), name(parent))
    return MappingProxyType(before)
