"""Suiting: which peers a question suits, by what they answered before.

A question suits somebody as far as its words were in the questions that they answered, a rare word
more than a frequent one, and if they answered in its category. Of those whom it suits the ones
come first who surely help more often.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import attrs

from socialcare.domain.categories import lineage
from socialcare.domain.peers.standing import Peer
from socialcare.domain.words import words

__all__ = ["Suggestion", "suiting"]

_WORDS_SHARE = 0.5
"""How much the words count where the category is known; the category counts the rest."""
_SHORTEST = 3
"""Letters of a word that says something."""
_SHOWN = 5


@attrs.frozen(kw_only=True)
class Suggestion:
    """A peer whom a question suits.

    Attributes:
        peer: Who.
        suits: How well, from 0 to 1.
        reasons: Why, in words.
    """

    peer: Peer
    suits: float
    reasons: tuple[str, ...]

    @property
    def rank(self) -> float:
        """How well it suits, times the share of their answers that surely helped."""
        return self.suits * self.peer.score


def suiting(
    peers: Iterable[Peer], question: str, category: str | None = None
) -> Sequence[Suggestion]:
    """The peers whom a question suits at all, the best first, ties by id.

    Args:
        peers: Who answers.
        question: What is asked.
        category: What it is about; None where nobody knows.
    """
    known = tuple(peers)
    vocabularies = {peer.id: _vocabulary(peer) for peer in known}
    weights = _weights(_telling(question), vocabularies.values())
    found = (_suggestion(peer, vocabularies[peer.id], weights, category) for peer in known)
    suited = [each for each in found if each.suits > 0]
    return tuple(sorted(suited, key=lambda each: (-each.rank, -each.suits, each.peer.id)))


def _suggestion(
    peer: Peer, vocabulary: frozenset[str], weights: Mapping[str, float], category: str | None
) -> Suggestion:
    shared = {word: weight for word, weight in weights.items() if word in vocabulary}
    total = sum(weights.values())
    by_words = sum(shared.values()) / total if total else 0.0
    answered = 0 if category is None else _answered_in(peer, category)
    suits = by_words
    if category is not None:
        suits = _WORDS_SHARE * by_words + (1 - _WORDS_SHARE) * (answered > 0)
    return Suggestion(
        peer=peer, suits=suits, reasons=_reasons(peer, shared, category if answered else None)
    )


def _reasons(peer: Peer, shared: Mapping[str, float], category: str | None) -> tuple[str, ...]:
    helped = peer.helped
    reasons = [f"helped {helped.k} of the {helped.n} who came back"]
    if category is not None:
        reasons.append(f"answered {_answered_in(peer, category)} about {category}")
    if shared:
        telling = sorted(shared, key=lambda word: (-shared[word], word))[:_SHOWN]
        reasons.append(f"answered about {', '.join(telling)}")
    return tuple(reasons)


def _answered_in(peer: Peer, category: str) -> int:
    """How often they answered in a category, or below or above it."""
    wanted = category.casefold()
    every = (each.category.casefold() for each in peer.answers if each.category is not None)
    return sum(wanted in lineage(own) or own in lineage(wanted) for own in every)


def _vocabulary(peer: Peer) -> frozenset[str]:
    return frozenset(word for each in peer.answers for word in _telling(each.question))


def _telling(text: str) -> frozenset[str]:
    return frozenset(word for word in words(text) if len(word) >= _SHORTEST)


def _weights(
    question: frozenset[str], vocabularies: Iterable[frozenset[str]]
) -> Mapping[str, float]:
    """How much each word of a question says: the fewer peers have met it, the more."""
    counted: Counter[str] = Counter()
    number = 0
    for vocabulary in vocabularies:
        number += 1
        counted.update(question & vocabulary)
    return {word: math.log((number + 1) / (counted[word] + 0.5)) for word in question}
