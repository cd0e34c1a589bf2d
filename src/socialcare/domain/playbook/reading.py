"""Readings: an answer that is about to go out, with what is around it, as the checks look at it.

What is computed from the texts is computed once, when a check first asks for it.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property

import attrs

from socialcare.domain.annotation import Annotation, Sense
from socialcare.domain.conversation import Conversation
from socialcare.domain.entities import links
from socialcare.domain.events import Reply
from socialcare.domain.links import link_spans
from socialcare.domain.message import Direction, Message, Visibility
from socialcare.domain.words import cut, folded, spans

__all__ = ["Answer", "Reading", "Sent", "Text"]

_SENTENCE_END = re.compile(r"[.!?\u2026\u3002\uff01\uff1f]+(?=[\s\"')\]\u201d\u2019]|$)|\n+")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_NOT_SAID = re.compile(rf"{_ADDRESS.pattern}|(?<![\w@])[@\uff20]\w+(?:@[\w.-]*\w|(?:\.\w+)+)?")
"""Addresses and names."""
_AFTER = ".,;:!?)'"
"""What ends the sentence and not the address."""
_IN_LINE = re.compile(r"[^ .]+")
_QUESTION_MARK = re.compile(r"[?\uff1f\u061f]+")


def _visibility(value: Visibility | str) -> Visibility:
    return Visibility(value)


@attrs.frozen(kw_only=True)
class Answer:
    """What is about to be said to a customer.

    Attributes:
        text: What it says.
        channel: Where.
        visibility: Public or private.
        automated: Whether a machine wrote it.
    """

    text: str
    channel: str
    visibility: Visibility = attrs.field(default=Visibility.PUBLIC, converter=_visibility)
    automated: bool = False

    @classmethod
    def of(cls, reply: Reply) -> "Answer":
        """What a reply says."""
        return cls(
            text=reply.text,
            channel=reply.channel,
            visibility=reply.visibility,
            automated=reply.automated,
        )


@attrs.frozen
class Sent:
    """An answer that was sent lately.

    Attributes:
        text: What it said.
        conversation: In which conversation; None where nobody knows.
    """

    text: str
    conversation: str | None = None


@attrs.frozen(eq=False, slots=False)  # what is cached is found faster without slots
class Text:
    """A text as the checks read it.

    Attributes:
        text: As it was written.
    """

    text: str

    @cached_property
    def plain(self) -> str:
        """The text with blanks in the place of addresses and names, as long as the text."""
        found = (each.span() for each in _NOT_SAID.finditer(self.text))
        return _blanked(self.text, sorted((*link_spans(self.text), *found)))

    @cached_property
    def sentences(self) -> tuple[tuple[str, ...], ...]:
        """The words of each sentence, folded."""
        return tuple(filter(None, map(cut, _SENTENCE_END.split(folded(self.plain)))))

    @cached_property
    def line(self) -> str:
        """The words with a blank around each, and a dot between sentences."""
        return f" {' . '.join(map(' '.join, self.sentences))} "

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of all sentences."""
        return tuple(word for sentence in self.sentences for word in sentence)

    @cached_property
    def questions(self) -> int:
        """How many question marks there are, several in a row for one."""
        return len(_QUESTION_MARK.findall(self.plain))

    @cached_property
    def links(self) -> tuple[str, ...]:
        """The addresses in the text; with a protocol also those on hosts that there are not yet."""
        own = (each.rstrip(_AFTER) for each in _ADDRESS.findall(self.text))
        return tuple(dict.fromkeys((*links(self.text), *own)))

    @cached_property
    def places(self) -> tuple[tuple[int, int], ...]:
        """Where each of the words stands in the text, as start and end in characters."""
        return tuple(spans(self.plain))

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        """Where each of the words stands in the line."""
        return tuple(found.start() for found in _IN_LINE.finditer(self.line))

    def found(self, phrases: re.Pattern[str]) -> Iterator[tuple[int, int]]:
        """Where phrases stand in the text, as start and end in characters."""
        for match in phrases.finditer(self.line):
            first = bisect_left(self._starts, match.start())
            last = bisect_left(self._starts, match.end()) - 1
            if first <= last < len(self.places):
                yield self.places[first][0], self.places[last][1]

    def has(self, phrases: re.Pattern[str]) -> bool:
        """Whether one of the phrases stands in the text."""
        return phrases.search(self.line) is not None


def _is_ours(message: Message) -> bool:
    return message.direction is Direction.OUTBOUND and not message.automated


def _blanked(text: str, found: Iterable[tuple[int, int]]) -> str:
    kept, reached = [], 0
    for start, end in found:
        if start >= reached:
            kept += [text[reached:start], " " * (end - start)]
            reached = end
    return "".join([*kept, text[reached:]])


def _sent(given: Iterable[Sent]) -> tuple[Sent, ...]:
    return tuple(given)


def _said(given: Iterable[Annotation]) -> tuple[Annotation, ...]:
    return tuple(given)


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Reading:
    """An answer, and what is around it.

    Attributes:
        answer: The answer.
        conversation: What it answers; None for what answers nothing.
        recent: What was sent to anybody lately.
        annotations: What classifiers say of the answer: its language, personal data in it.
        problem: What many are told at once, such as `the app is down`; None where there is no such
            thing, or it does not concern this customer.
    """

    answer: Answer
    conversation: Conversation | None = None
    recent: tuple[Sent, ...] = attrs.field(default=(), converter=_sent)
    annotations: tuple[Annotation, ...] = attrs.field(default=(), converter=_said)
    problem: str | None = None

    @property
    def is_public(self) -> bool:
        """Whether everybody can see the answer."""
        return self.answer.visibility is Visibility.PUBLIC

    @cached_property
    def text(self) -> Text:
        """The answer's text."""
        return Text(self.answer.text)

    @cached_property
    def spoken(self) -> tuple[Message, ...]:
        """What was said before, without notes."""
        return () if self.conversation is None else self.conversation.spoken

    @cached_property
    def ours(self) -> tuple[Message, ...]:
        """What the house said before, without what a machine did."""
        return tuple(filter(_is_ours, self.spoken))

    @cached_property
    def asked(self) -> tuple[Message, ...]:
        """What the customer wrote since the last answer, or else wrote last."""
        waiting: list[Message] = []
        for each in reversed(self.spoken):
            if waiting and _is_ours(each):
                break
            if each.by_customer and each.text:
                waiting.append(each)
        return tuple(reversed(waiting))

    @cached_property
    def asked_text(self) -> Text:
        """The text of what the customer waits with."""
        return Text("\n".join(each.text or "" for each in self.asked))

    @cached_property
    def customer_text(self) -> Text:
        """All that the customer wrote."""
        messages = () if self.conversation is None else self.conversation.customer_messages
        return Text("\n".join(each.text or "" for each in messages))

    def said(self, sense: Sense) -> Iterator[Annotation]:
        """What classifiers say of the answer in one sense."""
        return (each for each in self.annotations if each.sense is sense and each.known)
