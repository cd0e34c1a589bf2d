"""The reference of hooks has the hooks that there are."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "reference" / "hooks.md").read_text("utf-8")
SPECS = ast.parse((ROOT / "src" / "socialcare" / "plugins" / "hookspecs.py").read_text("utf-8"))
HOOKS = [
    node
    for node in SPECS.body
    if isinstance(node, ast.FunctionDef) and node.name.startswith("socialcare_")
]
SECTIONS = dict(
    re.findall(r"^## `(socialcare_[^\n]*)`\n\n(.*?)(?=^## )", PAGE, re.MULTILINE | re.DOTALL)
)

each_hook = pytest.mark.parametrize("hook", HOOKS, ids=[hook.name for hook in HOOKS])


def signature(hook: ast.FunctionDef) -> str:
    """The hook as it is written in the specifications."""
    assert hook.returns is not None
    return f"{hook.name}({ast.unparse(hook.args)}) -> {ast.unparse(hook.returns)}"


def test_every_hook_has_a_section() -> None:
    """One each, in the same order, headed by the exact signature."""
    assert list(SECTIONS) == [signature(hook) for hook in HOOKS]


@each_hook
def test_a_section_says_what_an_author_asks(hook: ast.FunctionDef) -> None:
    """What to return, in what order, what happens on failure, and the default."""
    terms = re.findall(r"^(\w+)\n: ", SECTIONS[signature(hook)], re.MULTILINE)

    assert terms == ["Return", "Order", "Failure", "Default"]


@each_hook
def test_a_section_begins_as_the_hook_does(hook: ast.FunctionDef) -> None:
    """Its first line begins the docstring of the specification."""
    first = SECTIONS[signature(hook)].splitlines()[0]

    assert (ast.get_docstring(hook) or "").startswith(first.rstrip("."))
