"""A shell for tests of the command line, in the process of the test."""

import pytest

from socialcare.cli import main


class Shell:
    """Runs a command in this process and keeps what it printed.

    Args:
        captured: What pytest captures.
        command: The words after `socialcare` that every run begins with.
    """

    def __init__(self, captured: pytest.CaptureFixture[str], *command: str) -> None:
        self._captured = captured
        self._command = command
        self.out = self.err = ""

    def run(self, *arguments: str) -> int:
        """Run the command with arguments; its exit status."""
        with pytest.raises(SystemExit) as ended:
            main((*self._command, *arguments))
        self.out, self.err = self._captured.readouterr()
        status = ended.value.code
        assert isinstance(status, int)
        return status
