"""The law: where an approval is asked for, nothing but what was approved reaches a channel.

Whatever people do, in whatever order, each reply that a channel got is the draft whose approvals
the log has: by enough people who may approve, of the words that were sent, to a customer who had
said nothing more since. The check reads nothing but the log and the channel.
"""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from threading import Barrier, Thread

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from servers import postgres_url as postgres_url
from socialcare.desk.desk import Desk
from socialcare.domain import events
from socialcare.domain.actor import Actor
from socialcare.domain.approval.policy import ApprovalPolicy
from socialcare.domain.approval.seal import seal
from socialcare.domain.approval.states import ENDED
from socialcare.domain.conversation import Conversation
from socialcare.domain.escalation import EscalationMap
from socialcare.domain.events import Reply
from socialcare.domain.message import Message, Visibility
from socialcare.errors import Conflict, InvalidValue, NotAllowedNow
from socialcare.testing import FakeChannel
from socialcare.testing.builders import asks, at

LONG = os.environ.get("SOCIALCARE_LONG") == "1"
MANY = settings(deadline=None, max_examples=2000 if LONG else 60)
FEW = settings(
    deadline=None,
    max_examples=40 if LONG else 5,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each step talks to a disk or a server
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
MAP = EscalationMap.from_mapping(
    {
        "name": "law",
        "private_in_public": True,
        "entries": [
            {"name": "money", "query": "money", "answered_by": "agents", "approval": "lead"},
            {
                "name": "law",
                "query": "lawyer",
                "answered_by": "agents",
                "approval": {"roles": ["lead"], "people": 2},
            },
            {
                "name": "closed",
                "query": "secret",
                "answered_by": "agents",
                "approval": "lead",
                "private_in_public": False,
            },
        ],
    }
)
PEOPLE = (
    Actor(id="anna", roles=("agent",)),
    Actor(id="lou", roles=("lead",)),
    Actor(id="lia", roles=("lead",)),
    Actor(id="lex", roles=("agent", "lead")),
)
TEXTS = ("Soon.", "Tomorrow.", "We pay.")
SAID = ("Where is it?", "I want money", "My lawyer will write", "It is a secret")
QUESTIONS = ("m0", "m1")

people = st.sampled_from(PEOPLE)
leads = st.sampled_from((*PEOPLE[1:], *PEOPLE))
texts = st.sampled_from(TEXTS)
openly = st.sampled_from((None, None, "public", "private"))
messages = st.tuples(
    st.just("says"),
    st.sampled_from(SAID),
    st.sampled_from((Visibility.PUBLIC, Visibility.PRIVATE)),
    st.sampled_from((0, 0, 0, 500)),
)
drafting = st.tuples(st.just("draft"), people, texts, openly)
approving = st.tuples(st.just("approve"), leads, st.sampled_from((True, True, True, False)))
others = st.one_of(
    drafting,
    st.tuples(st.just("reply"), people, texts, openly),
    st.tuples(st.just("edit"), people, texts, openly),
    st.tuples(st.just("submit"), people, openly),
    st.tuples(st.just("edit_and_approve"), leads, texts),
    st.tuples(st.just("reject"), people),
    st.tuples(st.just("withdraw"), people),
    st.tuples(st.just("changes"), st.sampled_from(SAID)),
    st.tuples(st.just("deletes")),
    st.tuples(st.sampled_from(("merges", "parts", "splits"))),
    st.tuples(st.sampled_from(("delivers", "fails", "retries"))),
    st.tuples(st.just("waits"), st.sampled_from((1, 200))),
)
steps = st.one_of(approving, approving, messages, others, others)
picks = st.sampled_from((0, 0, 0, 0, 1, 2, 3))
stories = st.lists(st.tuples(picks, steps), min_size=10, max_size=20)


class Story:
    """What people and a customer do, one after the other, on a desk.

    Attributes:
        checked: The replies that were queued, each of which was looked at.
        open: The drafts of which somebody has said that they may be public.
    """

    def __init__(self, location: str) -> None:
        self.channel = FakeChannel()
        policy = ApprovalPolicy(expires=at(100) - at(0))
        self.desk = Desk.open(location, self.channel, escalation=MAP, approvals=policy)
        self.minute = 2
        self.said = 0
        self.names = tuple(f"fake:{name}" for name in QUESTIONS)
        self.checked: dict[str, Reply] = {}
        self.open: set[str] = set()
        for number, name in enumerate(QUESTIONS):
            self.channel.says(asks(-9000 * number, id=name, text=SAID[1 + number]))
        self._poll()
        self._cursor: str | None = None
        self._new()

    def do(self, pick: int, step: tuple[object, ...]) -> None:
        """One thing; what is refused is refused, and what is queued by it is looked at."""
        self.minute += 1
        kind, *how = step
        name = self.names[pick % len(self.names)]
        before = {each: self.desk.conversation(each) for each in self.names}
        with suppress(NotAllowedNow, InvalidValue):
            getattr(self, f"_{kind}")(name, pick, *how)
        for each in self._new():
            if isinstance(each, events.ReplyDrafted) and "public" in how:
                self.open.add(each.reply.id)
            if isinstance(each, events.DraftEdited | events.DraftSubmitted) and "public" in how:
                self.open.add(each.draft_id)
            if isinstance(each, events.ReplyQueued):
                found = next(own for own in before.values() if own.id == each.conversation)
                self.checked[each.reply.id] = each.reply
                self._check(found, each.reply, said_so="public" in how)
                self.open |= {each.reply.id} if "public" in how else set()
            if isinstance(each, events.ReplyRetried):
                found = next(own for own in before.values() if own.id == each.conversation)
                self._check(found, self.checked[each.reply_id], said_so=False)

    def _new(self) -> list[events.Event]:
        """What the log has that it had not before."""
        found: list[events.Event] = []
        while page := self.desk.log(self._cursor):
            self._cursor = page[-1].cursor
            found += [each.recorded.event for each in page]
        return found

    def _check(self, found: Conversation, reply: Reply, *, said_so: bool) -> None:
        """That a reply which was queued just now may go out to a conversation as it was."""
        approvals = self._approvals(reply)
        by = {each.by.id for each in approvals}

        assert all("lead" in each.by.roles for each in approvals)
        assert all(each.seal == seal(reply, found.customer_messages) for each in approvals)
        assert reply.agent_id not in by
        for last in found.customer_messages[-1:]:
            assert len(by) >= needed(last)
            if reply.visibility is Visibility.PUBLIC and last.visibility is Visibility.PRIVATE:
                assert said_so or reply.id in self.open
                assert SAID[3] != last.text

    def _approvals(self, reply: Reply) -> list[events.DraftApproved]:
        """The approvals of a reply since it was put forward for the last time."""
        found: list[events.DraftApproved] = []
        for logged in self.desk.log(limit=100_000):
            event = logged.recorded.event
            if isinstance(event, events.DraftSubmitted) and event.draft_id == reply.id:
                found = []
            elif isinstance(event, events.DraftApproved) and event.draft_id == reply.id:
                found.append(event)
        return found

    def end(self) -> None:
        """Everything is delivered; the channel got what was looked at, and nothing else."""
        for day in range(20):
            self.desk.deliver(now=at(self.minute + 1440 * day))

        assert {each.id: each for each in self.channel.sent}.items() <= self.checked.items()
        self.desk.close()

    def _poll(self) -> None:
        self.desk.poll("fake", now=at(self.minute))

    def _a_draft(self, name: str, pick: int) -> tuple[str, str | None]:
        """One that is not at its end, mostly the latest; a new one where there is none."""
        found = [each for each in self.desk.drafts(name) if each.state not in ENDED]
        if not found:
            found = [self.desk.draft(name, TEXTS[0], by="anna", now=at(self.minute))]
        own = found[-1 - pick // 2 % len(found)]
        return own.id, own.seal

    def _draft(self, name: str, _: int, who: Actor, text: str, openly: str | None) -> None:
        self.desk.draft(name, text, by=who, now=at(self.minute), visibility=openly)

    def _reply(self, name: str, _: int, who: Actor, text: str, openly: str | None) -> None:
        self.desk.reply(name, text, by=who, now=at(self.minute), visibility=openly)

    def _edit(self, name: str, pick: int, who: Actor, text: str, openly: str | None) -> None:
        draft, _ = self._a_draft(name, pick)
        self.desk.edit_draft(name, draft, text, by=who, now=at(self.minute), visibility=openly)

    def _submit(self, name: str, pick: int, who: Actor, openly: str | None) -> None:
        draft, _ = self._a_draft(name, pick)
        self.desk.submit(name, draft, by=who, now=at(self.minute), visibility=openly)

    def _approve(self, name: str, pick: int, who: Actor, read: bool) -> None:
        draft, own = self._a_draft(name, pick)
        shown = own if read else "what was shown before"
        self.desk.approve(name, draft, seal=shown, by=who, now=at(self.minute))

    def _edit_and_approve(self, name: str, pick: int, who: Actor, text: str) -> None:
        draft, own = self._a_draft(name, pick)
        self.desk.edit_and_approve(name, draft, text, seal=own, by=who, now=at(self.minute))

    def _reject(self, name: str, pick: int, who: Actor) -> None:
        self.desk.reject(name, self._a_draft(name, pick)[0], "No.", by=who, now=at(self.minute))

    def _withdraw(self, name: str, pick: int, who: Actor) -> None:
        self.desk.withdraw(name, self._a_draft(name, pick)[0], by=who, now=at(self.minute))

    def _says(self, name: str, _: int, text: str, visibility: Visibility, late: int) -> None:
        self.said += 1
        when = self.minute - (9000 if name == self.names[1] else 0) - late
        self.channel.says(asks(when, id=f"s{self.said}", text=text, visibility=visibility))
        self._poll()

    def _changes(self, _: str, pick: int, text: str) -> None:
        self.channel.edits(QUESTIONS[pick % 2], text)
        self._poll()

    def _deletes(self, _: str, pick: int) -> None:
        self.channel.deletes(QUESTIONS[pick % 2])
        self._poll()

    def _merges(self, _: str, pick: int) -> None:
        one, two = self.names[pick % 2], self.names[1 - pick % 2]
        self.desk.merge(one, two, by="anna", now=at(self.minute))

    def _parts(self, _: str, pick: int) -> None:
        one, two = self.names[pick % 2], self.names[1 - pick % 2]
        self.desk.unmerge(one, two, by="anna", now=at(self.minute))

    def _splits(self, name: str, pick: int) -> None:
        messages = self.desk.conversation(name).messages
        key = messages[pick % len(messages)].key
        self.desk.split(name, [key], by="anna", now=at(self.minute))

    def _delivers(self, _: str, __: int) -> None:
        self.desk.deliver(now=at(self.minute))

    def _fails(self, _: str, pick: int) -> None:
        self.channel.fails(again=bool(pick % 2), taken=bool(pick % 3))
        self.desk.deliver(now=at(self.minute))

    def _retries(self, _: str, __: int) -> None:
        # Another story on the same database may have left letters of its own.
        for letter in [each for each in self.desk.dead_letters() if each.key in self.checked]:
            self.desk.retry(letter.key, by="anna", now=at(self.minute))

    def _waits(self, _: str, __: int, minutes: int) -> None:
        self.minute += minutes
        self.desk.watch(now=at(self.minute))


def needed(last: Message) -> int:
    """How many leads must see an answer to somebody who said that last, at the least."""
    return {SAID[1]: 1, SAID[2]: 2, SAID[3]: 1}.get(last.text or "", 0)


def told(story: Story, tale: Iterable[tuple[int, tuple[object, ...]]]) -> None:
    """The whole story."""
    for pick, step in tale:
        story.do(pick, step)
    story.end()


@given(stories)
@MANY
def test_in_memory(tale: list[tuple[int, tuple[object, ...]]]) -> None:
    """Whatever the order of edits, approvals, messages, retries, merges and splits."""
    told(Story("memory:"), tale)


@given(tale=stories)
@FEW
def test_on_sqlite(
    tmp_path_factory: pytest.TempPathFactory, tale: list[tuple[int, tuple[object, ...]]]
) -> None:
    """The same on a database in a file."""
    told(Story(str(tmp_path_factory.mktemp("law") / "care.db")), tale)


@given(data=st.data())
@FEW
def test_on_postgres(postgres_url: str, data: st.DataObject) -> None:
    """The same on a real server; what an earlier story left there is other conversations'."""
    story = Story(postgres_url)
    told(story, data.draw(stories))


# At once


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Every store."""
    if request.param == "postgres":
        found: str = request.getfixturevalue("postgres_url")
        return found
    return "memory:" if request.param == "memory" else str(tmp_path / "care.db")


def at_once(*things: Callable[[], object]) -> list[object]:
    """What came of things that several threads do at once: a value, or what was raised."""
    barrier = Barrier(len(things))
    found: list[object] = [None] * len(things)

    def do(place: int, thing: Callable[[], object]) -> None:
        barrier.wait()
        try:
            found[place] = thing()
        except (NotAllowedNow, Conflict) as refused:
            found[place] = refused

    threads = [Thread(target=do, args=each) for each in enumerate(things)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.parametrize("people_needed", [1, 2])
def test_two_approve_at_once(location: str, people_needed: int) -> None:
    """It is sent once, with as many approvals as it needs."""
    story = Story(location)
    desk, name = story.desk, story.names[people_needed - 1]
    draft = desk.draft(name, "Soon.", by="anna", now=at(5))

    def approve(who: Actor) -> Callable[[], object]:
        return lambda: desk.approve(name, draft.id, seal=draft.seal, by=who, now=at(6))

    at_once(*map(approve, PEOPLE[1:]))
    desk.deliver(now=at(7))
    log = [each.recorded.event for each in desk.log(limit=1000)]

    assert [each.text for each in story.channel.sent] == ["Soon."]
    assert sum(isinstance(each, events.ReplyQueued) for each in log) == 1
    assert sum(isinstance(each, events.DraftApproved) for each in log) == people_needed
    desk.close()


def test_an_approval_and_a_message_at_once(location: str) -> None:
    """Either the answer was queued before the message came in, or it was not queued."""
    story = Story(location)
    desk, [name, _] = story.desk, story.names
    draft = desk.draft(name, "Soon.", by="anna", now=at(5))
    message = asks(6, id="more", channel="fake")
    at_once(
        lambda: desk.approve(name, draft.id, seal=draft.seal, by=PEOPLE[1], now=at(6)),
        lambda: desk.receive([message], now=at(6)),
        lambda: desk.edit_draft(name, draft.id, "Never.", by="anna", now=at(6)),
    )
    log = [each.recorded.event for each in desk.log(limit=1000)]
    order = [
        "came" if isinstance(each, events.MessageReceived) else "queued"
        for each in log
        if isinstance(each, events.ReplyQueued)
        or (isinstance(each, events.MessageReceived) and each.message.id == "more")
    ]
    desk.deliver(now=at(7))

    assert order in (["came"], ["queued", "came"])
    assert [each.text for each in story.channel.sent] == ["Soon."] * (len(order) - 1)
    desk.close()
