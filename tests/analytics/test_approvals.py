"""Waiting for approval: the columns and the plain function of the domain say the same."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialcare import Desk
from socialcare.analytics import metrics, read
from socialcare.analytics.log import MessageLog
from socialcare.analytics.table import APPROVALS
from socialcare.cli import main
from socialcare.domain.actor import Actor
from socialcare.domain.approval.draft import Round
from socialcare.domain.approval.requirement import Requirement
from socialcare.domain.approval.waits import ApprovalWait, approval_wait
from socialcare.domain.message import Message
from socialcare.domain.metrics import measured
from socialcare.testing import FakeChannel
from socialcare.testing.builders import asks
from socialcare.testing.builders import at as minute_at
from spoken import MONDAY, log_of, said

LOU = Actor(id="lou", roles=("lead",))


def at(minutes: float) -> datetime:
    """So many minutes after Monday, nine o'clock."""
    return MONDAY + timedelta(minutes=minutes)


MESSAGES = (
    said("ada", 0, conversation_id="a"),
    said("anna: ada", 40, conversation_id="a"),
    said("ada", 50, conversation_id="a"),
    said("bo", 10.5, conversation_id="b"),
    said("anna: cy", 20, conversation_id="c"),
)


def table(rounds: Sequence[Round]) -> pl.DataFrame:
    """The rounds as a table."""
    rows = [
        (
            each.conversation_id,
            each.draft_id,
            each.asked_at,
            each.decided_at,
            each.decision,
            each.by,
            each.message_id,
        )
        for each in rounds
    ]
    return pl.DataFrame(rows, schema=dict(APPROVALS), orient="row")


def log(rounds: Sequence[Round]) -> MessageLog:
    """Three conversations with these rounds; one customer waits twice, and one waits still."""
    return log_of(list(MESSAGES)).with_tables(approvals=table(rounds))


def plain(messages: Sequence[Message], rounds: Sequence[Round], as_of: datetime) -> ApprovalWait:
    """What the domain says."""
    return approval_wait(measured(messages, as_of=as_of).waits, rounds, as_of=as_of)


def agree(found: Any, by_hand: ApprovalWait) -> None:
    """Every number of the one is that of the other."""
    own = by_hand.times
    names = ("n", "pending", "mean", "median", "p90", "max")
    assert [found[name] for name in names] == pytest.approx(
        [own.n, own.pending, own.mean, own.median, own.p90, own.maximum]
    )
    assert found["survival"]["median"] == own.survival_median
    assert found["share"] == pytest.approx(by_hand.share)


moments = st.integers(-300, 5400).map(lambda seconds: at(seconds / 60))
rounds_ = st.builds(
    Round,
    conversation_id=st.sampled_from(("a", "b", "c", "gone")),
    draft_id=st.sampled_from(("d1", "d2")),
    asked_at=moments,
    decided_at=st.none() | moments,
)


@given(st.lists(rounds_, max_size=8), st.sampled_from((30, 45, 90)))
@settings(max_examples=60, deadline=None)
def test_columns_agree_with_the_plain_function(rounds: list[Round], minutes: int) -> None:
    """For any rounds, overlapping, reversed or undecided, at any instant."""
    as_of = at(minutes)
    found = metrics(log(rounds), as_of=as_of)["approval_wait"]

    agree(found, plain(MESSAGES, rounds, as_of))


def test_what_counts() -> None:
    """Two drafts at once count once, and only while the customer waits."""
    rounds = [
        Round(conversation_id="a", draft_id="d1", asked_at=at(10), decided_at=at(20)),
        Round(conversation_id="a", draft_id="d2", asked_at=at(15), decided_at=at(45)),
        Round(conversation_id="b", draft_id="d3", asked_at=at(50)),
    ]
    found = plain(MESSAGES, rounds, at(60))

    assert (found.times.n, found.times.maximum, found.times.pending) == (1, 1800, 1)
    assert found.seconds == 1800 + 600
    assert found.of == 60 * (40 + 10 + 49.5)


def test_parts_add_up() -> None:
    """A part of a wait belongs where the wait does."""
    rounds = [Round(conversation_id="a", draft_id="d", asked_at=at(10), decided_at=at(20))]
    found = metrics(log(rounds), by="channel", period="day")
    (group,) = found.groups

    assert group["metrics"]["approval_wait"] == found["approval_wait"]
    assert found["approval_wait"]["max"] == 600


def test_without_the_table_it_is_named_as_not_computed() -> None:
    """And with an empty one nobody waited."""
    bare = metrics(log_of(list(MESSAGES)))

    assert bare.not_computed["approval_wait"] == "needs the table of approvals"
    assert metrics(log([]))["approval_wait"]["n"] == 0
    assert metrics(log([]))["approval_wait"]["share"] == 0.0


# Out of a desk


def worked() -> Desk:
    """A desk on which an answer was approved after ten minutes, and another waits."""
    channel = FakeChannel(clock=lambda: minute_at(20))
    desk = Desk.open(channel, rules=None)
    desk.receive([asks(0), asks(5, customer_id="bo")], now=minute_at(5))
    ask = [Requirement(roles="lead")]
    draft = desk.draft("fake:m0", "Soon.", by="anna", now=minute_at(8), ask=ask)
    desk.approve("fake:m0", draft.id, seal=draft.seal, by=LOU, now=minute_at(18))
    desk.draft("fake:m5", "Soon.", by="anna", now=minute_at(10), ask=ask)
    desk.deliver(now=minute_at(20))
    return desk


def test_a_desk_exports_them(tmp_path: Path) -> None:
    """As a table beside the others, which reading finds again; with the same numbers."""
    desk = worked()
    desk.export(tmp_path / "care")
    found = read(tmp_path / "care", now=minute_at(1000))
    rounds = [
        each for name in ("fake:m0", "fake:m5") for own in desk.drafts(name) for each in own.rounds
    ]

    assert found.approvals_table is not None
    assert found.approvals_table.sort("asked_at").equals(table(rounds))
    assert rounds[0].message_id == desk.conversation("fake:m0").messages[-1].id
    assert metrics(found)["approval_wait"] == desk.metrics()["approval_wait"]
    as_of = minute_at(60)
    messages = [
        each for name in ("fake:m0", "fake:m5") for each in desk.conversation(name).messages
    ]
    agree(desk.metrics(as_of=as_of)["approval_wait"], plain(messages, rounds, as_of))


def test_the_command_line_takes_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside a single file of messages; what a row need not have may be missing."""
    worked().export(tmp_path / "care.csv")
    side = tmp_path / "approvals.csv"
    side.write_text("conversation_id,draft,asked_at\nfake:m0,d1,2026-03-02T09:05:00Z\n", "utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["report", str(tmp_path / "care.csv"), "--approvals", str(side)])
    out = capsys.readouterr().out

    assert ended.value.code == 0
    assert "Approval wait" in out
