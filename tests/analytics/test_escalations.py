"""Escalations: the columns and the plain function of the domain say the same, desk and export."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialcare import Desk
from socialcare.analytics import metrics, read
from socialcare.analytics.log import MessageLog
from socialcare.analytics.table import ESCALATIONS
from socialcare.cli import main
from socialcare.domain.escalation import EscalationMap
from socialcare.domain.escalation.measures import (
    EscalationMeasures,
    EscalationRow,
    escalation_measures,
)
from socialcare.domain.statistics import Summary
from socialcare.testing.builders import asks
from socialcare.testing.builders import at as minute_at
from spoken import MONDAY, log_of, said

LEVELS = ("team_leader", "director")
REASONS = ("law", "press")
MAP = EscalationMap.from_mapping(
    {
        "levels": ["team_leader", "director"],
        "entries": [
            {"name": "law", "query": "sue", "answered_by": "team", "team": "legal"},
        ],
    }
)


def at(minutes: float) -> Any:
    """So many minutes after Monday, nine o'clock."""
    return MONDAY + timedelta(minutes=minutes)


def table(rows: Sequence[EscalationRow]) -> pl.DataFrame:
    """The rows as a table."""
    columns = list(ESCALATIONS)
    return pl.DataFrame(
        [tuple(getattr(row, name) for name in columns) for row in rows],
        schema=dict(ESCALATIONS),
        orient="row",
    )


def log(rows: Sequence[EscalationRow]) -> MessageLog:
    """Three conversations, one of which no customer wrote in, with these escalations."""
    messages = [
        said("ada", 0, conversation_id="a"),
        said("anna: ada", 40, conversation_id="a"),
        said("bo", 10.5, conversation_id="b"),
        said("anna: cy", 20, conversation_id="c"),
    ]
    return log_of(messages).with_tables(escalations=table(rows))


OPENED = {"a": at(0), "b": at(10.5)}


def numbers(summary: Summary) -> list[float | None]:
    """The statistics of a time."""
    own = (summary.n, summary.pending, summary.mean, summary.median, summary.p90, summary.maximum)
    return [*own, summary.survival_median]


def shown(its: Any) -> list[float | None]:
    """The same as the columns have them."""
    own = [its[name] for name in ("n", "pending", "mean", "median", "p90", "max")]
    return [*own, its["survival"]["median"]]


def agree(found: Any, plain: EscalationMeasures) -> None:
    """Every number of the one is that of the other."""
    rate, to, stay = (
        found[name] for name in ("escalation_rate", "time_to_escalate", "time_at_level")
    )
    assert (rate["k"], rate["n"]) == (plain.escalated, plain.conversations)
    assert shown(to) == pytest.approx(numbers(plain.time_to))
    assert shown(stay) == pytest.approx(numbers(plain.time_at))
    for name in ("escalation_rate", "time_to_escalate", "time_at_level"):
        places = [(each["level"], each["reason"]) for each in found[name]["table"]]
        assert places == [(each.level, each.reason) for each in plain.levels]
    for place, own in enumerate(plain.levels):
        assert rate["table"][place]["k"] == own.conversations
        assert shown(to["table"][place]) == pytest.approx(numbers(own.time_to))
        assert shown(stay["table"][place]) == pytest.approx(numbers(own.time_at))


moments = st.floats(-5, 90, allow_nan=False).map(lambda minutes: at(round(minutes * 60) / 60))
rows_ = st.builds(
    EscalationRow,
    conversation_id=st.sampled_from(("a", "b", "c", "gone")),
    at=moments,
    level=st.sampled_from(LEVELS),
    team_id=st.sampled_from(("legal", None)),
    reason=st.sampled_from(REASONS),
    returned_at=st.none() | moments,
)


