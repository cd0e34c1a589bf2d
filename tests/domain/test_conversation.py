"""A conversation is its messages in order."""

import pytest

from builders import answers, asks, at, note, talk
from socialcare.domain.conversation import Conversation
from socialcare.errors import InvalidValue


def test_messages_are_put_in_order() -> None:
    """Whatever the order they were given in, messages stand by their second."""
    conversation = talk(answers(5), asks(0), asks(9))

    assert [message.id for message in conversation.messages] == ["m0", "m5", "m9"]


def test_within_a_second_inbound_comes_first() -> None:
    """A question and an answer of one second stand in that order, whatever their fractions."""
    late = asks(0, id="z", sent_at=at(0).replace(microsecond=900_000))
    conversation = talk(answers(0, id="a"), late)

    assert [message.id for message in conversation.messages] == ["z", "a"]


def test_within_a_second_and_direction_the_id_decides() -> None:
    """Ids are compared as texts, by code point."""
    conversation = talk(asks(0, id="9"), asks(0, id="10"), asks(0, id="é"))

    assert [message.id for message in conversation.messages] == ["10", "9", "é"]


def test_a_note_does_not_begin_a_conversation() -> None:
    """Who began it is told by the first message that is no note."""
    assert talk(note(0), asks(1)).began_by_customer
    assert not talk(note(0), answers(1), asks(2)).began_by_customer
    assert not talk(note(0)).began_by_customer


def test_it_knows_its_ends() -> None:
    """It opened with its first message, note or not, and ends with its last."""
    conversation = talk(note(0), asks(1, channel="email"), answers(2))

    assert conversation.opened_at == at(0)
    assert conversation.last_message.id == "m2"
    assert conversation.first_customer_message == asks(1, channel="email")
    assert conversation.channels == ("x", "email")


def test_without_a_message_there_is_none() -> None:
    """A conversation of no messages is refused."""
    with pytest.raises(InvalidValue, match="at least one message"):
        Conversation(id="c", customer_id=None, messages=())
