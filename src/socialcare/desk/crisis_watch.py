"""The watch for crises: the detector at a desk, fed from the log.

`watch` takes the customers' messages that came since out of the log and moves the detector on to
the present, by whole minutes. Where it stands is kept beside the log as texts, written together
with the events that it found, and only as it was read: so whoever watches, and however many do,
each finding is written once, and a process that starts goes on where the last one ended.

When a policy of another kind comes into force the log is gone through once more from its
beginning, with the decisions of people in it; what would have been found until then is not written
again. A desk that has much history and gets its first plan does the same.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256

import attrs

from socialcare.desk import notices
from socialcare.desk.delivery import US
from socialcare.desk.transaction import Transaction
from socialcare.desk.versioned import Versioned, versioned
from socialcare.desk.walk import pages
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor
from socialcare.domain.annotation import Sense
from socialcare.domain.assessment import UNREAD
from socialcare.domain.crisis.course import Course, Told
from socialcare.domain.crisis.detector import Flood
from socialcare.domain.crisis.observation import Observation, observation
from socialcare.domain.crisis.plan import CrisisPlan
from socialcare.domain.crisis.policy import CrisisPolicy
from socialcare.domain.crisis.states import BY_PEOPLE, CrisisState, Happening, after
from socialcare.domain.crisis.stored import course_from, past_text, recent_text
from socialcare.domain.events import (
    CrisisChanged,
    CrisisDriver,
    Event,
    FloodFound,
    MessageReceived,
)
from socialcare.domain.instants import from_epoch_second, instant
from socialcare.domain.query import Subject
from socialcare.domain.stored_form import event_from, event_text, text_of, value_from
from socialcare.errors import NotAllowedNow
from socialcare.plugins.records import Entry

HEAD, RECENT, PAST = "desk:crisis", "desk:crisis:recent", "desk:crisis:past"
FORM = 1
"""The form in which the head is written; one in another form is gone through the log for anew."""
NEWS = timedelta(hours=1)
"""What was found longer ago is in the log, but nobody is told of it any more."""
_DRIVERS = 5
_BEHIND = 200


@attrs.frozen(kw_only=True)
class Decision:
    """What somebody decided, that the detector does not know of yet."""

    happening: Happening = attrs.field(converter=Happening)
    at: datetime


@attrs.frozen(kw_only=True)
class Head:
    """Where the watch stands, but for the detector itself.

    Attributes:
        form: In which form it is written.
        digest: Of what the policy watches.
        after: How far the log was read.
        told_until: Until when findings are not written, since they were before.
        state: Where things stand, with what people decided.
        since: When that began.
        pending: What people decided since.
        changed: The last `CrisisChanged`, in its stored form.
        risen: The last one that a rise brought about.
        flood: The last `FloodFound`, likewise.
        behind: Messages of the last rise, as far as they were kept.
        watches_from: When there is history enough; None before the first message.
        watched_until: Up to when minutes are complete; None while nothing is watched.
    """

    form: int = FORM
    digest: str = ""
    after: str | None = None
    told_until: datetime | None = None
    state: CrisisState = attrs.field(default=CrisisState.WATCHING, converter=CrisisState)
    since: datetime | None = None
    pending: tuple[Decision, ...] = ()
    changed: str | None = None
    risen: str | None = None
    flood: str | None = None
    behind: tuple[str, ...] = ()
    watches_from: datetime | None = None
    watched_until: datetime | None = None

    def with_event(self, event: Event) -> "Head":
        """The head after something was found or decided."""
        text = event_text(event)
        if isinstance(event, FloodFound):
            return attrs.evolve(self, flood=text)
        if not isinstance(event, CrisisChanged):
            return self
        return attrs.evolve(
            self,
            changed=text,
            risen=self.risen if event.series is None else text,
            state=event.state,
            since=event.found_at,
        )

    @property
    def last_rise(self) -> CrisisChanged | None:
        """The last change that a rise brought about."""
        event = None if self.risen is None else event_from(self.risen)
        return event if isinstance(event, CrisisChanged) else None


@attrs.frozen
class Known:
    """Where the watch stood when it was read."""

    head: Head
    course: Course
    texts: Versioned


def head_of(work: Workplace) -> Head:
    """Where the watch stands."""
    return _head(versioned(work.store, HEAD))


def watched(work: Workplace, *, now: datetime) -> tuple[Event, ...]:
    """What the detector found up to now, as events that were written."""
    plan = work.handbook.crisis
    if plan is None:
        return ()
    now = instant(now, where="now")
    return work.retried(lambda: _attempt(work, plan, now))


def _attempt(work: Workplace, plan: CrisisPlan, now: datetime) -> tuple[Event, ...]:
    known = _read(work, plan.policy)
    course, told, after_ = _gone(work, plan, known, now)
    until = known.head.told_until
    news = [each for each in told if until is None or each.finding.at > until]
    events = tuple(_event(each, plan.policy, now) for each in news)
    grown = course.past is not known.course.past
    head = _moved(known.head, course, after_, told, worth=grown)
    for event in events:
        head = head.with_event(event)
    if course.watch is not None:
        head = attrs.evolve(head, state=course.state)
    if head == known.head and not events and not grown:
        return ()
    transaction = Transaction(store=work.store, kept={})
    for event in events:
        transaction.add(event)
        transaction.outbox += _told(work, plan, event, now)
    _put(transaction, known, head, course)
    transaction.commit()
    return events


def _moved(
    head: Head, course: Course, after_: str | None, told: Iterable[Told], *, worth: bool
) -> Head:
    """The head with how far the log was read; less than an hour is not worth writing down."""
    found = tuple(told)
    if after_ == head.after and not head.pending and not found and not worth:
        return head
    rises = [each.finding.behind for each in found if each.finding.rise is not None]
    return attrs.evolve(
        head,
        after=after_,
        pending=(),
        behind=tuple(one.id for one in rises[-1][:_BEHIND]) if rises else head.behind,
        watches_from=course.watches_from,
        watched_until=from_epoch_second(course.closed) if course.past is not None else None,
    )


def _gone(
    work: Workplace, plan: CrisisPlan, known: Known, now: datetime
) -> tuple[Course, list[Told], str | None]:
    """The detector at the present, what it found on the way, and how far the log was read."""
    course, told, after_ = known.course, list[Told](), known.head.after
    decisions = list(known.head.pending)
    anew = after_ is None
    for page in pages(work.store, after_):
        events = [logged.recorded.event for logged in page]
        course = course.with_observations(_observations(work, plan, events))
        if anew:
            decisions += _decisions(events)
        after_ = page[-1].cursor
    for decision in sorted(set(decisions), key=lambda each: each.at):
        course, found = course.step(now=min(decision.at, now), top=_DRIVERS)
        told += found
        course = course.decided(decision.happening, now=decision.at)
    course, found = course.step(now=now, top=_DRIVERS)
    return course, [*told, *found], after_


def _observations(
    work: Workplace, plan: CrisisPlan, events: Iterable[Event]
) -> Iterator[Observation]:
    """The customers' messages, as the detector sees them."""
    for event in events:
        if not isinstance(event, MessageReceived) or not event.message.by_customer:
            continue
        assessment = event.assessment or UNREAD
        said = assessment.said(Sense.SENTIMENT)
        score = event.message.sentiment
        if score is None and said is not None:
            score = float(said.value or 0)
        subject = Subject(
            message=event.message,
            annotations=assessment.annotations,
            accounts=work.accounts,
            found_by=assessment.found_by,
        )
        yield observation(event.message, topics=plan.topics_of(subject), sentiment=score)


