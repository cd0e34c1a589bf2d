"""Drivers: what the messages of a rise have in common, and what the detector sees of a message."""

from collections.abc import Iterable
from typing import Any

import attrs
import pytest

from builders import asks
from crises import said
from socialcare.domain.crisis.drivers import Commonplace, Driver, drivers
from socialcare.domain.crisis.observation import Observation, observation

USUAL = Commonplace().with_messages(
    said(number, f"c{number}", terms=("the", "parcel" if number % 2 else "card"), place="Leeds")
    for number in range(400)
)


def rise(count: int, **fields: Any) -> list[Observation]:
    """Messages about the card that does not work."""
    given = {"terms": ("the", "card", "blocked"), **fields}
    return [attrs.evolve(said(number, f"v{number}"), **given) for number in range(count)]


def named(found: Iterable[Driver]) -> list[tuple[str, str]]:
    """Kind and name of each driver."""
    return [(one.kind, one.name) for one in found]


def test_new_words_drive() -> None:
    """A word that nobody used is more remarkable than one that many use."""
    assert named(drivers(rise(40), USUAL)) == [("term", "blocked"), ("term", "card")]


def test_common_words_do_not() -> None:
    """What every message has is remarkable in none."""
    assert ("term", "the") not in named(drivers(rise(40), USUAL))


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("post", "p1", "post"),
        ("place", "Hull", "place"),
        ("link", "a.example/b", "link"),
        ("topics", {"a.example/b"}, "topic"),
        ("author", "loud", "customer"),
    ],
)
def test_there_are_drivers_of_every_kind(field: str, value: object, kind: str) -> None:
    """Posts, places, links, topics and customers drive as words do."""
    found = drivers(rise(20, terms=(), **{field: value}), USUAL)

    assert [one.kind for one in found] == [kind]


def test_counts_stand_beside_the_usual() -> None:
    """A driver says how many messages have it, and how many usually would."""
    found = {one.name: one for one in drivers(rise(40), USUAL)}

    assert found["card"].count == 40
    assert found["card"].usual == pytest.approx(20, rel=0.02)


def test_two_of_a_kind_drive_nothing() -> None:
    """What very few have in common is no driver."""
    assert drivers(rise(2), USUAL) == ()


def test_the_top_is_told() -> None:
    """Of each kind only so many are told."""
    terms = tuple(f"word{number}" for number in range(30))

    assert len(drivers(rise(20, terms=terms), USUAL, top=4)) == 4


def test_the_past_is_forgotten() -> None:
    """What was talked of long ago is news again."""
    later = USUAL.with_messages((), kept=0.01)

    assert later.messages == pytest.approx(4)
    assert later.counts["term", "card"] == pytest.approx(2)


def test_an_observation_is_of_a_message() -> None:
    """Its author is told by channel, its text by fingerprint, link and words."""
    seen = observation(
        asks(5, text="@acme my card is BLOCKED https://a.example/b?c", in_reply_to="p1"),
        topics=["cards"],
        sentiment=-0.5,
    )

    assert (seen.id, seen.author, seen.post) == ("x:m5", "x:ada", "p1")
    assert seen.link == "a.example/b"
    assert seen.terms == ("card", "blocked")
    assert seen.counts(("volume", "negative", "topic:cards", "topic:login")) == (1, 1, 1, 0)


@pytest.mark.parametrize(("score", "negative"), [(-0.05, True), (0.0, False), (None, False)])
def test_a_messages_own_sentiment_counts(score: float | None, negative: bool) -> None:
    """Where nothing else is said, the score of the message tells whether it sounds bad."""
    assert observation(asks(5, sentiment=score)).negative is negative
