"""Threading: which messages make one conversation.

The rule is a pure function of the *set* of messages.
Neither their order, nor repeats, nor the batches in which they came change the answer, so a live
desk and one pass over an archive end with the same conversations.

Only messages of one brand and one customer are ever joined.
Within those, two kinds of links are drawn, and the connected parts are the conversations:

* neighbours in time, either direction and any channel, no further apart than `gap`;
* a reply and the message that it answers.

Notes are written inside a conversation, so they belong to one but never join or prolong any.
A conversation id that came with the messages is believed, and nothing is joined to it or cut.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import attrs

from socialcare.domain.choices import Choice
from socialcare.domain.conversation import Conversation, in_order
from socialcare.domain.instants import epoch_second, instant
from socialcare.domain.message import Direction, Message
from socialcare.errors import InvalidPolicy

Key = tuple[str, str]
"""A message, as channel and id."""
Part = list[Message]
"""The spoken messages of one conversation; two messages are together if they share the list."""


class Given(Choice):
    """What to do with conversation ids that came with the messages."""

    KEEP = "keep"
    """The export has threaded already: nothing is joined or cut."""
    IGNORE = "ignore"
    """Thread again, as though no ids had been given."""


def _not_negative(
    policy: "ThreadingPolicy",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[timedelta]",
    value: object,
) -> None:
    if not isinstance(value, timedelta) or value < timedelta(0):
        raise InvalidPolicy(
            value, where=f"ThreadingPolicy.{attribute.name}", right="a timedelta of zero or more"
        )


@attrs.frozen(kw_only=True)
class ThreadingPolicy:
    """When two messages of one customer are one conversation.

    Attributes:
        gap: The longest silence within a conversation; a message exactly that late still joins.
        reopen_within: How long after its resolution a reply still reopens a conversation.
        given: What to do with conversation ids that came with the messages.

    Raises:
        InvalidPolicy: If a duration is negative or a word is not one of the choices.
    """

    gap: timedelta = attrs.field(default=timedelta(hours=24), validator=_not_negative)
    reopen_within: timedelta = attrs.field(default=timedelta(days=7), validator=_not_negative)
    given: Given = attrs.field(default=Given.KEEP, converter=Given)


def _at(value: datetime) -> datetime:
    return instant(value, where="Resolved.at")


@attrs.frozen(kw_only=True)
class Resolved:
    """The conversation that holds this message was resolved at that instant."""

    channel: str
    message_id: str
    at: datetime = attrs.field(converter=_at)


def deduplicated(messages: Iterable[Message]) -> tuple[Message, ...]:
    """The messages without repeats, in order.

    Of those with one channel and id, the one sent first is kept.
    Where that leaves a choice the content decides, never the order of arrival.
    """
    kept: dict[Key, Message] = {}
    for message in messages:
        rival = kept.setdefault(message.key, message)
        if message is not rival:
            kept[message.key] = min(message, rival, key=_precedence)
    return in_order(kept.values())


def _precedence(message: Message) -> tuple[object, ...]:
    return (
        message.sent_at,
        message.direction is Direction.OUTBOUND,
        message.customer_id or "",
        message.author.id or "",
        message.in_reply_to or "",
        message.text or "",
        repr(message),  # settles what is left, so that the answer is one
    )


def until(messages: Iterable[Message], as_of: datetime) -> tuple[Message, ...]:
    """The messages sent no later than the second of `as_of`: what was known then."""
    last = epoch_second(as_of)
    return tuple(message for message in messages if message.second <= last)


def orphans(messages: Iterable[Message]) -> frozenset[Key]:
    """The messages, as channel and id, whose `in_reply_to` names none on their channel."""
    known = {message.key: message for message in deduplicated(messages)}
    return frozenset(
        message.key
        for message in known.values()
        if message.in_reply_to is not None and (message.channel, message.in_reply_to) not in known
    )


def misdated(messages: Iterable[Message]) -> frozenset[Key]:
    """The messages, as channel and id, that are stamped in a second before the one they answer."""
    known = {message.key: message for message in deduplicated(messages)}
    return frozenset(
        message.key
        for message in known.values()
        if (parent := _parent(message, known)) is not None and parent.second > message.second
    )


def _parent(message: Message, known: Mapping[Key, Message]) -> Message | None:
    if message.in_reply_to is None:
        return None
    return known.get((message.channel, message.in_reply_to))


def thread(
    messages: Iterable[Message],
    policy: ThreadingPolicy = ThreadingPolicy(),
    resolved: Iterable[Resolved] = (),
) -> tuple[Conversation, ...]:
    """The conversations that these messages make, by first message and then by id.

    Args:
        messages: In any order, repeats included.
        policy: When two messages are one conversation.
        resolved: What was resolved when, so that a late reply begins a new conversation.

    Returns:
        One conversation each; a message of no customer and no given id is in none.
    """
    keep = policy.given is Given.KEEP
    given: defaultdict[tuple[str | None, str], list[Message]] = defaultdict(list)
    loose: defaultdict[tuple[str | None, str], list[Message]] = defaultdict(list)
    for message in deduplicated(messages):
        if keep and message.conversation_id is not None:
            given[message.brand or None, message.conversation_id].append(message)
        elif message.customer_id is not None:
            loose[message.brand or None, message.customer_id].append(message)
    ends = _seconds_resolved(resolved)
    conversations = [_as_given(brand, name, own) for (brand, name), own in given.items()]
    for own in loose.values():
        conversations += _of_one_customer(own, policy, ends)
    return tuple(sorted(conversations, key=_place))


def _place(conversation: Conversation) -> tuple[object, ...]:
    return (conversation.messages[0].order, conversation.id, conversation.brand or "")


def _seconds_resolved(resolved: Iterable[Resolved]) -> dict[Key, list[int]]:
    seconds: defaultdict[Key, list[int]] = defaultdict(list)
    for each in resolved:
        seconds[each.channel, each.message_id].append(epoch_second(each.at))
    return seconds


def _as_given(brand: str | None, name: str, messages: Sequence[Message]) -> Conversation:
    by_customer = [message.customer_id for message in messages if message.by_customer]
    anyone = [message.customer_id for message in messages]
    customer_id = next((each for each in (*by_customer, *anyone) if each is not None), None)
    return Conversation(id=name, brand=brand, customer_id=customer_id, messages=messages)


def _of_one_customer(
    messages: Sequence[Message], policy: ThreadingPolicy, ends: Mapping[Key, Sequence[int]]
) -> list[Conversation]:
    """The conversations of one customer with one brand; `messages` in order."""
    spoken = [message for message in messages if not message.is_note]
    notes = [message for message in messages if message.is_note]
    if not spoken:
        return [_conversation(notes, notes)]
    parts = _sessions(spoken, policy.gap)
    cuts = _join_replies(spoken, parts, policy.reopen_within, ends)
    before = _previous(cuts, parts)
    jotted = _with_notes(spoken, notes, parts)
    return [
        _conversation(part, (*part, *jotted[id(part)]), before.get(id(part)))
        for part in _distinct(parts)
    ]


def _conversation(
    named_by: Sequence[Message], messages: Sequence[Message], previous_id: str | None = None
) -> Conversation:
    return Conversation(
        id=_name(named_by),
        brand=messages[0].brand or None,
        customer_id=messages[0].customer_id,
        messages=messages,
        previous_id=previous_id,
    )


def _name(messages: Iterable[Message]) -> str:
    return ":".join(min(messages, key=lambda message: message.order).key)


def _distinct(parts: Mapping[Key, Part]) -> list[Part]:
    return list({id(part): part for part in parts.values()}.values())


def _sessions(spoken: Sequence[Message], gap: timedelta) -> dict[Key, Part]:
    """Each message's part, where neighbours no further apart than `gap` share one."""
    part = [spoken[0]]
    parts = {spoken[0].key: part}
    for earlier, later in pairwise(spoken):
        if timedelta(seconds=later.second - earlier.second) > gap:
            part = []
        part.append(later)
        parts[later.key] = part
    return parts


