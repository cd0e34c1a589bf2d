"""Learning: the weights of a linear model from labelled texts.

Multinomial logistic regression by stochastic gradients, each feature with a step of its own that
shrinks with what it has moved (AdaGrad: J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient
methods for online learning and stochastic optimization", JMLR 12, 2011). A few passes are enough,
and stopping then keeps the weights small. Rare labels count for more, by the square root of how
rare they are.

What a model says of texts that it learnt from is too sure. So it is first fitted to four fifths,
and the temperature is taken that makes the chances of the last fifth come true (C. Guo and others,
"On calibration of modern neural networks", ICML 2017).
"""

import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from operator import mul

import attrs

__all__ = ["calibrated_temperature", "learnt", "softmax"]

_PASSES = 8
_STEP = 0.3
_FIRST_MOVE = 0.01
"""What a weight is taken to have moved before it has: bounds its first step."""
_HELD_BACK = 5
_FEWEST_TO_CALIBRATE = 50
_TEMPERATURES = tuple(0.5 * 1.1**power for power in range(25))
_SMALLEST_CHANCE = 1e-12

_SMALL_ERROR = 1e-4
"""The squared error below which a text teaches nothing more."""

Example = tuple[Sequence[tuple[str, float]], int]
"""The features of a text, and the place of its label."""


@attrs.define(eq=False)
class _State:
    """The weights of one feature, and how far they have moved, squared."""

    weights: list[float]
    moved: float = _FIRST_MOVE


def softmax(scores: Sequence[float], temperature: float = 1.0) -> list[float]:
    """The scores as chances that add up to one.

    >>> softmax([0.0, 0.0])
    [0.5, 0.5]
    """
    highest = max(scores)
    powers = [math.exp((score - highest) / temperature) for score in scores]
    total = math.fsum(powers)
    return [power / total for power in powers]


def learnt(
    examples: Sequence[Example], labels: int, *, chance: random.Random
) -> dict[str, list[float]]:
    """For each feature a weight for each label, fitted to the examples."""
    states: dict[str, _State] = {}
    order = [(_states(features, states, labels), label) for features, label in examples]
    importance = _importance(examples, labels)
    for _ in range(_PASSES):
        chance.shuffle(order)
        for features, label in order:
            _step(features, label, importance[label])
    return {name: state.weights for name, state in states.items()}


def calibrated_temperature(
    examples: Sequence[Example], labels: int, *, chance: random.Random
) -> float:
    """By what to divide scores for chances that come true; 1.0 for too few examples to tell."""
    if len(examples) < _FEWEST_TO_CALIBRATE:
        return 1.0
    order = list(examples)
    chance.shuffle(order)
    tried, rest = (
        order[::_HELD_BACK],
        [example for place, example in enumerate(order) if place % _HELD_BACK],
    )
    weights = learnt(rest, labels, chance=chance)
    scored = [(scores(weights, features, labels), label) for features, label in tried]
    return min(_TEMPERATURES, key=lambda temperature: _loss(scored, temperature))


def scores(
    weights: Mapping[str, Sequence[float]], features: Iterable[tuple[str, float]], labels: int
) -> list[float]:
    """What the weights of a text's features come to, for each label."""
    known = [(weights[name], amount) for name, amount in features if name in weights]
    if not known:
        return [0.0] * labels
    rows, amounts = zip(*known, strict=True)
    return _sums(rows, amounts)


def _sums(rows: Iterable[Sequence[float]], amounts: Sequence[float]) -> list[float]:
    """For each label the sum of its weights, each times its amount."""
    return [sum(map(mul, column, amounts)) for column in zip(*rows, strict=True)]


def _states(
    features: Iterable[tuple[str, float]], states: dict[str, _State], labels: int
) -> tuple[tuple[_State, ...], tuple[float, ...]]:
    """The states of a text's features, new ones made, and their amounts."""
    names, amounts = zip(*features, strict=True)
    for name in names:
        if name not in states:
            states[name] = _State([0.0] * labels)
    return tuple(states[name] for name in names), amounts


def _step(
    features: tuple[tuple[_State, ...], tuple[float, ...]], label: int, importance: float
) -> None:
    """Moves the weights of one text's features towards its label."""
    states, amounts = features
    chances = softmax(_sums((state.weights for state in states), amounts))
    missing = [importance * ((place == label) - share) for place, share in enumerate(chances)]
    size = sum(error * error for error in missing)
    if size < _SMALL_ERROR:
        return
    for state, amount in zip(states, amounts, strict=True):
        state.moved += size * amount * amount
        step = _STEP * amount / math.sqrt(state.moved)
        state.weights = [
            weight + step * error for weight, error in zip(state.weights, missing, strict=True)
        ]


def _importance(examples: Sequence[Example], labels: int) -> list[float]:
    """By what each label's examples count."""
    counts = Counter(label for _, label in examples)
    return [
        math.sqrt(len(examples) / (labels * counts[label])) if counts[label] else 0.0
        for label in range(labels)
    ]


def _loss(scored: Sequence[tuple[Sequence[float], int]], temperature: float) -> float:
    """How surprising the labels are under the chances."""
    return -math.fsum(
        math.log(max(_SMALLEST_CHANCE, softmax(each, temperature)[label])) for each, label in scored
    )
