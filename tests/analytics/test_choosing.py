"""Conversations chosen by a query are those of the whole log, measured alike."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import answers, asks, at, note
from socialcare.analytics import MessageLog, metrics
from socialcare.domain.message import Message
from socialcare.domain.query import Query, Subject
from socialcare.errors import InvalidQuery
from socialcare.text.english import english
from spoken import log_of
from strategies import logs

TALKS = (
    asks(0, id="1", text="Where is my refund?"),
    answers(10, id="2", text="On its way."),
    asks(5, id="3", customer_id="bo", text="Lovely weather"),
    note(6, id="4", customer_id="bo", text="he asks for a refund by phone"),
    asks(7, id="5", customer_id="cy", text="You lost my parcel, this is terrible service!"),
    asks(9000, id="6", customer_id="dee", text="Hello"),
)


def customers(log: MessageLog) -> list[str]:
    """Whose conversations there are."""
    return sorted(log.table["customer_id"].unique())


@settings(deadline=None, max_examples=40)
@given(
    log=logs(),
    query=st.sampled_from(("is:private", "is:outbound", "is:question OR is:public", "waiting:>1h")),
)
def test_a_part_is_measured_as_in_the_whole(log: list[Message], query: str) -> None:
    """The waits of the chosen conversations are those that the whole log has of them."""
    whole = log_of(log)
    part = whole.where(query)
    these = part.conversations().select("conversation_id", "brand", "customer_id")
    those = whole.waits().join(these, on=these.columns, how="semi", nulls_equal=True)

    assert sorted(part.waits().rows(), key=repr) == sorted(those.rows(), key=repr)


@settings(deadline=None, max_examples=40)
@given(log=logs(), query=st.sampled_from(("is:private", "is:outbound -is:public", "is:automated")))
def test_what_is_chosen_has_what_was_asked_for(log: list[Message], query: str) -> None:
    """Every message for which the query holds is there, unless it is in no conversation.

    And every conversation has one.
    """
    whole, asked = log_of(log), Query(query)
    part = whole.where(asked)

    def held(some: MessageLog) -> set[tuple[str, str]]:
        found = (each for each in some.to_domain() if asked.holds(Subject(message=each)))
        return {each.key for each in found if each.customer_id or each.conversation_id}

    assert held(part) == held(whole)
    assert len(part.conversations()) <= len(held(part))


def test_a_conversation_is_chosen_whole() -> None:
    """The answer comes along with the question, and a note counts as any message does."""
    part = log_of(TALKS).where("refund")

    assert customers(part) == ["ada", "bo"]
    assert sorted(part.table["message_id"]) == ["1", "2", "3", "4"]


def test_the_instant_of_the_look_stays() -> None:
    """Who waits in the whole log waits as long in a part of it."""
    whole = log_of(TALKS)

    assert whole.where("parcel").as_of == whole.as_of == at(9000)


def test_nothing_is_found() -> None:
    """A query that holds for nothing gives no conversations, and volumes of zero."""
    found = metrics(log_of(TALKS).where("zeppelin"))

    assert found["inbound_volume"]["value"] == 0
    assert found["first_response_time"]["median"] is None


def test_the_report_says_what_was_asked() -> None:
    """The query stands in the document, as it was written; None for all conversations."""
    log = log_of(TALKS)

    assert metrics(log.where("refund OR parcel")).to_dict()["query"] == "refund OR parcel"
    assert metrics(log).to_dict()["query"] is None


def test_classifiers_read_the_texts() -> None:
    """What only a classifier says can be asked for once there is one."""
    part = log_of(TALKS).where("is:complaint", classifiers=english())

    assert "cy" in customers(part)
    assert "dee" not in customers(part)


@pytest.mark.parametrize(
    ("query", "position", "right"),
    [
        ("refund state:open", 7, "a desk knows"),
        ("followers:>10", 0, "a directory knows"),
        ("is:complaint", 0, "classifiers"),
        ("crm.plan:gold", 0, "a directory knows"),
    ],
)
def test_what_no_log_knows_is_refused(query: str, position: int, right: str) -> None:
    """A filter that could never hold is an error, which says where and why."""
    with pytest.raises(InvalidQuery, match=right) as refused:
        log_of(TALKS).where(query)

    assert refused.value.position == position
