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