def _join_replies(
    spoken: Sequence[Message],
    parts: dict[Key, Part],
    reopen_within: timedelta,
    ends: Mapping[Key, Sequence[int]],
) -> list[tuple[Message, Message]]:
    """Joins the parts of replies and what they answer; returns the links that came too late."""
    known = {message.key: message for message in spoken}
    cuts = []
    for reply in spoken:
        parent = _parent(reply, known)
        if parent is None or parts[parent.key] is parts[reply.key]:
            continue
        if _too_late(reply, parts[parent.key], reopen_within, ends):
            cuts.append((reply, parent))
        else:
            _join(parts, parts[parent.key], parts[reply.key])
    return cuts


def _too_late(
    reply: Message, part: Part, reopen_within: timedelta, ends: Mapping[Key, Sequence[int]]
) -> bool:
    """Whether the part's last resolution before the reply is longer ago than `reopen_within`."""
    if not ends:
        return False
    resolved = [end for message in part for end in ends.get(message.key, ())]
    last = max((end for end in resolved if end <= reply.second), default=reply.second)
    return timedelta(seconds=reply.second - last) > reopen_within


def _join(parts: dict[Key, Part], one: Part, other: Part) -> None:
    small, large = sorted((one, other), key=len)
    large.extend(small)
    for message in small:
        parts[message.key] = large


def _previous(cuts: Sequence[tuple[Message, Message]], parts: Mapping[Key, Part]) -> dict[int, str]:
    """For each part that a link was cut from, the id of the conversation it would have joined."""
    before: dict[int, str] = {}
    for reply, parent in cuts:
        old, new = parts[parent.key], parts[reply.key]
        if old is not new:
            before.setdefault(id(new), _name(old))
    return before


def _with_notes(
    spoken: Sequence[Message], notes: Sequence[Message], parts: Mapping[Key, Part]
) -> defaultdict[int, list[Message]]:
    """The notes of each part, by the part's identity."""
    known = {message.key: message for message in spoken}
    jotted: defaultdict[int, list[Message]] = defaultdict(list)
    for note in notes:
        beside = _parent(note, known) or _spoken_before(note, spoken)
        jotted[id(parts[beside.key])].append(note)
    return jotted


def _spoken_before(note: Message, spoken: Sequence[Message]) -> Message:
    """The latest message at or before the note, else the earliest after it."""
    place = bisect_right(spoken, note.order, key=lambda message: message.order)
    return spoken[max(place - 1, 0)]
