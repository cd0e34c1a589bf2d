"""What can happen to a desk's log, for laws that must hold whatever did.

`histories()` gives lists of steps: messages that come in any order and in any conversation, edits,
deletions, decisions, work, merges and splits, between moments at which somebody looks.
`happen` does one of them to a ledger; a step that makes no sense there is passed over.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import attrs
from hypothesis import strategies as st

from ledger import Ledger
from socialcare.domain.events import (
    Archived,
    Assigned,
    Categorised,
    Event,
    HandlingStarted,
    HandlingStopped,
    Leased,
    LeaseEnded,
    Released,
    Reopened,
    Resolved,
)
from socialcare.domain.message import Direction, Message
from socialcare.domain.threading import deduplicated
from strategies import logs

NAMES = ("c1", "c2", "c3", "c4")
MOMENTS = tuple(
    timedelta(minutes=minutes) for minutes in (0, 1, 7, 300, 1440, 1441, 3000, 5000, 20_000)
)


@attrs.frozen
class Receive:
    """A message comes in."""

    message: Message
    into: str


@attrs.frozen
class Edit:
    """A message that came is edited, so long after it was sent."""

    which: int
    after: timedelta
    text: str | None


@attrs.frozen
class Delete:
    """A message that came is deleted."""

    which: int


@attrs.frozen
class Act:
    """Somebody does something about a conversation, so long after its last message."""

    what: str
    into: str
    after: timedelta


@attrs.frozen
class Merge:
    """Two conversations become one."""

    survivor: str
    other: str


@attrs.frozen
class SplitOne:
    """A message goes to a conversation of its own."""

    which: int


Step: TypeAlias = Receive | Edit | Delete | Act | Merge | SplitOne

ACTS: dict[str, tuple[type[Event], dict[str, Any]]] = {
    "resolve": (Resolved, {}),
    "archive": (Archived, {}),
    "reopen": (Reopened, {}),
    "assign": (Assigned, {"agent_id": "anna", "team_id": "social"}),
    "release": (Released, {}),
    "lease": (Leased, {"agent_id": "anna", "until": datetime(2100, 1, 1, tzinfo=UTC)}),
    "let go": (LeaseEnded, {"agent_id": "anna"}),
    "categorise": (Categorised, {"category": "delivery"}),
    "start": (HandlingStarted, {"agent_id": "sam"}),
    "stop": (HandlingStopped, {"agent_id": "sam"}),
}


def _others() -> st.SearchStrategy[Step]:
    number, name = st.integers(0, 20), st.sampled_from(NAMES)
    moment = st.sampled_from(MOMENTS)
    return st.one_of(
        st.builds(Edit, number, moment, st.sampled_from((None, "Thanks!", "Where is it?"))),
        st.builds(Delete, number),
        st.builds(Act, st.sampled_from(tuple(ACTS)), name, moment),
        st.builds(Act, st.sampled_from(("resolve", "archive", "reopen")), name, moment),
        st.builds(Merge, name, name),
        st.builds(SplitOne, number),
    )


@st.composite
def histories(draw: st.DrawFn, *, max_size: int = 12) -> list[Step]:
    """Steps in any order."""
    messages = deduplicated(draw(logs(min_size=1, max_size=max_size)))
    names = st.sampled_from(NAMES)
    steps: list[Step] = [
        Receive(attrs.evolve(each, brand=None, conversation_id=None), draw(names))
        for each in draw(st.permutations(messages))
    ]
    for step in draw(st.lists(_others(), max_size=8)):
        steps.insert(draw(st.integers(0, len(steps))), step)
    return steps


def happen(step: Step, ledger: Ledger, came: list[Message]) -> None:
    """Does the step, if it makes sense.

    Args:
        step: What happens.
        ledger: Where it happens.
        came: The messages that came so far; a message that comes now is added.
    """
    match step:
        case Receive(message, into):
            _receive(message, into, ledger)
            came.append(message)
        case Edit(which, after, text) if came:
            message = came[which % len(came)]
            ledger.edit(message, message.sent_at + after, text=text)
        case Delete(which) if came:
            ledger.delete(came[which % len(came)])
        case Act(what, into, after) if (name := _current(ledger, into)) is not None:
            kind, fields = ACTS[what]
            ledger.act(kind, _last(ledger, name, came) + after, into=name, **fields)
        case Merge(survivor, other):
            one, two = _current(ledger, survivor), _current(ledger, other)
            if one is not None and two is not None and one != two:
                ledger.merge(one, two)
        case SplitOne(which) if came:
            message = came[which % len(came)]
            origin = ledger.where[message.key]
            if origin is not None:
                ledger.split(origin, f"split-{message.channel}-{message.id}-{len(came)}", message)


def _receive(message: Message, into: str, ledger: Ledger) -> None:
    if message.customer_id is None:
        ledger.receive(message, into=None)
        return
    name = into if ledger.is_unknown(into) else ledger.current(into)
    if message.direction is Direction.OUTBOUND and not message.automated:
        ledger.deliver(message, into=name)
    else:
        ledger.receive(message, into=name)


def _current(ledger: Ledger, name: str) -> str | None:
    """What the conversation is part of now; None if it has no message."""
    if ledger.is_unknown(name):
        return None
    found = ledger.current(name)
    return found if found in ledger.where.values() else None


def _last(ledger: Ledger, name: str, came: Sequence[Message]) -> datetime:
    return max(each.sent_at for each in came if ledger.where[each.key] == name)
