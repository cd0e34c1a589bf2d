"""Responses: what each message of a conversation does to the customer's wait.

A message asks, answers, ends the wait without an answer, or does nothing to it.
That is decided here and nowhere else, from the message and the measurement policy; waits and
resolutions follow from the order of these parts.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from enum import StrEnum

import attrs

from socialcare.domain.message import AuthorRole, Direction, Message, Visibility
from socialcare.domain.policy import Automated, MeasurementPolicy, ResponseType


class Part(StrEnum):
    """What a message does to a wait."""

    ASKS = "asks"
    """A message by the customer: somebody waits from here on."""
    ANSWERS = "answers"
    """A response."""
    STOPS = "stops"
    """An automated message under a policy by which it ends the wait but answers nothing."""
    NOTHING = "nothing"


_OF_AN_AUTOMATED_MESSAGE = {
    Automated.IGNORE: Part.NOTHING,
    Automated.STOP: Part.STOPS,
    Automated.COUNT: Part.ANSWERS,
}


# Python 3.11 takes long to find a member in its class, and every message asks for these.
_INBOUND, _OUTBOUND = Direction.INBOUND, Direction.OUTBOUND
_BOT, _PEER = AuthorRole.BOT, ResponseType.PEER
_ASKS, _ANSWERS, _NOTHING = Part.ASKS, Part.ANSWERS, Part.NOTHING
_OF_VISIBILITY = {each: ResponseType(each.value) for each in Visibility}


def response_type(message: Message) -> ResponseType | None:
    """The type of response that this message would be; None for what customers write."""
    if message.direction is _OUTBOUND:
        return _OF_VISIBILITY[message.visibility]
    return _PEER if message.by_peer else None


def is_automated(message: Message) -> bool:
    """Whether a machine wrote it, said by its flag or by its author's role."""
    return message.automated or message.author.role is _BOT


def part(
    message: Message,
    policy: MeasurementPolicy,
    misdated: AbstractSet[tuple[str, str]] = frozenset(),
) -> Part:
    """What this message does to a wait.

    Args:
        message: The message.
        policy: Which types are responses, and what automated ones do.
        misdated: Messages, as channel and id, that are stamped before the one they answer.
            An outbound one of them does nothing, since nobody knows when it was sent.
    """
    if message.by_customer:
        return _ASKS
    if response_type(message) not in policy.responses:
        return _NOTHING
    if message.direction is _INBOUND:
        return _NOTHING if is_automated(message) else _ANSWERS
    if message.key in misdated:
        return _NOTHING
    return _OF_AN_AUTOMATED_MESSAGE[policy.automated] if is_automated(message) else _ANSWERS


@attrs.frozen(kw_only=True)
class Turn:
    """What the customer wrote until the brand's turn came, and what ended it.

    Attributes:
        asks: The customer's messages in a row, at least one.
        ends: The message that ended the turn; None while somebody still waits.
        answered: Whether that message was a response.
    """

    asks: tuple[Message, ...]
    ends: Message | None
    answered: bool


def turns(
    messages: Iterable[Message],
    policy: MeasurementPolicy,
    misdated: AbstractSet[tuple[str, str]] = frozenset(),
) -> tuple[Turn, ...]:
    """The turns of one conversation, whose messages are given in order."""
    done: list[Turn] = []
    asks: list[Message] = []
    for message in messages:
        does = part(message, policy, misdated)
        if does is Part.ASKS:
            asks.append(message)
        elif asks and does is not Part.NOTHING:
            done.append(Turn(asks=tuple(asks), ends=message, answered=does is Part.ANSWERS))
            asks = []
    if asks:
        done.append(Turn(asks=tuple(asks), ends=None, answered=False))
    return tuple(done)
