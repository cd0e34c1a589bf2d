"""The clocks of a conversation: what was promised, how much of it is used, and when it is late.

A clock is worked out from the conversation and the instant of the look, and nothing is kept between
two looks. Its time is cut into pieces in which one target holds and counting began at one instant.
In each piece a share of the target is passed at an exact instant, whenever somebody looks.

A passing is a change from "not more than this share is used" to "more is used", judged at every
moment by what was known at it. So a look later on finds the same passings again and never one that
an earlier look should have found; `crossings` takes from them those of one interval, which begins
with its first instant and ends before its last.
Instants are floored to whole seconds first, as for metrics.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from functools import lru_cache

import attrs

from socialcare.domain.changes import Assignment, Status, known
from socialcare.domain.choices import Choice
from socialcare.domain.conversation import Conversation
from socialcare.domain.durations import duration_text
from socialcare.domain.instants import epoch_second, from_epoch_second, instant
from socialcare.domain.policy import HoursApply
from socialcare.domain.sla.facts import Facts, Known, Terms, terms_over
from socialcare.domain.sla.pieces import Piece, pieces
from socialcare.domain.sla.policy import SlaPolicy
from socialcare.domain.sla.promises import Promise, promises
from socialcare.domain.sla.rules import Promised
from socialcare.domain.sla.standstill import Standstill
from socialcare.domain.sla.time import CALENDAR_TIME, CountedTime, Hours, Pause
from socialcare.errors import InvalidValue

__all__ = ["ClockState", "Crossing", "SlaClock", "crossings", "sla_clocks"]

BREACH = 1.0
_SECOND = timedelta(seconds=1)


class ClockState(Choice):
    """How a promise stands."""

    RUNNING = "running"
    PAUSED = "paused"
    WARNED = "warned"
    """It runs, and more than the share of a warning is used."""
    MET = "met"
    BREACHED = "breached"
    """More than the target was used, whether it is over or not."""
    WITHDRAWN = "withdrawn"
    """Nobody waits any more, or no entry promises it any more; it was neither met nor breached."""


@attrs.frozen(kw_only=True)
class Crossing:
    """A warning or a breach: the instant from which more than a share of the target was used.

    Attributes:
        conversation_id: The conversation.
        target: What was promised.
        team: The team, of a time in a team.
        opened_at: When its clock began, which tells it from others of the conversation.
        share: Of the target; 1.0 is the breach.
        at: When.
        entry: The entry that held then.
    """

    conversation_id: str
    target: Promised
    team: str | None
    opened_at: datetime
    share: float
    at: datetime
    entry: str

    @property
    def is_breach(self) -> bool:
        """Whether all of the target was used."""
        return self.share == BREACH


@attrs.frozen(kw_only=True)
class SlaClock:
    """One promise, as it stands at the instant of a look.

    Attributes:
        conversation_id: The conversation.
        target: What was promised.
        team: The team, of a time in a team.
        opened_at: When the clock began.
        closed_at: When it was over; None while it is not.
        opening_message_id: The message that began it, where one did.
        state: How it stands.
        promised: How much time may pass.
        elapsed: How much has passed, of the hours and without pauses.
        due_at: By when it is to be done; None while a pause without a known end comes before that.
        breached_at: From when on it was late; None if it is not.
        paused: Stretches that did not count; one that goes on has no end.
        crossings: Every warning and breach up to the look, in order.
        next_at: When the next one comes if nothing happens; None if none does.
        entry: The name of the entry that promised it.
        because: The conditions of the entry, and what was found.
        hours: The name of the hours that count.
        policy: The name of the policy.
        version: Its version.
        as_of: The instant of the look, floored to its second.
    """

    conversation_id: str
    target: Promised
    team: str | None
    opened_at: datetime
    closed_at: datetime | None
    opening_message_id: str | None
    state: ClockState
    promised: timedelta
    elapsed: timedelta
    due_at: datetime | None
    breached_at: datetime | None
    paused: tuple[Pause, ...]
    crossings: tuple[Crossing, ...]
    next_at: datetime | None
    entry: str
    because: tuple[tuple[str, str], ...]
    hours: str
    policy: str
    version: str
    as_of: datetime

    @property
    def pending(self) -> bool:
        """Whether it is not over."""
        return self.closed_at is None

    @property
    def remaining(self) -> timedelta:
        """How much time is left; less than zero after a breach."""
        return self.promised - self.elapsed

    @property
    def warnings(self) -> tuple[Crossing, ...]:
        """The warnings up to the look."""
        return tuple(each for each in self.crossings if not each.is_breach)

    @property
    def key(self) -> tuple[str, Promised, str | None, datetime]:
        """What makes it this clock and no other, by whatever policy and at whatever look."""
        return (self.conversation_id, self.target, self.team, self.opened_at)

    @property
    def why(self) -> str:
        """Which entry of which policy promised it, and why that one, in words."""
        what = self.target.value.replace("_", " ")
        of = f" {self.team!r}" if self.team else ""
        hours = "calendar time" if self.hours == "calendar" else f"the hours {self.hours!r}"
        found = ", ".join(f"{name} is {value!r}" for name, value in self.because)
        return (
            f"{what}{of} within {duration_text(self.promised)} of {hours}: entry {self.entry!r} "
            f"of policy {self.policy!r}, version {self.version!r}, "
            f"because {found or 'it asks for nothing'}"
        )


def sla_clocks(
    conversation: Conversation,
    policy: SlaPolicy,
    *,
    now: datetime,
    facts: Facts | None = None,
    statuses: Iterable[Status] | None = None,
    assignments: Iterable[Assignment] | None = None,
    misdated: AbstractSet[tuple[str, str]] = frozenset(),
) -> tuple[SlaClock, ...]:
    """The clocks of a conversation, by target and then by opening, as they stand at `now`.

    Args:
        conversation: The conversation; what came after `now` is left out.
        policy: What is promised.
        now: The instant of the look.
        facts: Priority, customer tier, category and state over time; by default what a desk has
            learnt of the conversation.
        statuses: The status table; the conversation's own rows by default.
        assignments: The assignment table; the conversation's own rows by default.
        misdated: Messages stamped before the one they answer.

    Raises:
        NaiveDatetime: If `now` has no time zone.
    """
    stated = tuple(conversation.statuses if statuses is None else statuses)
    assigned = tuple(conversation.assignments if assignments is None else assignments)
    told = Facts.of(conversation) if facts is None else facts
    as_of = from_epoch_second(epoch_second(instant(now, where="now")))
    look = _Look(
        conversation_id=conversation.id,
        policy=policy,
        as_of=as_of,
        standstill=Standstill.of(
            conversation,
            policy.rules,
            facts=told,
            statuses=known(conversation.id, stated, as_of),
            as_of=as_of,
        ),
        known=Known.of(conversation, told, assigned, as_of=as_of),
    )
    opened = promises(
        conversation,
        policy.rules,
        as_of=as_of,
        statuses=stated,
        assignments=assigned,
        misdated=misdated,
    )
    return tuple(clock for each in opened if (clock := look.clock(each)) is not None)


def crossings(
    clocks: Iterable[SlaClock], since: datetime | None, until: datetime
) -> tuple[Crossing, ...]:
    """The warnings and breaches from `since` on and before `until`, in the order of their instants.

    Looks whose intervals follow one another find each exactly once.

    Args:
        clocks: Clocks of a look no earlier than `until`.
        since: Where the interval begins, to its second; None for the beginning of time.
        until: Where it ends, to its second.

    Raises:
        InvalidValue: If a clock was looked at before `until`: it can't know yet.
    """
    end = from_epoch_second(epoch_second(instant(until, where="until")))
    begin = (
        None if since is None else from_epoch_second(epoch_second(instant(since, where="since")))
    )
    found = []
    for clock in clocks:
        if clock.as_of < end:
            right = f"no later than the look, {clock.as_of.isoformat()}"
            raise InvalidValue(end.isoformat(), where="until", right=right)
        found += [
            each
            for each in clock.crossings
            if each.at < end and (begin is None or each.at >= begin)
        ]
    return tuple(sorted(found, key=lambda each: (each.at, each.share)))


@attrs.frozen(kw_only=True)
class _Look:
    """What is known of one conversation at the instant of a look."""

    conversation_id: str
    policy: SlaPolicy
    as_of: datetime
    standstill: Standstill
    known: Known

    def clock(self, promise: Promise) -> SlaClock | None:
        """The clock of a promise; None where no entry ever promised it."""
        terms = terms_over(self.policy, promise, self.known)
        held = [each for _, each in terms if each is not None]
        if not held:
            return None
        cut = tuple(pieces(promise, terms, self.policy.rules.on_change))
        ticking = _Ticking(look=self, promise=promise, pieces=cut)
        return ticking.clock(terms[-1][1], held[-1])

    def time(self, promise: Promise, terms: Terms) -> CountedTime:
        """The time that counts for a promise under some terms."""
        hours: Hours = self.policy.hours_named(terms.hours) or CALENDAR_TIME
        if self.policy.rules.hours_apply is HoursApply.START:
            hours = hours.at(promise.opened_at)
        return CountedTime(hours=hours, pauses=self.standstill.pauses(promise))


@attrs.frozen(kw_only=True)
class _Ticking:
    """The pieces of one clock, and what is passed in them."""

    look: _Look
    promise: Promise
    pieces: tuple[Piece, ...]
    _times: dict[str, CountedTime] = attrs.field(init=False, factory=dict)

    def clock(self, now_held: Terms | None, terms: Terms) -> SlaClock:
        """The clock, whose last terms are given, and whose present ones may be none."""
        promise, look = self.promise, self.look
        found, above, coming = self._crossings()
        time = self._time(terms)
        since = self.pieces[-1].since
        end = look.as_of if promise.closed_at is None else promise.closed_at
        paused = time.paused(since, end)
        state = self._state(now_held, above, paused)
        breaches = [each.at for each in found if each.is_breach]
        return SlaClock(
            conversation_id=look.conversation_id,
            target=promise.target,
            team=promise.team,
            opened_at=promise.opened_at,
            closed_at=promise.closed_at,
            opening_message_id=promise.opening_message_id,
            state=state,
            promised=terms.target,
            elapsed=time.elapsed(since, end),
            due_at=time.reached(since, terms.target),
            breached_at=breaches[-1] if state is ClockState.BREACHED else None,
            paused=paused,
            crossings=tuple(sorted(found, key=lambda each: (each.at, each.share))),
            next_at=coming if promise.closed_at is None else None,
            entry=terms.entry.name,
            because=terms.because,
            hours=terms.hours,
            policy=look.policy.name,
            version=look.policy.version,
            as_of=look.as_of,
        )

    def _state(
        self, held: Terms | None, above: AbstractSet[float], paused: Sequence[Pause]
    ) -> ClockState:
        closed = self.promise.closed_at is not None
        if held is None or (closed and not self.promise.kept):
            return ClockState.WITHDRAWN
        if BREACH in above:
            return ClockState.BREACHED
        if closed:
            return ClockState.MET
        if paused and paused[-1][1] is None:
            return ClockState.PAUSED
        return ClockState.WARNED if above else ClockState.RUNNING

    def _crossings(self) -> tuple[list[Crossing], frozenset[float], datetime | None]:
        """Every passing up to the look, what is passed at its end, and when the next would be."""
        found: list[Crossing] = []
        above: frozenset[float] = frozenset()
        coming: list[datetime] = []
        for piece in self.pieces:
            coming = []
            if piece.terms is None or not piece.runs:
                continue
            end = self.look.as_of if piece.ends is None else piece.ends
            passed = self._passed(piece, piece.terms)
            found += [
                self._crossing(share, max(at, piece.begins), piece.terms)
                for share, at in passed.items()
                if at < end and (share not in above or at > piece.begins)
            ]
            above = frozenset(share for share, at in passed.items() if at < end)
            coming = [max(at, piece.begins) for at in passed.values() if at >= end]
        return found, above, min(coming, default=None)

    def _time(self, terms: Terms) -> CountedTime:
        """The time that counts under some terms."""
        found = self._times.get(terms.hours)
        if found is None:
            found = self._times.setdefault(terms.hours, self.look.time(self.promise, terms))
        return found

    def _passed(self, piece: Piece, terms: Terms) -> dict[float, datetime]:
        """When each share of the target is passed, as far as it is known to be."""
        time = self._time(terms)
        shares = (*self.look.policy.warnings_of(terms.entry), BREACH)
        each = (
            (share, time.exceeded(piece.since, _amount(terms.target, share))) for share in shares
        )
        return {share: at for share, at in each if at is not None}

    def _crossing(self, share: float, at: datetime, terms: Terms) -> Crossing:
        return Crossing(
            conversation_id=self.look.conversation_id,
            target=self.promise.target,
            team=self.promise.team,
            opened_at=self.promise.opened_at,
            share=share,
            at=at,
            entry=terms.entry.name,
        )


@lru_cache(maxsize=1024)
def _amount(target: timedelta, share: float) -> timedelta:
    """A share of a target, to the nearest second."""
    return timedelta(seconds=round(target // _SECOND * share))
