"""What comes first: ranking, turns, and what people say about them, on a desk."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

import pytest

from builders import answers, asks, at
from socialcare import Desk, hookimpl
from socialcare.domain.annotation import Annotation, Sense
from socialcare.domain.customer import Handle
from socialcare.domain.events import Assessed, MessageReceived, Prioritised
from socialcare.domain.heard import Heard
from socialcare.domain.priority import RuleBook
from socialcare.domain.profile import Profile
from socialcare.domain.sla import SlaPolicy
from socialcare.errors import InvalidPlugin, InvalidRules, InvalidValue
from socialcare.plugins.records import Page

BOOK = RuleBook.from_mapping(
    {
        "name": "ours",
        "version": "7",
        "otherwise": "noise",
        "rules": [
            {"name": "fire", "query": "fire", "priority": "first/1"},
            {"name": "gold", "query": "tier:gold", "priority": "first/2"},
            {"name": "angry", "query": "is:complaint", "priority": "first/3", "category": "A / B"},
            {"name": "regular", "query": "is:returning", "priority": "second/1"},
            {"name": "rest", "query": "parcel", "priority": "second/2"},
        ],
    }
)


class Complaints:
    """A classifier that knows one word, and fails at another."""

    name = "complaints 1"

    def annotations(self, text: str, *, language: str | None = None) -> tuple[Annotation, ...]:
        """A complaint, if it says "bad"."""
        if "crash" in text:
            raise ValueError("I can't read this")
        said = Annotation(sense=Sense.COMPLAINT, value="bad" in text, by=self.name)
        heard = Annotation(sense=Sense.INTENT, value=language, by=self.name)
        return (said, heard)


class English:
    """Says that everything is English."""

    name = "english 1"

    def annotations(self, text: str, *, language: str | None = None) -> tuple[Annotation, ...]:  # noqa: ARG002 - the protocol's
        """English."""
        return (Annotation(sense=Sense.LANGUAGE, value="en", by=self.name),)


class Crm:
    """A directory of one customer, which counts how often it is asked."""

    name = "crm"

    def __init__(self, **profiles: Profile) -> None:
        self.known = profiles
        self.asked: list[int] = []

    def profiles(self, handles: Collection[Handle]) -> Mapping[Handle, Profile]:
        """What is known by id."""
        self.asked.append(len(handles))
        return {each: self.known[each.id] for each in handles if each.id in self.known}


class Plugin:
    """Brings classifiers and directories."""

    def __init__(self, *, classifiers: Any = (), directories: Any = ()) -> None:
        self._classifiers, self._directories = classifiers, directories

    @hookimpl
    def socialcare_classifiers(self) -> Any:
        """These."""
        return self._classifiers

    @hookimpl
    def socialcare_directories(self) -> Any:
        """These."""
        return self._directories


def names(desk: Desk, **page: Any) -> list[str]:
    """Whose turn it is, in order."""
    return [each.customer_id or "" for each in desk.queue(Page(**page))]


def received(desk: Desk) -> list[MessageReceived]:
    """What came in."""
    events = (entry.recorded.event for entry in desk.log())
    return [event for event in events if isinstance(event, MessageReceived)]


def test_the_queue_is_in_order_of_turns() -> None:
    """What matters more comes first, although it came later; noise waits in no line."""
    desk = Desk.open(rules=BOOK)
    desk.receive(
        [
            asks(0, customer_id="ann", text="hello"),
            asks(1, customer_id="bo", text="my parcel"),
            asks(2, customer_id="cy", text="fire!"),
        ],
        now=at(3),
    )

    assert names(desk) == ["cy", "bo"]
    assert names(desk, noise=True) == ["ann"]


def test_a_priority_ages() -> None:
    """Who has waited longer by a day and an hour comes before a first tier that came just now."""
    desk = Desk.open(rules=BOOK)
    day = 24 * 60
    desk.receive([asks(0, customer_id="bo", text="my parcel")], now=at(1))
    desk.receive([asks(day + 59, customer_id="cy", text="fire!")], now=at(day + 60))
    desk.receive([asks(day + 61, customer_id="di", text="fire!")], now=at(day + 62))

    assert names(desk) == ["cy", "bo", "di"]


def test_a_promise_is_a_turn() -> None:
    """What an answer is promised for has its turn by then, however little it matters."""
    policy = SlaPolicy.from_mapping(
        {
            "name": "shop",
            "standard_hours": "office",
            "hours": {
                "office": {
                    "timezone": "UTC",
                    "weekly": {"mon": ["09:00-17:00"], "tue": ["09:00-17:00"]},
                }
            },
            "entries": [
                {"name": "mail", "channel": "email", "first_response": "2h", "next_response": "1h"},
                {"name": "fires", "priority": "first", "first_response": "30m"},
            ],
        }
    )
    desk = Desk.open(rules=BOOK, deadlines=policy)
    desk.receive(
        [
            asks(0, customer_id="ann", text="my parcel", channel="email"),
            asks(0, customer_id="bo", text="my parcel"),
            asks(7 * 60, customer_id="cy", text="fire!"),
            asks(7.5 * 60, customer_id="di", text="hello", channel="email"),
        ],
        now=at(8 * 60),
    )
    turns = {each.customer_id: each.turn_at for each in desk.queue()}

    assert turns == {"ann": at(2 * 60), "cy": at(7 * 60), "bo": at(25 * 60)}
    assert "due: 2026-03-02 11:00" in desk.explain("email:m0")


def test_a_next_answer_has_a_promise_of_its_own() -> None:
    """After an answer the promise for the next one counts."""
    policy = SlaPolicy.from_mapping(
        {"name": "s", "entries": [{"name": "a", "first_response": "2h", "next_response": "1h"}]}
    )
    desk = Desk.open(rules=BOOK, deadlines=policy)
    desk.receive([asks(0, text="my parcel"), answers(5)], now=at(6))
    desk.receive([asks(9, text="my parcel")], now=at(10))

    assert [each.turn_at for each in desk.queue()] == [at(69)]


def test_a_wait_has_its_highest_priority() -> None:
    """Of several messages the one that matters most decides, and an answer ends that."""
    desk = Desk.open(rules=BOOK)
    desk.receive([asks(0, text="my parcel"), asks(1, text="fire!"), asks(2, text="hm")], now=at(3))
    (waiting,) = desk.queue()

    assert str(waiting.priority) == "first/1"
    assert waiting.turn_at == at(1)

    desk.receive([answers(5), asks(9, text="my parcel")], now=at(10))
    (again,) = desk.queue()

    assert str(again.priority) == "second/2"
    assert again.turn_at == at(9) + timedelta(hours=25)


def test_a_decision_keeps_its_trace() -> None:
    """Rule, book and version, reason and matched words are in the event."""
    desk = Desk.open(rules=BOOK)
    desk.receive([asks(0, text="My parcel")], now=at(1))
    (event,) = received(desk)
    assert event.assessment is not None
    decision = event.assessment.decision
    assert decision is not None

    assert (decision.rule, decision.book, decision.words) == ("rest", "ours 7", ("parcel",))
    assert "by rule 'rest' of ours 7" in desk.explain("x:m0")


def test_without_rules_nothing_is_ranked() -> None:
    """Then the queue is in order of waiting, and events say nothing about it."""
    desk = Desk.open(rules=None)
    desk.receive(
        [asks(1, customer_id="cy", text="fire!"), asks(0, customer_id="bo", text="hm")], now=at(2)
    )

    assert names(desk) == ["bo", "cy"]
    assert [event.assessment for event in received(desk)] == [None, None]
    assert desk.explain("x:m0") == "nobody ranked it"


def test_the_default_rules_rank_with_the_base_alone() -> None:
    """A complaint comes before a question, that before thanks, without any classifier."""
    desk = Desk.open()
    desk.receive(
        [
            asks(0, customer_id="ann", text="Thank you so much"),
            asks(1, customer_id="bo", text="What are your opening hours?"),
            asks(2, customer_id="cy", text="Still waiting, this is ridiculous"),
            asks(3, customer_id="di", text="I smell gas, there is a gas leak"),
        ],
        now=at(4),
    )

    assert names(desk) == ["di", "cy", "bo", "ann"]


def test_the_brands_own_messages_are_not_ranked() -> None:
    """Neither what it sent nor notes are looked at."""
    desk = Desk.open(Plugin(classifiers=[Complaints()]), rules=BOOK)
    desk.receive([answers(0, text="bad fire")], now=at(1))

    assert [event.assessment for event in received(desk)] == [None]


def test_classifiers_give_rules_senses() -> None:
    """A rule holds because of what a classifier said, and the conversation has the category."""
    desk = Desk.open(Plugin(classifiers=[English(), Complaints()]), rules=BOOK)
    desk.receive([asks(0, text="this is bad")], now=at(1))
    found = desk.conversation("x:m0")

    assert str(found.priority) == "first/3"
    assert (found.category, found.subcategory) == ("A", "B")
    assert found.messages[0].language == "en"
    assert found.assessments["x", "m0"].said(Sense.INTENT) == Annotation(
        sense="intent", value="en", by="complaints 1"
    )


def test_a_failing_classifier_loses_no_message(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged, and the message is taken in with what the others say."""
    desk = Desk.open(Plugin(classifiers=[Complaints(), English()]), rules=BOOK)
    (receipt,) = desk.receive([asks(0, text="crash fire")], now=at(1))

    assert receipt.outcome == "new"
    assert "classifier 'complaints 1' failed on x:m0" in caplog.text
    assert desk.conversation("x:m0").messages[0].language == "en"


