"""Evaluation: how good a classifier or a queue is, against what people said of the same messages.

Precision is the share of those it named so that people did too; recall the share of those that
people named so that it found; F1 their harmonic mean, and macro-F1 the mean over the labels, in
which a rare one counts as much as a frequent one (C. J. van Rijsbergen, Information Retrieval,
1979). "I don't know" names nothing: it costs recall, not precision.

A sample says all that only roughly. Shares have Wilson's intervals; F1 has none, so it is drawn
again from the sample (B. Efron, "Bootstrap methods: another look at the jackknife", The Annals of
Statistics 7, 1979), with random numbers that are passed in, so that it can be drawn again the same.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean
from typing import TypeAlias

import attrs

from socialcare.domain.statistics import Share, quantile
from socialcare.errors import InvalidValue

__all__ = [
    "Estimate",
    "Evaluation",
    "Label",
    "LabelQuality",
    "QueueQuality",
    "evaluation",
    "queue_quality",
]

Label: TypeAlias = str | bool
Pair: TypeAlias = tuple[Label, Label | None]
"""What people said, and what the classifier said."""
_DRAWS = 500
_TAIL = 0.025


@attrs.frozen(kw_only=True)
class Estimate:
    """A number that a sample gives.

    Attributes:
        value: The number; None where the sample has nothing to say.
        interval: Its 95 % interval, by drawing again from the sample.
    """

    value: float | None
    interval: tuple[float, float] | None


@attrs.frozen(kw_only=True)
class LabelQuality:
    """How well one label is told.

    Attributes:
        label: Which one.
        precision: Of those that the classifier named so.
        recall: Of those that people named so.
        f1: The harmonic mean of both; None where nobody named anything so.
    """

    label: Label
    precision: Share
    recall: Share
    f1: Estimate


@attrs.frozen(kw_only=True)
class Evaluation:
    """How well a classifier tells labels.

    Attributes:
        n: How many messages both looked at.
        unknown: Of how many the classifier said that it doesn't know.
        correct: Of all, those that it named as people did.
        labels: Each one that anybody used, in order.
        macro_f1: The mean of the F1 of the labels.
    """

    n: int
    unknown: int
    correct: Share
    labels: tuple[LabelQuality, ...]
    macro_f1: Estimate

    def __getitem__(self, label: Label) -> LabelQuality:
        """How well one label is told.

        Raises:
            InvalidValue: If nobody used it.
        """
        for each in self.labels:
            if each.label == label:
                return each
        known = ", ".join(repr(each.label) for each in self.labels)
        raise InvalidValue(label, where="evaluation", right=f"a label that was used: {known}")


@attrs.frozen(kw_only=True)
class QueueQuality:
    """How much of what comes first belongs there.

    Attributes:
        k: How many messages from the front were looked at, at most.
        share: Of the first k, those of the first tier.
        found: Of the first tier, those among the first k.
    """

    k: int
    share: Share
    found: Share


def evaluation(
    pairs: Iterable[Pair], *, chance: Callable[[], float], draws: int = _DRAWS
) -> Evaluation:
    """How well what a classifier said agrees with what people said, message by message.

    Args:
        pairs: For each message the label of people, and the classifier's; None where it has none.
        chance: Gives random numbers from 0.0 up to 1.0, such as `random.Random(7).random`.
        draws: How often the sample is drawn again for the intervals of F1.

    Raises:
        InvalidValue: If `draws` is below 1.

    >>> from random import Random
    >>> said = evaluation([("bad", "bad"), ("bad", None), ("good", "bad")], chance=Random(7).random)
    >>> said["bad"].precision.value, said["bad"].recall.value, said.unknown
    (0.5, 0.5, 1)
    """
    if draws < 1:
        raise InvalidValue(draws, where="evaluation: draws", right="a number from 1")
    sample = list(pairs)
    labels = sorted(
        {label for pair in sample for label in pair if label is not None},
        key=lambda label: (isinstance(label, str), label),
    )
    counts = Counter(sample)
    again = [_drawn(sample, chance) for _ in range(draws)] if sample else []
    by_draw = [_f1_by_label(drawn, labels) for drawn in again]
    scores = _f1_by_label(counts, labels)
    return Evaluation(
        n=len(sample),
        unknown=sum(said is None for _, said in sample),
        correct=Share(k=sum(truth == said for truth, said in sample), n=len(sample)),
        labels=tuple(_quality(label, counts, scores, by_draw) for label in labels),
        macro_f1=Estimate(
            value=_macro(scores), interval=_interval([_macro(drawn) for drawn in by_draw])
        ),
    )


def queue_quality(first_tier: Iterable[bool], k: int) -> QueueQuality:
    """How much of what comes first belongs there.

    Args:
        first_tier: For each message, in the order of the queue, whether people put it first.
        k: How many from the front somebody will get to.

    Raises:
        InvalidValue: If `k` is below 1.

    >>> queue_quality([True, True, False, True], 3).share.value
    0.6666666666666666
    """
    if k < 1:
        raise InvalidValue(k, where="queue_quality: k", right="a number from 1")
    queue = list(first_tier)
    hits = sum(queue[:k])
    return QueueQuality(
        k=k,
        share=Share(k=hits, n=min(k, len(queue))),
        found=Share(k=hits, n=sum(queue)),
    )


def _quality(
    label: Label,
    counts: Mapping[Pair, int],
    scores: Mapping[Label, float | None],
    by_draw: Sequence[Mapping[Label, float | None]],
) -> LabelQuality:
    correct, people, named = _tally(counts, label)
    return LabelQuality(
        label=label,
        precision=Share(k=correct, n=named),
        recall=Share(k=correct, n=people),
        f1=Estimate(value=scores[label], interval=_interval([drawn[label] for drawn in by_draw])),
    )


def _tally(counts: Mapping[Pair, int], label: Label) -> tuple[int, int, int]:
    """How often both, people, and the classifier named this label."""
    people = sum(times for (truth, _), times in counts.items() if truth == label)
    named = sum(times for (_, said), times in counts.items() if said == label)
    return counts.get((label, label), 0), people, named


def _f1_by_label(counts: Mapping[Pair, int], labels: Iterable[Label]) -> dict[Label, float | None]:
    scores: dict[Label, float | None] = {}
    for label in labels:
        correct, people, named = _tally(counts, label)
        scores[label] = 2 * correct / (people + named) if people + named else None
    return scores


def _macro(scores: Mapping[Label, float | None]) -> float | None:
    known = [score for score in scores.values() if score is not None]
    return fmean(known) if known else None


def _drawn(sample: Sequence[Pair], chance: Callable[[], float]) -> Counter[Pair]:
    """As many of the sample, each drawn from all of it."""
    n = len(sample)
    return Counter([sample[int(chance() * n)] for _ in range(n)])


def _interval(values: Iterable[float | None]) -> tuple[float, float] | None:
    known = sorted(value for value in values if value is not None)
    low, high = quantile(known, _TAIL), quantile(known, 1 - _TAIL)
    return None if low is None or high is None else (low, high)
