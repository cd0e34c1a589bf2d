"""Help articles: which message could be answered with a link to one that exists.

A message and an article belong together by the words that they have in common, weighed as BM25
does: a word that few messages have tells more than one of every other message, and a word of a
short article more than one of a long one. Two different words must be in common at the least, since
one is chance, and words that every tenth message has do not count at all.

S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", Foundations and
Trends in Information Retrieval 3 (2009). What is rare is told by the messages and not by the
articles, of which there are few.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import attrs

from socialcare.domain.documents import Table, text, texts, toml_table
from socialcare.domain.words import words
from socialcare.errors import InvalidValue

__all__ = ["LEAST", "HelpArticle", "HelpIndex", "HelpMatch", "help_articles"]

LEAST = 6.0
"""The score from which on an article is taken to answer a message."""

_SATURATION, _LENGTH = 1.2, 0.75
"""The constants of BM25, as they are usual."""
_FEWEST_WORDS = 2
_COMMON = 0.1
"""A word that so large a share of the messages has tells nothing, and does not count."""
_FEWEST_MESSAGES = 100
"""Fewer messages can't tell what is rare, so they are taken for a part of so many."""
_PLURAL_FROM = 4


def _texts(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(given)


@attrs.frozen(kw_only=True)
class HelpArticle:
    """A page of help that exists.

    Attributes:
        title: What it is called.
        url: Where it is.
        words: What it is about, as customers say it.
    """

    title: str
    url: str
    words: tuple[str, ...] = attrs.field(default=(), converter=_texts)

    @property
    def terms(self) -> tuple[str, ...]:
        """The words of its title and of what it is about, folded and without plural; no letters."""
        every = (word for each in (self.title, *self.words) for word in words(each))
        return tuple(singular(word) for word in every if len(word) > 1 or not word.isascii())


@attrs.frozen(kw_only=True)
class HelpMatch:
    """An article that could answer a message.

    Attributes:
        article: The article.
        score: How well it fits, at least `LEAST`.
        words: The words in common, the most telling first.
    """

    article: HelpArticle
    score: float
    words: tuple[str, ...]


def help_articles(path: str | Path) -> tuple[HelpArticle, ...]:
    """The articles that a TOML file lists under `articles`, each with title, url and words.

    Raises:
        InvalidValue: At the first key that is not right.
        OSError: If the file cannot be opened.
    """
    table = toml_table(path)
    found = tuple(_article(each) for each in table.tables("articles"))
    table.done()
    if not found:
        raise InvalidValue((), where=f"{path}: articles", right="at least one article")
    return found


def _article(table: Table) -> HelpArticle:
    found = HelpArticle(
        title=table.need("title", text, "a title"),
        url=table.need("url", text, "an address"),
        words=table.get("words", texts, ()),
    )
    table.done()
    return found


class HelpIndex:
    """Articles, asked which of them fits a message.

    Args:
        articles: The articles.
        messages: The words of every message, which tell what is rare.

    >>> lost = HelpArticle(title="Lost property", url="/lost", words=["umbrella"])
    >>> said = [words("I lost my umbrella"), *[words("the train is late")] * 50]
    >>> HelpIndex([lost], said).match(said[0]).words
    ('lost', 'umbrella')
    """

    def __init__(self, articles: Iterable[HelpArticle], messages: Iterable[Sequence[str]]) -> None:
        self._articles = tuple(articles)
        counted = [Counter(article.terms) for article in self._articles]
        total = sum(each.total() for each in counted)
        self._mean = total / len(counted) if total else 1.0
        self._frequencies, number = _frequencies(messages)
        self._messages = max(number, _FEWEST_MESSAGES)
        self._weights = [self._weighed(each) for each in counted]

    def match(self, message: Sequence[str]) -> HelpMatch | None:
        """The article that fits the words of a message best; None if none fits well enough."""
        said = {singular(word): word for word in message}
        found = [self._scored(weights, said) for weights in self._weights]
        best = max(range(len(found)), key=lambda at: found[at][0], default=None)
        if best is None or found[best][0] < LEAST or len(found[best][1]) < _FEWEST_WORDS:
            return None
        score, common = found[best]
        return HelpMatch(article=self._articles[best], score=score, words=common)

    def _scored(
        self, weights: Mapping[str, float], said: Mapping[str, str]
    ) -> tuple[float, tuple[str, ...]]:
        common = sorted(weights.keys() & said.keys(), key=lambda word: (-weights[word], word))
        return sum(weights[word] for word in common), tuple(said[word] for word in common)

    def _weighed(self, counted: Counter[str]) -> Mapping[str, float]:
        """What each word of an article counts."""
        long = 1 - _LENGTH + _LENGTH * counted.total() / self._mean
        return {
            word: self._rarity(word) * times * (_SATURATION + 1) / (times + _SATURATION * long)
            for word, times in counted.items()
            if self._frequencies[word] <= _COMMON * self._messages
        }

    def _rarity(self, word: str) -> float:
        holding = self._frequencies[word]
        return math.log(1 + (self._messages - holding + 0.5) / (holding + 0.5))


def _frequencies(messages: Iterable[Sequence[str]]) -> tuple[Counter[str], int]:
    """How many messages have each word, and how many messages there are."""
    found, number = Counter[str](), 0
    for message in messages:
        number += 1
        found.update({singular(word) for word in message})
    return found, number


def singular(word: str) -> str:
    """A word without the s of a plural, which is all that is done about endings.

    >>> [singular(word) for word in ("refunds", "bus", "address")]
    ['refund', 'bus', 'address']
    """
    plural = len(word) >= _PLURAL_FROM and word.endswith("s") and not word.endswith(("ss", "us"))
    return word[:-1] if plural else word
