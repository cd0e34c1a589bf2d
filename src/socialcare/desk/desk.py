"""The desk: what a host embeds.

A facade: each method is a command or a question of one line, and the modules beside this one do
what it says. Commands take `now`, an aware instant, and `by`, who does it. Each is one transaction,
tried again on fresh state while somebody else is faster, and writes what happened as events.

>>> from datetime import UTC, datetime
>>> from socialcare.domain.message import Author, Message
>>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
>>> with Desk.open() as desk:
...     [receipt] = desk.receive(
...         [
...             Message(
...                 id="1",
...                 text="Where is my parcel?",
...                 sent_at=nine,
...                 direction="inbound",
...                 author=Author(id="ada", role="customer"),
...                 customer_id="ada",
...                 channel="x",
...             )
...         ],
...         now=nine,
...     )
...     print(receipt.outcome, receipt.conversation, desk.conversation("x:1").state)
new x:1 new
"""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self
from uuid import uuid4

from socialcare.desk import delivery, documents, intake, replies, watch
from socialcare.desk.advising import Advising
from socialcare.desk.among_customers import AmongCustomers
from socialcare.desk.approving import Approving
from socialcare.desk.commands import Commands
from socialcare.desk.crises import Crises
from socialcare.desk.escalation import Escalating
from socialcare.desk.for_many import ForMany
from socialcare.desk.handbook import Shelf
from socialcare.desk.promises import Promises
from socialcare.desk.questions import Questions
from socialcare.desk.reaching_out import ReachingOut
from socialcare.desk.receipts import Delivered, Receipt
from socialcare.desk.sharing import Sharing
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import By
from socialcare.domain.approval.policy import ApprovalPolicy
from socialcare.domain.crisis.plan import CrisisPlan
from socialcare.domain.escalation import EscalationMap
from socialcare.domain.events import Event
from socialcare.domain.heard import Heard
from socialcare.domain.peers import PeerPolicy
from socialcare.domain.playbook import Playbook
from socialcare.domain.priority import RuleBook
from socialcare.domain.rota import Rota
from socialcare.domain.routing import Routing
from socialcare.domain.sla import SlaPolicy
from socialcare.domain.threading import ThreadingPolicy
from socialcare.domain.volume import Volume
from socialcare.errors import InvalidPlugin
from socialcare.plugins.loading import Location, loaded
from socialcare.plugins.protocols import Incoming, Store
from socialcare.plugins.records import Delivery, Entry

MAX_TEXT = 1_000_000


def _an_id() -> str:
    return uuid4().hex


