"""A linear model that learns from a brand's own labels, in pure Python.

    model = LinearModel.fit(texts, labels)
    model.label("my bag never arrived")

What it weighs is in `features`, how it learns in `learning`, its file in `linear_file`. The same
texts, labels and seed make the same model on every machine, and a saved model reads back equal.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import attrs

from socialcare.errors import InvalidValue
from socialcare.text import linear_file
from socialcare.text.features import features
from socialcare.text.learning import calibrated_temperature, learnt, scores, softmax

__all__ = ["Label", "LinearModel"]

Label: TypeAlias = str | bool
"""What a model tells apart: words, or true and false."""
_DIGITS = 5
"""To how many digits weights are kept, in memory as in the file."""


@attrs.frozen(kw_only=True)
class LinearModel:
    """Weights by which texts get one of a few labels.

    Attributes:
        labels: What it tells apart, sorted.
        weights: For each feature a weight for each label.
        temperature: What scores are divided by before they become chances.
        texts: From how many texts it learnt.
    """

    labels: tuple[Label, ...]
    weights: Mapping[str, tuple[float, ...]] = attrs.field(repr=False)
    temperature: float
    texts: int

    @classmethod
    def fit(cls, texts: Iterable[str], labels: Iterable[Label], *, seed: int = 0) -> "LinearModel":
        """The model that fits the labels of some texts; the same for the same arguments.

        Raises:
            InvalidValue: If there is not one label for each text, or fewer than two of them.

        >>> model = LinearModel.fit(["it crashed", "lovely, thanks"] * 5, ["bad", "good"] * 5)
        >>> model.label("thanks, lovely staff")
        'good'
        """
        all_texts, all_labels = list(texts), list(labels)
        known = _known(all_texts, all_labels)
        place = {label: number for number, label in enumerate(known)}
        examples = [
            (tuple(features(text).items()), place[label])
            for text, label in zip(all_texts, all_labels, strict=True)
        ]
        chance = random.Random(seed)  # noqa: S311 - not for secrets
        temperature = calibrated_temperature(examples, len(known), chance=chance)
        weights = learnt(examples, len(known), chance=chance)
        return cls(
            labels=known, weights=_rounded(weights), temperature=temperature, texts=len(examples)
        )

    def scores(self, text: str) -> dict[Label, float]:
        """The chance of each label; they add up to one."""
        found = scores(self.weights, features(text).items(), len(self.labels))
        return dict(zip(self.labels, softmax(found, self.temperature), strict=True))

    def label(self, text: str) -> Label:
        """The likeliest label; the first of those that are equally likely."""
        found = self.scores(text)
        return max(self.labels, key=found.__getitem__)

    def save(self, path: str | Path) -> None:
        """Writes the model as JSON."""
        linear_file.write(Path(path), attrs.asdict(self))

    @classmethod
    def load(cls, path: str | Path) -> "LinearModel":
        """The model that a file holds.

        Raises:
            InvalidValue: If it holds none that this release can read; says what is wrong where.
            OSError: If there is no such file, or it can't be read.
        """
        return cls(**linear_file.read(Path(path)))


def _known(texts: list[str], labels: list[Label]) -> tuple[Label, ...]:
    """The labels that there are, sorted."""
    if len(texts) != len(labels):
        found = f"{len(texts)} texts and {len(labels)} labels"
        raise InvalidValue(found, where="LinearModel.fit", right="one label for each text")
    _check(labels)
    known = tuple(sorted(set(labels), key=lambda label: (isinstance(label, str), label)))
    if len(known) < 2:
        raise InvalidValue(known, where="LinearModel.fit", right="at least two different labels")
    return known


def _check(labels: Sequence[object]) -> None:
    """Refuses a label that no file could hold, or that says nothing."""
    for place, label in enumerate(labels):
        if not isinstance(label, str | bool) or label == "":
            where = f"LinearModel.fit: labels[{place}]"
            raise InvalidValue(label, where=where, right="a text that is not empty, or a bool")


def _rounded(weights: Mapping[str, list[float]]) -> dict[str, tuple[float, ...]]:
    """The weights to a few digits, without those that are zero to as many."""
    rounded = {
        name: tuple(round(weight, _DIGITS) for weight in row) for name, row in weights.items()
    }
    return {name: row for name, row in sorted(rounded.items()) if any(row)}
