"""The form of an answer: whether it fits its channel, is whole, signed, and not too much."""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from socialcare.domain.message import Direction, Visibility
from socialcare.domain.playbook.channels import Counts, counted, without_leading_names
from socialcare.domain.playbook.checks.remark import Remark, shown
from socialcare.domain.playbook.findings import Code
from socialcare.domain.playbook.reading import Reading
from socialcare.domain.playbook.templates import leftover

if TYPE_CHECKING:
    from socialcare.domain.playbook.playbook import Playbook

__all__ = ["in_a_row", "no_sign_off", "too_long", "too_much", "unfilled"]

_FEWEST_WORDS = 4
"""A sentence of fewer words is a greeting, or thanks."""
_END = 160
"""How much of the end of a text is looked at for a sign-off, in characters."""
_TAIL = r"(?:\s*(?:https?://\S+|\(?\d\s?/\s?\d\)?))*\s*$"


def unfilled(reading: Reading, _: "Playbook") -> Iterator[Remark]:
    """A placeholder that nobody filled in."""
    place = leftover(reading.answer.text)
    if place is not None:
        piece = shown(reading.answer.text[slice(*place)])
        yield Remark(
            Code.UNFILLED, f"{piece} was not filled in", "fill it in, or write without it", place
        )


def too_long(reading: Reading, playbook: "Playbook") -> Iterator[Remark]:
    """A text for which the channel has no room."""
    answer = reading.answer
    channel = playbook.channel(answer.channel)
    room = channel.room(answer.visibility)
    if room is None:
        return
    answers = channel.counts is Counts.X and reading.conversation is not None
    text = without_leading_names(answer.text) if answers else answer.text
    length = counted(text, channel.counts)
    if length > room:
        by = "" if channel.counts is Counts.CHARACTERS else f", as {answer.channel} counts"
        private = channel.private and answer.visibility is Visibility.PUBLIC
        longer = private and (channel.longest_private or length) >= length
        other = ", or go on in private, where there is room" if longer else ""
        yield Remark(
            Code.TOO_LONG,
            f"it is {length} long{by}, and {answer.channel} takes {room}",
            f"shorten it by {length - room}{other}",
        )


def no_sign_off(reading: Reading, playbook: "Playbook") -> Iterator[Remark]:
    """No name or initials at the end, where the house signs."""
    sign = playbook.channel(reading.answer.channel).sign_off
    if sign is None or reading.answer.automated:
        return
    if _signed(sign).search(reading.answer.text[-_END:]) is None:
        yield Remark(
            Code.NO_SIGN_OFF,
            f"the house signs its answers on {reading.answer.channel}, and this one is not signed",
            f"end it with {sign} and your name or initials",
        )


@cache
def _signed(sign: str) -> re.Pattern[str]:
    dash = r"[-\u2013\u2014]" if sign == "-" else re.escape(sign)
    return re.compile(rf"(?:^|[\s.!?,;:)\]]|(?<=\w)){dash}\s?[^\W\d_][\w.]{{0,24}}{_TAIL}")


def too_much(reading: Reading, playbook: "Playbook") -> Iterator[Remark]:
    """More questions, or more sentences in public, than anybody answers or reads."""
    channel = playbook.channel(reading.answer.channel)
    asked = reading.text.questions
    if channel.questions is not None and asked > channel.questions:
        yield Remark(
            Code.TOO_MUCH,
            f"it asks {asked} questions at once",
            f"ask at most {channel.questions}, the one that decides first",
        )
    said = sum(len(each) >= _FEWEST_WORDS for each in reading.text.sentences)
    if reading.is_public and channel.sentences is not None and said > channel.sentences:
        yield Remark(
            Code.TOO_MUCH,
            f"it has {said} sentences, to be read in public",
            f"say it in {channel.sentences}, link to the rest, or go on in private",
        )


def in_a_row(reading: Reading, playbook: "Playbook") -> Iterator[Remark]:
    """Several answers in a row, and the customer has not written since."""
    most = playbook.channel(reading.answer.channel).in_a_row
    if most is None or reading.answer.automated:
        return
    already = 0
    for message in reversed(reading.spoken):
        if message.direction is Direction.INBOUND:
            break
        already += not message.automated
    if already >= most and already < len(reading.spoken):
        yield Remark(
            Code.IN_A_ROW,
            f"the last {already} messages are ours, and the customer has not answered",
            "wait for the customer, or say that you ask once more and when you will stop",
        )
