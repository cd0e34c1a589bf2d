"""Matching: for which queries of a playbook what the customer waits with, or an answer, holds."""

from collections.abc import Iterable
from functools import cached_property

import attrs

from socialcare.domain.conversation import Conversation
from socialcare.domain.folding import summary_of
from socialcare.domain.instants import EPOCH
from socialcare.domain.message import Author, AuthorRole, Direction, Message
from socialcare.domain.playbook.reading import Answer, Reading
from socialcare.domain.query import Query, Subject

__all__ = ["Waiting", "answer_subject"]

_AGENT = Author(role=AuthorRole.AGENT)


@attrs.frozen(eq=False, slots=False)  # what is cached is found faster without slots
class Waiting:
    """What a customer waits with, as queries look at it.

    Attributes:
        conversation: Where they wait.
        messages: What they wait with: what they wrote since the last answer, or wrote last.
    """

    conversation: Conversation
    messages: tuple[Message, ...]

    @classmethod
    def of(cls, reading: Reading) -> "Waiting | None":
        """What the customer waits with to whom an answer goes; None where nobody does."""
        if reading.conversation is None or not reading.asked:
            return None
        return cls(reading.conversation, reading.asked)

    @cached_property
    def subjects(self) -> tuple[Subject, ...]:
        """The messages, each with what is said of it."""
        summary = summary_of(self.conversation)
        assessments = self.conversation.assessments
        return tuple(
            Subject(
                message=each,
                annotations=assessments[each.key].annotations if each.key in assessments else (),
                conversation=summary,
                found_by=assessments[each.key].found_by if each.key in assessments else (),
            )
            for each in self.messages
        )

    def holds(self, query: Query) -> bool:
        """Whether a query holds for one of the messages."""
        return any(query.holds(each) for each in self.subjects)

    def always_holds(self, query: Query) -> bool:
        """Whether a query holds for every one of the messages."""
        return bool(self.subjects) and all(query.holds(each) for each in self.subjects)

    def first(self, queries: Iterable[Query]) -> Query | None:
        """The first query that holds for one of them; None if none does."""
        return next((each for each in queries if self.holds(each)), None)


def answer_subject(answer: Answer) -> Subject:
    """An answer, as queries look at it; it was not sent yet, so no time is known."""
    message = Message(
        id="answer",
        sent_at=EPOCH,
        direction=Direction.OUTBOUND,
        author=_AGENT,
        customer_id=None,
        channel=answer.channel,
        visibility=answer.visibility,
        automated=answer.automated,
        text=answer.text,
    )
    return Subject(message=message)
