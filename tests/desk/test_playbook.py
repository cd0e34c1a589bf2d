"""The playbook at the desk: checks, advice, suggestions, and what goes out by itself."""

import threading
from pathlib import Path
from random import Random
from typing import Any

import pytest

from socialcare.desk.desk import Desk
from socialcare.domain.escalation import EscalationMap
from socialcare.domain.events import Event, ReplyQueued
from socialcare.domain.playbook import Finding, Ordered, Playbook
from socialcare.plugins.memory import MemoryStore
from socialcare.testing import FakeChannel
from socialcare.testing.builders import answers, asks, at, note

HERE = "fake:m0"
ACKNOWLEDGING = {
    "acknowledgements": [{"name": "seen", "text": "We have your message.", "automatic": "always"}]
}


def book(**keys: Any) -> Playbook:
    """A playbook with these keys."""
    return Playbook.from_mapping({"name": "house", **keys})


def opened(playbook: Playbook | None, **more: Any) -> Desk:
    """A desk with that playbook."""
    return Desk.open(playbook=playbook, random=Random(1), **more)


def codes(found: tuple[Finding, ...]) -> set[str]:
    """The kinds of findings."""
    return {each.code.value for each in found}


def test_an_answer_is_checked_and_nothing_is_written() -> None:
    """While somebody still writes it."""
    desk = opened(book())
    desk.receive([asks(0, text="My order is broken")], now=at(0))
    before = desk.log()
    found = desk.check(HERE, "Please calm down, and call us.", by="anna", now=at(1))

    assert codes(found) == {"defensive", "redirect"}
    assert desk.log() == before


def test_a_desk_without_a_playbook_finds_nothing() -> None:
    """And has no advice."""
    desk = opened(None)
    desk.receive([asks(0)], now=at(0))

    assert desk.check(HERE, "Calm down.", by="anna", now=at(1)) == ()
    assert desk.advice(HERE, now=at(1)) == ()
    assert desk.suggest(HERE).examples == ()
    assert desk.archivable() == ()


def test_an_answer_is_checked_where_it_would_go() -> None:
    """As privately as the customer wrote, or as it is said."""
    desk = opened(book())
    desk.receive([asks(0, text="Where is it?", visibility="private")], now=at(0))
    text = "Order A-1048-22 is on its way."

    assert codes(desk.check(HERE, text, by="anna", now=at(1))) == set()
    public = desk.check(HERE, text, by="anna", now=at(1), visibility="public")
    assert codes(public) == {"personal_data"}


SAME = "Hi {}, we're here to help! Send us a message with your order so we can follow up."


def answered(desk: Desk, *people: str) -> None:
    """Has each of them ask and get the same answer."""
    for number, person in enumerate(people):
        desk.receive([asks(number, customer_id=person, id=person, text="Help")], now=at(number))
        text = SAME.format(person)
        desk.reply(f"fake:{person}", text, by="anna", now=at(number + 0.5))


def test_copies_are_noticed_across_conversations() -> None:
    """Once as many others got it as the playbook says."""
    desk = opened(book(house={"copies": 2}))
    answered(desk, "bea", "cy")
    desk.receive([asks(9, text="Help")], now=at(9))
    found = desk.check("fake:m9", SAME.format("Ada"), by="anna", now=at(10))

    assert "copied" in codes(found)
    assert codes(desk.check("fake:m9", "What is wrong with it?", by="a", now=at(10))) == set()


def test_copies_of_other_processes_are_noticed() -> None:
    """They stand in the log."""
    store = MemoryStore()
    one = Desk.open(store=store, playbook=book(house={"copies": 2}))
    other = Desk.open(store=store, playbook=book(house={"copies": 2}))
    one.receive([asks(9, text="Help")], now=at(9))
    before = one.check("fake:m9", SAME.format("Ada"), by="anna", now=at(9))
    answered(other, "bea", "cy")
    after = one.check("fake:m9", SAME.format("Ada"), by="anna", now=at(10))

    assert ("copied" in codes(before), "copied" in codes(after)) == (False, True)


def test_a_process_begins_where_the_last_watch_ended() -> None:
    """A long log is not read for the sake of a check."""
    store = MemoryStore()
    desk = Desk.open(store=store, playbook=book(house={"copies": 1}))
    answered(desk, "bea", "cy")
    desk.watch(now=at(5))
    fresh = Desk.open(store=store, playbook=book(house={"copies": 1}))
    fresh.receive([asks(9, text="Help")], now=at(9))

    found = fresh.check("fake:m9", SAME.format("Ada"), by="anna", now=at(10))
    assert "copied" not in codes(found)


