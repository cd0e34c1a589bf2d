"""Customers, brands and agents that an export does not name, told from what it says."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from socialcare.analytics.readers import presets
from socialcare.analytics.readers.chains import NONE, earliest, end_of_chain, spread
from socialcare.analytics.readers.people import with_people
from socialcare.analytics.readers.signoffs import signed
from socialcare.analytics.table import DIRECTION

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
TWCS = presets()["twcs"]


def tweets(*rows: tuple[str, str, bool, str, str | None]) -> pl.DataFrame:
    """Messages of (id, author, inbound, text, parent), a minute apart."""
    return pl.DataFrame(
        {
            "message_id": [row[0] for row in rows],
            "author_id": [row[1] for row in rows],
            "direction": ["inbound" if row[2] else "outbound" for row in rows],
            "text": [row[3] for row in rows],
            "in_reply_to": [row[4] for row in rows],
            "sent_at": [START + timedelta(minutes=n) for n in range(len(rows))],
            "channel": ["x"] * len(rows),
        },
        schema_overrides={"direction": DIRECTION, "in_reply_to": pl.String},
    ).with_columns(pl.col("sent_at").cast(pl.Datetime("us", "UTC")))


def told(frame: pl.DataFrame, column: str) -> dict[str, str | None]:
    """What was told of each message."""
    found, _ = with_people(frame, TWCS)
    return dict(found.select("message_id", column).rows())


def test_the_customer_of_an_answer_is_whom_its_chain_leads_to() -> None:
    """An answer's customer wrote the inbound message that its replies lead back to."""
    frame = tweets(
        ("1", "ada", True, "@acme help", None),
        ("2", "acme", False, "@bo one moment 1/2", "1"),
        ("3", "acme", False, "and here it is 2/2", "2"),
        ("4", "acme", False, "hi @globex, this is for @cy not @di", "gone"),
        ("5", "globex", False, "news for everybody", None),
        ("6", "acme", False, "round", "7"),
        ("7", "acme", False, "and round", "6"),
    )

    assert told(frame, "customer_id") == {
        "1": "ada",
        "2": "ada",
        "3": "ada",
        "4": "cy",
        "5": None,
        "6": None,
        "7": None,
    }


