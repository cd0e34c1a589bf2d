"""A search answers what the query answers, asked of every message."""

import os
import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.query.generated import SIGNS, WORDS, queries, texts
from servers import NoServer, shared
from socialcare.desk.desk import Desk
from socialcare.domain.events import Recorded
from socialcare.domain.instants import epoch_second
from socialcare.domain.message import Message
from socialcare.domain.query import Query, Subject
from socialcare.domain.query.needs import Needs
from socialcare.errors import InvalidQuery
from socialcare.plugins.memory import MemoryStore
from socialcare.plugins.protocols import Deletion
from socialcare.plugins.records import Found
from socialcare.testing.builders import answers, asks, at, note

EXAMPLES = 1_000 if os.environ.get("SOCIALCARE_LONG") else 25
LATER = at(10_000)
CHANNELS = ("x", "X", "mail")


def everything(desk: Desk, loose: Sequence[Message] = ()) -> list[Subject]:
    """Every message in the log that was not deleted, as a search sees it."""
    names = {each.belongs_to for each in desk.log(limit=100_000) if each.belongs_to}
    found = {each.id: each for each in map(desk.conversation, names)}
    kept = desk.store.summaries(found)
    known = [Subject(message=message) for message in loose]
    for each in found.values():
        for message in each.messages:
            assessment = each.assessments.get(message.key)
            said = () if assessment is None else assessment.annotations
            summary = kept[each.id].summary
            known.append(Subject(message=message, annotations=said, conversation=summary))
    return [each for each in known if each.message.deleted_at is None]


def by_asking_all(every: Sequence[Subject], query: Query) -> list[tuple[str, str]]:
    """The messages for which a query holds, the latest first, found by asking all."""
    holding = [each.message for each in every if query.holds(each)]
    holding.sort(key=lambda each: (-epoch_second(each.sent_at), *each.key))
    return [each.key for each in holding]


def archive(size: int) -> tuple[list[Message], list[Message]]:
    """Messages of many customers, and broadcasts, alike every time."""
    chance = random.Random(7)

    def text() -> str | None:
        parts = chance.choices((*WORDS, *SIGNS), k=chance.randrange(8))
        return chance.choice([None, "", " ".join(parts), " ".join(parts), "".join(parts)])

    def fields(number: int) -> dict[str, Any]:
        return {"id": f"m{number}", "channel": chance.choice(CHANNELS), "text": text()}

    messages = []
    for number in range(size):
        minute = chance.choice([number, number // 10, -(10**6), number / 7])
        make = chance.choice([asks, asks, answers, note])
        person = f"customer{chance.randrange(size // 3)}"
        messages.append(make(minute, **{**fields(number), "customer_id": person}))
    loose = [
        attrs.evolve(answers(number, **fields(1_000 + number)), customer_id=None)
        for number in range(size // 10)
    ]
    return messages, loose


@pytest.fixture(scope="module", params=["memory", "sqlite", "postgres"])
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Desk, list[Subject]]]:
    """A desk on each store, with all that can happen to messages; and every one of them."""
    messages, loose = archive(120)
    with ExitStack() as opened:
        location = _location(request.param, tmp_path_factory.mktemp("search"), opened)
        desk = opened.enter_context(Desk.open(store=location, rules=None))
        desk.receive([*messages, *loose], now=LATER)
        _live_on(desk, messages)
        yield desk, everything(desk, loose)


def _location(kind: str, folder: Path, opened: ExitStack) -> str:
    """Where a new store of that kind is."""
    if kind != "postgres":
        return {"memory": "memory:", "sqlite": str(folder / "care.db")}[kind]
    server = shared()
    if isinstance(server, NoServer):
        pytest.skip(f"no PostgreSQL: {server}")
    return opened.enter_context(server.database()).replace("postgresql:", "postgresql+psycopg:")


def _live_on(desk: Desk, messages: Sequence[Message]) -> None:
    """Edits, deletions, tags, and conversations that become one."""
    for message in messages[::9]:
        edit = attrs.evolve(message, text="late refund #fail", edited_at=LATER)
        desk.receive([edit], now=LATER)
    desk.receive([Deletion(channel=each.channel, id=each.id) for each in messages[::7]], now=LATER)
    names = sorted({each.belongs_to for each in desk.log(limit=9_999) if each.belongs_to})
    desk.tag(names[0], "vip", by="sam", now=LATER)
    desk.merge(names[1], names[2], by="sam", now=LATER)


@given(query=queries())
@settings(max_examples=EXAMPLES)
def test_every_store_gives_the_answers_of_asking_all(
    filled: tuple[Desk, list[Subject]], query: str
) -> None:
    """Whatever a store can look up, what is found is what every message was asked for."""
    desk, every = filled
    results = desk.search(query, limit=1_000)

    assert [each.message.key for each in results] == by_asking_all(every, Query(query))
    assert results.complete


@given(said=st.lists(st.tuples(texts(), st.integers(0, 3)), max_size=6), query=queries())
@settings(max_examples=EXAMPLES)
def test_generated_messages(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, int]], query: str
) -> None:
    """So it is for generated messages, too."""
    messages = [
        asks(minute, id=f"m{place}", text=text, channel=CHANNELS[place % 3])
        for place, (text, minute) in enumerate(said)
    ]
    for location in (None, tmp_path_factory.mktemp("search") / "care.db"):
        with Desk.open(store=location) as desk:
            desk.receive(messages, now=LATER)

            found = [each.message.key for each in desk.search(query, limit=99)]
            assert found == by_asking_all(everything(desk), Query(query))


