"""Issues at the desk: opened, followed, told of, and closed.

An issue and the list of those that are open are texts beside the log, changed together under one
version. Who is affected is found by search when it is opened, and from then on by following the
log: every conversation in which something new was written is looked at.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

import attrs

from socialcare.desk import notices, searching
from socialcare.desk.delivery import US
from socialcare.desk.transaction import Transaction, opened, survivors
from socialcare.desk.versioned import Versioned, versioned
from socialcare.desk.walk import FOLLOWED, concerned, cursor, pages
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor
from socialcare.domain.crisis.plan import CrisisPlan
from socialcare.domain.crisis.states import CrisisState
from socialcare.domain.events import Event, IssueClosed, IssueOpened
from socialcare.domain.issue import LOOKS_BACK, Issue, joining, leaving
from socialcare.domain.query import Query
from socialcare.domain.stored_form import text_of, value_from
from socialcare.domain.summary import Summary
from socialcare.errors import Conflict, InvalidValue, NotAllowedNow, UnknownConversation
from socialcare.plugins.records import Entry, Kept

REGISTER = "desk:issues"
_MOST_SEARCHED = 5_000


@attrs.frozen(kw_only=True)
class Register:
    """Which issues there are.

    Attributes:
        every: All of them, by id, in order.
        open: Those that are not over.
        unfinished: Those that were opened or closed, and whose conversations were not all looked
            at for that yet.
        after: How far the log was followed for them.
    """

    every: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()
    after: str | None = None


@attrs.frozen
class Found:
    """The register and issues, as they were read together."""

    register: Register
    issues: tuple[Issue, ...]
    texts: Versioned

    def put(self, transaction: Transaction, register: Register, issues: Iterable[Issue]) -> None:
        """Takes down what became of them, to be written only if nobody else changed them."""
        texts = {_key(each.id): text_of(each) for each in issues}
        self.texts.put(transaction, {REGISTER: text_of(register), **texts})


def _key(issue_id: str) -> str:
    return f"{REGISTER}:{issue_id}"


def found(work: Workplace, *ids: str) -> Found:
    """The register with these issues; one that there is not is absent."""
    texts = versioned(work.store, REGISTER, (REGISTER, *map(_key, ids)))
    written = texts.texts.get(REGISTER)
    register = Register() if written is None else value_from(written, Register)
    known = (texts.texts[_key(each)] for each in ids if _key(each) in texts.texts)
    return Found(register, tuple(value_from(each, Issue) for each in known), texts)


def every(work: Workplace, *, open_only: bool) -> tuple[Issue, ...]:
    """All issues, or those that are open, in the order in which they were opened."""
    register = found(work).register
    return found(work, *(register.open if open_only else register.every)).issues


def issue(work: Workplace, issue_id: str) -> Issue:
    """An issue.

    Raises:
        InvalidValue: If there is none of that id.
    """
    return _one(found(work, issue_id), issue_id)


def _one(known: Found, issue_id: str) -> Issue:
    if not known.issues:
        raise InvalidValue(issue_id, where="issue", right="the id of an issue that was opened")
    return known.issues[0]


def open_issue(
    work: Workplace,
    name: str,
    query: Query,
    *,
    groups: bool,
    who: Actor,
    now: datetime,
    issue_id: str | None = None,
) -> Issue:
    """The issue that was opened, with everybody who is affected already."""
    own = issue_id or work.ids()

    def attempt() -> Issue:
        known = found(work, own)
        if known.issues:
            return known.issues[0]
        made = Issue(id=own, name=name, query=query.text, groups=groups, opened_at=now)
        register = attrs.evolve(
            known.register,
            every=(*known.register.every, own),
            open=(*known.register.open, own),
            unfinished=(*known.register.unfinished, own),
            after=known.register.after if known.register.open else _followed_to(work),
        )
        transaction = Transaction(store=work.store, kept={})
        transaction.add(
            IssueOpened(
                conversation=None,
                at=now,
                by=who,
                issue_id=own,
                name=name,
                query=query.text,
                groups=groups,
            )
        )
        known.put(transaction, register, [made])
        transaction.commit()
        return made

    return _finished(work, work.retried(attempt).id, who=who, now=now)


def _finished(work: Workplace, issue_id: str, *, who: Actor, now: datetime) -> Issue:
    """The issue after all of its conversations were looked at, because it was opened or closed."""
    known = issue(work, issue_id)
    if known.is_open:
        query = Query(known.query)
        results = searching.search(work, query, limit=_MOST_SEARCHED, look_at=2 * _MOST_SEARCHED)
        names = (
            each.conversation
            for each in results
            if each.conversation is not None
            and each.message.sent_at >= known.opened_at - LOOKS_BACK
        )
        _with_affected(work, (known,), tuple(dict.fromkeys(names)), who=who, now=now)
    else:
        for each in _summaries(work, known.affected):
            work.retried(lambda name=each.id: _back_in_line(work, known, name, who, now))  # type: ignore[misc]  # mypy sees no type in the default

    def attempt() -> Issue:
        found_ = found(work, issue_id)
        left = tuple(each for each in found_.register.unfinished if each != issue_id)
        transaction = Transaction(store=work.store, kept={})
        found_.put(transaction, attrs.evolve(found_.register, unfinished=left), ())
        transaction.commit()
        return found_.issues[0]

    return work.retried(attempt)


def _followed_to(work: Workplace) -> str | None:
    """Up to where the desk's own watch has followed the log; what came before is searched."""
    return cursor(work.store, FOLLOWED)


