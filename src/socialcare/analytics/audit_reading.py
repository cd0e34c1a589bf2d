"""How an audit reads each message: what is said of it, what it counts for, and why.

A reading is made once for each message and each question is a count over the readings, so that no
two questions can disagree about a message.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import attrs

from socialcare.analytics import formats
from socialcare.analytics.audit_findings import Example
from socialcare.domain.annotation import Annotation, Sense
from socialcare.domain.audit_signs import AuditSigns, Evidence
from socialcare.domain.help_articles import HelpIndex
from socialcare.domain.message import Message
from socialcare.domain.priority import RuleBook
from socialcare.domain.query import Subject
from socialcare.domain.redaction import redacted
from socialcare.domain.tier import Tier

__all__ = ["Classifies", "Reading", "example", "readings", "said_of", "subjects"]

_SHOWN = 160
_SAID = "a classifier says that it needs an answer"


class Classifies(Protocol):
    """Says what it sees in a text, as `socialcare.plugins.protocols.Classifier` does."""

    @property
    def name(self) -> str:
        """Its name and version."""
        ...

    def annotations(self, text: str, *, language: str | None = None) -> tuple[Annotation, ...]:
        """What it says of a text."""
        ...


@attrs.frozen(kw_only=True, eq=False)
class Reading:
    """A message, and what it counts for.

    Attributes:
        subject: The message with what is said of it.
        evidence: Why it counts, by sign; only signs that it has.
    """

    subject: Subject
    evidence: Mapping[str, Evidence]


def subjects(
    messages: Iterable[Message], classifiers: Sequence[Classifies], signs: AuditSigns
) -> tuple[Subject, ...]:
    """The messages that can be read, with what classifiers say of them.

    One without a text can't be read, nor one in a language that the signs are not in.
    """
    found = (_classified(each, classifiers) for each in messages if (each.text or "").strip())
    return tuple(each for each in found if signs.reads(_language(each)))


def _classified(message: Message, classifiers: Sequence[Classifies]) -> Subject:
    return Subject(message=message, annotations=said_of(message, classifiers))


def said_of(message: Message, classifiers: Sequence[Classifies]) -> tuple[Annotation, ...]:
    """What classifiers say of a message, each knowing the language that an earlier one found."""
    said: list[Annotation] = []
    language = message.language
    for classifier in classifiers:
        said += classifier.annotations(message.text or "", language=language)
        language = language or next(
            (str(each.value) for each in said if each.sense is Sense.LANGUAGE and each.known), None
        )
    return tuple(said)


def _language(subject: Subject) -> str | None:
    known = subject.message.language or subject.known(Sense.LANGUAGE)
    return None if known is None else str(known)


def readings(
    read: Sequence[Subject], signs: AuditSigns, rules: RuleBook, index: HelpIndex | None
) -> tuple[Reading, ...]:
    """What each message counts for.

    Args:
        read: The messages.
        signs: What is looked for.
        rules: Who needs an answer, where no classifier says: the first tier.
        index: The articles of help; None where there are none.
    """
    return tuple(
        Reading(subject=each, evidence=_evidence(each, signs, rules, index)) for each in read
    )


def _evidence(
    subject: Subject, signs: AuditSigns, rules: RuleBook, index: HelpIndex | None
) -> Mapping[str, Evidence]:
    every = {name: sign.evidence(subject) for name, sign in signs.signs.items()}
    asks, gains = every.pop("asks"), every.pop("gain")
    needs = _need(subject, rules)
    every["need"] = needs
    every["gain"] = None if needs else gains
    every["link"] = _link(subject, index) if index is not None and (needs or asks) else None
    return {name: found for name, found in every.items() if found is not None}


def _need(subject: Subject, rules: RuleBook) -> Evidence | None:
    """Why somebody must answer: by a classifier where one says, else by the rules' first tier."""
    holding = rules.holding(subject, now=subject.message.sent_at)
    first = next(((rule, match) for rule, match in holding), None)
    priority = rules.otherwise if first is None else first[0].priority
    match = None if first is None or priority.tier is not Tier.FIRST else first[1]
    known = subject.known(Sense.NEEDS_ANSWER)
    if known is not None:
        by = [each.by for each in subject.annotations if each.sense is Sense.NEEDS_ANSWER]
        return Evidence(sign="need", reason=_SAID, by=by[-1], match=match) if known else None
    if priority.tier is not Tier.FIRST:
        return None
    reason = "no rule holds" if first is None else first[0].reason
    return Evidence(sign="need", reason=reason, by=rules.called, match=match)


def _link(subject: Subject, index: HelpIndex) -> Evidence | None:
    match = index.match(subject.words)
    if match is None:
        return None
    reason = f"{match.article.title}: {match.article.url}"
    return Evidence(sign="link", reason=reason, by="words in common", common=match.words)


def chance(reading: Reading) -> bytes:
    """A place in an order that has nothing to do with the message, and is always the same."""
    key = "\0".join(reading.subject.message.key).encode("utf-8", "replace")
    return hashlib.blake2b(key, digest_size=8).digest()


def example(reading: Reading, part: str) -> Example:
    """A message as an example, shortened and without the personal data that were found in it."""
    message, why = reading.subject.message, reading.evidence[part]
    plain = formats.visible(redacted(reading.subject.text, reading.subject.annotations))
    text = plain if len(plain) <= _SHOWN else f"{plain[: _SHOWN - 1]}\N{HORIZONTAL ELLIPSIS}"
    return Example(
        message_id=message.id,
        channel=message.channel,
        sent_at=message.sent_at,
        part=part,
        text=text,
        reason=why.reason,
        words=why.words,
        by=why.by,
    )
