"""`socialcare report` and `socialcare metrics`, as a shell sees them."""

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import shells
import socialcare
from socialcare.domain.catalogue import METRICS

HEADER = "message_id,sent_at,direction,customer_id,agent_id,channel,visibility,in_reply_to,text\n"
MORNING = HEADER + (
    "1,2026-03-02T09:00:00Z,inbound,ada,,x,public,,Where is my parcel?\n"
    "2,2026-03-02T09:10:00Z,outbound,ada,sam,x,public,1,On its way.\n"
    "3,2026-03-02T10:00:00Z,inbound,bob,,email,private,,=1+1\n"
    "4,2026-03-02T12:00:00Z,outbound,bob,kim,email,private,3,Two.\n"
)
EVENING = HEADER + (
    "5,2026-03-02T20:00:00Z,inbound,cy,,x,public,,Anyone there?\n"
    "6,2026-03-02T20:30:00Z,outbound,ada,sam,x,public,4711,Did it arrive?\n"
)
HOURS = """
timezone = "UTC"
[weekly]
mon = ["09:00-17:00"]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with `morning.csv`, `evening.csv` and `hours.toml`."""
    (tmp_path / "morning.csv").write_text(MORNING)
    (tmp_path / "evening.csv").write_text(EVENING)
    (tmp_path / "hours.toml").write_text(HOURS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Shell(shells.Shell):
    """A shell that reads what reports print as JSON."""

    def json(self, *arguments: str) -> Any:
        """Run `report ... --json -` and read what it printed."""
        assert self.run("report", *arguments, "--json", "-") == 0
        return json.loads(self.out)


@pytest.fixture
def shell(folder: Path, capsys: pytest.CaptureFixture[str]) -> Shell:  # noqa: ARG001  # where it is
    """A shell in that folder."""
    return Shell(capsys)


def test_report_prints_numbers(shell: Shell) -> None:
    """The table has the times, the shares and the volumes."""
    status = shell.run("report", "morning.csv")

    assert status == 0
    assert "4 of 4 rows kept" in shell.out
    assert "First response time" in shell.out
    assert "1 h 5 min" in shell.out  # the median of ten minutes and two hours
    assert "2 messages" in shell.out
    assert "No faults in the data." in shell.out


def test_nothing_but_the_report_is_printed(shell: Shell) -> None:
    """Progress is for terminals: a pipe gets none."""
    shell.run("report", "morning.csv")

    assert shell.err == ""


def test_json_on_standard_output_is_pure(shell: Shell) -> None:
    """`--json -` prints one JSON document and no table."""
    document = shell.json("morning.csv")

    assert document["schema"] == "socialcare.report/1"
    assert set(document["metrics"]) == {metric.name for metric in METRICS}
    assert document["metrics"]["first_response_time"]["median"] == 3900
    assert document["quality"]["rows"] == document["quality"]["kept"] == 4


def test_several_paths_are_one_log(shell: Shell) -> None:
    """Messages of all files count, and a conversation goes on from one to the next."""
    document = shell.json("morning.csv", "evening.csv")

    assert document["quality"]["kept"] == 6
    assert document["metrics"]["conversation_volume"]["value"] == 3
    assert document["metrics"]["backlog"]["value"] == 1


def test_faults_are_shown(shell: Shell) -> None:
    """A fault is named in the table with its count and an example."""
    status = shell.run("report", "evening.csv")

    assert status == 0
    assert "orphan" in shell.out
    assert "4711" in shell.out


def test_faults_are_mentioned_beside_json(shell: Shell) -> None:
    """With JSON on standard output the faults are on standard error as well."""
    shell.json("evening.csv")

    assert "orphan 1" in shell.err


def test_strict_refuses_faults(shell: Shell) -> None:
    """`--strict` ends with 1, names the faults, and prints no numbers."""
    status = shell.run("report", "evening.csv", "--strict")

    assert status == 1
    assert "orphan" in shell.err
    assert shell.out == ""


def test_strict_accepts_good_data(shell: Shell) -> None:
    """`--strict` changes nothing where there are no faults."""
    assert shell.run("report", "morning.csv", "--strict") == 0


def test_hours_policy_gap_and_as_of(shell: Shell) -> None:
    """The options reach the calculation."""
    document = shell.json(
        "morning.csv", "--hours", "hours.toml", "--policy", "zendesk", "--gap", "30m",
        "--as-of", "2026-03-02T11:00:00", "--tz", "UTC",
    )  # fmt: skip

    assert document["policy"]["name"] == "zendesk"
    assert document["threading"]["gap"] == 1800
    assert document["as_of"] == "2026-03-02T11:00:00Z"
    assert document["metrics"]["first_response_time"]["pending"] == 1
    assert document["metrics"]["first_response_time"]["business"]["median"] == 600


def test_by_can_be_repeated_or_separated_by_commas(shell: Shell) -> None:
    """Both ways of naming several columns are one."""
    commas = shell.json("morning.csv", "--by", "channel,agent_id")["by"]

    assert commas == shell.json("morning.csv", "--by", "channel", "--by", "agent_id")["by"]
    assert {group["channel"] for group in commas} == {"x", "email"}


def test_groups_are_printed(shell: Shell) -> None:
    """Each group is a line of a table."""
    shell.run("report", "morning.csv", "--by", "channel", "--period", "day")

    assert "email" in shell.out
    assert "2026-03-02" in shell.out


def test_side_tables(folder: Path, shell: Shell) -> None:
    """Handling spans, statuses and assignments come from files beside the export."""
    (folder / "handling.csv").write_text(
        "conversation_id,agent_id,started_at,ended_at\n"
        "x:1,sam,2026-03-02T09:05:00Z,2026-03-02T09:10:00Z\n"
        "x:1,sam,never,2026-03-02T09:10:00Z\n"
    )
    (folder / "status.csv").write_text(
        "conversation_id,at,status\nx:1,2026-03-02T09:20:00Z,solved\n"
    )
    (folder / "assignment.csv").write_text(
        "conversation_id,at,agent_id\nx:1,2026-03-02T09:01:00Z,kim\n"
    )
    document = shell.json(
        "morning.csv", "--handling", "handling.csv", "--status", "status.csv",
        "--assignment", "assignment.csv",
    )  # fmt: skip

    assert document["metrics"]["total_handling_time"]["value"] == 300
    assert document["metrics"]["resolution_time"]["median"] == 1200
    faults = {fault["code"]: fault for fault in document["quality"]["faults"]}
    assert faults["unreadable_time"]["examples"] == [
        {"file": "handling.csv", "line": 3, "found": "never"}
    ]


def test_files_that_were_asked_for(folder: Path, shell: Shell) -> None:
    """JSON, page and Parquet are written, and the table is printed as well."""
    status = shell.run(
        "report", "morning.csv", "--json", "a.json", "--html", "a.html", "--out", "new/rows"
    )

    assert status == 0
    assert "First response time" in shell.out
    assert json.loads((folder / "a.json").read_text("utf-8"))["quality"]["kept"] == 4
    assert (folder / "a.html").read_text("utf-8").startswith("<!")
    written = {path.name for path in (folder / "new" / "rows").iterdir()}
    assert written == {
        "messages.parquet", "conversations.parquet", "waits.parquet", "handling.parquet",
        "resolutions.parquet",
    }  # fmt: skip
    waits = pl.read_parquet(folder / "new" / "rows" / "waits.parquet")
    assert sorted(waits["calendar_seconds"]) == [600, 7200]


def test_csv_is_safe_in_a_spreadsheet(folder: Path, shell: Shell) -> None:
    """No cell of a CSV can be taken for a formula."""
    texts = ["=1+1", "+1", "-1", "@SUM(1)", "\tx", "\rx", "fine = fine"]
    rows = [(str(number), "2026-03-02T09:00:00Z", "inbound", "ada", "", "x", "public", "", text)
            for number, text in enumerate(texts)]  # fmt: skip
    with (folder / "formulas.csv").open("w", newline="") as file:
        csv.writer(file).writerows([HEADER.strip().split(","), *rows])
    shell.run("report", "formulas.csv", "--out", "rows", "--out-format", "csv")
    with (folder / "rows" / "messages.csv").open(newline="") as file:
        found = {row["message_id"]: row for row in csv.DictReader(file)}

    assert [found[str(n)]["text"] for n in range(6)] == [f"'{text}" for text in texts[:6]]
    assert found["6"]["text"] == "fine = fine"
    assert found["6"]["sent_at"] == "2026-03-02T09:00:00Z"


def test_rows_set_aside_are_written(folder: Path, shell: Shell) -> None:
    """A row that could not be read is among the files, with its line and the reason."""
    (folder / "late.csv").write_text(MORNING + "5,soon,inbound,ada,,x,public,,When?\n")
    shell.run("report", "late.csv", "--out", "rows")
    rows = pl.read_parquet(folder / "rows" / "set_aside.parquet").to_dicts()

    assert [(row["line"], row["code"]) for row in rows] == [(6, "unreadable_time")]
    assert "soon" in rows[0]["reason"]


def test_data_cannot_steer_the_terminal(folder: Path, shell: Shell) -> None:
    """Control characters and markup from the data are shown, not obeyed."""
    (folder / "odd.csv").write_text(
        "message_id,sent_at,direction,customer_id,channel,visibility,category\n"
        "1,2026-03-02T09:00:00Z,inbound,ada,x,public,\x1b[31m[bold]red\n"
    )
    shell.run("report", "odd.csv", "--by", "category")

    assert "\x1b" not in shell.out
    assert "[bold]red" in shell.out


def test_an_empty_table_has_volumes_of_nothing(folder: Path, shell: Shell) -> None:
    """A header alone is a log without messages."""
    (folder / "empty.csv").write_text(HEADER)
    document = shell.json("empty.csv")

    assert document["metrics"]["inbound_volume"]["value"] == 0
    assert document["metrics"]["first_response_time"]["median"] is None
    assert shell.run("report", "empty.csv") == 0


def test_metrics_lists_all(shell: Shell) -> None:
    """Every metric is listed with its definition."""
    status = shell.run("metrics")
    words = " ".join(shell.out.split())

    assert status == 0
    assert all(metric.name in words for metric in METRICS)


def test_metrics_as_json(shell: Shell) -> None:
    """The same list is there for programs."""
    shell.run("metrics", "--json")
    listed = json.loads(shell.out)["metrics"]

    assert [one["definition"] for one in listed] == [metric.definition for metric in METRICS]


def test_version(shell: Shell) -> None:
    """`--version` says the package's version."""
    assert shell.run("--version") == 0
    assert socialcare.__version__ in shell.out


def start(*arguments: str, **more: Any) -> "subprocess.Popen[bytes]":
    """Start the command as a process of its own."""
    # A shell that runs us in the background has us ignore interrupts.
    script = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from socialcare.cli import main; main()"
    )
    paths = os.pathsep.join(path for path in sys.path if path)
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": paths},
        **more,
    )


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("arguments", [("metrics",), ("report", "morning.csv", "--json", "-")])
def test_a_reader_that_goes_away(arguments: tuple[str, ...]) -> None:
    """Output into a closed pipe ends without a word."""
    with start(*arguments) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()

    assert said == b""
    assert process.returncode == 141


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_an_interrupt(folder: Path) -> None:
    """Ctrl-C ends in one line."""
    os.mkfifo(folder / "endless.toml")
    with start("report", "morning.csv", "--hours", "endless.toml") as process:
        writer = (folder / "endless.toml").open("w")  # waits until it is being read
        process.send_signal(signal.SIGINT)
        writer.close()  # the signal may have come just before the reading began
        _, said = process.communicate(timeout=60)

    assert said == b"socialcare: interrupted\n"
    assert process.returncode == 130


def test_the_extra_that_is_missing() -> None:
    """Without the extra's libraries one line says what to install."""
    script = (
        "import sys; sys.modules['click'] = None\n"
        "from socialcare.cli import main; main(['metrics'])"
    )
    paths = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": paths},
        check=False,
    )

    assert (
        done.stderr == "socialcare: click is not installed: pip install 'socialcare[analytics]'\n"
    )
    assert done.returncode == 2


@pytest.mark.usefixtures("folder")
def test_a_query_chooses_conversations(shell: Shell) -> None:
    """With --where the numbers are those of the conversations that it is about."""
    status = shell.run("report", "morning.csv", "--where", "parcel", "--json", "-")
    document = json.loads(shell.out)

    assert status == 0
    assert document["query"] == "parcel"
    assert document["metrics"]["inbound_volume"]["value"] == 1


@pytest.mark.usefixtures("folder")
def test_a_query_that_cannot_be_read_is_wrong_use(shell: Shell) -> None:
    """It says at which character, before anything is read."""
    status = shell.run("report", "missing.csv", "--where", "a AND (")

    assert status == 2
    assert "character 8" in shell.err
