"""A model that was trained on labels, as a classifier: its labels become annotations of one sense.

What is said is the likeliest label, and nothing where even that is too unsure.
"""

from collections.abc import Collection, Mapping

from socialcare.domain.annotation import Annotation, Sense, Value
from socialcare.domain.categories import CategoryTree
from socialcare.errors import InvalidValue
from socialcare.text.linear import Label, LinearModel
from socialcare.text.saying import said
from socialcare.text.scores import sentiment_score
from socialcare.text.tags import is_read, primary

__all__ = ["TrainedClassifier"]

_SENTIMENTS = ("negative", "neutral", "positive")
_WORDED = frozenset({Sense.INTENT, Sense.CATEGORY, Sense.LANGUAGE})


class TrainedClassifier:
    """A linear model that annotates texts with one sense.

    Args:
        model: What it asks. For sentiment its labels are `negative`, `neutral` and `positive`,
            which become scores; for a category paths in `tree`; for an intent words; for any
            other sense True and False.
        sense: What it speaks of.
        name: What it is called, with a version, such as `deliveries 3`.
        languages: The languages that it learnt from; any, unless given.
        threshold: The chance below which it says None.
        tree: The brand's categories; names and codes of a category become its path.

    Raises:
        InvalidValue: If the labels do not fit the sense or the tree, or an argument is no use.

    >>> model = LinearModel.fit(["it crashed", "lovely, thanks"] * 5, [True, False] * 5)
    >>> classifier = TrainedClassifier(model, Sense.COMPLAINT, name="ours 1")
    >>> classifier.annotations("the app crashed")[0].value
    True
    """

    def __init__(
        self,
        model: LinearModel,
        sense: Sense,
        *,
        name: str,
        languages: Collection[str] = (),
        threshold: float = 0.5,
        tree: CategoryTree | None = None,
    ) -> None:
        if not name:
            raise InvalidValue(name, where="TrainedClassifier.name", right="a name and a version")
        if not 0 <= threshold <= 1:
            right = "a share from 0.0 to 1.0"
            raise InvalidValue(threshold, where="TrainedClassifier.threshold", right=right)
        self.name = name
        self._model, self._sense, self._threshold = model, Sense(sense), threshold
        self._languages = frozenset(map(primary, languages))
        self._values = _values(model.labels, self._sense, tree)

    def annotations(self, text: str, *, language: str | None = None) -> tuple[Annotation, ...]:
        """One annotation: the likeliest label with its chance, or None."""
        if not self._reads(text, language):
            return (self._said(None),)
        chances = self._model.scores(text)
        label = max(chances, key=chances.__getitem__)
        if chances[label] < self._threshold:
            return (self._said(None, chances[label]),)
        if self._sense is Sense.SENTIMENT:
            score = sentiment_score(*(chances.get(each, 0.0) for each in _SENTIMENTS))
            return (self._said(score, chances[label]),)
        return (self._said(self._values[label], chances[label]),)

    def _reads(self, text: str, language: str | None) -> bool:
        if not text.strip():
            return False
        if not self._languages or language is None:
            return True
        return is_read(text, language=language, languages=self._languages)

    def _said(self, value: Value, confidence: float | None = None) -> Annotation:
        return said(self._sense, value, by=self.name, confidence=confidence)


def _values(
    labels: Collection[Label], sense: Sense, tree: CategoryTree | None
) -> Mapping[Label, Value]:
    """What each label becomes."""
    if sense is Sense.SENTIMENT:
        return {
            label: _fitting(label, label in _SENTIMENTS, f"one of {_SENTIMENTS}")
            for label in labels
        }
    if sense not in _WORDED:
        return {
            label: _fitting(label, isinstance(label, bool), f"True or False, for {sense}")
            for label in labels
        }
    words = [_fitting(label, isinstance(label, str), f"a text, for {sense}") for label in labels]
    if sense is Sense.CATEGORY and tree is not None:
        return {word: tree.path(str(word)) for word in words}
    return {word: word for word in words}


def _fitting(label: Label, fits: bool, right: str) -> Label:
    if not fits:
        raise InvalidValue(label, where="TrainedClassifier.model.labels", right=right)
    return label
