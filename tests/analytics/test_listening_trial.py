"""A listening tried on a log, and the terms that it could listen for besides."""

from pathlib import Path

import pytest

from socialcare.analytics import MessageLog, read
from socialcare.analytics.listening_trial import listening_trial, suggested_terms
from socialcare.domain.listening import Listening

DATA = Path(__file__).parents[2] / "examples" / "data"


@pytest.fixture(scope="module")
def log() -> MessageLog:
    """The example's messages."""
    return read(DATA / "care.csv")


@pytest.fixture(scope="module")
def listening() -> Listening:
    """What the example listens for."""
    return Listening.from_toml(DATA / "listening.toml")


def test_a_trial_counts_and_shows(log: MessageLog, listening: Listening) -> None:
    """What each query found, with the words; frames and JSON agree with the record."""
    trial = listening_trial(log, listening, examples=2)
    names = next(each for each in trial.record.queries if each.name == "brand.names")

    assert trial.record.received == len(log)
    assert trial.heard().height == trial.record.passed_on
    assert trial.queries().height == len(trial.to_dict()["queries"]) == len(listening.queries)
    assert len(trial.examples["brand.names"]) == 2 <= names.passed_on
    assert "northline" in trial.examples["brand.names"][0].words


def test_suggested_terms_are_not_listened_for(log: MessageLog, listening: Listening) -> None:
    """And rise among what is about the brand."""
    found = suggested_terms(log, listening, most=5)

    assert found.beside
    assert not any(listening.knows(each.term) for each in (*found.beside, *found.complaints))
    assert all(each.of == found.about for each in found.beside)
    assert all(each.of == found.complaining for each in found.complaints)
