"""The lexicon of service: cues that a text complains or thanks, as evidence that adds up.

Evidence is counted in log-odds, as a naive Bayesian would: what was found is added to where a text
starts in which nothing is. A cue that is met again says less each time: half, a quarter, and so on.
The words, phrases and weights stand in `service_words.toml`.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import attrs

from socialcare.text.phrases import PhraseBook

__all__ = ["Evidence", "Lexicon", "chance", "rules_of", "service_lexicon"]


def chance(log_odds: float) -> float:
    """The probability that log-odds stand for.

    >>> chance(0.0)
    0.5
    """
    return 0.5 + 0.5 * math.tanh(log_odds / 2)


@attrs.frozen
class Evidence:
    """Log-odds that a text complains, and that it thanks or praises."""

    complaint: float
    thanks: float


@attrs.frozen
class DeniedPraise:
    """Praise that is irony beside a fact that denies it.

    Attributes:
        praise, facts: Names of cues.
        adds: What one of each adds.
    """

    praise: frozenset[str] = attrs.field(converter=frozenset)
    facts: frozenset[str] = attrs.field(converter=frozenset)
    adds: Evidence


@attrs.frozen
class Lexicon:
    """Cues with their weights.

    Attributes:
        version: Of the words and weights.
        start: Where a text starts in which nothing is found.
        weights: What each cue adds.
        denied_praise: What is not meant as it is said.
        phrases: What the cues look like.
    """

    version: str
    start: Evidence
    weights: Mapping[str, Evidence]
    denied_praise: DeniedPraise
    phrases: PhraseBook

    def cues(self, tokens: Sequence[str]) -> Mapping[str, int]:
        """The names of the cues in the tokens, with how often each is met."""
        met: dict[str, int] = {}
        for found in self.phrases.found(tokens):
            met[found.name] = met.get(found.name, 0) + 1
        return met

    def evidence(self, cues: Mapping[str, int]) -> Evidence:
        """What the cues come to."""
        complaint, thanks = self.start.complaint, self.start.thanks
        for name, met in cues.items():
            weight = self.weights[name]
            share = 1.0 if met == 1 else 2 - 2.0 ** (1 - met)
            complaint += share * weight.complaint
            thanks += share * weight.thanks
        denied = self.denied_praise
        if not (denied.praise.isdisjoint(cues) or denied.facts.isdisjoint(cues)):
            complaint += denied.adds.complaint
            thanks += denied.adds.thanks
        return Evidence(complaint, thanks)


def rules_of(name: str) -> dict[str, Any]:
    """The rules that a TOML file of this package holds."""
    return tomllib.loads(files("socialcare.text").joinpath(name).read_text("utf-8"))


@cache
def service_lexicon() -> Lexicon:
    """The lexicon that we ship, for English."""
    rules = rules_of("service_words.toml")
    cues, denied = rules["cues"], rules["denied_praise"]
    return Lexicon(
        version=rules["version"],
        start=Evidence(**rules["start"]),
        weights={cue["name"]: Evidence(cue["complaint"], cue["thanks"]) for cue in cues},
        denied_praise=DeniedPraise(
            denied["praise"], denied["facts"], Evidence(denied["complaint"], denied["thanks"])
        ),
        phrases=PhraseBook({cue["name"]: cue["phrases"] for cue in cues}, rules["classes"]),
    )
