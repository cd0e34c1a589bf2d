"""A crisis plan: what is watched, who is told, and what is said and done, as one document.

Written down before it is needed. The policy says when there is a crisis; the rest says who hears of
it, what may be said at once, by channel and language, what is answered to which kind of message,
how a matter that concerns many is handled, and what is to be done when it is over.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path

import attrs

from socialcare.domain.choices import Choice
from socialcare.domain.crisis.policy import CrisisPolicy
from socialcare.domain.crisis.states import CrisisState
from socialcare.domain.playbook.templates import Template
from socialcare.domain.query import Query, Subject
from socialcare.errors import InvalidPolicy

__all__ = [
    "Afterwards",
    "Answer",
    "CrisisPlan",
    "Holding",
    "MassIssue",
    "Opens",
    "Telling",
    "Topic",
]


def _texts(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(value)


def _states(value: Iterable[CrisisState | str]) -> frozenset[CrisisState]:
    return frozenset(CrisisState(each) for each in value)


@attrs.frozen(kw_only=True)
class Topic:
    """Something that is watched by itself, and which messages are about it."""

    name: str
    query: Query


@attrs.frozen(kw_only=True)
class Telling:
    """Who is told when a crisis enters a state.

    Attributes:
        states: Which states.
        to: Agents, teams or whatever the host's notifiers know, by id.
        flood: Whether they are also told of a flood, which is no crisis.
    """

    states: frozenset[CrisisState] = attrs.field(converter=_states)
    to: tuple[str, ...] = attrs.field(converter=_texts, validator=attrs.validators.min_len(1))
    flood: bool = False


@attrs.frozen(kw_only=True)
class Holding:
    """A text that can be said at once, before anybody knows more.

    Attributes:
        text: What it says, with places to fill in.
        channels: Where; none for everywhere.
        language: In which language it is, as a BCP 47 tag; None for whoever has no other.
    """

    text: Template
    channels: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    language: str | None = None

    def fitness(self, channel: str, language: str | None) -> int | None:
        """How well it fits a channel and language, the more the better; None if it does not."""
        if self.channels and channel not in self.channels:
            return None
        if self.language is not None and self.language != language:
            return None
        return 2 * (self.language is not None) + bool(self.channels)


@attrs.frozen(kw_only=True)
class Answer:
    """What is answered to one type of message while the crisis is on.

    Attributes:
        name: What it is called.
        query: Which messages it answers.
        text: What it says, with places to fill in.
        language: In which language it is; None for any.
    """

    name: str
    query: Query
    text: Template
    language: str | None = None


class Opens(Choice):
    """When a matter that concerns many is opened."""

    BY_HAND = "by_hand"
    """Somebody opens it."""
    WHEN_DECLARED = "when_declared"
    """With a crisis that is declared, about what drives it."""


@attrs.frozen(kw_only=True)
class MassIssue:
    """How a matter that concerns many is handled.

    Attributes:
        opens: When it is opened.
        status_every: How long the public may be without an update; None for as long as it takes.
        groups: Whether those affected leave the line and are shown together.
    """

    opens: Opens = attrs.field(default=Opens.BY_HAND, converter=Opens)
    status_every: timedelta | None = None
    groups: bool = True


@attrs.frozen(kw_only=True)
class Afterwards:
    """What is to be done when it is over.

    Attributes:
        text: What those affected are told, with places to fill in; None for what somebody writes.
        per_minute: To how many of them in a minute.
        todo: What else is to be done, in order.
    """

    text: Template | None = None
    per_minute: int = attrs.field(default=30, validator=attrs.validators.ge(1))
    todo: tuple[str, ...] = attrs.field(default=(), converter=_texts)


@attrs.frozen(kw_only=True)
class CrisisPlan:
    """What a house does in a crisis.

    Attributes:
        name: What it is called.
        policy: What is watched, and what is worth an alarm.
        topics: What is watched by itself, in the order of `policy.topics`.
        tell: Who is told of what.
        holding: What can be said at once.
        answers: What is answered to which type of message; the first that holds.
        mass_issue: How a matter that concerns many is handled.
        afterwards: What is to be done when it is over.

    Raises:
        InvalidPolicy: If topics and policy do not go together.
    """

    name: str = "crisis"
    policy: CrisisPolicy = attrs.field(factory=CrisisPolicy)
    topics: tuple[Topic, ...] = ()
    tell: tuple[Telling, ...] = ()
    holding: tuple[Holding, ...] = ()
    answers: tuple[Answer, ...] = ()
    mass_issue: MassIssue = attrs.field(factory=MassIssue)
    afterwards: Afterwards = attrs.field(factory=Afterwards)

    def __attrs_post_init__(self) -> None:
        """Refuses topics that are not those of the policy."""
        names = tuple(topic.name for topic in self.topics)
        if names and names != self.policy.topics:
            right = f"the topics of the policy: {', '.join(self.policy.topics) or 'none'}"
            raise InvalidPolicy(names, where="CrisisPlan.topics", right=right)

    @property
    def version(self) -> str:
        """Which of the house's plans this is."""
        return self.policy.version

    def topics_of(self, subject: Subject) -> tuple[str, ...]:
        """The names of the topics that a message is about."""
        return tuple(topic.name for topic in self.topics if topic.query.holds(subject))

    def told(self, state: CrisisState) -> tuple[str, ...]:
        """Who is told when that state begins, each once."""
        every = (each for telling in self.tell if state in telling.states for each in telling.to)
        return tuple(dict.fromkeys(every))

    def told_of_floods(self) -> tuple[str, ...]:
        """Who is told of a flood, each once."""
        every = (each for telling in self.tell if telling.flood for each in telling.to)
        return tuple(dict.fromkeys(every))

    def holding_message(self, channel: str, language: str | None = None) -> Holding | None:
        """What can be said at once on a channel; None where nothing was written for it.

        What is written for the language comes before what is for the channel, and that before what
        is for everybody; of several the first.

        Args:
            channel: Where.
            language: In which language, as a BCP 47 tag; None where nobody knows.
        """
        fitting = [
            (fitness, each)
            for each in self.holding
            if (fitness := each.fitness(channel, language)) is not None
        ]
        return max(fitting, key=lambda one: one[0])[1] if fitting else None

    def answer(self, subject: Subject) -> Answer | None:
        """The template for a message; None where none holds."""
        language = subject.message.language
        return next(
            (
                each
                for each in self.answers
                if each.language in (None, language or each.language) and each.query.holds(subject)
            ),
            None,
        )

    @classmethod
    def from_mapping(
        cls, mapping: Mapping[str, object], *, where: str = "crisis plan"
    ) -> "CrisisPlan":
        """The plan that a mapping describes; the keys of a policy stand at its top.

        Raises:
            InvalidPolicy: If a key is unknown or its value not right; the message names the key
                and what would be right.
            InvalidQuery: If a query can't be read.
        """
        from socialcare.domain.crisis.plan_document import read

        return read(mapping, where=where)

    @classmethod
    def from_toml(cls, path: str | Path) -> "CrisisPlan":
        """The plan in a TOML file.

        Raises:
            InvalidPolicy: If it is not TOML, a key is unknown, or a value is not right; the
                message names file, key and what would be right.
            InvalidQuery: If a query can't be read.
            OSError: If the file cannot be opened.
        """
        from socialcare.domain.crisis.plan_document import read_toml

        return read_toml(path)

    def to_mapping(self) -> dict[str, object]:
        """The plan as `from_mapping` reads it, of texts, numbers, lists and dicts only."""
        from socialcare.domain.crisis.plan_document import written

        return written(self)