def test_directories_are_asked_once_a_batch() -> None:
    """Who writes is known to the rules, from the first directory that knows."""
    crm, other = Crm(bo=Profile(tier="gold")), Crm(bo=Profile(tier="tin", followers=9))
    other.name = "other"
    desk = Desk.open(Plugin(directories=[crm, other]), rules=BOOK)
    desk.receive(
        [asks(0, customer_id="bo", text="hm"), asks(1, customer_id="cy", text="parcel")], now=at(2)
    )

    assert names(desk) == ["bo", "cy"]
    assert crm.asked == [2]


def test_a_failing_directory_loses_no_message(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged, and nothing is known from it."""

    class Broken:
        name = "broken"

        def profiles(self, handles: Collection[Handle]) -> Mapping[Handle, Profile]:
            raise OSError(f"no line to the CRM for {len(handles)}")

    desk = Desk.open(Plugin(directories=[Broken()]), rules=BOOK)
    (receipt,) = desk.receive([asks(0, text="parcel")], now=at(1))

    assert receipt.outcome == "new"
    assert "directory 'broken' failed" in caplog.text


def test_history_is_looked_up_where_a_rule_asks() -> None:
    """A customer who comes back after a settled conversation is known to be returning."""
    desk = Desk.open(rules=BOOK)
    desk.receive([asks(0, id="a", text="parcel")], now=at(1))
    desk.resolve("x:a", by="anna", now=at(2))
    desk.receive([asks(30_000, id="b", text="hello")], now=at(30_001))

    assert [str(each.priority) for each in desk.queue()] == ["second/1"]


def test_what_listening_found_says_so() -> None:
    """The record of which query found it is in the event, and rules can ask for it."""
    desk = Desk.open()
    heard = Heard(message=asks(0, text="anybody flying with acme today?"), found_by=["brand"])
    (receipt,) = desk.receive([heard], now=at(1))
    (event,) = received(desk)
    assert event.assessment is not None

    assert receipt.outcome == "new"
    assert event.assessment.found_by == ("brand",)
    assert "asked of nobody in particular" in desk.explain("x:m0")


def test_an_edit_is_ranked_anew() -> None:
    """What the customer made of it counts."""
    desk = Desk.open(rules=BOOK)
    desk.receive([asks(0, id="a", text="my parcel")], now=at(1))
    desk.receive([asks(0, id="a", text="my parcel is on fire", edited_at=at(2))], now=at(3))

    assert [str(each.priority) for each in desk.queue()] == ["first/1"]


def test_a_person_can_say_what_matters() -> None:
    """Until it is settled, and not what the rules say; None goes by the rules again."""
    desk = Desk.open(rules=BOOK)
    desk.receive([asks(0, text="hello")], now=at(1))
    found = desk.prioritise("x:m0", "first/1", by="boss", now=at(2), reason="a friend")

    assert (str(found.priority), found.turn_at, found.prioritised) == ("first/1", at(0), True)
    assert names(desk) == ["ada"]

    found = desk.prioritise("x:m0", None, by="boss", now=at(3))

    assert (str(found.priority), found.prioritised) == ("noise/1", False)
    assert names(desk) == []


def test_what_a_person_said_is_over_when_it_is_settled() -> None:
    """The next question is ranked by the rules."""
    desk = Desk.open(rules=BOOK)
    desk.receive([asks(0, text="my parcel")], now=at(1))
    desk.prioritise("x:m0", "first/1", by="boss", now=at(2))
    desk.resolve("x:m0", by="boss", now=at(3))
    desk.receive([asks(5, text="my parcel")], now=at(6))

    assert [(str(each.priority), each.prioritised) for each in desk.queue()] == [
        ("second/2", False)
    ]


def test_saying_it_twice_writes_nothing() -> None:
    """The same priority again is no event."""
    desk = Desk.open(rules=BOOK)
    desk.receive([asks(0, text="my parcel")], now=at(1))
    for minute in (2, 3):
        desk.prioritise("x:m0", "first/1", by="boss", now=at(minute))
    events = [entry.recorded.event for entry in desk.log()]

    assert sum(isinstance(event, Prioritised) for event in events) == 1


def test_a_wrong_priority_is_refused() -> None:
    """It says what would be right."""
    desk = Desk.open(rules=BOOK)
    desk.receive([asks(0)], now=at(1))

    with pytest.raises(InvalidRules, match="expected one of first, second, noise"):
        desk.prioritise("x:m0", "top", by="boss", now=at(2))


def test_people_correct_classifiers() -> None:
    """The rules decide again, and what was said is there to train with."""
    desk = Desk.open(Plugin(classifiers=[Complaints()]), rules=BOOK)
    desk.receive([asks(0, text="not what I had hoped for")], now=at(1))
    key = ("x", "m0")
    found = desk.annotate("x:m0", key, "complaint", True, by="anna", now=at(2))

    assert str(found.priority) == "first/3"
    assert desk.labels("complaint") == (("not what I had hoped for", True),)

    found = desk.annotate("x:m0", key, "complaint", False, by="anna", now=at(3))

    assert str(found.priority) == "noise/1"
    assert desk.labels("complaint") == (("not what I had hoped for", False),)
    assert desk.labels("question") == ()


def test_only_its_own_messages_are_annotated() -> None:
    """A message that is elsewhere is refused, and so is a value that does not fit."""
    desk = Desk.open(rules=BOOK)
    desk.receive([asks(0)], now=at(1))

    with pytest.raises(InvalidValue, match="a message of the conversation 'x:m0'"):
        desk.annotate("x:m0", ("x", "m9"), "complaint", True, by="anna", now=at(2))
    with pytest.raises(InvalidValue, match="expected True, False or None"):
        desk.annotate("x:m0", ("x", "m0"), "complaint", "yes", by="anna", now=at(2))


def test_other_rules_rank_what_waits() -> None:
    """What came in under other rules is decided again, once."""
    store = Desk.open(rules=None).store
    Desk.open(store=store, rules=None).receive([asks(0, text="fire")], now=at(1))
    desk = Desk.open(store=store, rules=BOOK)
    found = desk.rank_again("x:m0", by="boss", now=at(2))

    assert str(found.priority) == "first/1"

    desk.rank_again("x:m0", by="boss", now=at(3))
    events = [entry.recorded.event for entry in desk.log()]

    assert sum(isinstance(event, Assessed) for event in events) == 1


@pytest.mark.parametrize(
    ("plugin", "said"),
    [
        (Plugin(classifiers=[Complaints(), Complaints()]), "a second classifier 'complaints 1'"),
        (Plugin(classifiers=[Complaints]), "found a class as classifier"),
        (Plugin(directories=[object()]), "it is no directory: it has no name, profiles"),
    ],
)
def test_what_can_be_no_plugin_is_refused(plugin: Plugin, said: str) -> None:
    """With what to do."""
    with pytest.raises(InvalidPlugin, match=said):
        Desk.open(plugin)
