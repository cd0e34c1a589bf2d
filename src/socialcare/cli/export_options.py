"""Options that several commands have alike: how an export is described, and where JSON goes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import click

__all__ = ["Command", "described", "printed_as_json"]

Command: TypeAlias = Callable[..., Any]
_PATH = click.Path(path_type=Path)
_FORMAT = click.option(
    "--format",
    "format_",
    default="auto",
    metavar="NAME",
    show_default=True,
    help="The preset that describes the export; auto recognises it.",
)
_MAP = click.option(
    "--map",
    "mapping",
    metavar="FILE",
    type=_PATH,
    help="Your own description of the export's columns, in TOML.",
)
_JSON = click.option(
    "--json",
    "json_to",
    metavar="FILE|-",
    type=_PATH,
    help="Write everything as JSON; - prints it instead of the tables.",
)


def described(command: Command) -> Command:
    """Gives a command the options that say how an export is read."""
    return _FORMAT(_MAP(command))


def printed_as_json(command: Command) -> Command:
    """Gives a command the option that says where its JSON goes."""
    return _JSON(command)