class Desk(
    Commands,
    Advising,
    AmongCustomers,
    Approving,
    Escalating,
    ForMany,
    Questions,
    Sharing,
    Promises,
    Crises,
    ReachingOut,
):
    """A desk on one store, with the channels and notifiers that its plugins bring.

    Open it with `Desk.open`, and close it, or use it in a `with` statement. It may be shared by
    threads, and any number of processes may have a desk on the same database.

    Attributes:
        store: The log and its views, for those who build on them.
    """

    def __init__(self, work: Workplace, *, closes: Callable[[], None]) -> None:
        super().__init__(work)
        self._closes = closes
        self.store: Store = work.store

    @classmethod
    def open(
        cls,
        *plugins: object,
        store: Store | Location | None = None,
        entry_points: bool = False,
        threading: ThreadingPolicy = ThreadingPolicy(),  # noqa: B008 - frozen
        ids: Callable[[], str] = _an_id,
        random: Random | None = None,
        sleep: Callable[[float], None] = time.sleep,
        max_text: int = MAX_TEXT,
        rules: RuleBook | str | Path | None = "default",
        deadlines: SlaPolicy | str | Path | None = None,
        rota: Rota | str | Path | None = None,
        crisis: CrisisPlan | str | Path | None = None,
        routing: Routing | str | Path | None = None,
        escalation: EscalationMap | str | Path | None = None,
        approvals: ApprovalPolicy | str | Path | None = None,
        playbook: Playbook | str | Path | None = None,
        peers: PeerPolicy | str | Path | None = None,
        accounts: Iterable[str] = (),
        volume: Volume | None = None,
    ) -> "Desk":
        """A desk: `Desk.open("care.db", MyChannel(token=...))`.

        Args:
            plugins: Objects with methods marked `hookimpl`; the first may be the location of the
                store instead.
            store: A store, which stays open when the desk is closed; or its location, such as
                `care.db` or `postgresql+psycopg://...`; or None for one in memory.
            entry_points: Whether installed packages may bring plugins.
            threading: When two messages are one conversation.
            ids: Gives ids for replies, notes and notices; by default random ones.
            random: Spreads out those who try again; by default seeded by the system.
            sleep: Waits so many seconds before a command is tried again.
            max_text: The longest text that is taken in, in characters.
            rules: What comes first; by default the field's own rules, for texts in English. None
                ranks nothing, and the queue is in order of waiting. Each of these documents is
                given as it is, or as the TOML file that it is in: a file is read again when it
                changed, by `reload` and by `watch`.
            deadlines: By when an answer is promised: what was asked has its turn by then.
            rota: Who is on duty when.
            crisis: What counts as a crisis, and what is done then; `watch` looks out for one.
            routing: Who can be given what; `route` and `next_for` go by it.
            escalation: Which messages agents answer themselves, and who must see the others.
            approvals: How long approvals may take, and whose answers are looked at by chance.
            playbook: What is said to customers, and how; answers are checked by it.
            peers: How often customers may be asked to help; by default as `PeerPolicy` has it.
            accounts: The brand's own accounts, by name, which `mentions:brand` looks for.
            volume: How much was said about each topic, for rules that ask whether it is more than
                usual; by default what this desk takes in from now on.

        Raises:
            InvalidPlugin: If a plugin cannot be one.
            InvalidValue: If a file does not hold the document that it should; says the key.
            OSError: If a file cannot be opened.
            StoreUnusable: If there is no usable store at that location.
            MissingExtra: If the store needs an extra that is not installed.
        """
        shelf = Shelf(
            {
                "rules": RuleBook.default() if rules == "default" else rules,
                "deadlines": deadlines,
                "rota": rota,
                "crisis": crisis,
                "routing": routing,
                "escalation": escalation,
                "approvals": approvals,
                "playbook": playbook,
                "peers": peers,
            }
        )
        location, rest = _location(plugins, store)
        found = loaded(rest, store=location, entry_points=entry_points)
        work = Workplace(
            store=found.store,
            channels=found.channels,
            notifiers=found.notifiers,
            threading=threading,
            ids=ids,
            random=random or Random(),  # noqa: S311 - spreads load, keeps no secret
            sleep=sleep,
            max_text=max_text,
            classifiers=found.classifiers,
            directories=found.directories,
            shelf=shelf,
            pass_time=watch.pass_time,
            accounts=frozenset(accounts),
            volume=Volume() if volume is None else volume,
        )
        return cls(work, closes=found.store.close if found.opened else _nothing)

    def close(self) -> None:
        """Lets go of the store, if the desk opened it."""
        self._closes()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # What comes in

    def receive(
        self, messages: Iterable[Incoming | Heard], *, now: datetime, by: By | None = None
    ) -> tuple[Receipt, ...]:
        """Takes messages and deletions in, in any order and as often as they come.

        Writes `MessageReceived`, `MessageEdited`, `MessageDeleted` or `MessageRefused`, where it
        joins conversations `Merged`, where notes turn out to belong elsewhere `NotesMoved`, and for
        an echo of a reply `ReplyDelivered`.

        Args:
            messages: What came, and what listening heard; a message with a later `edited_at` is an
                edit.
            now: When it came.
            by: Who brings it; by default the channel.

        Returns:
            A receipt for each, in the order in which they were given. What is refused says why, and
            keeps nothing else from being taken in.

        Raises:
            Conflict: If others changed the same customer every time it was tried. Nothing of the
                message concerned was written, and it can be given again.
        """
        return intake.receive(self._work, messages, now=now, by=by)

    def webhook(
        self, channel: str, headers: Mapping[str, str], body: bytes, *, now: datetime
    ) -> tuple[Receipt, ...]:
        """Takes in what a webhook call brings; receipts and events as for `receive`.

        Raises:
            UnknownChannel: If no plugin brings the channel.
            InvalidSignature: If the call is not by whom it says.
            InvalidPayload: If it makes no sense.
        """
        return intake.webhook(self._work, channel, headers, body, now=now)

    def poll(self, channel: str, *, now: datetime) -> tuple[Receipt, ...]:
        """Takes in what is new on a channel, and remembers how far it was read.

        Receipts and events as for `receive`.

        Raises:
            UnknownChannel: If no plugin brings the channel.
        """
        return intake.poll(self._work, channel, now=now)

    # What goes out

    def deliver(self, *, now: datetime, limit: int = 100) -> tuple[Delivered, ...]:
        """Sends what is due in the outbox, and says what became of each entry.

        Several workers may deliver at once. Writes `ReplyDelivered`, or `ReplyFailed` for a reply
        that is given up; what failed and may be tried again writes nothing but its new time.

        Args:
            now: Entries due up to then are sent.
            limit: At most so many.
        """
        return delivery.deliver(self._work, now=now, limit=limit)

    def dead_letters(self, limit: int = 100) -> tuple[Entry, ...]:
        """What was given up, in the order in which it was written; `retry` sends it again."""
        return self.store.outbox(Delivery.DEAD, limit)

    def retry(self, key: str, *, by: By, now: datetime) -> None:
        """Has a dead entry of the outbox sent again; writes `ReplyRetried` for a reply.

        Args:
            key: The id of the reply, or the key of the entry.
            by: Who wants it.
            now: From when on.

        Raises:
            NotAllowedNow: If there is no such dead letter; or a reply may not go out as things are
                now: the customer said more since it was approved, or wrote in private since.
            ApprovalNeeded: If others must see it first by now.
        """
        replies.retry(self._work, key, by=by, now=now)

    # What time does

    def reload(self, *, by: By, now: datetime) -> tuple[Event, ...]:
        """Reads the documents again whose files changed; the events that it wrote.

        What is good is in force from now on: `DocumentChanged`, which says what is different. What
        is not leaves the version before in force: `DocumentRefused`, and all notifiers are told.
        Each content is written once, however many processes read it. `watch` does the same.
        """
        return documents.reload(self._work, by=by, now=now)

    def watch(self, *, now: datetime) -> tuple[Event, ...]:
        """Does what the passing of time asks for; the events that it wrote.

        Documents whose files changed are read again, as by `reload`. What was promised and is not
        kept is written, with whoever has it told: `DeadlineWarned`, `DeadlineBreached`. Handling
        that was not stopped after twelve hours ends then: `HandlingStopped`. Acknowledgements that
        may go out by themselves do, once in a conversation: `ReplyQueued`. Call it
        every few minutes, from as many processes as you like: nothing is written twice or missed.
        """
        return watch.watch(self._work, now=now)


def _location(
    plugins: tuple[object, ...], store: Store | Location | None
) -> tuple[Store | Location | None, tuple[object, ...]]:
    first = plugins[0] if plugins else None
    if not isinstance(first, str | os.PathLike):
        return store, plugins
    if store is not None:
        raise InvalidPlugin(str(first), "found two stores; give the location once")
    return first, plugins[1:]


def _nothing() -> None:
    """A store that was given stays open for whoever gave it."""
