"""When hours are open, in UTC, as tables that are looked up and never walked.

Time is cut into blocks of 27 weeks.
A block is built when somebody first asks about it: its windows are turned into UTC, merged where
they touch, cut at its ends, and listed with the open time before each.
Then the open time up to an instant is one bisection, elapsed time is a difference of two, and a
deadline is a bisection in the other column.

773 such blocks are exactly the 400 years after which dates fall on the same weekdays.
So a block far from every date that the hours or the zone single out equals the one 773 later or
earlier, and a date such as 9999-12-31 costs no more than its neighbours do.

Instants are given as the time since 1970 in UTC.
They are timedeltas, because Python compares and adds those as fast as integers, and what comes in
and goes out need not be converted.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import attrs

from socialcare.domain.instants import EPOCH
from socialcare.domain.schedule import HoursVersion, in_force
from socialcare.domain.wall_clock import WallClock

_DAY = 86_400
_SECOND = timedelta(seconds=1)
_ZERO = timedelta(0)
_DAYS = 27 * 7
_LENGTH = timedelta(days=_DAYS)
_CYCLE = 773
_EPOCH_DAY = EPOCH.toordinal()


def _number(day: date) -> int:
    """The number of the block that holds a date; block 0 begins in 1970."""
    return (day.toordinal() - _EPOCH_DAY) // _DAYS


_FIRST = _number(datetime.min)  # noqa: DTZ901  # only its date is wanted
_LAST = _number(datetime.max)  # noqa: DTZ901
_BEGINNING, _END = _FIRST * _LENGTH, (_LAST + 1) * _LENGTH
# Zones of the IANA database have no change before 1834, and after 2087 none that does not come
# again every year. There is room on both sides.
_RULED = (_number(date(1800, 1, 1)), _number(date(2150, 1, 1)))


@attrs.frozen(kw_only=True, eq=False)
class Block:
    """The open windows of one block.

    Attributes:
        begin: When the block begins.
        opens: When each window opens, since the beginning, in order.
        closes: When each closes; before the next opens.
        before: The open time of the block before each window.
        total: The open time of the whole block.
    """

    begin: timedelta
    opens: tuple[timedelta, ...]
    closes: tuple[timedelta, ...]
    before: tuple[timedelta, ...]
    total: timedelta

    @classmethod
    def of(cls, begin: timedelta, windows: list[tuple[timedelta, timedelta]]) -> "Block":
        """The block with these windows, which are in order and apart."""
        sums = tuple(accumulate((closes - opens for opens, closes in windows), initial=_ZERO))
        return cls(
            begin=begin,
            opens=tuple(opens for opens, _ in windows),
            closes=tuple(closes for _, closes in windows),
            before=sums[:-1],
            total=sums[-1],
        )

    def until(self, at: timedelta) -> timedelta:
        """The open time from the beginning of the block to `at`."""
        since = at - self.begin
        index = bisect_right(self.opens, since) - 1
        if index < 0:
            return _ZERO
        closes = self.closes[index]
        inside = since if since < closes else closes  # noqa: FURB136  # min() takes twice as long
        return self.before[index] + inside - self.opens[index]

    def first_with(self, amount: timedelta) -> timedelta:
        """The first instant with that much open time before it, over 0 and at most the total."""
        index = bisect_left(self.before, amount) - 1
        return self.begin + self.opens[index] + amount - self.before[index]

    def last_with(self, amount: timedelta) -> timedelta:
        """The last instant with that much open time before it, from 0 and under the total."""
        index = bisect_right(self.before, amount) - 1
        return self.begin + self.opens[index] + amount - self.before[index]


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
        numbers = [_number(day) for each in self.versions for day in each.particular_days]
        return range(min(numbers, default=0) - 1, max(numbers, default=0) + 2)

    def between(self, start: timedelta, end: timedelta) -> timedelta:
        """The open time from `start` to `end`; negative where they are reversed."""
        if end < start:
            return -self.between(end, start)
        first, last = start.days // _DAYS, end.days // _DAYS
        block = self.block(first)
        if first == last:
            return block.until(end) - block.until(start)
        whole = sum((self.block(number).total for number in range(first, last)), _ZERO)
        return whole + self.block(last).until(end) - block.until(start)

    def is_open(self, at: timedelta) -> bool:
        """Whether `at` is inside a window."""
        block = self.block(at.days // _DAYS)
        since = at - block.begin
        index = bisect_right(block.opens, since) - 1
        return index >= 0 and since < block.closes[index]

    def after(self, start: timedelta, amount: timedelta) -> timedelta | None:
        """The first instant with that much open time, over 0, since `start`; None without one."""
        if amount > _END - start:
            return None
        number = start.days // _DAYS
        block = self.block(number)
        amount += block.until(start)
        while amount > block.total:
            if number == _LAST or (number >= self._particular.stop and not block.total):
                return None
            amount -= block.total
            number += 1
            block = self.block(number)
        return block.first_with(amount)

    def before(self, end: timedelta, amount: timedelta) -> timedelta | None:
        """The last instant with that much open time, over 0, until `end`; None without one."""
        if amount > end - _BEGINNING:
            return None
        number = end.days // _DAYS
        block = self.block(number)
        amount -= block.until(end)
        while amount > _ZERO:
            if number == _FIRST or (number < self._particular.start and not block.total):
                return None
            number -= 1
            block = self.block(number)
            amount -= block.total
        return block.last_with(-amount)

    def next_open(self, at: timedelta) -> timedelta | None:
        """The first opening after `at`, or None."""
        for block, joined, _ in self._onward(at):
            index = max(bisect_right(block.opens, at - block.begin), int(joined))
            if index < len(block.opens):
                return block.begin + block.opens[index]
        return None

    def next_close(self, at: timedelta) -> timedelta | None:
        """The first close after `at`, or None."""
        for block, _, goes_on in self._onward(at):
            index = bisect_right(block.closes, at - block.begin)
            if index < len(block.closes) - int(goes_on):
                return block.begin + block.closes[index]
        return None

    def last_close(self, at: timedelta) -> timedelta | None:
        """The last close at or before `at`, at which it is not open, or None."""
        last = at.days // _DAYS
        for number in range(last, min(last, self._particular.start) - 3, -1):
            block = self.block(number)
            index = bisect_right(block.closes, at - block.begin) - 1
            if index >= 0:
                return block.begin + block.closes[index]
        return None

    def windows(self, start: timedelta, end: timedelta) -> Iterator[tuple[timedelta, timedelta]]:
        """The windows in [start, end), cut to it, and merged where blocks meet."""
        held: tuple[timedelta, timedelta] | None = None
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
        try:
            return self._blocks[number]
        except KeyError:
            return self._blocks.setdefault(number, self._made(number))

    def _made(self, number: int) -> Block:
        twin = self._twin(number)
        if twin == number:
            return build(self.zone, self.versions, number)
        return attrs.evolve(self.block(twin), begin=number * _LENGTH)

    def _cut(self, start: timedelta, end: timedelta) -> Iterator[tuple[timedelta, timedelta]]:
        if start >= end:
            return
        for number in range(start.days // _DAYS, end.days // _DAYS + 1):
            block = self.block(number)
            index = bisect_right(block.closes, start - block.begin)
            for opens, closes in zip(block.opens[index:], block.closes[index:], strict=True):
                if block.begin + opens >= end:
                    return
                yield max(start, block.begin + opens), min(end, block.begin + closes)

    def _onward(self, at: timedelta) -> Iterator[tuple[Block, bool, bool]]:
        """The blocks from that of `at` in which an edge must be.

        With each, whether its first window runs on from the block before, and whether its last
        one runs on into the next. Past every particular day one block is much like the next:
        with no edge in a whole block there, none comes any more.
        """
        first = at.days // _DAYS
        for number in range(first, max(first, self._particular.stop) + 3):
            yield self.block(number), self._goes_on(number - 1), self._goes_on(number)

    def _goes_on(self, number: int) -> bool:
        """Whether a window runs on from this block into the next."""
        return self.block(number).closes[-1:] == (_LENGTH,) and (
            self.block(number + 1).opens[:1] == (_ZERO,)
        )

    def _twin(self, number: int) -> int:
        """The nearest block with the same windows, within 400 years of the dates that matter."""
        low = min(self._particular.start, _RULED[0])
        high = max(self._particular.stop, _RULED[1])
        if number < low:
            return low - 1 - (low - 1 - number) % _CYCLE
        if number > high:
            return high + 1 + (number - high - 1) % _CYCLE
        return number


def build(zone: ZoneInfo, versions: tuple[HoursVersion, ...], number: int) -> Block:
    """The block of that number, worked out from the schedule."""
    days = range(number * _DAYS, (number + 1) * _DAYS)
    begin, end = days.start * _DAY, days.stop * _DAY
    clock = WallClock.around(zone, begin - 4 * _DAY, end + 4 * _DAY)
    around = range(days.start - 3, days.stop + 3)
    inside = (
        (max(opens, begin) - begin, min(closes, end) - begin)
        for opens, closes in sorted(_in_utc(versions, around, clock))
    )
    windows = [(opens * _SECOND, closes * _SECOND) for opens, closes in _merged(inside)]
    return Block.of(number * _LENGTH, windows)


def _in_utc(
    versions: tuple[HoursVersion, ...], days: range, clock: WallClock
) -> Iterator[tuple[int, int]]:
    """The windows of those days since 1970, in UTC seconds; outside the calendar there are none."""
    for number in days:
        if not 1 <= number + _EPOCH_DAY <= date.max.toordinal():
            continue
        day = date.fromordinal(number + _EPOCH_DAY)
        midnight = number * _DAY
        for window in in_force(versions, day).on(day):
            opens, closes = window.seconds
            yield clock.opening(midnight + opens), clock.close(midnight + closes)


def _merged(windows: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The windows that are not empty, those that overlap or touch as one."""
    merged: list[tuple[int, int]] = []
    for opens, closes in windows:
        if opens >= closes:
            continue
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        else:
            merged.append((opens, closes))
    return merged
