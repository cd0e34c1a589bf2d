"""What a crisis detector sees of a message, and the bins in which it counts.

The caller says what a message is about and how it sounds, and gives its author's key and the
fingerprint of its text; the detector reads no text.

Of a minute in which very many came, a sample is kept beside the count: the ones whose ids hash
lowest, so that it is the same sample in whatever order they came.
"""

from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b

import attrs

from socialcare.domain.crisis.policy import NEGATIVE, SHARE, TOPIC, VOLUME
from socialcare.domain.fingerprint import Fingerprint, fingerprint, link, spoken
from socialcare.domain.instants import epoch_second, instant
from socialcare.domain.message import Message
from socialcare.domain.sentiment import NEGATIVE_AT_MOST
from socialcare.domain.words import words

SAMPLE = 200
"""Observations of one minute that are kept."""
MINUTE = 60
_LEAST_LETTERS = 3


def _at(value: datetime) -> datetime:
    return instant(value, where="Observation.at")


def _names(value: Iterable[str]) -> frozenset[str]:
    return frozenset(value)


@attrs.frozen(kw_only=True)
class Observation:
    """One message by a customer or by a member of the public, as far as a crisis goes.

    Attributes:
        id: Unique among all; the caller gives each message once.
        at: When it was sent.
        author: A key of its author.
        fingerprint: Of its text, as `fingerprint` gives it.
        negative: Whether it sounds bad.
        topics: The names of the topics that it is about.
        link: The first address in it, as `link` gives it, or None.
        new_account: Whether its author's account is a new one; None where nobody knows.
        terms: The words that may have brought the rise.
        post: The id of the post that it answers or quotes, or None.
        place: Where it is about or from, or None.

    Raises:
        NaiveDatetime: If the instant has no time zone.
    """

    id: str
    at: datetime = attrs.field(converter=_at)
    author: str
    fingerprint: Fingerprint = ()
    negative: bool = False
    topics: frozenset[str] = attrs.field(default=frozenset(), converter=_names)
    link: str | None = None
    new_account: bool | None = None
    terms: tuple[str, ...] = ()
    post: str | None = None
    place: str | None = None

    @property
    def minute(self) -> int:
        """The second of UTC at which its minute began."""
        return epoch_second(self.at) // MINUTE * MINUTE

    def counts(self, series: tuple[str, ...]) -> tuple[int, ...]:
        """How much it adds to each of these series: 1 or 0."""
        return tuple(self._is_of(one) for one in series)

    def _is_of(self, series: str) -> int:
        if series == VOLUME:
            return 1
        if series in (NEGATIVE, SHARE):
            return int(self.negative)
        return int(series.removeprefix(TOPIC) in self.topics)


def observation(
    message: Message,
    *,
    topics: Iterable[str] = (),
    sentiment: float | None = None,
    new_account: bool | None = None,
    place: str | None = None,
) -> Observation:
    """What the detector sees of a message.

    Args:
        message: A message by a customer.
        topics: The names of the topics that it is about.
        sentiment: How it sounds, from -1.0 to 1.0, in place of what the message itself says.
        new_account: Whether its author's account is a new one.
        place: Where it is about or from.
    """
    text = message.text or ""
    score = message.sentiment if sentiment is None else sentiment
    return Observation(
        id=f"{message.channel}:{message.id}",
        at=message.sent_at,
        author=f"{message.channel}:{message.author.id or message.customer_id or message.id}",
        fingerprint=fingerprint(text),
        negative=score is not None and score <= NEGATIVE_AT_MOST,
        topics=frozenset(topics),
        link=link(text),
        new_account=new_account,
        terms=_terms(text),
        post=message.in_reply_to,
        place=place,
    )


def _terms(text: str) -> tuple[str, ...]:
    """Each word once; very short ones say nothing in alphabets, but are words in Han."""
    return tuple(
        dict.fromkeys(
            word
            for word in words(spoken(text))
            if len(word) >= _LEAST_LETTERS or not word.isascii()
        )
    )


@attrs.frozen
class Bin:
    """What came in one minute.

    Attributes:
        counts: Messages of each series.
        size: Messages in all.
        sample: Those that were kept.
    """

    counts: tuple[int, ...]
    size: int = 0
    sample: tuple[Observation, ...] = ()

    def with_observation(self, one: Observation, counts: tuple[int, ...]) -> "Bin":
        """The bin with one message more."""
        total = tuple([count + more for count, more in zip(self.counts, counts, strict=True)])
        return Bin(total, self.size + 1, _sampled(self.sample, one))

    @property
    def weight(self) -> float:
        """How many messages each of the sample stands for."""
        return self.size / len(self.sample) if self.sample else 1.0


def _sampled(kept: tuple[Observation, ...], one: Observation) -> tuple[Observation, ...]:
    """The sample with one more, in order of time, so that it is the same whatever came first."""
    more = (*kept, one)
    if len(more) > SAMPLE:
        more = tuple(sorted(more, key=_lot)[:SAMPLE])
    elif not kept or _order(kept[-1]) < _order(one):  # as they nearly always come
        return more
    return tuple(sorted(more, key=_order))


def _order(one: Observation) -> tuple[datetime, str]:
    return one.at, one.id


def _lot(one: Observation) -> bytes:
    return blake2b(one.id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
