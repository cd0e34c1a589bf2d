"""The terminal, or what stands in its place: a pipe, a file, nobody."""

import os
import sys

from rich.console import Console

_WIDTH_OF_A_FILE = 100
_DOTS = "..."


class _Terminal(Console):
    """A console that leaves it to the command how to end when nobody reads any more."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def screen(*, errors: bool = False) -> Console:
    """The terminal; what is no terminal gets 100 columns, or as many as `COLUMNS` says.

    Args:
        errors: Whether it is standard error that is wanted.
    """
    stream = sys.stderr if errors else sys.stdout
    wide = None if stream.isatty() or os.environ.get("COLUMNS") else _WIDTH_OF_A_FILE
    return _Terminal(file=stream, width=wide, highlight=False, soft_wrap=False)


def seen(text: str) -> str:
    r"""Text with what can't be seen made visible, so that it can't move a terminal's cursor.

    >>> seen("red \x1b[31m alert")
    'red \ufffd[31m alert'
    """
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)


def shortened(text: str, most: int) -> str:
    """The text, or its beginning with three dots where it has more characters than that.

    >>> shortened("refund", 6), shortened("refunds", 6)
    ('refund', 'ref...')
    """
    return text if len(text) <= most else text[: most - len(_DOTS)] + _DOTS
