"""Advice, acknowledgements and suggestions: where to go on, what goes out, and what fits."""

from datetime import datetime, timedelta
from typing import Any

import attrs
import pytest

from socialcare.domain.annotation import Annotation
from socialcare.domain.assessment import Assessment
from socialcare.domain.conversation import Conversation
from socialcare.domain.message import Author, Message
from socialcare.domain.playbook import Ordered, Playbook
from socialcare.domain.states import State
from socialcare.domain.tier import NOISE
from socialcare.testing.builders import NINE, answers, asks, at, note

PLAIN = Playbook(name="plain")


def talk(*messages: Message, **fields: Any) -> Conversation:
    """A conversation of these messages."""
    return Conversation(id="c", customer_id="ada", messages=messages, **fields)


def courses(conversation: Conversation, playbook: Playbook = PLAIN, **more: Any) -> list[str]:
    """What is advised."""
    return [each.course.value for each in playbook.advice(conversation, **more)]


def test_a_public_question_is_answered_in_public() -> None:
    """Others have it too."""
    assert courses(talk(asks(0, text="Are you open on Sunday?"))) == ["stay_public"]


def test_many_turns_go_private() -> None:
    """After the first answer."""
    said = [each(minute) for minute, each in enumerate([asks, answers] * 3 + [asks, asks])]
    (advice,) = PLAIN.advice(talk(*said))

    assert (advice.course, advice.channel) == ("go_private", "fake")
    assert advice.facts == ("it was their turn 4 times in public",)
    assert courses(talk(*said[:5], asks(5), asks(6))) == ["stay_public"]


def test_personal_data_in_public_goes_private() -> None:
    """What a classifier found, or the plain finder."""
    card = asks(0, text="My card is 4111 1111 1111 1111")
    told = asks(0, text="my number 078-05-1120")
    said = Annotation(sense="personal_data", value="ssn", by="test 1", start=10, end=21)
    assessed = talk(told, assessments={told.key: Assessment(annotations=[said])})

    assert courses(talk(card)) == ["go_private"]
    assert courses(assessed) == ["go_private"]


def test_matters_that_take_data_go_private() -> None:
    """By the playbook's queries."""
    own = Playbook.from_mapping({"privacy": {"queries": ["booking OR refund"]}})
    (advice,) = own.advice(talk(asks(0, text="Change my booking")))

    assert advice.course == "go_private"
    assert "'booking OR refund'" in advice.facts[0]


def test_a_channel_without_private_messages_stays_public() -> None:
    """There is nowhere to go."""
    card = asks(0, text="My card is 4111 1111 1111 1111", channel="youtube")

    assert courses(talk(card)) == ["stay_public"]


LAWFUL = Playbook.from_mapping(
    {
        "elsewhere": [
            {
                "name": "claims",
                "query": "claim",
                "channel": "form",
                "how": "https://x.example/claims",
                "reason": "It takes a signature.",
                "law": "Regulation 261, article 5",
            }
        ]
    }
)


def test_the_law_sends_elsewhere() -> None:
    """With where that is, and what the law is called."""
    (advice, *_) = LAWFUL.advice(talk(asks(0, text="I want to claim")))

    assert (advice.course, advice.channel) == ("other_channel", "form")
    assert advice.how == "https://x.example/claims"
    assert "the law: Regulation 261, article 5" in advice.facts


def test_a_map_sends_elsewhere() -> None:
    """Whoever asks passes on what it says, unless the customer is there already."""
    ordered = Ordered(channel="email", reason="The press is answered in writing.")

    assert courses(talk(asks(0)), ordered=ordered) == ["other_channel"]
    assert courses(talk(asks(0, channel="email")), ordered=ordered) == ["stay_public"]


def test_who_asks_for_another_way_gets_it() -> None:
    """And may go on here."""
    assert courses(talk(asks(0, text="What is your phone number?"))) == ["other_channel"]


def moved(**fields: Any) -> tuple[Message, ...]:
    """What began in public, and went on in private."""
    return (
        asks(0, text="Where is my bag?"),
        answers(1, text="Send us a message"),
        asks(2, visibility="private", text="Tag 17"),
        answers(3, visibility="private", text="It arrives tonight", **fields),
    )


