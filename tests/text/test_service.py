"""Question, urgency, intents, and whether anyone is needed."""

import pytest

from socialcare.domain.annotation import Sense
from socialcare.text.service import ServiceNeeds

NEEDS = ServiceNeeds()


def says(text: str, sense: Sense) -> list[object]:
    """All values of one sense."""
    return [each.value for each in NEEDS.annotations(text) if each.sense is sense]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("what time do you open tomorrow?", True),
        ("how do I reset my password", True),
        ("wondering if you deliver to the islands", True),
        ("my order came today", False),
        ("are you kidding", False),
        ("see https://a.example/?q=1", False),
    ],
)
def test_questions(text: str, asks: bool) -> None:
    """A question mark, or a question without one; not one in an address, or that only sounds so."""
    assert says(text, Sense.QUESTION) == [asks]


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("please help ASAP, my flight is in an hour", True),
        ("my driver crashed and I hit my head", True),
        ("someone stole my card", True),
        ("no rush, whenever you get to it", False),
        ("love the new menu", False),
    ],
)
def test_urgency(text: str, urgent: bool) -> None:
    """Danger and little time are urgent."""
    assert says(text, Sense.URGENCY) == [urgent]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("please cancel my subscription", "cancel"),
        ("I want a refund", "refund"),
        ("where is my order", "order status"),
        ("the app won't open", "fault"),
        ("you billed me in error, and the late fee is wrong", "billing"),
        ("locked out of my account, password reset does nothing", "account access"),
        ("kudos to the crew, you guys rock", "praise"),
        ("that's it, I'm switching to another provider", "leave"),
        ("your agent was rude and hung up on me", "complain about staff"),
    ],
)
def test_intents(text: str, intent: str) -> None:
    """What an author wants is found, the surest first."""
    assert says(text, Sense.INTENT)[0] == intent


def test_no_intent_is_unknown() -> None:
    """A text without any intent has the intent None."""
    assert says("good morning", Sense.INTENT) == [None]


@pytest.mark.parametrize(
    ("text", "answer", "attention"),
    [
        ("do you have this in blue?", True, True),
        ("third day without internet and nobody replies", True, True),
        ("never mind, it works now, thanks!", False, False),
        ("RT to win a prize! giveaway ends Friday", False, False),
        ("my lawyer will be in touch", False, True),
    ],
)
def test_who_is_needed(text: str, answer: bool, attention: bool) -> None:
    """Questions and complaints need an answer; what could spread needs somebody's eyes."""
    assert says(text, Sense.NEEDS_ANSWER) == [answer]
    assert says(text, Sense.NEEDS_ATTENTION) == [attention]


def test_other_languages_are_not_judged() -> None:
    """Beyond English every sense is None."""
    assert {each.value for each in NEEDS.annotations("help me?", language="nl")} == {None}