def test_advice_says_what_the_map_says() -> None:
    """Among its facts."""
    map_ = EscalationMap.from_mapping(
        {
            "name": "house",
            "version": "7",
            "entries": [
                {
                    "name": "lawyers",
                    "query": "lawyer",
                    "answered_by": "team",
                    "team": "legal",
                    "reason": "words count in court",
                }
            ],
        }
    )
    desk = opened(book(), escalation=map_)
    desk.receive([asks(0, text="My lawyer will write to you")], now=at(0))
    (advice,) = desk.advice(HERE, now=at(1))
    ordered = desk.advice(HERE, now=at(1), ordered=Ordered(channel="post", reason="in writing"))

    assert advice.course == "stay_public"
    assert advice.facts[-1].startswith("the map house 7, 'lawyers': legal answers it")
    assert ordered[0].course == "other_channel"


def test_what_fits_is_suggested() -> None:
    """Examples, articles, and what is not recorded."""
    desk = opened(
        book(
            examples=[{"name": "bag", "issue": "Bag", "query": "bag", "text": "We trace it."}],
            record=[{"what": "note", "why": "later"}],
        )
    )
    desk.receive([asks(0, text="My bag!")], now=at(0))
    found = desk.suggest(HERE)
    desk.note(HERE, "Tag 17", by="anna", now=at(1))

    assert [each.example.name for each in found.examples] == ["bag"]
    assert [each.what.value for each in found.unrecorded] == ["note"]
    assert desk.suggest(HERE).unrecorded == ()


def test_what_needs_no_answer_is_listed() -> None:
    """And `archive` ends it."""
    rule = {"name": "spam", "query": "giveaway", "reason": "spam"}
    desk = opened(book(archive=[rule]), rules=None)
    desk.receive(
        [asks(0, text="a giveaway"), asks(1, customer_id="bea", text="Where is it?")], now=at(1)
    )
    (found,) = desk.archivable()
    desk.archive(found.summary.id, by="anna", now=at(2), reason=found.rule.reason)

    assert (found.summary.id, found.rule.name) == (HERE, "spam")
    assert desk.archivable() == ()


# What goes out by itself


def sent(events: tuple[Event, ...]) -> list[str]:
    """The texts of the replies among some events."""
    return [each.reply.text for each in events if isinstance(each, ReplyQueued)]


def test_an_acknowledgement_goes_out_once() -> None:
    """Whoever watches, and however often."""
    channel = FakeChannel()
    channel.says(asks(0, text="Anybody there?"))
    desk = Desk.open(channel, playbook=book(**ACKNOWLEDGING), random=Random(1))
    desk.poll("fake", now=at(0))
    first, second = desk.watch(now=at(1)), desk.watch(now=at(2))
    desk.deliver(now=at(3))
    channel.says(asks(4, text="Hello?"))
    desk.poll("fake", now=at(5))
    third = desk.watch(now=at(6))
    found = desk.conversation(HERE)

    assert (sent(first), sent(second), sent(third)) == (["We have your message."], [], [])
    assert [each.text for each in found.spoken if each.automated] == ["We have your message."]
    assert found.waiting_since == at(0)


def test_it_is_due_in_its_time() -> None:
    """The watch looks again then."""
    own = {"acknowledgements": [{**ACKNOWLEDGING["acknowledgements"][0], "after": "10m"}]}
    desk = opened(book(**own))
    desk.receive([asks(0)], now=at(0))

    assert [sent(desk.watch(now=at(minute))) for minute in (1, 9, 10, 11)] == [
        [],
        [],
        ["We have your message."],
        [],
    ]


def test_whoever_was_answered_gets_none() -> None:
    """Nor does anybody who did not write."""
    desk = opened(book(**ACKNOWLEDGING))
    desk.receive([asks(0), answers(1), asks(2, customer_id="bea"), note(3)], now=at(3))
    desk.receive([answers(5, customer_id="cy")], now=at(5))
    desk.reply("fake:m2", "Hello Bea", by="anna", now=at(6))

    assert sent(desk.watch(now=at(7))) == []


