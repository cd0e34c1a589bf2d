"""Spam told apart from a crisis: how many people it is that write.

Many people who say the same words, in retweets of an outage or under one hashtag, are a crisis.
A few who write much, or accounts made for it, are not.
So messages are not weighed by what they say but by who says it:

- an author counts up to a few times at once, and once with one text or link;
- one who sends the same text or the same link again and again does not count;
- a text or link that mostly new accounts send does not count, where the age of accounts is known.

What is left is the genuine count. If that alone is worth an alarm, it is a crisis, spam or not.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set

import attrs

from socialcare.domain.crisis.observation import Bin, Observation
from socialcare.domain.crisis.policy import CrisisPolicy
from socialcare.domain.fingerprint import Fingerprint, are_alike

_SEVERAL = 5
"""A text that fewer send than this is nobody's campaign."""
_COMPARED = 30
"""Texts that others are compared with, the most frequent ones; a further one is like no other."""


@attrs.frozen(kw_only=True)
class Voices:
    """Who wrote, and how much of it counts.

    Attributes:
        messages: How many messages were looked at.
        authors: How many people wrote them.
        by_busiest: The share that the busiest tenth of them wrote, one author at least.
        repeated: The share of messages that say what another one of them says, or link to it.
        genuine: For each series how much of it counts, from 0.0 to 1.0.
    """

    messages: int
    authors: int
    by_busiest: float
    repeated: float
    genuine: tuple[float, ...]

    @property
    def words(self) -> str:
        """The same as a part of a sentence.

        >>> Voices(messages=90, authors=2, by_busiest=0.9, repeated=1.0, genuine=(0.07,)).words
        '90 messages by 2 authors, 100 % of them repeats of each other'
        """
        share = f"{100 * self.repeated:.0f} %"
        people = "1 author" if self.authors == 1 else f"{self.authors} authors"
        return f"{self.messages} messages by {people}, {share} of them repeats of each other"


def voices(bins: Iterable[Bin], policy: CrisisPolicy, *, repeaters: Set[str]) -> Voices:
    """Who wrote in these minutes, by their samples.

    Args:
        bins: The minutes of a rise.
        policy: How many messages of an author count.
        repeaters: The authors of whom none does.
    """
    weighed = [(one, each.weight) for each in bins for one in each.sample]
    seen = [one for one, _ in weighed]
    made = _campaigns(seen, policy)
    written = Counter(one.author for one in seen)
    counted = _counted(seen, policy.most_by_author)
    share = [
        0.0
        if one.author in repeaters or one.id in made
        else counted[one.author] / written[one.author]
        for one in seen
    ]
    busiest = written.most_common(max(1, len(written) // 10))
    return Voices(
        messages=len(seen),
        authors=len(written),
        by_busiest=sum(count for _, count in busiest) / max(len(seen), 1),
        repeated=_repeated(seen),
        genuine=_genuine(weighed, share, policy.series),
    )


def _counted(seen: Iterable[Observation], most: int) -> dict[str, int]:
    """For each author how many of the messages count: no two that say or link to the same."""
    told: dict[str, set[object]] = defaultdict(set)
    for one in seen:
        told[one.author].add(one.link or one.fingerprint)
    return {author: min(most, len(things)) for author, things in told.items()}


def repeaters(bins: Iterable[Bin], policy: CrisisPolicy) -> frozenset[str]:
    """The authors who sent the same text or the same link again and again in these minutes."""
    by_author: dict[str, list[Observation]] = defaultdict(list)
    for each in bins:
        for one in each.sample:
            by_author[one.author].append(one)
    return frozenset(
        author
        for author, written in by_author.items()
        if len(written) >= policy.repeats and _most_alike(written[-_COMPARED:]) >= policy.repeats
    )


def _most_alike(written: Sequence[Observation]) -> int:
    """How many of an author's messages at most say the same, or link to the same."""
    links = Counter(one.link for one in written if one.link is not None)
    texts = Counter(_labels([one.fingerprint for one in written]))
    del texts[None]
    return max((*links.values(), *texts.values()), default=0)


def _labels(texts: Sequence[Fingerprint]) -> list[int | None]:
    """For each text the number of the one that it says nearly the same words as."""
    leaders: list[tuple[int, Fingerprint]] = []
    known: dict[Fingerprint, int | None] = {(): None}
    for text, _ in Counter(texts).most_common():
        if text not in known:
            alike = (label for label, leader in leaders if are_alike(text, leader))
            known[text] = next(alike, len(known))
            if known[text] == len(known) - 1 and len(leaders) < _COMPARED:
                leaders.append((len(known) - 1, text))
    return [known[text] for text in texts]


def _campaigns(seen: Sequence[Observation], policy: CrisisPolicy) -> set[str]:
    """The ids of messages that say, or link to, what mostly new accounts do."""
    aged = [one for one in seen if one.new_account is not None]
    texts = _labels([one.fingerprint for one in aged])
    labels = [("text", text) for text in texts], [("link", one.link) for one in aged]
    made = set()
    for label in labels:
        senders: dict[tuple[str, object], dict[str, bool]] = defaultdict(dict)
        for one, its in zip(aged, label, strict=True):
            if its[1] is not None:
                senders[its][one.author] = bool(one.new_account)
        for one, its in zip(aged, label, strict=True):
            new = senders[its].values()
            if len(new) >= _SEVERAL and sum(new) > policy.most_new * len(new):
                made.add(one.id)
    return made


def _repeated(seen: Sequence[Observation]) -> float:
    """The share of messages that say just what another one says, or link to the same."""
    texts = Counter(one.fingerprint for one in seen if one.fingerprint)
    links = Counter(one.link for one in seen if one.link is not None)
    again = sum(texts[one.fingerprint] > 1 or links[one.link or ""] > 1 for one in seen)
    return again / max(len(seen), 1)


def _genuine(
    weighed: Sequence[tuple[Observation, float]],
    share: Sequence[float],
    series: tuple[str, ...],
) -> tuple[float, ...]:
    """For each series how much of its messages counts."""
    whole, part = [0.0] * len(series), [0.0] * len(series)
    for (one, weight), counts in zip(weighed, share, strict=True):
        for number, of in enumerate(one.counts(series)):
            whole[number] += weight * of
            part[number] += weight * of * counts
    return tuple(some / every if every else 1.0 for some, every in zip(part, whole, strict=True))
