"""What a text asks of a service: question, urgency, intents, and whether it needs anyone.

Like complaints these are found by evidence that adds up; the rules are data, in
`service_needs.toml`, for English. A complaint is one more reason to answer and to look, so the
evidence of the lexicon counts too. In other languages nothing is said.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import attrs

from socialcare.domain.annotation import Annotation, Sense
from socialcare.text.lexicon import chance, rules_of, service_lexicon
from socialcare.text.phrases import PhraseBook
from socialcare.text.saying import said, yes_or_no
from socialcare.text.tags import is_read
from socialcare.text.tokens import tokens

__all__ = ["ServiceNeeds"]

_LANGUAGES = frozenset({"en"})
_SENSES = (Sense.QUESTION, Sense.URGENCY, Sense.NEEDS_ANSWER, Sense.NEEDS_ATTENTION)
_INTENT_START = -0.8
"""The log-odds of an intent before its phrases are met."""


@attrs.frozen
class _Signs:
    """Phrases with what each of their names adds to the log-odds."""

    weights: Mapping[str, float]
    phrases: PhraseBook

    def evidence(self, read: Sequence[str]) -> dict[str, float]:
        """For each name that is met, what it comes to."""
        met = Counter(found.name for found in self.phrases.found(read))
        return {name: self.weights[name] * (2 - 2.0 ** (1 - times)) for name, times in met.items()}


@attrs.frozen
class _Rules:
    version: str
    start: Mapping[str, float]
    from_lexicon: Mapping[str, float]
    signs: Mapping[Sense, _Signs]
    intents: _Signs


class ServiceNeeds:
    """Question, urgency, needs an answer, needs attention, and intents, of texts in English.

    >>> found = ServiceNeeds().annotations("Where is my order? I need it by tomorrow")
    >>> [(each.sense.value, each.value) for each in found][:2]
    [('question', True), ('urgency', True)]
    >>> found[-1].value
    'order status'
    """

    def __init__(self) -> None:
        self._rules = _rules()
        self.name = f"service-needs {self._rules.version}"

    def annotations(self, text: str, *, language: str | None = None) -> tuple[Annotation, ...]:
        """The four senses, then every intent, the surest first.

        All are None for what it can't read; an intent of None says that none was found.
        """
        read = tokens(text) if is_read(text, language=language, languages=_LANGUAGES) else ()
        if not read:
            return tuple(said(sense, None, by=self.name) for sense in (*_SENSES, Sense.INTENT))
        lexicon = service_lexicon()
        complaint = lexicon.evidence(lexicon.cues(read)).complaint
        return (
            *(
                yes_or_no(sense, self._share(sense, read, complaint), by=self.name)
                for sense in _SENSES
            ),
            *self._intents(read),
        )

    def _share(self, sense: Sense, read: Sequence[str], complaint: float) -> float:
        """The chance that a sense is met."""
        rules = self._rules
        log_odds = rules.start[sense] + rules.from_lexicon.get(sense, 0.0) * complaint
        return chance(log_odds + sum(rules.signs[sense].evidence(read).values()))

    def _intents(self, read: Sequence[str]) -> tuple[Annotation, ...]:
        found = self._rules.intents.evidence(read)
        surest = sorted(found, key=lambda name: (-found[name], name))
        if not surest:
            return (said(Sense.INTENT, None, by=self.name),)
        return tuple(
            said(Sense.INTENT, name, by=self.name, confidence=chance(_INTENT_START + found[name]))
            for name in surest
        )


@cache
def _rules() -> _Rules:
    written = rules_of("service_needs.toml")
    classes = rules_of("service_words.toml")["classes"]
    return _Rules(
        version=written["version"],
        start=written["start"],
        from_lexicon=written["from_lexicon"],
        signs={
            sense: _signs([each for each in written["signs"] if each["sense"] == sense], classes)
            for sense in _SENSES
        },
        intents=_signs(written["intents"], classes),
    )


def _signs(written: Sequence[Mapping[str, Any]], classes: Mapping[str, Sequence[str]]) -> _Signs:
    return _Signs(
        weights={each["name"]: each["weight"] for each in written},
        phrases=PhraseBook({each["name"]: each["phrases"] for each in written}, classes),
    )