def _decisions(events: Iterable[Event]) -> Iterator[Decision]:
    for event in events:
        if isinstance(event, CrisisChanged) and event.happening in BY_PEOPLE:
            yield Decision(happening=event.happening, at=event.found_at)


# Reading and writing where it stands


def _read(work: Workplace, policy: CrisisPolicy) -> Known:
    texts = versioned(work.store, HEAD, (HEAD, RECENT, PAST))
    head, digest = _head(texts), _digest(policy)
    course = None
    if head.digest == digest and RECENT in texts.texts:
        course = course_from(texts.texts[RECENT], texts.texts[PAST], policy)
    if course is None:
        head = attrs.evolve(head, digest=digest, after=None, told_until=head.watched_until)
        course = Course(policy=policy)
    return Known(head, course, texts)


def _head(texts: Versioned) -> Head:
    written = texts.texts.get(HEAD)
    if written is None or json.loads(written).get("form", FORM) != FORM:
        return Head()
    return value_from(written, Head)


def _put(transaction: Transaction, known: Known, head: Head, course: Course) -> None:
    texts = {HEAD: text_of(head), RECENT: recent_text(course)}
    if PAST not in known.texts.texts or course.past is not known.course.past:
        texts[PAST] = past_text(course)
    known.texts.put(transaction, texts)


