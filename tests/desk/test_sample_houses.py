"""The sample documents of a house work together: a day at each desk."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from socialcare.desk.desk import Desk
from socialcare.domain.events import ReplyQueued
from socialcare.domain.message import Author, AuthorRole, Direction, Message, Visibility
from socialcare.errors import StoppedByPlaybook

EXAMPLES = Path(__file__).parents[2] / "examples"
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
NIGHT = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)
HOUSES = ("airline", "bank", "shop")


def house(trade: str) -> Desk:
    """A desk with all documents of a house."""
    folder = EXAMPLES / trade
    return Desk.open(
        deadlines=folder / "policy.toml",
        escalation=folder / "map.toml",
        rota=folder / "rota.toml",
        crisis=folder / "crisis.toml",
        playbook=folder / "playbook.toml",
    )


def says(desk: Desk, text: str, at: datetime, visibility: str = "public") -> str:
    """The conversation in which a customer says this."""
    message = Message(
        id=f"{at.timestamp():.0f}",
        sent_at=at,
        direction=Direction.INBOUND,
        author=Author(id="ada", role=AuthorRole.CUSTOMER, name="Ada"),
        customer_id="ada",
        channel="x",
        text=text,
        visibility=Visibility(visibility),
    )
    [receipt] = desk.receive([message], now=at)
    return receipt.conversation or ""


@pytest.mark.parametrize("trade", HOUSES)
def test_a_question_is_answered(trade: str) -> None:
    """With an answer that the playbook lets through, and after one that it stops."""
    desk = house(trade)
    name = says(desk, "Hello, what time do you open on Sunday?", NOON)
    desk.watch(now=NOON + timedelta(minutes=1))
    with pytest.raises(StoppedByPlaybook):
        desk.reply(name, "What is your PIN? - Jo ^JO", by="jo", now=NOON + timedelta(minutes=2))
    reply = desk.reply(name, "We open at 9:00. - Jo ^JO", by="jo", now=NOON + timedelta(minutes=3))

    assert reply.visibility == "public"
    assert desk.suggest(name).unrecorded
    assert desk.advice(name, now=NOON + timedelta(minutes=4))[0].course == "stay_public"


@pytest.mark.parametrize("trade", HOUSES)
def test_somebody_who_writes_at_night_hears_of_it(trade: str) -> None:
    """In private and by name where the house has one for that, once."""
    desk = house(trade)
    name = says(desk, "Hello, are you there?", NIGHT, visibility="private")
    written = [
        event
        for minutes in (1, 6, 20, 60)
        for event in desk.watch(now=NIGHT + timedelta(minutes=minutes))
        if isinstance(event, ReplyQueued)
    ]

    (queued,) = written
    assert (queued.conversation, queued.reply.automated) == (name, True)
    assert queued.reply.visibility == "private"
    assert "{{" not in queued.reply.text
