"""Linking: handles on several channels that turn out to be one person, or not to be.

A link changes whose the messages of a handle are. They are then threaded as if they had always been
that person's: conversations are merged because of the link, and where one held messages of other
handles too, those of this handle are first taken out.

Taking a link back takes apart what the link had joined, and nothing else. The rule is asked twice,
with the messages as one person's and as two; what is together only in the first answer was joined
by the link. What is together in neither, people or an answer have put together, and it stays.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

import attrs

from socialcare.desk.joining import NEVER, belonging
from socialcare.desk.reshaping import look_first
from socialcare.desk.transaction import Transaction, concerns
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import Actor, By, actor
from socialcare.domain.customer import Customer, Handle
from socialcare.domain.events import (
    Because,
    HandleLinked,
    HandleUnlinked,
    Key,
    Merged,
    NotesMoved,
    Split,
    SplitOff,
)
from socialcare.domain.naming import name_after
from socialcare.domain.placed import Placed
from socialcare.domain.placement import place
from socialcare.errors import NotAllowedNow
from socialcare.plugins.records import Around, Asked, Span

FOREVER = 2**40
"""A second after everything that is ever said."""


def link(work: Workplace, handle: Handle, customer_id: str, *, by: By, now: datetime) -> Customer:
    """The customer, whose handle it is from now on."""
    who = actor(by)

    def attempt() -> None:
        people = _People.read(work, handle, handle.id, customer_id)
        if people.linked == customer_id:
            return
        if people.linked is not None:
            found = f"it is linked to {people.linked!r}; unlink it first"
            raise NotAllowedNow(_name(handle), wanted=f"link it to {customer_id!r}", found=found)
        change = _Change(work=work, people=people, by=who, now=now, person=customer_id)
        change.transaction.add(
            HandleLinked(conversation=None, at=now, by=who, handle=handle, customer_id=customer_id)
        )
        change.transaction.links[handle] = customer_id
        change.take_apart()
        change.thread()
        look_first(work, change.transaction, now=now)
        change.transaction.commit()

    work.retried(attempt)
    return _customer(work, customer_id)


def unlink(work: Workplace, handle: Handle, *, by: By, now: datetime) -> Customer:
    """The customer whose handle it was until now."""
    who = actor(by)

    def attempt() -> str:
        linked = work.store.around(Asked(handles=(handle,))).links.get(handle)
        if linked is None:
            return handle.id
        people = _People.read(work, handle, linked, handle.id)
        change = _Change(work=work, people=people, by=who, now=now, person=handle.id)
        change.transaction.add(HandleUnlinked(conversation=None, at=now, by=who, handle=handle))
        change.transaction.links[handle] = None
        change.take_apart()
        change.thread()
        look_first(work, change.transaction, now=now)
        change.transaction.commit()
        return linked

    return _customer(work, work.retried(attempt))


def _customer(work: Workplace, customer_id: str) -> Customer:
    around = work.store.around(Asked(people=(customer_id,)))
    return Customer(id=customer_id, handles=around.handles.get(customer_id, ()))


def _name(handle: Handle) -> str:
    return f"{handle.channel}:{handle.id}"


@attrs.frozen(kw_only=True)
class _People:
    """Two people, one of whom a handle was and the other of whom it will be.

    Attributes:
        handle: The handle.
        before: Whose it was.
        linked: To whom it is linked; None if it is not.
        around: All of their messages.
        versions: What must not have changed when this is written.
    """

    handle: Handle
    before: str
    linked: str | None
    around: Around
    versions: Mapping[tuple[str | None, str], int]

    @classmethod
    def read(cls, work: Workplace, handle: Handle, before: str, after: str) -> "_People":
        """What there is to know about both, under all brands."""
        both = tuple(dict.fromkeys((before, after)))
        apart = tuple(Span(customer=(None, each), first=NEVER, last=NEVER) for each in both)
        first = work.store.around(Asked(spans=apart, people=both)).customers
        brands = {brand for brand, _ in first}  # of either, since one may become the other's
        every = ((brand, each) for brand in brands for each in both)
        spans = tuple(Span(customer=each, first=NEVER, last=FOREVER) for each in every)
        around = work.store.around(Asked(spans=spans, handles=(handle,)))
        # The versions of the first look: a brand that is new since then is not in the second.
        versions = {**around.customers, **first}
        return cls(
            handle=handle,
            before=before,
            linked=around.links.get(handle),
            around=around,
            versions=versions,
        )

    def has(self, row: Placed) -> bool:
        """Whether it is a message of the handle."""
        own = Handle(channel=row.channel, id=row.handle_id) if row.handle_id is not None else None
        return own == self.handle and row.customer_id == self.before


@attrs.define(kw_only=True)
class _Change:
    """A handle becomes another person's."""

    work: Workplace
    people: _People
    by: Actor
    now: datetime
    person: str
    transaction: Transaction = attrs.field(init=False)
    rows: dict[Key, Placed] = attrs.field(init=False)
    """All rows of both people, as they will be written."""
    own: set[Key] = attrs.field(init=False)
    """The messages of the handle."""
    origins: dict[Key, str] = attrs.field(factory=dict, init=False)
    """Where messages of the handle were that are to go elsewhere."""

    def __attrs_post_init__(self) -> None:
        around = self.people.around
        self.transaction = Transaction(store=self.work.store, kept=dict(around.summaries))
        self.transaction.customers.update(self.people.versions)
        self.own = {row.key for row in around.placed if self.people.has(row)}
        self.rows = {row.key: self._as_now(row) for row in around.placed if row.second is not None}

    def _as_now(self, row: Placed) -> Placed:
        there = None if row.conversation is None else self.transaction.current(row.conversation)
        person = self.person if row.key in self.own else row.customer_id
        return attrs.evolve(row, conversation=there, customer_id=person)

    def _mixed(self) -> Iterable[tuple[str, list[Placed]]]:
        """Conversations in which the handle and others speak; those a channel gave stay."""
        by_name: defaultdict[str, list[Placed]] = defaultdict(list)
        for row in sorted(self.rows.values(), key=lambda row: row.order):
            if row.conversation is not None:
                by_name[row.conversation].append(row)
        for name, rows in by_name.items():
            theirs = {row.key in self.own for row in rows}
            if len(theirs) > 1 and not self.transaction.kept[name].summary.given:
                yield name, rows

    def take_apart(self) -> None:
        """Takes apart what is one conversation only because of whose the handle was."""
        for name, rows in tuple(self._mixed()):
            if all(row.customer_id == self.person for row in rows):
                continue
            first, *others = _groups(self.work, rows, self.people.before)
            keeps = next((each for each in (first, *others) if _began(each, name)), first)
            for each in (first, *others):
                self._loosen(each)
                if each is keeps:
                    continue
                if all(row.key in self.own or row.note for row in each):
                    self._set_free(name, each)
                else:
                    self._split(name, self._free(name_after(each[0].key), name), each)

    def _loosen(self, rows: Iterable[Placed]) -> None:
        """Has it looked at anew where notes belong: what they answer may be another's now."""
        notes = (row.key for row in rows if row.note)
        self.rows.update((key, attrs.evolve(self.rows[key], anchored=False)) for key in notes)

    def _set_free(self, source: str, rows: Iterable[Placed]) -> None:
        """Leaves it to the threading where these messages go."""
        for row in rows:
            self.origins[row.key] = source
            self.rows[row.key] = attrs.evolve(row, conversation=None, anchored=False)

    def thread(self) -> None:
        """Threads the handle's messages together with the other ones of whose they are now."""
        # Notes were written beside what the customer said, which may have been under the handle.
        new = [row for row in self.rows.values() if row.key in self.own or _is_loose(row)]
        keys = {row.key for row in new}
        known = [row for key, row in self.rows.items() if key not in keys]
        found = place(new, known, self.transaction.summaries, self.work.threading)
        for survivor, other in found.merges:
            self._merge(survivor, other)
        for row in found.moved:
            self._move_note(row)
        self.transaction.place(found.written)
        self._settle_in(found.rows)

    def _settle_in(self, rows: Iterable[Placed]) -> None:
        """Takes down where the handle's messages, and notes, went."""
        leaving: defaultdict[tuple[str, str], list[Placed]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: row.order):
            source = self.origins.get(row.key) or self.rows[row.key].conversation
            if source is None or row.conversation is None:
                continue
            there = self.transaction.current(source)
            # What began the source was left there, so its name always means the source itself.
            if there == self.transaction.current(row.conversation) and not self._is_part(
                row.conversation
            ):
                self.transaction.touch(there)
            else:
                leaving[source, row.conversation].append(row)
        gone = {row.key for own in leaving.values() for row in own}
        stays = {row.conversation for key, row in self.rows.items() if key not in gone}
        self._leave(leaving, stays | {self.transaction.current(each or "") for each in stays})

    def _leave(
        self,
        leaving: Mapping[tuple[str, str], Sequence[Placed]],
        stays: AbstractSet[str | None],
    ) -> None:
        """Takes down moves to other conversations; what would be left empty goes as a whole."""
        last = {source: into for source, into in leaving if source not in stays}
        free: dict[str, str] = {}
        for (source, into), own in leaving.items():
            is_there = into in self.transaction.kept and not self._is_part(into)
            now = self.transaction.current(source)
            if last.get(source) == into and is_there:
                self._merge(self.transaction.current(into), now)
            elif last.get(source) == into:
                self.transaction.place(attrs.evolve(row, conversation=now) for row in own)
                self.transaction.touch(now)
            else:
                if into not in free:
                    free[into] = (
                        self.transaction.current(into) if is_there else self._free(into, source)
                    )
                self._split(now, free[into], own)

    def _merge(self, survivor: str, other: str) -> None:
        if survivor != other:
            because = Because.LINK
            self.transaction.merge(
                Merged(conversation=survivor, at=self.now, by=self.by, other=other, because=because)
            )

    def _is_part(self, name: str) -> bool:
        known = self.transaction.kept.get(name)
        return known is not None and known.summary.merged_into is not None

    def _split(self, source: str, into: str, rows: Sequence[Placed]) -> None:
        """Takes down that messages go to another conversation."""
        keys = tuple(row.key for row in rows)
        log = self.transaction.log(source)
        positions = set(belonging(log, keys))
        whole = self._is_part(into)
        if whole:
            back = (each for each in log if each.event.conversation == into)
            positions |= {each.position for each in back if concerns(each.event) is None}
            self.transaction.revive(into)
        self.transaction.move(source, into, positions)
        because = Because.LINK
        self.transaction.add(
            Split(
                conversation=source,
                at=self.now,
                by=self.by,
                into=into,
                messages=keys,
                whole=whole,
                because=because,
            )
        )
        self.transaction.add(
            SplitOff(conversation=into, at=self.now, by=self.by, origin=source, because=because)
        )
        moved = {row.key: attrs.evolve(row, conversation=into) for row in rows}
        self.rows.update(moved)
        self.transaction.place(moved.values())

    def _free(self, name: str, source: str) -> str:
        """What messages from the source are called: as before they became part of it, if so."""
        known = self.transaction.kept.get(name) or self.transaction.store.summaries((name,)).get(
            name
        )
        if known is None:
            return name
        if known.summary.merged_into == source:
            self.transaction.kept[name] = known
            return name
        return f"{name}:{self.work.ids()}"

    def _move_note(self, row: Placed) -> None:
        source = self.transaction.current(self.rows[row.key].conversation or "")
        into = self.transaction.current(row.conversation or "")
        self.transaction.move(source, into, self.transaction.positions(source, (row.key,)))
        self.transaction.add(
            NotesMoved(conversation=source, at=self.now, by=self.by, into=into, messages=(row.key,))
        )