def test_a_map_that_asks_for_approval_keeps_it_in() -> None:
    """And the desk goes on."""
    map_ = EscalationMap.from_mapping(
        {
            "name": "house",
            "entries": [
                {
                    "name": "lawyers",
                    "query": "lawyer",
                    "answered_by": "team",
                    "team": "legal",
                    "reason": "words count in court",
                    "approval": "legal",
                }
            ],
        }
    )
    desk = opened(book(**ACKNOWLEDGING), escalation=map_)
    desk.receive(
        [asks(0, text="My lawyer will write"), asks(1, customer_id="bea", text="Where is it?")],
        now=at(1),
    )

    assert sent(desk.watch(now=at(2))) == ["We have your message."]
    assert desk.conversation(HERE).in_flight == ()


def test_what_was_split_off_is_not_acknowledged_again() -> None:
    """Somebody has seen it."""
    desk = opened(book(**ACKNOWLEDGING))
    desk.receive([asks(0), asks(1)], now=at(1))
    first = sent(desk.watch(now=at(2)))
    desk.split(HERE, [("fake", "m0")], by="anna", now=at(3))

    assert (len(first), sent(desk.watch(now=at(4)))) == (1, [])


def test_what_is_by_itself_again_is_not_acknowledged_again() -> None:
    """Of a message that was acknowledged while its conversation was part of another."""
    desk = opened(book(**ACKNOWLEDGING))
    desk.receive([asks(0), asks(1, customer_id="bea")], now=at(1))
    desk.merge(HERE, "fake:m1", by="anna", now=at(2))
    first = sent(desk.watch(now=at(3)))
    desk.unmerge(HERE, "fake:m1", by="anna", now=at(4))

    assert (len(first), sent(desk.watch(now=at(5)))) == (1, [])


def test_it_goes_out_once_whoever_watches_at_once() -> None:
    """Several desks on one store."""
    store = MemoryStore()
    desks = [Desk.open(store=store, playbook=book(**ACKNOWLEDGING)) for _ in range(4)]
    desks[0].receive([asks(n, customer_id=f"c{n}") for n in range(5)], now=at(5))
    workers = [threading.Thread(target=each.watch, kwargs={"now": at(6)}) for each in desks]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    queued = [each for each in desks[0].log() if isinstance(each.recorded.event, ReplyQueued)]

    assert len(queued) == 5
    assert len({each.belongs_to for each in queued}) == 5


def test_a_playbook_is_read_again(tmp_path: Path) -> None:
    """A bad one leaves the one before in force."""
    path = tmp_path / "playbook.toml"
    path.write_text('name = "house"\n')
    desk = Desk.open(playbook=path)
    desk.receive([asks(0)], now=at(0))
    before = codes(desk.check(HERE, "Calm down.", by="anna", now=at(1)))
    path.write_text('name = "house"\n[findings]\ndefensive = "off"\n')
    desk.reload(by="anna", now=at(2))
    after = codes(desk.check(HERE, "Calm down.", by="anna", now=at(3)))
    path.write_text("findings = 3\n")
    desk.reload(by="anna", now=at(4))

    assert (before, after) == ({"defensive"}, set())
    assert codes(desk.check(HERE, "Calm down.", by="anna", now=at(5))) == set()


@pytest.mark.parametrize("trade", ["airline", "bank", "shop"])
def test_a_sample_can_be_opened(trade: str) -> None:
    """As a path."""
    path = Path(__file__).parents[2] / "examples" / trade / "playbook.toml"
    desk = Desk.open(playbook=path)
    desk.receive([asks(0, text="Where is my order?", channel="x")], now=at(0))

    assert desk.advice("x:m0", now=at(1))


def test_redirects_are_counted_by_their_words() -> None:
    """Of all conversations, and of those how many had asked for it."""
    desk = opened(None)
    call = "Please call us on 0800 157 0140."
    desk.receive(
        [
            asks(0, text="My order is broken"),
            answers(1, text=call),
            asks(2, customer_id="bea", text="What is your phone number, please?"),
            answers(3, customer_id="bea", text=call),
            asks(4, customer_id="cy", text="It is late"),
        ],
        now=at(5),
    )
    rate = desk.metrics().to_dict()["metrics"]["redirect_rate"]

    assert (rate["k"], rate["n"]) == (2, 3)
    assert (rate["requested"]["k"], rate["requested"]["n"]) == (1, 2)