def test_the_loop_is_closed_in_public() -> None:
    """Once it is settled, by somebody or by the customer's thanks."""
    thanks = asks(4, visibility="private", text="Thank you so much!")
    settled = talk(*moved(), state=State.RESOLVED, resolved_at=at(5))

    assert courses(settled) == ["close_in_public"]
    assert courses(talk(*moved(), thanks)) == ["close_in_public"]


def test_a_closed_loop_stays_closed() -> None:
    """What was said in public since is enough; and nothing is closed before it is settled."""
    settled = talk(
        *moved(), answers(4, text="All settled"), state=State.RESOLVED, resolved_at=at(5)
    )
    away = talk(*moved(), state=State.ARCHIVED)

    assert courses(settled) == []
    assert courses(away) == []
    assert "close_in_public" not in courses(talk(*moved()))


def quarrel(*texts: str) -> Conversation:
    """Somebody who was answered twice, and then wrote this."""
    before = (asks(0, text="It broke"), answers(1, text="Sorry"), asks(2), answers(3, text="Sorry"))
    return talk(*before, *(asks(4 + minute, text=text) for minute, text in enumerate(texts)))


def test_silence_takes_consent() -> None:
    """For who was answered, asks nothing and only swears."""
    (advice, *_) = PLAIN.advice(quarrel("You idiots", "bunch of morons", "shit company"))

    assert (advice.course, advice.consent) == ("silence", True)
    assert advice.facts == ("we answered 2 times", "the last 3 messages ask nothing", "they swear")


@pytest.mark.parametrize(
    "texts",
    [
        ("You idiots", "where is my money?", "shit company"),
        ("You idiots", "my order is A-17 and still broken", "it leaks"),
        ("You idiots", "morons"),
        ("shit", "shit, my IBAN is GB82 WEST 1234 5698 7654 32", "shit"),
    ],
)
def test_who_wants_anything_is_answered(texts: tuple[str, ...]) -> None:
    """A question, a fact, or simply not enough of it."""
    assert "silence" not in courses(quarrel(*texts))


def test_classifiers_tell_a_quarrel_too() -> None:
    """Or that it is none."""
    found = quarrel("Bad", "Worse", "Worst of all")
    last = found.customer_messages[-3:]
    angry = Annotation(sense="sentiment", value=-0.9, by="test 1")
    urgent = Annotation(sense="urgency", value=True, by="test 1")

    def assessed(*said: Annotation) -> Conversation:
        every = {each.key: Assessment(annotations=said) for each in last}
        return talk(*found.messages, assessments=every)

    assert "silence" in courses(assessed(angry))
    assert "silence" not in courses(assessed(angry, urgent))


# Acknowledgements

HOURS = {"timezone": "UTC", "weekly": {"mon": ["08:00-18:00"], "tue": ["08:00-18:00"]}}


def book(**fields: Any) -> Playbook:
    """A playbook with one acknowledgement."""
    own = {"name": "seen", "text": "Hi {{ customer | there }}, seen!", "automatic": "always"}
    return Playbook.from_mapping(
        {
            "placeholders": {"customer": "a name"},
            "hours": HOURS,
            "acknowledgements": [own | fields],
        }
    )


def waits(*more: Message, **fields: Any) -> Conversation:
    """Somebody who waits for a first answer since nine on a Monday."""
    given = {"waiting_since": NINE, **fields}
    return talk(asks(0, text="Anybody there?"), *more, **given)


def test_an_acknowledgement_goes_out_by_itself() -> None:
    """Once somebody waits."""
    found = book().acknowledging(waits(), now=at(1))

    assert found.text == "Hi there, seen!"
    assert found.answered is not None
    assert found.answered.id == "m0"


def test_it_names_the_customer() -> None:
    """As the channel shows them."""
    ada = Author(id="ada", role="customer", name="Ada")
    asked = attrs.evolve(asks(0), author=ada)
    found = book().acknowledging(talk(asked, waiting_since=NINE), now=at(1))

    assert found.text == "Hi Ada, seen!"


@pytest.mark.parametrize(
    "name",
    ["Shit Company", "Free money spam.example", "buy 100 likes", "x" * 60, "<b>", "@ada", " "],
)
def test_a_brand_does_not_say_everything_that_people_call_themselves(name: str) -> None:
    """It would be said in its own name."""
    asked = attrs.evolve(asks(0), author=Author(id="ada", role="customer", name=name))

    assert (
        book().acknowledging(talk(asked, waiting_since=NINE), now=at(1)).text == "Hi there, seen!"
    )