def test_the_brand_of_a_question_is_who_answers_or_was_addressed() -> None:
    """What is answered, who answers first, the chain, and then the account that is addressed."""
    frame = tweets(
        ("1", "acme", False, "how was it?", None),
        ("2", "ada", True, "@globex bad", "1"),
        ("3", "bo", True, "@initech hello?", None),
        ("4", "globex", False, "@bo hello", "3"),
        ("5", "acme", False, "@bo hello", "3"),
        ("6", "cy", True, "no one answers this", "3"),
        ("7", "cy", True, "nor this", "6"),
        ("8", "di", True, "@nobody @Acme @globex late again", None),
        ("9", "ed", True, "to no one", None),
    )

    assert told(frame, "brand") == {
        "1": "acme",
        "2": "acme",
        "3": "globex",
        "4": "globex",
        "5": "acme",
        "6": "globex",
        "7": "globex",
        "8": "acme",
        "9": None,
    }


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("We'll look into it. ^SB", "SB"),
        ("Please DM us. *AB https://x.test/abc", "AB"),
        ("Please DM us. ^Osebi.", "Osebi"),
        ("See you soon! -KC", "KC"),
        ("See you soon - Anna 2/2", "Anna"),
        ("all fixed.--JV", "JV"),
        ("let me check /RB https://x.test/1 (1/2)", "RB"),
        ("any time ~Debs", "Debs"),
        ("any time \u2013XG", "XG"),
        ("2/2^Corry", "Corry"),
        ("reboot your Wi-Fi", None),
        ("and/or", None),
        ("we are open 9-5", None),
        ("Sorry! - Thanks", None),
        ("- Anna said so yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_a_sign_off_is_what_a_text_ends_with(text: str | None, name: str | None) -> None:
    """Initials and first names after a mark, at the end, or before a link or a count of parts."""
    frame = pl.DataFrame({"text": [text]}, schema={"text": pl.String})

    assert frame.select(signed(pl.col("text"), pattern=True)).item() == name


def test_a_sign_off_can_have_its_own_pattern() -> None:
    """A mapping's own pattern finds the name in its group."""
    frame = pl.DataFrame({"text": ["Kind regards, Kim"]})

    assert frame.select(signed(pl.col("text"), pattern=r"regards, (?P<name>\w+)")).item() == "Kim"


def test_agents_by_sign_off_are_marked_as_inferred() -> None:
    """An agent told by a sign-off belongs to the brand, and is marked."""
    frame = tweets(("1", "ada", True, "hello ^AD", None), ("2", "acme", False, "hi ^SB", "1"))
    found, notes = with_people(frame, TWCS)

    assert found["agent_id"].to_list() == [None, "acme/SB"]
    assert found["agent_inferred"].to_list() == [False, True]
    assert "agent_id: inferred for 1 outbound messages from sign-offs in texts" in notes


names = st.sampled_from(["ada", "bo", "cy"])
brands = st.sampled_from(["acme", "globex"])
ids = st.integers(0, 9).map(str)


@st.composite
def logs(draw: st.DrawFn) -> pl.DataFrame:
    """Small logs with every kind of tangle: loops, repeats, orphans, others in a thread."""
    rows = []
    for _ in range(draw(st.integers(1, 12))):
        inbound = draw(st.booleans())
        author = draw(names if inbound else brands)
        text = draw(st.sampled_from(["", "@acme", "@Globex hm", "@ada @bo ok ^SB", "@cy -KC"]))
        rows.append((draw(ids), author, inbound, text, draw(st.none() | ids)))
    frame = tweets(*rows)
    times = [START + timedelta(minutes=draw(st.integers(0, 20))) for _ in rows]
    return frame.with_columns(pl.Series("sent_at", times, dtype=frame.schema["sent_at"]))


@settings(deadline=None)
@given(logs(), st.randoms(use_true_random=False))
def test_the_order_of_rows_tells_nothing(
    frame: pl.DataFrame, random: "np.random.Generator"
) -> None:
    """Any order of the rows gives the same customers, brands and agents."""
    mixed = list(range(frame.height))
    random.shuffle(mixed)
    one, _ = with_people(frame, TWCS)
    other, _ = with_people(frame[mixed], TWCS)

    keys = one.columns
    assert_frame_equal(one.sort(keys), other.select(keys).sort(keys))


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-1, 9), st.booleans()), min_size=1, max_size=10))
def test_chains_end_where_a_walk_ends(rows: list[tuple[int, bool]]) -> None:
    """Doubling finds the same ends as walking step by step."""
    size = len(rows)
    start = np.array([target if target < size else NONE for target, _ in rows])
    stop = np.array([stops for _, stops in rows])
    expected = []
    for row in range(size):
        at, steps = row, 0
        while at >= 0 and not stop[at] and steps <= size:
            at, steps = start[at], steps + 1
        expected.append(at if at >= 0 and stop[at] else NONE)

    assert end_of_chain(start, stop).tolist() == expected


def test_the_earliest_answer_counts() -> None:
    """Of several rows that answer one, the one with the lowest rank is found."""
    found = earliest(np.array([NONE, 0, 0, 1]), np.array([0, 3, 2, 1]), 4)

    assert found.tolist() == [2, 3, NONE, NONE]


def test_values_spread_to_the_nearest_first() -> None:
    """A value is handed on both ways; between two, the parent's goes before an answer's."""
    parent = np.array([NONE, 0, 1, 2, 3])
    known = np.array([7, NONE, NONE, NONE, 9])
    everyone, rank = np.ones(5, bool), np.arange(5)

    assert spread(known, parent, everyone, rank).tolist() == [7, 7, 7, 9, 9]
    assert spread(known, parent, ~everyone, rank).tolist() == known.tolist()


def test_a_long_chain_is_no_trouble() -> None:
    """A chain of a hundred thousand messages is walked in a moment."""
    size = 100_000
    start = np.arange(size) - 1
    stop = np.zeros(size, bool)
    stop[0] = True

    assert (end_of_chain(start, stop) == 0).all()


def test_the_asker_of_a_thread_is_its_customer() -> None:
    """Who asked is the customer of all; others who write are peers, and agents are agents."""
    frame = tweets(
        ("1", "ada", True, "how?", None),
        ("2", "bo", True, "like this", "1"),
        ("3", "kim", False, "or like that", "1"),
        ("4", "cy", True, "alone", None),
    ).with_columns(conversation_id=pl.Series(["T", "T", "T", None]))
    found, _ = with_people(frame, presets()["messages"])

    assert found.select("message_id", "customer_id", "author_role", "agent_id").rows() == [
        ("1", "ada", "customer", None),
        ("2", "ada", "peer", None),
        ("3", "ada", "agent", "kim"),
        ("4", "cy", "customer", None),
    ]