# Who is affected


def followed(work: Workplace, *, now: datetime) -> tuple[Event, ...]:
    """What was written about conversations that have something new, for the issues that are open.

    If an update is due, those are told whom the plan names.
    """
    register = found(work).register
    for each in register.unfinished:  # whoever began it ended in between
        _finished(work, each, who=US, now=now)
    if not register.open:
        return ()
    done: list[Event] = []
    for page in pages(work.store, register.after):
        names = tuple(dict.fromkeys(concerned(page)))
        issues = found(work, *register.open).issues
        _, written = _with_affected(work, issues, names, who=US, now=now, after=page[-1].cursor)
        done += written
    _remind(work, register.open, now)
    return tuple(done)


def _with_affected(
    work: Workplace,
    issues: tuple[Issue, ...],
    names: tuple[str, ...],
    *,
    who: Actor,
    now: datetime,
    after: str | None = None,
) -> tuple[tuple[Issue, ...], list[Event]]:
    """The issues with those of these conversations that are affected, and what was written."""
    written: list[Event] = []
    affected: dict[str, list[str]] = {}
    for each in issues:
        query = Query(each.query)
        for name in names:
            current, events = _looked_at(work, each, query, name, who=who, now=now)
            written += events
            if current is not None:
                affected.setdefault(each.id, []).append(current)

    def attempt() -> tuple[Issue, ...]:
        known = found(work, *(each.id for each in issues))
        grown = tuple(
            attrs.evolve(
                each, affected=tuple(dict.fromkeys((*each.affected, *affected.get(each.id, ()))))
            )
            for each in known.issues
        )
        register = attrs.evolve(known.register, after=after or known.register.after)
        if (register, grown) != (known.register, known.issues):
            transaction = Transaction(store=work.store, kept={})
            known.put(transaction, register, grown)
            transaction.commit()
        return grown

    return work.retried(attempt), written