@pytest.mark.parametrize("name", ["Ada", "Anne-Marie O'Neil", "J. R. Smith", "José", "李雷"])
def test_names_are_said(name: str) -> None:
    """As people write them."""
    asked = attrs.evolve(asks(0), author=Author(id="ada", role="customer", name=name))
    found = book().acknowledging(talk(asked, waiting_since=NINE), now=at(1))

    assert found.text == f"Hi {name}, seen!"


@pytest.mark.parametrize(
    ("playbook", "conversation", "more"),
    [
        (book(automatic="never"), waits(), {}),
        (book(channels=["x"]), waits(), {}),
        (book(visibility="private"), waits(), {}),
        (book(language="de"), talk(asks(0, language="en"), waiting_since=NINE), {}),
        (book(within="30s"), waits(), {}),
        (book(automatic="outside_hours", within="2h"), waits(), {}),
        (book(), waits(answers(0.5)), {}),
        (book(), waits(answers(0.5, automated=True)), {}),
        (book(), waits(state=State.OPEN), {}),
        (book(), waits(priority=NOISE), {}),
        (book(), talk(asks(0)), {}),
        (book(), waits(), {"problem": "the app is down"}),
        (book(), waits(), {"approval": True}),
    ],
)
def test_much_forbids_an_acknowledgement(
    playbook: Playbook, conversation: Conversation, more: dict[str, Any]
) -> None:
    """And it says what."""
    found = playbook.acknowledging(conversation, now=at(1), **more)

    assert found.acknowledgement is None
    assert found.reason
    assert found.look_again is None


def test_a_note_is_no_answer() -> None:
    """Colleagues may write to each other."""
    assert book().acknowledging(waits(note(0.5)), now=at(1)).text is not None


def test_it_waits_until_it_is_due() -> None:
    """And says when that is."""
    found = book(after="10m").acknowledging(waits(), now=at(1))

    assert (found.acknowledgement, found.look_again) == (None, at(10))
    assert book(after="10m").acknowledging(waits(), now=at(10)).text is not None


def test_nobody_is_there_outside_of_hours() -> None:
    """From the close on."""
    night = book(automatic="outside_hours")
    close = datetime.combine(NINE.date(), NINE.timetz()) + timedelta(hours=9)

    assert night.acknowledging(waits(), now=at(1)).look_again == close
    assert night.acknowledging(waits(), now=close).text is not None


# Suggestions and what to record

FULL = Playbook.from_mapping(
    {
        "placeholders": {"customer": "a name", "day": "a day"},
        "examples": [
            {"name": "by query", "issue": "Bag", "query": "bag", "text": "It comes {{ day }}."},
            {"name": "by category", "issue": "Delivery", "text": "Hi {{ customer | there }}!"},
            {"name": "other", "issue": "Refund", "text": "Money."},
            {"name": "elsewhere", "issue": "Bag", "query": "bag", "text": "x", "channels": ["y"]},
        ],
        "archive": [{"name": "spotters", "query": "avgeek", "reason": "pictures"}],
        "record": [
            {"what": "category", "why": "a"},
            {"what": "note", "why": "b"},
            {"what": "sentiment", "why": "c"},
        ],
        "resources": [
            {"title": "Lost bags", "url": "https://x.example/bags", "words": ["missing bag trace"]}
        ],
    }
)


def test_examples_fit_by_query_or_category() -> None:
    """With what is still to be filled in."""
    found = FULL.suggestions(talk(asks(0, text="My missing bag!"), category="delivery"))

    assert [(each.example.name, each.missing) for each in found.examples] == [
        ("by query", ("day",)),
        ("by category", ()),
    ]
    assert found.examples[1].text == "Hi there!"
    assert found.article is not None
    assert found.archive is None


def test_what_needs_no_answer_can_be_archived() -> None:
    """If that holds for all that the customer waits with."""
    picture = asks(0, text="Lovely #avgeek avgeek")
    both = FULL.suggestions(talk(picture, asks(1, text="And where is my bag?")))

    assert FULL.suggestions(talk(picture)).archive == FULL.archive[0]
    assert both.archive is None


def test_what_is_not_recorded_is_told() -> None:
    """Until it is."""
    bare = talk(asks(0))
    full = talk(asks(0, sentiment=0.5), note(1), category="Bag")

    assert [each.what.value for each in FULL.unrecorded(bare)] == ["category", "note", "sentiment"]
    assert FULL.unrecorded(full) == ()
