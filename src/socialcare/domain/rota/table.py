"""Who is on duty, as a table that is looked up.

Time is cut into blocks of thirteen weeks. A block is built when somebody first asks about it: the
rules are expanded over it, exceptions are applied between one edge and the next, and what is left
is a list of instants from which certain people are on duty. Then a question is one bisection.
When local times are in UTC is the business of `socialcare.domain.wall_clock`.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import attrs

from socialcare.domain.hours import BusinessHours
from socialcare.domain.instants import epoch_second, from_epoch_second
from socialcare.domain.rota.recurrence import EARLIEST, LATEST, Recurrence
from socialcare.domain.rota.shifts import LONGEST, Absence, ExtraShift, Gap, ShiftRule, Swap
from socialcare.domain.wall_clock import WallClock
from socialcare.errors import InvalidValue

__all__ = ["Duty", "Stretch", "TeamTable"]

_DAY = 86_400
_BLOCK = 13 * 7 * _DAY
_AROUND = 3 * _DAY
_LOCAL_EPOCH = EARLIEST.replace(tzinfo=None)
_SECOND = timedelta(seconds=1)
_FIRST, _LAST = epoch_second(EARLIEST), epoch_second(LATEST)
_AHEAD = 21
"""How many blocks are searched for what comes next: a little over five years."""
People = tuple[str, ...]
Span = tuple[int, int]


@attrs.frozen(kw_only=True)
class Stretch:
    """A stretch of time, half open, in UTC."""

    start: datetime
    end: datetime

    @property
    def lasts(self) -> timedelta:
        """How long it really is."""
        return self.end - self.start


@attrs.frozen(kw_only=True)
class Duty(Stretch):
    """A stretch in which the same people are on duty."""

    members: People


@attrs.frozen(kw_only=True, eq=False)
class _Block:
    """From which second on who is on duty, in order, beginning with the block's first."""

    since: tuple[int, ...]
    people: tuple[People, ...]


@attrs.frozen(kw_only=True)
class _Exceptions:
    """The exceptions of a team, in seconds of UTC."""

    gaps: tuple[Span, ...]
    absences: tuple[tuple[Span, str], ...]
    swaps: tuple[tuple[Span, str, str], ...]
    extra: tuple[tuple[Span, People], ...]

    @property
    def edges(self) -> Iterator[int]:
        """Every second at which one begins or ends."""
        for begins, ends in self.gaps:
            yield from (begins, ends)
        for absence in self.absences:
            yield from absence[0]
        for swap in self.swaps:
            yield from swap[0]
        for shift in self.extra:
            yield from shift[0]

    def applied(self, second: int, ruled: Sequence[str]) -> People:
        """Who is on duty at a second, of those whom the rules put there and of extra shifts."""
        if any(begins <= second < ends for begins, ends in self.gaps):
            ruled = ()
        instead = {
            member: substitute
            for (begins, ends), member, substitute in self.swaps
            if begins <= second < ends
        }
        away = {member for (begins, ends), member in self.absences if begins <= second < ends}
        beside = (
            member
            for (begins, ends), members in self.extra
            if begins <= second < ends
            for member in members
        )
        present = (*(instead.get(member, member) for member in ruled), *beside)
        return tuple(dict.fromkeys(member for member in present if member not in away))


