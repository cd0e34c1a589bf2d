"""The command line: `socialcare report` and `socialcare metrics`.

This module imports nothing but the standard library, so that somebody who installed the base alone
gets one line that says what to install, instead of a traceback.
"""

import sys
from collections.abc import Sequence

from socialcare.errors import MissingExtra

__all__ = ["main"]

WRONG_USE = 2
"""The exit status for wrong use, and for what can't be read or written at all."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status: the entry point of `socialcare`.

    Args:
        arguments: What follows the program's name; by default what the shell gave.

    Raises:
        SystemExit: Always. 0 is good, 1 means faults under `--strict`, and 2 is wrong use or a file
            that can't be read or written.
    """
    try:
        from socialcare.cli.app import run
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("socialcare"):
            raise
        missing = MissingExtra("analytics", module=error.name)
        print(f"socialcare: {missing}", file=sys.stderr)  # noqa: T201  # the one line that is left to say
        raise SystemExit(WRONG_USE) from None
    raise SystemExit(run(arguments))
