"""Subjects: what a query, a rule or a map looks at.

A subject is a message with what is known around it: what classifiers say of it, who wrote it, and
how its conversation stands. Whoever asks gathers that; nothing here looks anything up.
What is computed from the text is computed once, when it is first asked for.
"""

from datetime import timedelta
from functools import cached_property

import attrs

from socialcare.domain.annotation import Annotation, Sense, Value
from socialcare.domain.entities import hashtags, links, mentions
from socialcare.domain.message import Message
from socialcare.domain.profile import Profile
from socialcare.domain.summary import Summary
from socialcare.domain.words import cut, folded

NOBODY = Profile()
"""Somebody of whom nothing is known."""


class Wording:
    """A text, and what is found out about it once it is asked for.

    Attributes:
        text: The text.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def folded(self) -> str:
        """The text without case, accents and disguise."""
        return folded(self.text)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of the text, folded and in order."""
        return cut(self.folded)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The words of the text, each once."""
        return frozenset(self.words)

    @cached_property
    def line(self) -> str:
        """The words with a blank before and after each, so that rows of them are found."""
        return f" {' '.join(self.words)} "

    @cached_property
    def hashtags(self) -> frozenset[str]:
        """The hashtags of the text, folded, without `#`."""
        return frozenset(map(folded, hashtags(self.text)))

    @cached_property
    def mentions(self) -> frozenset[str]:
        """Who is named by the text, folded, without `@`."""
        return frozenset(map(folded, mentions(self.text)))

    @cached_property
    def links(self) -> tuple[str, ...]:
        """The addresses in the text, folded, without `https://` and `www.`."""
        return tuple(map(address, links(self.text)))


@attrs.frozen(kw_only=True, eq=False, slots=False)  # what is cached is found faster without slots
class Subject(Wording):
    """A message, and what is known around it.

    Attributes:
        message: What was said.
        annotations: What classifiers and people say of it; of two of one sense the later counts.
        profile: Who wrote it.
        conversation: How its conversation stands.
        accounts: The brand's own accounts, by name without `@`.
        waiting: How long its author has waited for an answer; None for who does not wait.
        earlier: How many conversations there were before with the same customer.
        open: How many other conversations with them are open.
        volume: How many times as much is said about its topic as usual; None where nobody counts.
        found_by: The names of the listening queries that found it.
    """

    message: Message
    annotations: tuple[Annotation, ...] = ()
    profile: Profile = NOBODY
    conversation: Summary | None = None
    accounts: frozenset[str] = frozenset()
    waiting: timedelta | None = None
    earlier: int | None = None
    open: int | None = None
    volume: float | None = None
    found_by: tuple[str, ...] = ()

    @property
    def text(self) -> str:  # type: ignore[override]  # read only, and from the message
        """What was said; empty where there is no text."""
        return self.message.text or ""

    @cached_property
    def said(self) -> dict[Sense, Value]:
        """What is said of it, by sense; what nobody can tell is left out."""
        return {each.sense: each.value for each in self.annotations if each.known}

    def known(self, sense: Sense) -> Value:
        """What is said of it in one sense; None for what nobody can tell."""
        return self.said.get(sense)


def address(link: str) -> str:
    """An address as it is compared: folded, without protocol and `www.`.

    >>> address("https://www.Example.com/Help/")
    'example.com/help'
    """
    plain = folded(link).removeprefix("https://").removeprefix("http://")
    return plain.removeprefix("www.").rstrip("/")


__all__ = ["NOBODY", "Subject", "Wording", "address"]