@attrs.frozen(kw_only=True, eq=False)
class TeamTable:
    """The blocks of one team, built as they are needed."""

    zone: ZoneInfo
    shifts: tuple[ShiftRule, ...]
    swaps: tuple[Swap, ...]
    absences: tuple[Absence, ...]
    gaps: tuple[Gap, ...]
    extra: tuple[ExtraShift, ...]
    _recurrences: tuple[Recurrence, ...] = attrs.field(init=False)
    _exceptions: _Exceptions = attrs.field(init=False)
    _blocks: dict[int, _Block] = attrs.field(init=False, factory=dict, repr=False)

    @_recurrences.default
    def _recurrences_in_zone(self) -> tuple[Recurrence, ...]:
        return tuple(shift.recurrence(self.zone.key) for shift in self.shifts)

    @_exceptions.default
    def _exceptions_in_utc(self) -> _Exceptions:
        return _Exceptions(
            gaps=tuple(self._span(each) for each in self.gaps),
            absences=tuple((self._span(each), each.member) for each in self.absences),
            swaps=tuple((self._span(each), each.member, each.substitute) for each in self.swaps),
            extra=tuple((self._span(each), each.members) for each in self.extra),
        )

    def on_duty(self, at: datetime) -> People:
        """Who is on duty at an instant."""
        second = _second(at)
        block = self._block(second // _BLOCK)
        return block.people[bisect_right(block.since, second) - 1]

    def next_change(self, at: datetime) -> datetime | None:
        """The next instant from which others are on duty, or None."""
        changes = self._changes(_second(at), _ahead(at))
        next(changes)
        second = next((second for second, _ in changes), None)
        return None if second is None else from_epoch_second(second)

    def next_on_duty(self, at: datetime) -> Duty | None:
        """The next duty that begins after an instant, or None."""
        changes = list(self._changes(_second(at), _ahead(at)))
        ends = [*(second for second, _ in changes[1:]), _ahead(at)]
        for (second, people), end in islice(zip(changes, ends, strict=True), 1, None):
            if people:
                return _duty(second, end, people)
        return None

    def shifts_between(self, start: datetime, end: datetime) -> tuple[Duty, ...]:
        """Who is on duty between two instants."""
        return tuple(
            _duty(begins, ends, people) for begins, ends, people in self._cut(start, end) if people
        )

    def uncovered(
        self, start: datetime, end: datetime, hours: BusinessHours | None
    ) -> tuple[Stretch, ...]:
        """When nobody is on duty between two instants, inside the hours if given."""
        empty = [(begins, ends) for begins, ends, people in self._cut(start, end) if not people]
        if hours is not None:
            empty = list(_common(empty, hours.windows(start, end)))
        return tuple(
            Stretch(start=from_epoch_second(begins), end=from_epoch_second(ends))
            for begins, ends in empty
        )

    def _cut(self, start: datetime, end: datetime) -> Iterator[tuple[int, int, People]]:
        """The stretches between two instants, and who is on duty in each."""
        first, last = _second(start), _second(end)
        if first >= last:
            return
        changes = self._changes(first, last)
        for (begins, people), (ends, _) in pairwise((*changes, (last, ()))):
            yield begins, ends, people

    def _changes(self, first: int, last: int) -> Iterator[tuple[int, People]]:
        """Who is on duty at `first`, and then every change before `last`."""
        before: People | None = None
        for number in range(first // _BLOCK, (last - 1) // _BLOCK + 1):
            block = self._block(number)
            index = max(bisect_right(block.since, first) - 1, 0)
            for since, people in zip(block.since[index:], block.people[index:], strict=True):
                if since >= last:
                    return
                if people != before:
                    yield max(since, first), people
                before = people

    def _block(self, number: int) -> _Block:
        found = self._blocks.get(number)
        return self._blocks.setdefault(number, self._made(number)) if found is None else found

    def _made(self, number: int) -> _Block:
        begin, end = number * _BLOCK, (number + 1) * _BLOCK
        ruled = sorted(self._expanded(begin, end))
        edges = {begin, *self._exceptions.edges}
        edges |= {edge for begins, ends, *_ in ruled for edge in (begins, ends)}
        since: list[int] = []
        people: list[People] = []
        for edge in sorted(edge for edge in edges if begin <= edge < end):
            ruled = [shift for shift in ruled if shift[1] > edge]
            on = sorted((place, members) for begins, _, place, members in _begun(ruled, edge))
            present = self._exceptions.applied(edge, [m for _, members in on for m in members])
            if not people or people[-1] != present:
                since.append(edge)
                people.append(present)
        return _Block(since=tuple(since), people=tuple(people))

    def _expanded(self, begin: int, end: int) -> Iterator[tuple[int, int, int, People]]:
        """The shifts by rule that touch a stretch: begin, end, place in the team, and members."""
        reach = LONGEST // _SECOND + _AROUND
        clock = WallClock.around(self.zone, begin - reach - _AROUND, end + reach + _AROUND)
        earliest, latest = _local(begin - reach), _local(end + _AROUND)
        ruled = zip(self.shifts, self._recurrences, strict=True)
        for place, (shift, recurrence) in enumerate(ruled):
            for local in recurrence.between(earliest, latest):
                begins = clock.opening(_wall(local))
                ends = clock.close(_wall(local + shift.lasts))
                if begins < ends and begins < end and ends > begin:
                    yield begins, ends, place, shift.on(local.date())

    def _span(self, exception: Swap | Absence | Gap | ExtraShift) -> Span:
        first, last = _wall(exception.start), _wall(exception.end)
        opening = WallClock.around(self.zone, first - _AROUND, first + _AROUND).opening(first)
        close = WallClock.around(self.zone, last - _AROUND, last + _AROUND).close(last)
        return opening, max(opening, close)


def _begun(
    ruled: Sequence[tuple[int, int, int, People]], second: int
) -> Iterator[tuple[int, int, int, People]]:
    """The shifts, in order of their beginning, that have begun by a second."""
    for shift in ruled:
        if shift[0] > second:
            return
        yield shift


def _common(stretches: Sequence[Span], windows: Sequence[Span]) -> Iterator[Span]:
    """What two lists of stretches, each in order and apart, have in common."""
    place = 0
    for begins, ends in stretches:
        while place < len(windows) and windows[place][1] <= begins:
            place += 1
        for opens, closes in windows[place:]:
            if opens >= ends:
                break
            yield max(begins, opens), min(ends, closes)


def _duty(begins: int, ends: int, people: People) -> Duty:
    return Duty(start=from_epoch_second(begins), end=from_epoch_second(ends), members=people)


def _second(at: datetime) -> int:
    second = epoch_second(at)
    if not _FIRST <= second <= _LAST:
        right = f"an instant from {EARLIEST.year} to {LATEST.year}"
        raise InvalidValue(at.isoformat(), where="Rota", right=right)
    return second


def _ahead(at: datetime) -> int:
    return min(epoch_second(at) + _AHEAD * _BLOCK, _LAST)


def _wall(local: datetime) -> int:
    return (local - _LOCAL_EPOCH) // _SECOND


def _local(second: int) -> datetime:
    return _LOCAL_EPOCH + second * _SECOND
