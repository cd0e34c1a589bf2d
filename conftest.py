"""Every example in the README, the docs and the docstrings is a test.

A document's examples run in order, in a temporary folder that holds `examples/` as the repository
has it. In Markdown

* `python` blocks run, and where they have `>>>` prompts their output is compared;
* `console` blocks run each line after `$` in bash, and compare what it prints on both streams;
* `toml` and `json` blocks are parsed.

As in doctest, `...` in an expected output stands for anything.
The `sh` blocks of the README make environments, so `.ci/run` runs them; no other page has any.
"""

import doctest
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE
from pathlib import Path

import pytest
from hypothesis import settings
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser

ROOT = Path(__file__).parent

# Machines differ in speed, so no example has a deadline; CI takes the same examples every time.
# What a law costs grows with its examples; `SOCIALCARE_LONG=1` tries many more of them.
_examples = 1_000 if os.environ.get("SOCIALCARE_LONG") else 50
settings.register_profile("here", deadline=None, max_examples=_examples)
settings.register_profile("ci", deadline=None, derandomize=True, max_examples=_examples)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Several workers take whole files: the examples of a document go on from each other."""
    if config.getoption("numprocesses", None) and config.getoption("dist") == "no":
        config.option.dist = "loadfile"


OPTIONS = ELLIPSIS | NORMALIZE_WHITESPACE
COLUMNS = "88"
"""As wide as a page of the docs shows without scrolling."""


class Folder:
    """A temporary folder with the examples in it, for the length of a document."""

    def __init__(self) -> None:
        self._home = Path.cwd()
        self._made: list[Path] = []

    def enter(self, namespace: dict[str, object]) -> None:
        """Make the folder and go there."""
        folder = Path(tempfile.mkdtemp(prefix="socialcare-docs-"))
        self._made.append(folder)
        shutil.copytree(ROOT / "examples", folder / "examples")
        (folder / "bin").mkdir()
        command = folder / "bin" / "socialcare"
        command.write_text(f"#!{sys.executable}\nfrom socialcare.cli import main\nmain()\n")
        command.chmod(0o755)
        os.chdir(folder)
        namespace["__name__"] = "__main__"

    def leave(self, namespace: dict[str, object]) -> None:  # noqa: ARG002 - Sybil passes it
        """Go home and remove the folder."""
        os.chdir(self._home)
        shutil.rmtree(self._made.pop())


def _environment() -> dict[str, str]:
    paths = [str(Path.cwd() / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]
    return os.environ | {
        "PATH": os.pathsep.join(paths),
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONWARNINGS": "error",
        "COLUMNS": COLUMNS,
        "NO_COLOR": "1",
    }


def _commands(block: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block, with the output that follows it."""
    for part in f"\n{block}".split("\n$ ")[1:]:
        lines = part.splitlines()
        last = next(place for place, line in enumerate(lines) if not line.endswith("\\"))
        yield "\n".join(lines[: last + 1]), "\n".join(lines[last + 1 :])


def run_console(example: Example) -> str | None:
    """Run a console block; what differs from its output, or None."""
    for command, expected in _commands(example.parsed):
        done = subprocess.run(
            ["bash", "-c", f"set -o pipefail\n{command}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            env=_environment(),
            timeout=300,
            check=False,
        )
        wanted = doctest.Example(command, f"{expected}\n" if expected.strip() else "")
        if not doctest.OutputChecker().check_output(wanted.want, done.stdout, OPTIONS):
            return f"$ {command}\n-- expected\n{expected}\n-- found\n{done.stdout}"
    return None


def parse_toml(example: Example) -> None:
    """Parse a TOML block."""
    tomllib.loads(example.parsed)


def parse_json(example: Example) -> None:
    """Parse a JSON block."""
    json.loads(example.parsed)


_folder = Folder()
_markdown = Sybil(
    parsers=[
        CodeBlockParser("console", run_console),
        CodeBlockParser("json", parse_json),
        CodeBlockParser("toml", parse_toml),
        PythonCodeBlockParser(doctest_optionflags=OPTIONS),
        SkipParser(),
    ],
    patterns=["*.md"],
    setup=_folder.enter,
    teardown=_folder.leave,
)
_docstrings = Sybil(
    parsers=[DocTestParser(optionflags=ELLIPSIS)],
    path="src",
    patterns=["*.py"],
)

pytest_collect_file = (_markdown + _docstrings).pytest()