def _is_loose(row: Placed) -> bool:
    """Whether it is a note that is where it is because of its time alone."""
    return row.note and not row.anchored and row.given is None


def _began(rows: Sequence[Placed], name: str) -> bool:
    return any(name_after(row.key) == name for row in rows)


def _groups(work: Workplace, rows: Sequence[Placed], together: str) -> list[list[Placed]]:
    """The rows of one conversation in groups, each of which stays together; in order.

    Args:
        work: The workplace.
        rows: In order, each with whose it is from now on.
        together: Whose all of them were.
    """
    joined = _threaded(work, [attrs.evolve(row, customer_id=together) for row in rows])
    apart = _threaded(work, rows)
    groups: dict[str, list[Placed]] = {}
    for row in rows:
        groups.setdefault(apart[row.key], []).append(row)
    # What the rule does not join either way was put together by somebody, and stays together.
    parts = {joined[own[0].key]: name for name, own in reversed(groups.items())}
    first, *others = [name for name in groups if name in parts.values()]
    for name in others:
        groups[first] += groups.pop(name)
    return sorted(groups.values(), key=lambda own: min(row.order for row in own))


def _threaded(work: Workplace, rows: Iterable[Placed]) -> Mapping[Key, str]:
    """The conversation of each message, if nothing were known but these."""
    new = [attrs.evolve(row, conversation=None, anchored=False) for row in rows]
    return {row.key: row.conversation or "" for row in place(new, (), {}, work.threading).rows}
