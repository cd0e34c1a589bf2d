"""The scripts that a developer sees first run, on a file and in memory."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def ran(script: str, *arguments: str) -> list[str]:
    """The lines that it prints; warnings are errors."""
    done = subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / "examples" / script), *arguments],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("location", [(), ("care.db",)])
def test_first_steps(tmp_path: Path, location: tuple[str, ...]) -> None:
    """A question comes in twice, is answered once, and is remembered."""
    said = ran("desk_first_steps.py", *(str(tmp_path / each) for each in location))

    assert said[0:2] == ["new fake:1", "repeated fake:1"]
    assert said[-1] == "fake:1 waiting anna"


def test_async_host() -> None:
    """Fifty at once, from an event loop."""
    assert ran("async_host.py") == ["50 conversations, 50 answers"]


def test_a_day_at_an_airline() -> None:
    """Agents are kept from what is not theirs, and what was approved is what goes out."""
    said = ran("airline_day.py")

    assert "x:ben-1: can't answer: agents must not answer this, safety does" in "\n".join(said)
    assert said.count("Escalated duty_manager") == 1
    assert said[said.index("paula awaiting") + 1] == "lena queued"
    assert [line for line in said if line.startswith("30 affected")]
    assert said[-2].startswith("first_response met 0:11:00 of ")
