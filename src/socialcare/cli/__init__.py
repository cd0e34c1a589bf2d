"""The command line: `socialcare report` and `socialcare metrics`.

This module imports nothing but the standard library and our errors, so that somebody who installed
the base alone gets one line that says what to install, instead of a traceback.
"""

import sys
from collections.abc import Sequence
from typing import NoReturn

from socialcare.errors import MissingExtra

__all__ = ["main"]

WRONG_USE = 2
"""The exit status for wrong use, and for what can't be read or written at all."""
INTERRUPTED = 130
"""What a shell sees of a program that was interrupted."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit status: the entry point of `socialcare`.

    Args:
        arguments: What follows the program's name; by default what the shell gave.

    Raises:
        SystemExit: Always. 0 is good, 1 means faults under `--strict`, and 2 is wrong use or a file
            that can't be read or written.
    """
    try:
        raise SystemExit(_status(arguments))
    except KeyboardInterrupt:
        _say("interrupted")
        raise SystemExit(INTERRUPTED) from None


def _status(arguments: Sequence[str] | None) -> int:
    try:
        from socialcare.cli.app import run

        return run(arguments)
    except MissingExtra as error:
        _say(str(error))
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("socialcare"):
            raise
        _say(str(MissingExtra("analytics", module=error.name)))
    return WRONG_USE


def _say(line: str) -> None:
    print(f"socialcare: {line}", file=sys.stderr)  # noqa: T201  # there may be nothing else to say it
