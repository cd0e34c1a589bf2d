"""A playbook: what a house says to its customers, how and where, and what it does not say.

Everything in it is a value that people wrote down. What an answer is checked for is in `checks`,
and how much a finding matters is again the playbook's to say.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import attrs

from socialcare.domain.annotation import Annotation
from socialcare.domain.conversation import Conversation
from socialcare.domain.help_articles import HelpArticle, HelpIndex, HelpMatch
from socialcare.domain.hours import BusinessHours
from socialcare.domain.playbook.acknowledging import Acknowledgement, Acknowledging, acknowledging
from socialcare.domain.playbook.advising import Advice, Ordered, advice
from socialcare.domain.playbook.channels import Channel, usual
from socialcare.domain.playbook.checking import check
from socialcare.domain.playbook.contents import (
    ArchiveRule,
    Elsewhere,
    Example,
    Manner,
    Privacy,
    Recorded,
    Stakeholder,
    Voice,
)
from socialcare.domain.playbook.findings import OURS, Code, Finding, Treatment
from socialcare.domain.playbook.house import House
from socialcare.domain.playbook.matching import Waiting, answer_subject
from socialcare.domain.playbook.phrasing import ours
from socialcare.domain.playbook.plain_data import digits
from socialcare.domain.playbook.reading import Answer, Reading, Sent
from socialcare.domain.playbook.recording import unrecorded
from socialcare.domain.playbook.suggesting import Suggestions, suggestions
from socialcare.domain.playbook.templates import Template
from socialcare.domain.words import words
from socialcare.errors import InvalidPlaybook

__all__ = ["Playbook"]

_MESSAGES = 100
"""As how many messages the common words are counted, so that they tell nothing of an article."""
_NAMED = (
    "dos",
    "donts",
    "examples",
    "stakeholders",
    "elsewhere",
    "archive",
    "acknowledgements",
)
"""What has names, each once."""


def _read_only(given: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(given))


def _by_name(given: Iterable[Channel]) -> Mapping[str, Channel]:
    return MappingProxyType({each.name: each for each in given})


def _treatments(given: Mapping[Code, Treatment]) -> Mapping[Code, Treatment]:
    return MappingProxyType({**OURS, **given})


@attrs.frozen(kw_only=True)
class Playbook:
    """What a house says, and how.

    Attributes:
        name: What it is called.
        version: Which state of it this is.
        house: What belongs to the house, and words of its own.
        voice: How it sounds.
        channels: How it speaks on each channel, by name; others are as usual.
        dos, donts: What to do and what not to do.
        placeholders: What may stand in braces, and what it stands for.
        examples: Answers to begin from.
        resources: Help articles, of which a link is offered.
        stakeholders: Whom to ask or to tell.
        privacy: When to go on in private.
        elsewhere: What belongs on another channel.
        archive: What needs no answer.
        record: What is kept of a conversation.
        hours: When people answer; None for never.
        acknowledgements: "We have seen this."
        findings: What is made of findings, by code; those that are not given are as usual.

    Raises:
        InvalidPlaybook: If a name is there twice, or a placeholder is not declared.
    """

    name: str
    version: str = "1"
    house: House = attrs.field(factory=House)
    voice: Voice = attrs.field(factory=Voice)
    channels: Mapping[str, Channel] = attrs.field(default=(), converter=_by_name, hash=False)
    dos: tuple[Manner, ...] = attrs.field(default=(), converter=tuple)
    donts: tuple[Manner, ...] = attrs.field(default=(), converter=tuple)
    placeholders: Mapping[str, str] = attrs.field(factory=dict, converter=_read_only, hash=False)
    examples: tuple[Example, ...] = attrs.field(default=(), converter=tuple)
    resources: tuple[HelpArticle, ...] = attrs.field(default=(), converter=tuple)
    stakeholders: tuple[Stakeholder, ...] = attrs.field(default=(), converter=tuple)
    privacy: Privacy = attrs.field(factory=Privacy)
    elsewhere: tuple[Elsewhere, ...] = attrs.field(default=(), converter=tuple)
    archive: tuple[ArchiveRule, ...] = attrs.field(default=(), converter=tuple)
    record: tuple[Recorded, ...] = attrs.field(default=(), converter=tuple)
    hours: BusinessHours | None = None
    acknowledgements: tuple[Acknowledgement, ...] = attrs.field(default=(), converter=tuple)
    findings: Mapping[Code, Treatment] = attrs.field(
        factory=dict, converter=_treatments, hash=False
    )

    def __attrs_post_init__(self) -> None:
        for key in _NAMED:
            self._tell_apart(key, [each.name for each in getattr(self, key)])
        texts = (
            *(each.text for each in self.examples),
            *(each.text for each in self.acknowledgements),
        )
        for text in texts:
            text.refuse_unknown(self.placeholders)

    def _tell_apart(self, key: str, names: Sequence[str]) -> None:
        for place, name in enumerate(names):
            if name in names[:place]:
                where = f"{self.name}: {key}[{place}].name"
                raise InvalidPlaybook(name, where=where, right="a name that none before it has")

    @classmethod
    def from_toml(cls, path: str | Path) -> "Playbook":
        """The playbook that a TOML file holds.

        Raises:
            InvalidPlaybook: At the first key that is not right.
            OSError: If the file cannot be opened.
        """
        from socialcare.domain.documents import toml_table
        from socialcare.domain.playbook.document import playbook

        return playbook(toml_table(path, error=InvalidPlaybook))

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, object], *, where: str = "playbook") -> "Playbook":
        """The playbook that a mapping holds, as a TOML file would.

        Raises:
            InvalidPlaybook: At the first key that is not right; `where` names the document.
        """
        from socialcare.domain.documents import Table
        from socialcare.domain.playbook.document import playbook

        return playbook(Table(mapping, where, error=InvalidPlaybook))

    def to_mapping(self) -> dict[str, object]:
        """The playbook as texts, numbers, lists and dicts; `from_mapping` gives an equal one."""
        from socialcare.domain.playbook.writing import written

        return written(self)

    @property
    def called(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}"

    @property
    def texts(self) -> tuple[Template, ...]:
        """The texts of its examples and acknowledgements."""
        return (
            *(each.text for each in self.examples),
            *(each.text for each in self.acknowledgements),
        )

    # Answers

    def check(
        self,
        answer: Answer,
        conversation: Conversation | None = None,
        *,
        recent: Iterable[Sent] = (),
        annotations: Iterable[Annotation] = (),
        problem: str | None = None,
    ) -> tuple[Finding, ...]:
        """What is wrong with an answer, the worst first.

        Args:
            answer: What is about to be said.
            conversation: What it answers; None for what answers nothing.
            recent: What was sent to anybody lately, to find copies.
            annotations: What classifiers say of the answer's text: its language, personal data.
            problem: What concerns many, such as `the app is down`; None where there is no such
                thing, or this conversation is not about it.
        """
        reading = Reading(
            answer=answer,
            conversation=conversation,
            recent=recent,
            annotations=annotations,
            problem=problem,
        )
        return check(self, reading)

    def advice(
        self, conversation: Conversation, *, ordered: Ordered | None = None
    ) -> tuple[Advice, ...]:
        """Where to go on with a conversation, the most pressing first.

        Args:
            conversation: The conversation.
            ordered: Another channel that an escalation map asks for.
        """
        return advice(self, conversation, ordered=ordered)

    def suggestions(self, conversation: Conversation) -> Suggestions:
        """Examples and articles that fit, whether it can be archived, and what to record."""
        return suggestions(self, conversation)

    def acknowledging(
        self,
        conversation: Conversation,
        *,
        now: datetime,
        problem: str | None = None,
        approval: bool = False,
    ) -> Acknowledging:
        """Whether an acknowledgement goes out by itself now.

        Args:
            conversation: In which one.
            now: The instant.
            problem: What concerns many, if this conversation is about it.
            approval: Whether somebody has to approve what is said in it.
        """
        return acknowledging(
            self.acknowledgements,
            conversation,
            now=now,
            hours=self.hours,
            problem=problem,
            approval=approval,
        )

    def unrecorded(self, conversation: Conversation) -> tuple[Recorded, ...]:
        """What is to be recorded of a conversation and is not."""
        return unrecorded(self.record, conversation)

    def example(self, name: str) -> Example:
        """The example of that name.

        Raises:
            InvalidPlaybook: If there is none.
        """
        found = next((each for each in self.examples if each.name == name), None)
        if found is None:
            right = f"an example out of {', '.join(each.name for each in self.examples) or 'none'}"
            raise InvalidPlaybook(name, where=f"{self.name}: examples", right=right)
        return found

    # What checks and advice ask

    def channel(self, name: str) -> Channel:
        """How the house speaks on a channel."""
        return self.channels.get(name) or usual(name)

    def treatment(self, code: Code) -> Treatment:
        """What is made of findings of one kind."""
        return self.findings[code]

    def phrases(self, kind: str) -> tuple[str, ...]:
        """The house's own phrases of a kind."""
        return self.house.phrases.get(kind, ())

    def article_for(self, text: str) -> HelpMatch | None:
        """The help article that seems to answer a text; None if none does."""
        return self._help.match(words(text)) if self.resources else None

    def stakeholder_of(self, contact: str) -> str | None:
        """Whose contact it is that customers may not be given; None for nobody's."""
        return self._internal.get(digits(contact))

    def donts_in(self, reading: Reading) -> Iterator[tuple[Manner, tuple[int, int] | None]]:
        """What not to do that an answer does, and where it first does so."""
        asked = [each for each in self.donts if each.query is not None]
        subject = answer_subject(reading.answer) if asked else None
        for each in asked if subject is not None else ():
            match = None if each.query is None or subject is None else each.query.matches(subject)
            if match is not None:
                places = ((hit.start, hit.end) for hit in match.hits)
                found = (
                    (start, end) for start, end in places if start is not None and end is not None
                )
                yield each, next(found, None)

    def elsewhere_of(self, waiting: Waiting | None) -> Elsewhere | None:
        """The rule by which what a customer waits with belongs on another channel."""
        if waiting is None:
            return None
        return next((each for each in self.elsewhere if waiting.holds(each.query)), None)

    @cached_property
    def _help(self) -> HelpIndex:
        common = tuple(ours()["common"]["words"])
        return HelpIndex(self.resources, [common] * _MESSAGES)

    @cached_property
    def _internal(self) -> Mapping[str, str]:
        closed = (each for each in self.stakeholders if not each.public)
        return {digits(how): each.name for each in closed for how in each.contact.values()}
