"""The clock on the wall of one time zone, read in UTC.

Between two changes a zone keeps one offset, so a stretch of UTC falls into a few pieces in which
the wall shows UTC plus a constant.
A piece of local time opens at the first instant at which the wall shows its opening or later, and
closes at the last instant before which the wall still shows less than its close:

- a local time that the clock jumps over, as opening or as close, is the jump itself;
- of a local time that comes twice, an opening is the first and a close the second;
- a close that is the very time at which the repeated hour begins is the first, because the wall
  had shown everything before it by then, and shows nothing of it again.

So a window is one stretch of real time, and as long as the clock on the wall needed for it.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import attrs

from socialcare.domain.instants import EPOCH, epoch_second

_DAY = 86_400
_SECOND = timedelta(seconds=1)
# Two days inside what a datetime can hold, so that no offset leads out of it.
_EARLIEST = epoch_second(datetime(1, 1, 3, tzinfo=UTC))
_LATEST = epoch_second(datetime(9999, 12, 29, tzinfo=UTC))


@attrs.frozen(kw_only=True)
class Piece:
    """A stretch of UTC in which the zone keeps one offset, all in seconds."""

    begin: int
    end: int
    offset: int


@attrs.frozen(kw_only=True)
class WallClock:
    """The pieces of one stretch of UTC, in order and without a hole."""

    pieces: tuple[Piece, ...]

    @classmethod
    def around(cls, zone: ZoneInfo, begin: int, end: int) -> "WallClock":
        """The wall clock of that zone, right for local times well inside [begin, end)."""
        return cls(pieces=tuple(_pieces(zone, begin, end)))

    def opening(self, local: int) -> int:
        """The first UTC second at which the wall shows `local` seconds or later."""
        for piece in self.pieces:
            if piece.end + piece.offset > local:
                return max(piece.begin, local - piece.offset)
        return local - self.pieces[-1].offset

    def close(self, local: int) -> int:
        """The last UTC second before which the wall shows less than `local` seconds."""
        for piece in reversed(self.pieces):
            if piece.begin + piece.offset < local:
                return min(piece.end, local - piece.offset)
        return local - self.pieces[0].offset


def _pieces(zone: ZoneInfo, begin: int, end: int) -> Iterator[Piece]:
    """Looks once a day: no zone has ever changed its offset and changed it back within days."""
    start, offset = begin, offset_at(zone, begin)
    for day in range(begin, end, _DAY):
        later = offset_at(zone, day + _DAY)
        while offset != later:
            change = _change(zone, offset, max(start, day), day + _DAY)
            yield Piece(begin=start, end=change, offset=offset)
            start, offset = change, offset_at(zone, change)
    yield Piece(begin=start, end=max(end, start) + _DAY, offset=offset)


def _change(zone: ZoneInfo, offset: int, begin: int, end: int) -> int:
    """The first second after `begin` at which the zone no longer has that offset."""
    seconds = range(begin, end)
    return begin + bisect_left(seconds, True, key=lambda second: offset_at(zone, second) != offset)


def offset_at(zone: ZoneInfo, second: int) -> int:
    """What the wall is ahead of UTC at a UTC second, in seconds."""
    inside = min(max(second, _EARLIEST), _LATEST)
    offset = (EPOCH + timedelta(seconds=inside)).astimezone(zone).utcoffset()
    return (offset or timedelta(0)) // _SECOND
