"""Standing: who answers others well.

Peers are ranked by how large a share of their answers is surely helpful: the lower end of Wilson's
95 % interval, over the answers of which anybody can tell. So one lucky answer does not come before
many good ones, and nobody loses by customers who say nothing any more.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median

import attrs

from socialcare.domain.peers.answers import PeerAnswer
from socialcare.domain.statistics import Share
from socialcare.domain.verdict import Verdict
from socialcare.errors import InvalidValue

__all__ = ["Peer", "peers"]


def _answers(value: Iterable[PeerAnswer]) -> tuple[PeerAnswer, ...]:
    return tuple(sorted(value, key=lambda each: (each.at, each.conversation)))


@attrs.frozen(kw_only=True)
class Peer:
    """Somebody who answers other customers.

    Attributes:
        id: Who.
        answers: What they answered, the earliest first.
    """

    id: str
    answers: tuple[PeerAnswer, ...] = attrs.field(
        converter=_answers, validator=attrs.validators.min_len(1)
    )

    @property
    def helped(self) -> Share:
        """How many of their answers helped, of those of which anybody can tell."""
        known = [each for each in self.answers if each.is_known]
        return Share(k=sum(each.helped for each in known), n=len(known))

    @property
    def score(self) -> float:
        """The share of helpful answers that is sure, from 0 to 1: the lower end of Wilson's."""
        interval = self.helped.interval
        return 0.0 if interval is None else interval[0]

    @property
    def thanked(self) -> int:
        """For how many answers they were thanked."""
        return sum(each.thanked for each in self.answers)

    @property
    def resolved(self) -> int:
        """How many conversations were settled after their word."""
        return sum(each.resolved for each in self.answers)

    @property
    def first(self) -> int:
        """How many customers they answered before the brand did."""
        return sum(each.first for each in self.answers)

    def judged(self, verdict: Verdict) -> int:
        """Of how many of their answers somebody of the house said this."""
        return sum(each.verdict is verdict for each in self.answers)

    @property
    def customers(self) -> int:
        """How many customers they answered."""
        return len({each.customer for each in self.answers if each.customer is not None})

    @property
    def took(self) -> timedelta:
        """How long it took them, at the median, from the customer's first word."""
        seconds = [(each.at - each.asked_at).total_seconds() for each in self.answers]
        return timedelta(seconds=median(seconds))

    @property
    def last_at(self) -> datetime:
        """When they began their latest answer."""
        return self.answers[-1].at

    @property
    def categories(self) -> Mapping[str, int]:
        """What they answered about, and how often; the most frequent first."""
        counted = Counter(each.category for each in self.answers if each.category is not None)
        return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def peers(answers: Iterable[PeerAnswer], *, least: int = 1) -> Sequence[Peer]:
    """Those who answer, the best first; of equals who answered more, then by id.

    Args:
        answers: What peers answered.
        least: How many answers somebody must have given.

    Raises:
        InvalidValue: If `least` is not at least 1.
    """
    if least < 1:
        raise InvalidValue(least, where="peers: least", right="at least 1")
    by_peer: defaultdict[str, list[PeerAnswer]] = defaultdict(list)
    for answer in answers:
        by_peer[answer.peer].append(answer)
    found = (Peer(id=who, answers=own) for who, own in by_peer.items() if len(own) >= least)
    return tuple(sorted(found, key=lambda peer: (-peer.score, -len(peer.answers), peer.id)))
