"""Redirects that are read from the texts, and the rate that is made of them."""

import polars as pl
import pytest

from builders import answers, asks, note
from socialcare.analytics import metrics, read
from socialcare.analytics.log import MessageLog
from socialcare.analytics.values import table
from socialcare.domain.message import Message


def log_of(*messages: Message) -> MessageLog:
    """A log of these messages."""
    return read(table(messages))


CALL = "Please call us on 0800 157 0140."
SAID = (
    asks(0, text="My order is broken", customer_id="ada"),
    answers(1, text=CALL, customer_id="ada"),
    asks(2, text="What is your phone number, please?", customer_id="bea"),
    answers(3, text=CALL, customer_id="bea"),
    asks(4, text="It is late", customer_id="cy"),
    answers(5, text="We will call you today.", customer_id="cy"),
    note(6, text=CALL, customer_id="cy"),
)


def test_answers_that_send_away_are_told_by_their_words() -> None:
    """And so are customers who ask for it; notes are neither."""
    found = log_of(*SAID).with_redirects().table.sort("sent_at")

    assert found["redirected"].to_list() == [None, True, None, True, None, False, None]
    assert found["redirect_requested"].to_list() == [False, None, True, None, False, None, None]


def test_the_rate_says_who_had_asked() -> None:
    """Of the two that were sent away one had."""
    rate = metrics(log_of(*SAID).with_redirects()).to_dict()["metrics"]["redirect_rate"]

    assert (rate["k"], rate["n"]) == (2, 3)
    assert (rate["requested"]["k"], rate["requested"]["n"]) == (1, 2)


def test_what_the_export_says_stays() -> None:
    """Only what it does not say is read."""
    log = log_of(*SAID)
    said = pl.Series("redirected", [None, False, None, None, None, True, None], dtype=pl.Boolean)
    told = log.table.sort("sent_at").with_columns(said)
    found = read(told).with_redirects().table.sort("sent_at")

    assert found["redirected"].to_list() == [None, False, None, True, None, True, None]


@pytest.mark.parametrize("text", ["Rufen Sie uns bitte einfach kurz an", None])
def test_what_nobody_can_tell_is_null(text: str | None) -> None:
    """Another language, or no text."""
    found = log_of(asks(0), answers(1, text=text)).with_redirects().table

    assert found["redirected"].to_list() == [None, None]