def _digest(policy: CrisisPolicy) -> str:
    """Of what is watched and how; another version of the same is the same."""
    same = attrs.evolve(policy, version="")
    return sha256(json.dumps(same.to_mapping(), sort_keys=True).encode()).hexdigest()


# Findings as events, and who is told of them


def _event(told: Told, policy: CrisisPolicy, now: datetime) -> Event:
    finding, zone = told.finding, policy.timezone
    if isinstance(finding, Flood):
        return FloodFound(
            conversation=None,
            at=now,
            by=US,
            found_at=finding.at,
            policy=finding.policy,
            reason=finding.rise.words(zone),
            messages=finding.voices.messages,
            authors=finding.voices.authors,
            said=finding.voices.words,
        )
    rise = finding.rise
    return CrisisChanged(
        conversation=None,
        at=now,
        by=US,
        was=finding.was,
        state=finding.state,
        happening=finding.happening,
        found_at=finding.at,
        policy=finding.policy,
        reason=None if rise is None else rise.words(zone),
        series=None if rise is None else rise.series,
        count=None if rise is None else rise.count,
        usual=None if rise is None else rise.usual,
        of=None if rise is None else rise.of,
        genuine=finding.genuine,
        drivers=tuple(
            CrisisDriver(kind=each.kind, name=each.name, count=each.count) for each in told.drivers
        ),
    )


def _told(work: Workplace, plan: CrisisPlan, event: Event, now: datetime) -> Iterator[Entry]:
    """What colleagues hear of it: whom the plan names, or else everybody."""
    found_at = getattr(event, "found_at", now)
    if now - found_at > NEWS:
        return
    if isinstance(event, FloodFound):
        who: tuple[str | None, ...] = plan.told_of_floods()
        said = f"a flood, and no crisis: {event.reason} {event.said}"
    elif isinstance(event, CrisisChanged) and event.state is not CrisisState.WATCHING:
        who = plan.told(event.state) or (None,)
        said = f"a crisis is {event.state}: {event.reason or event.happening}{_common(event)}"
    else:
        return
    for to in who:
        yield from notices.entries(work, kind="crisis", conversation=None, to=to, said=said, at=now)


def _common(event: CrisisChanged) -> str:
    names = ", ".join(f"{each.kind} {each.name}" for each in event.drivers)
    return f" In common: {names}." if names else ""


# What people decide


def decide(
    work: Workplace, happening: Happening, reason: str | None, *, who: Actor, now: datetime
) -> CrisisChanged:
    """The decision that was written; the detector goes by it from then on.

    Raises:
        NotAllowedNow: If it would change nothing.
    """
    plan = work.handbook.crisis or CrisisPlan()
    now = instant(now, where="now")

    def attempt() -> CrisisChanged:
        texts = versioned(work.store, HEAD)
        head = _head(texts)
        state = after(head.state, happening)
        if state is head.state:
            found = f"it is {head.state}"
            raise NotAllowedNow("crisis", wanted=f"say that it is {happening}", found=found)
        event = CrisisChanged(
            conversation=None,
            at=now,
            by=who,
            was=head.state,
            state=state,
            happening=happening,
            found_at=now,
            policy=plan.version,
            reason=reason,
        )
        pending = (*head.pending, Decision(happening=happening, at=now))
        transaction = Transaction(store=work.store, kept={})
        transaction.add(event)
        transaction.outbox += _told(work, plan, event, now)
        later = attrs.evolve(head.with_event(event), pending=pending)
        texts.put(transaction, {HEAD: text_of(later)})
        transaction.commit()
        return event

    return work.retried(attempt)