def _looked_at(
    work: Workplace, issue: Issue, query: Query, name: str, *, who: Actor, now: datetime
) -> tuple[str | None, tuple[Event, ...]]:
    """The conversation if it is affected, by its name now, and what was written about it."""

    def attempt() -> tuple[str | None, tuple[Event, ...]]:
        transaction, current = opened(work.store, name)
        if not transaction.kept[current].summary.messages:
            return None, ()
        conversation = transaction.conversation(current)
        found_ = joining(issue, conversation, query, who=who, now=now)
        if found_ is None:
            return None, ()
        events = tuple(found_)
        for event in events:
            transaction.add(event)
        transaction.commit()
        return current, events

    try:
        return work.retried(attempt)
    except (Conflict, UnknownConversation):
        return None, ()  # whoever was faster has written something, which is met further on


def affected(work: Workplace, issue_id: str) -> tuple[Summary, ...]:
    """The conversations in which somebody wrote about it, as they are now, each once."""
    return _summaries(work, issue(work, issue_id).affected)


def _summaries(work: Workplace, names: Iterable[str]) -> tuple[Summary, ...]:
    wanted = tuple(names)
    kept = survivors(work.store, *wanted)
    current = dict.fromkeys(_current(kept, name) for name in wanted)
    return tuple(kept[name].summary for name in current if name in kept)


def _current(kept: Mapping[str, Kept], name: str) -> str:
    while name in kept and (into := kept[name].summary.merged_into) is not None:
        name = into
    return name


def _remind(work: Workplace, ids: Iterable[str], now: datetime) -> None:
    """Has those told that an update is due whom the plan names, once each time."""
    plan = work.handbook.crisis or CrisisPlan()
    wanted = tuple(ids)

    def attempt() -> None:
        known = found(work, *wanted)
        transaction = Transaction(store=work.store, kept={})
        late = []
        for each in known.issues:
            due_at = each.update_due_at(plan.mass_issue.status_every)
            if due_at is not None and due_at <= now:
                late.append(attrs.evolve(each, reminded_at=now))
                transaction.outbox += _reminders(work, plan, each, now)
        if late:
            known.put(transaction, known.register, late)
            transaction.commit()

    work.retried(attempt)


def _reminders(work: Workplace, plan: CrisisPlan, issue: Issue, now: datetime) -> Iterator[Entry]:
    said = f"the public should hear of {issue.name} again"
    for to in plan.told(CrisisState.DECLARED) or (None,):
        yield from notices.entries(
            work, kind="status_due", conversation=None, to=to, said=said, at=now
        )


# What becomes of it


def changed(work: Workplace, issue_id: str, change: Callable[[Issue, Transaction], Issue]) -> Issue:
    """The issue after a change was written with all that it takes down.

    Raises:
        InvalidValue: If there is no such issue.
        NotAllowedNow: If it is over.
    """

    def attempt() -> Issue:
        known = found(work, issue_id)
        before = _one(known, issue_id)
        if not before.is_open:
            raise NotAllowedNow(issue_id, wanted="change this issue", found="it is over")
        transaction = Transaction(store=work.store, kept={})
        after = change(before, transaction)
        register = known.register
        if not after.is_open:
            still = tuple(each for each in register.open if each != issue_id)
            left = (*register.unfinished, issue_id)
            register = attrs.evolve(register, open=still, unfinished=left)
        known.put(transaction, register, [after])
        transaction.commit()
        return after

    return work.retried(attempt)


def close_issue(
    work: Workplace, issue_id: str, said: str | None, *, who: Actor, now: datetime
) -> Issue:
    """The issue, which is over; whoever still waits is in the line again."""

    def change(before: Issue, transaction: Transaction) -> Issue:
        transaction.add(
            IssueClosed(conversation=None, at=now, by=who, issue_id=issue_id, said=said)
        )
        return attrs.evolve(before, closed_at=now, said=said)

    changed(work, issue_id, change)
    return _finished(work, issue_id, who=who, now=now)


def _back_in_line(work: Workplace, issue: Issue, name: str, who: Actor, now: datetime) -> None:
    transaction, current = opened(work.store, name)
    for event in leaving(issue, transaction.conversation(current), who=who, now=now):
        transaction.add(event)
    transaction.commit()
