"""Importing the package is cheap, and gives the names that it promises."""

import subprocess
import sys
from importlib import import_module

import socialcare

FRAMES = {"altair", "duckdb", "great_tables", "narwhals", "numpy", "pandas", "polars", "pyarrow"}
NOT_NEEDED = FRAMES | {"attr", "cattrs", "click", "pluggy", "rich", "socialcare.domain"}


def modules_after(code: str) -> set[str]:
    """What a fresh interpreter has imported after running `code`."""
    script = f"{code}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": ":".join(path for path in sys.path if path)},
    )
    return set(done.stdout.split())


def test_import_loads_nothing() -> None:
    """`import socialcare` pulls in no frame library, and nothing else that it does not need yet."""
    assert modules_after("import socialcare") & NOT_NEEDED == set()


def test_public_values_need_no_frame_library() -> None:
    """Every public name can be used with the base dependencies alone."""
    assert modules_after("from socialcare import *") & FRAMES == set()


def test_help_loads_no_frame_library() -> None:
    """`socialcare --help` and `socialcare metrics` need no frame library."""
    code = """
from socialcare.cli import main
for arguments in (["--help"], ["metrics"]):
    try:
        main(arguments)
    except SystemExit:
        pass
"""
    assert modules_after(code) & FRAMES == set()


def test_public_names_are_sorted() -> None:
    """The public names are sorted, and all there."""
    assert list(socialcare.__all__) == sorted(socialcare.__all__)
    assert all(hasattr(socialcare, name) for name in socialcare.__all__)


def test_public_names_are_those_of_their_module() -> None:
    """A public class is the object that its own module has."""
    public = {name: getattr(socialcare, name) for name in socialcare.__all__}
    classes = {name: value for name, value in public.items() if isinstance(value, type)}

    for name, value in classes.items():
        assert value is getattr(import_module(value.__module__), name)


def test_unknown_name() -> None:
    """A name that does not exist is refused as in any module."""
    assert not hasattr(socialcare, "Dekk")


def test_dir_lists_public_names() -> None:
    """`dir` shows the names that have not been loaded yet."""
    assert set(socialcare.__all__) <= set(dir(socialcare))
