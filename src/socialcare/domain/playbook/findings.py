"""Findings: what is wrong with an answer, how much that matters, and what to do instead."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import attrs

from socialcare.domain.choices import Choice

__all__ = ["OURS", "Code", "Finding", "Severity", "Treatment", "worst"]


class Severity(Choice):
    """How much a finding matters."""

    STOP = "stop"
    """The answer must not go out like this."""
    WARN = "warn"
    """Somebody should think again before it does."""
    HINT = "hint"
    """It could be better."""


class Code(StrEnum):
    """What kind of finding it is."""

    UNFILLED = "unfilled"
    """A placeholder was not filled in."""
    TOO_LONG = "too_long"
    """The channel does not take so long a text."""
    PERSONAL_DATA = "personal_data"
    """Personal or account data in a public answer, or what the customer told in private."""
    CONTACT_DATA = "contact_data"
    """A phone number or address in a public answer that is not known to be the house's."""
    ASKS_SECRET = "asks_secret"  # noqa: S105 - a code
    """It asks for what nobody may ask for on any channel: a password, a PIN, the code of a card."""
    ASKS_IN_PUBLIC = "asks_in_public"
    """It asks in public for personal or account data."""
    PROFANITY = "profanity"
    """It swears."""
    DEFENSIVE = "defensive"
    """It defends the house, or puts the blame on the customer."""
    DONT = "dont"
    """It does what the playbook says not to do."""
    VOICE = "voice"
    """It uses a word for which the house has another."""
    NO_SIGN_OFF = "no_sign_off"
    """It is not signed where the house signs."""
    NO_ANSWER = "no_answer"
    """Nothing in it seems to answer the question."""
    NO_LINK = "no_link"
    """A help article fits the question, and no link is offered."""
    REDIRECT = "redirect"
    """It sends the customer to another channel, and they did not ask for it."""
    COPIED = "copied"
    """Nearly the same was sent to others."""
    REPEATED = "repeated"
    """Nearly the same was said to this customer before."""
    TOO_MUCH = "too_much"
    """It asks or says too much at once."""
    IN_A_ROW = "in_a_row"
    """The customer was written to several times, and has not answered."""
    WRONG_LANGUAGE = "wrong_language"
    """It is in another language than the customer wrote in."""
    TO_EVERYBODY = "to_everybody"
    """It answers one of many in public while a known problem concerns them all."""


@attrs.frozen(kw_only=True)
class Treatment:
    """What is made of findings of one kind.

    Attributes:
        severity: How much they matter; None for not at all, so that nobody looks for them.
        overrule: Whether an agent may send the answer all the same.
    """

    severity: Severity | None = attrs.field(converter=attrs.converters.optional(Severity))
    overrule: bool = True


def _ours(severity: Severity, *, overrule: bool = True) -> Treatment:
    return Treatment(severity=severity, overrule=overrule)


OURS: Mapping[Code, Treatment] = MappingProxyType(
    {
        Code.UNFILLED: _ours(Severity.STOP, overrule=False),
        Code.TOO_LONG: _ours(Severity.STOP, overrule=False),
        Code.PERSONAL_DATA: _ours(Severity.STOP, overrule=False),
        Code.CONTACT_DATA: _ours(Severity.WARN),
        Code.ASKS_SECRET: _ours(Severity.STOP, overrule=False),
        Code.ASKS_IN_PUBLIC: _ours(Severity.STOP),
        Code.PROFANITY: _ours(Severity.STOP),
        Code.DEFENSIVE: _ours(Severity.WARN),
        Code.DONT: _ours(Severity.WARN),
        Code.VOICE: _ours(Severity.HINT),
        Code.NO_SIGN_OFF: _ours(Severity.WARN),
        Code.NO_ANSWER: _ours(Severity.HINT),
        Code.NO_LINK: _ours(Severity.HINT),
        Code.REDIRECT: _ours(Severity.WARN),
        Code.COPIED: _ours(Severity.HINT),
        Code.REPEATED: _ours(Severity.WARN),
        Code.TOO_MUCH: _ours(Severity.HINT),
        Code.IN_A_ROW: _ours(Severity.HINT),
        Code.WRONG_LANGUAGE: _ours(Severity.WARN),
        Code.TO_EVERYBODY: _ours(Severity.WARN),
    }
)
"""How much each kind matters where a playbook says nothing else."""


@attrs.frozen(kw_only=True)
class Finding:
    """Something that is wrong with an answer.

    Attributes:
        code: What kind of thing.
        severity: How much it matters.
        reason: What was found, and why that is wrong.
        suggestion: What to do instead.
        start, end: Where in the text, in characters; None for all of it.
        overrule: Whether an agent may send the answer all the same.
    """

    code: Code = attrs.field(converter=Code)
    severity: Severity = attrs.field(converter=Severity)
    reason: str
    suggestion: str
    start: int | None = None
    end: int | None = None
    overrule: bool = True

    def __str__(self) -> str:
        """The finding in a line."""
        return f"{self.severity} {self.code}: {self.reason}; {self.suggestion}"


_RANK = {severity: rank for rank, severity in enumerate(Severity)}


def worst(finding: Finding) -> tuple[int, int]:
    """Findings sorted by this have the worst first, and those of one kind in order of the text."""
    return _RANK[finding.severity], -1 if finding.start is None else finding.start