class Counting(MemoryStore):
    """A store that tells what was asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str | None] = []
        self.found = 0

    def events(self, conversation: str | None) -> tuple[Recorded, ...]:
        """The events, counted by conversation."""
        self.read.append(conversation)
        return super().events(conversation)

    def search(self, needs: Needs, limit: int, after: Found | None = None) -> tuple[Found, ...]:
        """The candidates, counted."""
        page = super().search(needs, limit, after)
        self.found += len(page)
        return page


@pytest.fixture
def counting() -> Counting:
    """A store with 300 messages of one customer, of whom every tenth has lost a bag."""
    store = Counting()
    with Desk.open(store=store) as desk:
        desk.receive([_bag(number) for number in range(300)], now=LATER)
    store.read.clear()
    return store


def _bag(number: int) -> Message:
    lost = "lost" if number % 10 == 0 else "late"
    return asks(number, id=f"m{number:03}", text=f"my bag is {lost} {number}")


def test_the_latest_come_first_and_no_more_than_asked_for(counting: Counting) -> None:
    """A search ends as soon as it has found enough."""
    with Desk.open(store=counting) as desk:
        results = desk.search("bag -late", limit=3)

    assert [each.message.id for each in results] == ["m290", "m280", "m270"]
    assert results.complete
    assert results.looked_at == 30
    assert len(results) == 3


def test_a_conversation_is_read_once(counting: Counting) -> None:
    """However many of its messages are found, and on however many pages."""
    with Desk.open(store=counting) as desk:
        results = desk.search("bag", limit=1_000)

    assert len(results) == 300
    assert counting.read == ["fake:m000"]


def test_a_store_gives_no_more_than_may_fit(counting: Counting) -> None:
    """Words that are needed are looked up, and not asked of every message."""
    with Desk.open(store=counting) as desk:
        assert len(desk.search("lost AND (170 OR 17?) -late")) == 1
        assert counting.found == 30
        assert len(desk.search("lost 170")) == 1
        assert counting.found == 30 + 1


def test_a_search_says_when_it_did_not_look_at_all(counting: Counting) -> None:
    """What can't be looked up is looked for among so many of the latest messages."""
    with Desk.open(store=counting) as desk:
        some = desk.search("-late", look_at=25)
        every = desk.search("-late", look_at=300)

    assert ([each.message.id for each in some], some.looked_at) == (["m290", "m280"], 25)
    assert not some.complete
    assert (len(every), every.looked_at, every.complete) == (30, 300, True)


def test_a_result_says_why(counting: Counting) -> None:
    """It has the message, its conversation, and the words that were found."""
    with Desk.open(store=counting) as desk:
        [result] = desk.search("LOST", limit=1)

    assert result.conversation == "fake:m000"
    assert [(hit.term, hit.found) for hit in result.hits] == [("LOST", "lost")]


def test_a_wrong_query_is_refused(counting: Counting) -> None:
    """The error points at the character."""
    with Desk.open(store=counting) as desk, pytest.raises(InvalidQuery, match="character 4"):
        desk.search("a (")
