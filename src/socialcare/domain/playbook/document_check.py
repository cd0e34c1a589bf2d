"""Checks of a playbook for itself, before anybody works with it.

What it shows people must pass what it asks of them: every example and acknowledgement is run
through the checks of answers, filled in with what stands for its placeholders. What can't work, or
does nothing, is told as well.
"""

from collections.abc import Iterator
from itertools import chain

import attrs

from socialcare.domain.choices import Choice
from socialcare.domain.implication import contradiction, implies
from socialcare.domain.message import Visibility
from socialcare.domain.playbook.acknowledging import Acknowledgement, Automatic
from socialcare.domain.playbook.contents import ArchiveRule, Example
from socialcare.domain.playbook.findings import Code, Severity
from socialcare.domain.playbook.playbook import Playbook
from socialcare.domain.playbook.reading import Answer, Text
from socialcare.domain.playbook.templates import Template
from socialcare.domain.query import Query
from socialcare.domain.subject import address

__all__ = ["Fault", "Problem", "check_document"]


class Problem(Choice):
    """What is wrong with a playbook."""

    FINDING = "finding"
    """A text of its own would not pass its checks."""
    UNKNOWN_LINK = "unknown_link"
    """A text links to what is neither a help article nor a site of the house."""
    UNFILLED = "unfilled"
    """An acknowledgement that goes out by itself has a place that nothing fills in."""
    IMPOSSIBLE = "impossible"
    """A query can never hold."""
    REPEATED = "repeated"
    """A rule asks what one before it asks, and never comes to its turn."""
    CONTRADICTS = "contradicts"
    """What is archived as needing no answer has an example answer, or belongs elsewhere."""
    UNUSED = "unused"
    """A placeholder is declared, and no text has it."""
    NO_HOURS = "no_hours"
    """An acknowledgement goes out outside of hours, and there are no hours."""


@attrs.frozen(kw_only=True)
class Fault:
    """Something that is wrong with a playbook.

    Attributes:
        problem: What kind of thing.
        where: The key, such as `examples[2].text`.
        name: What that is called.
        says: What is wrong, and what would be right.
    """

    problem: Problem = attrs.field(converter=Problem)
    where: str
    name: str
    says: str

    def __str__(self) -> str:
        """The fault in a line."""
        return f"{self.problem}: {self.where} ({self.name}): {self.says}"


_SILENT = frozenset({Code.NO_SIGN_OFF, Code.COPIED, Code.REPEATED, Code.IN_A_ROW, Code.NO_LINK})
"""What is not to be said of a text that a person goes on writing."""
_SAID_TO_ALL = _SILENT | {Code.REDIRECT}
"""An acknowledgement may name a number for those who can't wait."""
_STANDS_FOR = {
    "customer": "Alexandra",
    "agent": "Alex",
    "initials": "AB",
    "link": "https://t.co/abcdefghij",
}
"""What common placeholders are filled in with, as long as usual."""


def check_document(playbook: Playbook) -> tuple[Fault, ...]:
    """What is wrong with a playbook, by its parts.

    >>> playbook = Playbook.from_mapping(
    ...     {
    ...         "examples": [{"name": "wait", "issue": "delay", "text": "Calm down, please."}],
    ...     }
    ... )
    >>> [(fault.problem.value, fault.where) for fault in check_document(playbook)]
    [('finding', 'examples[0].text')]
    """
    return tuple(
        chain(
            _examples(playbook),
            _acknowledgements(playbook),
            _archive(playbook),
            _impossible(playbook),
            _unused(playbook),
        )
    )


# Texts


def _examples(playbook: Playbook) -> Iterator[Fault]:
    for place, example in enumerate(playbook.examples):
        where = f"examples[{place}].text"
        silent = _SILENT | {Code.REDIRECT} if _goes_elsewhere(playbook, example) else _SILENT
        for answer in _answers(playbook, example):
            yield from _findings(playbook, answer, where, example.name, silent)
        yield from _links(playbook, example.text, where, example.name)


def _goes_elsewhere(playbook: Playbook, example: Example) -> bool:
    """Whether what it is meant for belongs on another channel anyway."""
    query = example.query
    return query is not None and any(implies(query, each.query) for each in playbook.elsewhere)


def _answers(playbook: Playbook, example: Example) -> Iterator[Answer]:
    """The example as it would be said: on each of its channels, as openly as it can be."""
    text = _as_said(example.text)
    for channel in example.channels or tuple(playbook.channels) or ("",):
        public = example.visibility is not Visibility.PRIVATE
        seen = Visibility.PUBLIC if public else Visibility.PRIVATE
        yield Answer(text=text, channel=channel, visibility=seen)