@given(st.lists(rows_, max_size=8), st.sampled_from((30, 60, 90)))
@settings(max_examples=60)
def test_columns_agree_with_the_plain_function(rows: list[EscalationRow], minutes: int) -> None:
    """For any rows, at any instant, of any conversations."""
    as_of = at(minutes)

    agree(metrics(log(rows), as_of=as_of), escalation_measures(rows, OPENED, as_of=as_of))


def test_parts_add_up() -> None:
    """A stay belongs to its conversation, and so to one part."""
    rows = [
        EscalationRow(conversation_id="a", at=at(5), level="team_leader", reason="law"),
        EscalationRow(conversation_id="a", at=at(35), level="director", reason="law"),
        EscalationRow(conversation_id="b", at=at(20), level="team_leader", reason="law"),
    ]
    found = metrics(log(rows), by="channel", period="day")
    (group,) = found.groups

    assert group["metrics"]["time_at_level"]["pending"] == 3
    assert found["time_at_level"]["pending"] == 3
    assert found["escalation_rate"]["value"] == 1.0


def test_without_the_table_they_are_named_as_not_computed() -> None:
    """And with an empty one there are none."""
    bare = metrics(log_of([said("ada", 0)]))

    assert bare.not_computed["escalation_rate"] == "needs the table of escalations"
    assert {"time_to_escalate", "time_at_level"} <= bare.not_computed.keys()
    assert metrics(log([]))["escalation_rate"]["value"] == 0.0


# Out of a desk


def worked() -> Desk:
    """A desk on which one of two customers was escalated, further, and handed back."""
    desk = Desk.open(escalation=MAP, rules=None)
    desk.receive([asks(0, text="I will sue")], now=minute_at(1))
    desk.receive([asks(5, customer_id="bo", text="Nice shop")], now=minute_at(5))
    desk.watch(now=minute_at(40))
    desk.take("fake:m0", by="gita", now=minute_at(45))
    desk.hand_back("fake:m0", by="gita", now=minute_at(51))
    return desk


def test_a_desk_exports_them(tmp_path: Path) -> None:
    """As a table beside the others, which reading finds again; with the same numbers."""
    desk = worked()
    desk.export(tmp_path / "care")
    found = read(tmp_path / "care", now=minute_at(1000))
    names = ("escalation_rate", "time_to_escalate", "time_at_level")

    assert found.escalations_table is not None
    assert found.escalations_table.rows() == [
        ("fake:m0", minute_at(1), "team_leader", "legal", "law", "law", None, minute_at(31)),
        (
            "fake:m0",
            minute_at(31),
            "director",
            "legal",
            "law",
            "law",
            minute_at(45),
            minute_at(51),
        ),
    ]
    assert [metrics(found)[name] for name in names] == [desk.metrics()[name] for name in names]
    assert desk.metrics()["escalation_rate"]["value"] == 0.5
    assert desk.metrics()["time_at_level"]["max"] == 1800.0


def test_a_desk_and_the_plain_function_agree() -> None:
    """By the stays that its conversations have."""
    desk = worked()
    found = [desk.conversation(each) for each in ("fake:m0", "fake:m5")]
    rows = [
        EscalationRow(
            conversation_id=each.id,
            at=stay.at,
            level=stay.level,
            reason=stay.reason,
            returned_at=stay.returned_at,
        )
        for each in found
        for escalation in each.escalations
        for stay in escalation.stays
    ]
    opened = {each.id: each.opened_at for each in found}
    as_of = minute_at(60)

    agree(desk.metrics(as_of=as_of), escalation_measures(rows, opened, as_of=as_of))


def test_the_command_line_takes_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside a single file of messages; what a row need not have may be missing."""
    worked().export(tmp_path / "care.csv")
    side = tmp_path / "escalations.csv"
    side.write_text("conversation_id,at,level\nfake:m0,2026-03-02T09:05:00Z,team_leader\n", "utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["report", str(tmp_path / "care.csv"), "--escalations", str(side)])
    out = capsys.readouterr().out

    assert ended.value.code == 0
    assert "Escalation rate" in out
    assert "Time at a level" in out
