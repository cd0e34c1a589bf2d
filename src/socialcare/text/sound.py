"""How the words of a text sound: the compound score of VADER, unchanged, in about half its time.

VADER looks at the words around each word that it knows, for negations and idioms, and copies the
whole text each time. Here it is only asked to where one of them is there. What it answers is equal,
and tested to be.

C. J. Hutto and E. Gilbert, "VADER: a parsimonious rule-based model for sentiment analysis of social
media text", Eighth International Conference on Weblogs and Social Media (2014).
"""

from collections.abc import Sequence

from socialcare.errors import MissingExtra

try:
    from vaderSentiment.vaderSentiment import (  # type: ignore[import-untyped]  # it has no types
        BOOSTER_DICT,
        NEGATE,
        SPECIAL_CASES,
        SentimentIntensityAnalyzer,
        SentiText,
    )
except ImportError as error:
    raise MissingExtra("text", module="vaderSentiment") from error

__all__ = ["Sound"]

_READS = 1000
"""How many characters are read: what VADER costs grows with the square of the length."""
_TURNS = frozenset({*NEGATE, "so", "this"})
"""Words that can turn or strengthen one of the three words behind them."""
_IN_IDIOMS = frozenset(
    word for phrase in (*SPECIAL_CASES, *BOOSTER_DICT) if " " in phrase for word in phrase.split()
)
_SINGLE_IDIOMS = frozenset(phrase for phrase in SPECIAL_CASES if " " not in phrase)


class Sound:
    """VADER, to be asked for the score of a text.

    >>> round(Sound().score("The crew was great, but the food was awful!"), 3)
    -0.41
    """

    def __init__(self) -> None:
        self._vader = _Vader()

    def score(self, text: str) -> float:
        """From -1.0 to 1.0; of the first thousand characters."""
        return self._vader.compound(text[:_READS])


class _Vader(SentimentIntensityAnalyzer):  # type: ignore[misc]  # it has no types
    """VADER that looks around a word only where that can change something."""

    def compound(self, text: str) -> float:
        if not text.isascii():
            return float(self.polarity_scores(text)["compound"])
        whole = SentiText(text.strip())
        words = whole.words_and_emoticons
        lowered = [word.lower() for word in words]
        valences: list[float] = []
        for place, word in enumerate(lowered):
            known = word in self.lexicon and word not in BOOSTER_DICT
            if known and not (word == "kind" and lowered[place + 1 : place + 2] == ["of"]):
                valences = self.sentiment_valence(0, whole, words[place], place, valences)
            else:
                valences.append(0)
        if not any(valences):
            return 0.0
        if "but" in lowered:
            valences = self._but_check(words, valences)
        return float(self.score_valence(valences, text.strip())["compound"])

    @staticmethod
    def _negation_check(valence: float, words: Sequence[str], distance: int, place: int) -> float:
        before = (word.lower() for word in words[max(0, place - 3) : place])
        if not any(word in _TURNS or "n't" in word for word in before):
            return valence
        return float(SentimentIntensityAnalyzer._negation_check(valence, words, distance, place))

    @staticmethod
    def _special_idioms_check(valence: float, words: Sequence[str], place: int) -> float:
        around = {word.lower() for word in words[max(0, place - 3) : place + 3]}
        if _IN_IDIOMS.isdisjoint(around) and _SINGLE_IDIOMS.isdisjoint(around):
            return valence
        return float(SentimentIntensityAnalyzer._special_idioms_check(valence, words, place))