def _as_said(text: Template) -> str:
    """The text with its places filled in by their defaults, or else by what stands for them."""
    open_ = [place.name for place in text.places if place.default is None]
    return text.filled({name: _STANDS_FOR.get(name, f"a {name}") for name in dict.fromkeys(open_)})


def _findings(
    playbook: Playbook, answer: Answer, where: str, name: str, silent: frozenset[Code]
) -> Iterator[Fault]:
    for found in playbook.check(answer):
        if found.code not in silent and found.severity is not Severity.HINT:
            on = f" on {answer.channel}" if answer.channel else ""
            says = f"its own check says{on} ({found.code}): {found.reason}; {found.suggestion}"
            yield Fault(problem=Problem.FINDING, where=where, name=name, says=says)


def _links(playbook: Playbook, text: Template, where: str, name: str) -> Iterator[Fault]:
    known = {address(each.url) for each in playbook.resources}
    for link in Text(text.shown({})).links:
        host = address(link).partition("/")[0]
        if address(link) not in known and not playbook.house.has_site(host):
            says = f"{link} is no help article and no site of the house: list it under resources"
            yield Fault(problem=Problem.UNKNOWN_LINK, where=where, name=name, says=says)


def _acknowledgements(playbook: Playbook) -> Iterator[Fault]:
    for place, each in enumerate(playbook.acknowledgements):
        where = f"acknowledgements[{place}]"
        text = _as_said(each.text)
        for channel in each.channels or tuple(playbook.channels) or ("",):
            seen = each.visibility or Visibility.PUBLIC
            answer = Answer(text=text, channel=channel, visibility=seen, automated=True)
            yield from _findings(playbook, answer, f"{where}.text", each.name, _SAID_TO_ALL)
        yield from _links(playbook, each.text, f"{where}.text", each.name)
        yield from _by_itself(playbook, each, where)


def _by_itself(playbook: Playbook, each: Acknowledgement, where: str) -> Iterator[Fault]:
    if each.automatic is Automatic.NEVER:
        return
    bare = [place.name for place in each.text.places if place.default is None]
    if bare:
        says = f"nothing fills in {', '.join(dict.fromkeys(bare))}: give a default behind a bar"
        yield Fault(problem=Problem.UNFILLED, where=f"{where}.text", name=each.name, says=says)
    if each.automatic is Automatic.OUTSIDE_HOURS and playbook.hours is None:
        says = "it goes out outside of hours, and there are none: give [hours]"
        yield Fault(problem=Problem.NO_HOURS, where=where, name=each.name, says=says)


# Queries


def _archive(playbook: Playbook) -> Iterator[Fault]:
    for place, rule in enumerate(playbook.archive):
        where = f"archive[{place}].query"
        before = (each for each in playbook.archive[:place] if implies(rule.query, each.query))
        earlier = next(before, None)
        if earlier is not None:
            says = f"{earlier.name!r} comes before it and holds whenever it does: remove it"
            yield Fault(problem=Problem.REPEATED, where=where, name=rule.name, says=says)
        yield from _contradicted(playbook, rule, where)


def _contradicted(playbook: Playbook, rule: ArchiveRule, where: str) -> Iterator[Fault]:
    """What an archive rule puts away though something else answers it."""
    asked = [(f"example {each.name!r}", each.query) for each in playbook.examples]
    asked += [(f"elsewhere {each.name!r}", each.query) for each in playbook.elsewhere]
    for called, query in asked:
        if query is not None and (implies(query, rule.query) or implies(rule.query, query)):
            says = f"it puts away what {called} answers: narrow one of the two"
            yield Fault(problem=Problem.CONTRADICTS, where=where, name=rule.name, says=says)


def _impossible(playbook: Playbook) -> Iterator[Fault]:
    for where, name, query in _queries(playbook):
        clash = contradiction(query)
        if clash is not None:
            says = f"it can never hold: {clash}; mend it"
            yield Fault(problem=Problem.IMPOSSIBLE, where=where, name=name, says=says)


def _queries(playbook: Playbook) -> Iterator[tuple[str, str, Query]]:
    for key in ("dos", "donts", "examples", "elsewhere", "archive"):
        for place, each in enumerate(getattr(playbook, key)):
            if each.query is not None:
                yield f"{key}[{place}].query", each.name, each.query
    for place, query in enumerate(playbook.privacy.queries):
        yield f"privacy.queries[{place}]", query.text, query


def _unused(playbook: Playbook) -> Iterator[Fault]:
    used = {name for text in playbook.texts for name in text.names}
    for name in playbook.placeholders:
        if name not in used:
            says = "no example and no acknowledgement has it: remove it"
            yield Fault(problem=Problem.UNUSED, where=f"placeholders.{name}", name=name, says=says)
