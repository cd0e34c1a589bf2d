"""What people say who leave, recommend or defend a brand."""

import pytest

from domain.query.asking import about, found, holds
from socialcare.desk.desk import Desk
from socialcare.domain.query import Query
from socialcare.domain.query.needs import needs
from socialcare.domain.query.phrases import PHRASED, says
from socialcare.testing.builders import asks, at

LEAVE = [
    "I'm SWITCHING to Acme, goodbye",
    "please cancel my Amazon Prime membership",
    "How do I close this stupid account?",
    "you have lost me as a customer",
    "So done with you",
    "taking my business elsewhere",
    "last time I'll ever fly with you",
]
STAY = [
    "please cancel my flight",
    "leaving Heathrow on Monday",
    "can I switch seats?",
    "my account is locked",
    "my subscription had been cancelled?",
    "is there another store near me?",
]


@pytest.mark.parametrize("text", LEAVE)
def test_who_leaves(text: str) -> None:
    """Whether they say so, announce it, or only ask how."""
    assert holds("is:leaving", text)


@pytest.mark.parametrize("text", STAY)
def test_who_does_not(text: str) -> None:
    """Words that only look like it are none."""
    assert not holds("is:leaving", text)


def test_who_recommends_and_who_defends() -> None:
    """Advocates do either."""
    assert holds("is:recommending", "Would highly recommend Acme to anybody")
    assert not holds("is:recommending", "I don't recommend them")
    assert holds("is:defending", "Never had a problem with them, and it's not their fault")


def test_what_was_found_can_be_shown() -> None:
    """As with words that were asked for one by one."""
    assert found("is:leaving", "We are switching to Acme") == ["switching", "to"]


def test_it_goes_with_everything_else() -> None:
    """In any case, in parentheses, denied, and beside others."""
    assert holds("IS:(urgent OR LEAVING) acme", "switching to Acme")
    assert holds("NOT is:leaving", "hello")
    assert not holds("-is:leaving", "switching to Acme")


@pytest.mark.parametrize("flag", PHRASED)
def test_a_flag_and_a_query_agree(flag: str) -> None:
    """However it is asked, the text alone decides."""
    texts = [*LEAVE, *STAY, "highly recommend", "no complaints here"]

    assert [says(flag, about(text)) for text in texts] == [
        holds(f"is:{flag}", text) for text in texts
    ]


def test_a_store_can_look_it_up() -> None:
    """So a search for it need not look at everything."""
    assert needs(Query("is:leaving").node).words


def test_a_search_finds_it() -> None:
    """And the book that we ship ranks it first."""
    desk = Desk.open()
    desk.receive([asks(0, text=LEAVE[0]), asks(1, customer_id="bo", text=STAY[0])], now=at(2))

    assert [each.conversation for each in desk.search("is:leaving")] == ["fake:m0"]
    assert "rule 'leaving'" in desk.explain("fake:m0")
