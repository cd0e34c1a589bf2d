"""Where messages get their ids and their time of arrival, and are kept."""

from pathlib import Path
from random import Random

from northline.row import Row
from northline.words import Words
from northline.world import CHANNELS, END, MINUTE, OUTAGE, SECOND, OpenHours

_X_EPOCH = 1_288_834_974_657
_LATE_DELIVERY = 0.02


class Desk:
    """Everything that a conversation shares with the others."""

    def __init__(self, random: Random, hours: Path) -> None:
        self.random = random
        self.words = Words(random)
        self.hours = OpenHours(hours)
        self.rows: list[Row] = []
        self._taken: set[tuple[str, str]] = set()

    def keep(self, row: Row) -> None:
        """Take a message in, unless the four weeks are over."""
        if row.sent < END:
            self.rows.append(row)

    def new_id(self, channel: str, sent: int, *, ours: bool) -> str:
        """An id in the manner of the channel, never given before."""
        while True:
            found = self._drawn_id(channel, sent, ours=ours)
            if (channel, found) not in self._taken:
                self._taken.add((channel, found))
                return found

    def received(self, channel: str, sent: int) -> int:
        """When a message reaches the desk: soon, but on the day of the outage not always."""
        at_least, at_most = CHANNELS[channel].delivery
        delay = at_least + (at_most - at_least) * self.random.random() ** 2
        if is_outage(sent) and self.random.random() < _LATE_DELIVERY:
            delay += 60 * (3 + 20 * self.random.random())
        return sent + int(delay * SECOND)

    def between(self, low: float, high: float) -> int:
        """A duration between two numbers of minutes, in milliseconds."""
        return int((low + (high - low) * self.random.random()) * MINUTE)

    def happens(self, chance: float) -> bool:
        """Whether something of this chance happens this time."""
        return self.random.random() < chance

    def _drawn_id(self, channel: str, sent: int, *, ours: bool) -> str:
        bits = self.random.getrandbits
        if channel == "x":
            return str((sent - _X_EPOCH) << 22 | bits(22))
        if channel == "mastodon":
            return str(sent << 16 | bits(16))
        if channel == "instagram":
            return f"17{bits(50):016d}"
        if channel == "email":
            return f"<{bits(48):012x}@{'mail.northline' if ours else 'post'}.example>"
        if channel == "chat":
            return f"chat-{bits(40):010x}"
        return f"p{sent // (7 * MINUTE) % 1_000_000:06d}{bits(6):02d}"


def is_outage(instant: int) -> bool:
    """Whether it is the morning on which everything stood still."""
    return OUTAGE[0] <= instant < OUTAGE[1]
