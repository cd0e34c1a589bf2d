"""What brings a rise: the words, posts, places, people's topics and links that it is made of.

Each is compared with the share that it usually has: how much more often it occurs in these
messages than in the usual ones, by Dunning's log-likelihood (1993), which does not take the rare
for the remarkable.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from math import log
from types import MappingProxyType

import attrs

from socialcare.domain.crisis.observation import Observation

KINDS = ("term", "topic", "post", "link", "place", "customer")
"""What a driver can be."""
_SURE = 10.83
"""The score that chance reaches once in a thousand times, for one thing looked at by itself."""
_AT_LEAST = 3
"""What fewer messages than this have in common drives nothing."""
_MOST_KEPT = 50_000


@attrs.frozen(kw_only=True)
class Driver:
    """Something that messages of a rise have in common, more than usual ones.

    Attributes:
        kind: One of `KINDS`.
        name: The word, topic, link or place, the id of the post, or the key of the customer.
        count: How many messages of the rise have it.
        usual: How many of so many messages usually would.
        score: Dunning's log-likelihood; the higher, the more remarkable.
    """

    kind: str
    name: str
    count: int
    usual: float
    score: float


@attrs.frozen(kw_only=True)
class Commonplace:
    """What messages usually have: how many there were, and how many had what.

    Attributes:
        messages: How many there were, the older the less they count.
        counts: How many of them had each thing, by kind and name.
    """

    messages: float = 0.0
    counts: Mapping[tuple[str, str], float] = MappingProxyType({})

    def with_messages(
        self, observations: Iterable[Observation], *, kept: float = 1.0
    ) -> "Commonplace":
        """The same after more messages, such as those of a day.

        Args:
            observations: What came, with no crisis in it.
            kept: The weight that the past keeps, from 0.0 to 1.0.
        """
        counts: Counter[tuple[str, str]] = Counter()
        messages = 0
        for one in observations:
            messages += 1
            counts.update(_parts(one))
        return self.with_others(Commonplace(messages=messages, counts=counts), kept=kept)

    def with_others(self, others: "Commonplace", *, kept: float = 1.0) -> "Commonplace":
        """The same after other messages, such as those of a day, with what they had.

        Args:
            others: What came.
            kept: The weight that the past keeps, from 0.0 to 1.0.
        """
        merged = {part: kept * count for part, count in self.counts.items()}
        for part, count in others.counts.items():
            merged[part] = merged.get(part, 0.0) + count
        if len(merged) > _MOST_KEPT:
            ranked = sorted(merged, key=lambda part: (-merged[part], part))[:_MOST_KEPT]
            merged = {part: merged[part] for part in ranked}
        return Commonplace(
            messages=kept * self.messages + others.messages, counts=MappingProxyType(merged)
        )


def drivers(
    observations: Iterable[Observation], commonplace: Commonplace, *, top: int = 5
) -> tuple[Driver, ...]:
    """What these messages have in common more than usual ones, by kind, the most remarkable first.

    Args:
        observations: The messages of a rise.
        commonplace: What messages usually have.
        top: How many of each kind.
    """
    counts: Counter[tuple[str, str]] = Counter()
    messages = 0
    for one in observations:
        messages += 1
        counts.update(_parts(one))
    found = [
        _driver(part, count, messages, commonplace)
        for part, count in counts.items()
        if count >= _AT_LEAST
    ]
    remarkable = [one for one in found if one.count > one.usual and one.score >= _SURE]
    ranked = sorted(remarkable, key=lambda one: (-one.score, one.kind, one.name))
    return tuple(
        one for kind in KINDS for one in [each for each in ranked if each.kind == kind][:top]
    )


def _parts(one: Observation) -> Iterator[tuple[str, str]]:
    yield from (("term", term) for term in one.terms)
    yield from (("topic", topic) for topic in one.topics)
    for kind, name in (("post", one.post), ("link", one.link), ("place", one.place)):
        if name is not None:
            yield kind, name
    yield "customer", one.author


def _driver(part: tuple[str, str], count: int, messages: int, commonplace: Commonplace) -> Driver:
    before, all_before = commonplace.counts.get(part, 0.0), commonplace.messages
    share = (before + 0.5) / (all_before + 1)
    together = (count + before) / (messages + all_before)
    score = 2 * (
        _term(count, messages * together)
        + _term(messages - count, messages * (1 - together))
        + _term(before, all_before * together)
        + _term(all_before - before, all_before * (1 - together))
    )
    kind, name = part
    return Driver(kind=kind, name=name, count=count, usual=share * messages, score=score)


def _term(found: float, expected: float) -> float:
    return found * log(found / expected) if found > 0 and expected > 0 else 0.0
