"""When hours are open, in UTC, as tables that are looked up and never walked.

Time is cut into blocks of one mean Gregorian year, 31,556,952 seconds.
A block is built when somebody first asks about it: its windows are turned into UTC, merged where
they touch, cut at its ends, and listed with the open time before each.
Then the open time up to an instant is one bisection, elapsed time is a difference of two, and a
deadline is a bisection in the other column.

Four hundred such blocks are exactly the 400 years after which dates fall on the same weekdays.
So a block far from every date that the hours or the zone single out equals the one 400 later or
earlier, and a date such as 9999-12-31 costs no more than its neighbours do.

All instants and durations here are integers: microseconds, since 1970 in UTC or since the
beginning of their block.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import accumulate
from zoneinfo import ZoneInfo

import attrs

from socialcare.domain.instants import EPOCH, epoch_second
from socialcare.domain.schedule import HoursVersion, in_force
from socialcare.domain.wall_clock import WallClock

_DAY = 86_400
_YEAR = 31_556_952
_CYCLE = 400
_MICROSECONDS = 1_000_000
BLOCK = _YEAR * _MICROSECONDS
"""The length of a block."""
# Zones of the IANA database have no change of their own before 1834, and none after 2087 that
# does not come again every year; the next century's predictions have room.
_RULED = (datetime(1800, 1, 1, tzinfo=UTC), datetime(2150, 1, 1, tzinfo=UTC))
_EPOCH_DAY = EPOCH.toordinal()


def _number(at: datetime) -> int:
    return epoch_second(at) // _YEAR


_FIRST = _number(datetime.min.replace(tzinfo=UTC))
_LAST = _number(datetime.max.replace(tzinfo=UTC))


@attrs.frozen(kw_only=True, eq=False)
class Block:
    """The open windows of one block.

    Attributes:
        opens: When each window opens, in order.
        closes: When each closes; before the next opens.
        before: The open time of the block before each window.
        total: The open time of the whole block.
    """

    opens: tuple[int, ...]
    closes: tuple[int, ...]
    before: tuple[int, ...]
    total: int

    @classmethod
    def of(cls, windows: Iterable[tuple[int, int]]) -> "Block":
        """The block with these windows, which are in order and apart."""
        windows = tuple(windows)
        sums = tuple(accumulate((closes - opens for opens, closes in windows), initial=0))
        return cls(
            opens=tuple(opens for opens, _ in windows),
            closes=tuple(closes for _, closes in windows),
            before=sums[:-1],
            total=sums[-1],
        )

    def until(self, at: int) -> int:
        """The open time from the beginning of the block to `at`."""
        index = bisect_right(self.opens, at) - 1
        if index < 0:
            return 0
        closes = self.closes[index]
        return self.before[index] + (at if at < closes else closes) - self.opens[index]

    def first_with(self, amount: int) -> int:
        """The first instant with that much open time before it, over 0 and at most the total."""
        index = bisect_left(self.before, amount) - 1
        return self.opens[index] + amount - self.before[index]

    def last_with(self, amount: int) -> int:
        """The last instant with that much open time before it, from 0 and under the total."""
        index = bisect_right(self.before, amount) - 1
        return self.opens[index] + amount - self.before[index]


@attrs.frozen(kw_only=True, eq=False)
class Openings:
    """The blocks of one schedule in one zone, built as they are needed."""

    zone: ZoneInfo
    versions: tuple[HoursVersion, ...]
    _particular: range = attrs.field(init=False)
    _blocks: dict[int, Block] = attrs.field(init=False, factory=dict, repr=False)

    @_particular.default
    def _blocks_with_particular_days(self) -> range:
        """The blocks that hold a date that some version names, and one on each side."""
        days = [day for version in self.versions for day in version.particular_days]
        numbers = [(day.toordinal() - _EPOCH_DAY) * _DAY // _YEAR for day in days]
        return range(min(numbers, default=0) - 1, max(numbers, default=0) + 2)

    def between(self, start: int, end: int) -> int:
        """The open time from `start` to `end`; negative where they are reversed."""
        if end < start:
            return -self.between(end, start)
        first, since = divmod(start, BLOCK)
        last, until = divmod(end, BLOCK)
        part = self.block(last).until(until) - self.block(first).until(since)
        if first == last:
            return part
        return part + sum(self.block(number).total for number in range(first, last))

    def is_open(self, at: int) -> bool:
        """Whether `at` is inside a window."""
        number, rest = divmod(at, BLOCK)
        block = self.block(number)
        index = bisect_right(block.opens, rest) - 1
        return index >= 0 and rest < block.closes[index]

    def after(self, start: int, amount: int) -> int | None:
        """The first instant with that much open time, over 0, since `start`; None without one."""
        first, rest = divmod(start, BLOCK)
        amount += self.block(first).until(rest)
        for number in range(first, _LAST + 1):
            block = self.block(number)
            if amount <= block.total:
                return number * BLOCK + block.first_with(amount)
            if number >= self._particular.stop and not block.total:
                return None
            amount -= block.total
        return None

    def before(self, end: int, amount: int) -> int | None:
        """The last instant with that much open time, over 0, until `end`; None without one."""
        last, rest = divmod(end, BLOCK)
        amount -= self.block(last).until(rest)
        for number in range(last, _FIRST - 1, -1):
            if number < last:
                amount -= self.block(number).total
            if amount <= 0:
                return number * BLOCK + self.block(number).last_with(-amount)
            if number < self._particular.start and not self.block(number).total:
                return None
        return None

    def next_open(self, at: int) -> int | None:
        """The first opening after `at`, or None."""
        for number, rest in self._onward(at):
            opens = self.block(number).opens
            index = bisect_right(opens, rest)
            if index == 0 and opens and self._goes_on(number):
                index = 1
            if index < len(opens):
                return number * BLOCK + opens[index]
        return None

    def next_close(self, at: int) -> int | None:
        """The first close after `at`, or None."""
        for number, rest in self._onward(at):
            closes = self.block(number).closes
            index = bisect_right(closes, rest)
            if index < len(closes) and not (closes[index] == BLOCK and self._goes_on(number + 1)):
                return number * BLOCK + closes[index]
        return None

    def last_close(self, at: int) -> int | None:
        """The last close at or before `at`, at which it is not open, or None."""
        number, rest = divmod(at, BLOCK)
        index = bisect_right(self.block(number).closes, rest) - 1
        if index >= 0:
            return number * BLOCK + self.block(number).closes[index]
        for earlier in range(number - 1, min(number, self._particular.start) - 3, -1):
            if self.block(earlier).closes:
                return earlier * BLOCK + self.block(earlier).closes[-1]
        return None

    def windows(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The windows in [start, end), cut to it, and merged where blocks meet."""
        held: tuple[int, int] | None = None
        for opens, closes in self._cut(start, end):
            if held is not None and held[1] == opens:
                held = (held[0], closes)
                continue
            if held is not None:
                yield held
            held = (opens, closes)
        if held is not None:
            yield held

    def block(self, number: int) -> Block:
        """The block of that number; 0 begins in 1970."""
        found = self._blocks.get(number)
        if found is None:
            twin = self._twin(number)
            found = self.block(twin) if twin != number else build(self.zone, self.versions, number)
            self._blocks[number] = found
        return found

    def _cut(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        if start >= end:
            return
        for number in range(start // BLOCK, -(-end // BLOCK)):
            block, base = self.block(number), number * BLOCK
            index = bisect_right(block.closes, start - base)
            while index < len(block.opens) and base + block.opens[index] < end:
                yield max(start, base + block.opens[index]), min(end, base + block.closes[index])
                index += 1

    def _onward(self, at: int) -> Iterator[tuple[int, int]]:
        """The blocks from that of `at` in which an edge must be, with where to look from.

        Past every particular day one year is like the next: with no edge in a whole block
        there, none comes any more.
        """
        first, rest = divmod(at, BLOCK)
        yield first, rest
        for number in range(first + 1, max(first, self._particular.stop) + 3):
            yield number, -1

    def _goes_on(self, number: int) -> bool:
        """Whether a window runs on from the block before into this one."""
        return self.block(number).opens[:1] == (0,) and (
            self.block(number - 1).closes[-1:] == (BLOCK,)
        )

    def _twin(self, number: int) -> int:
        """The nearest block with the same windows, within 400 of the dates that matter."""
        low = min(self._particular.start, _number(_RULED[0]))
        high = max(self._particular.stop, _number(_RULED[1]))
        if number < low:
            return low - 1 - (low - 1 - number) % _CYCLE
        if number > high:
            return high + 1 + (number - high - 1) % _CYCLE
        return number


def build(zone: ZoneInfo, versions: tuple[HoursVersion, ...], number: int) -> Block:
    """The block of that number, worked out from the schedule."""
    begin = number * _YEAR
    clock = WallClock.around(zone, begin - 4 * _DAY, begin + _YEAR + 4 * _DAY)
    days = range(begin // _DAY - 3, (begin + _YEAR) // _DAY + 4)
    inside = (
        (max(opens - begin, 0), min(closes - begin, _YEAR))
        for opens, closes in sorted(_in_utc(versions, days, clock))
    )
    return Block.of(
        (opens * _MICROSECONDS, closes * _MICROSECONDS) for opens, closes in _merged(inside)
    )


def _in_utc(
    versions: tuple[HoursVersion, ...], days: Iterable[int], clock: WallClock
) -> Iterator[tuple[int, int]]:
    """The windows of those days since 1970, in UTC seconds."""
    for number in days:
        if not 1 <= number + _EPOCH_DAY <= date.max.toordinal():
            continue
        day = date.fromordinal(number + _EPOCH_DAY)
        for window in in_force(versions, day).on(day):
            opens, closes = window.seconds
            midnight = number * _DAY
            yield clock.opening(midnight + opens), clock.close(midnight + closes)


def _merged(windows: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The windows that are not empty, those that overlap or touch as one."""
    merged: list[tuple[int, int]] = []
    for opens, closes in windows:
        if opens >= closes:
            continue
        if merged and opens <= merged[-1][1]:
            last = merged.pop()
            opens, closes = last[0], max(last[1], closes)
        merged.append((opens, closes))
    return merged
