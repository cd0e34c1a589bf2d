"""Makes the parser's table of the query language out of its grammar, with Lark.

Run `python tools/query_table.py` and `ruff format` after a change of the grammar. Lark finds
conflicts in the grammar and computes the table; at run time the table is all that is needed, so
that programs that embed socialcare need no parser library.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from lark import Lark, Token
from lark.lexer import Lexer
from lark.parsers.lalr_analysis import Shift

QUERY = Path(__file__).parents[1] / "src" / "socialcare" / "domain" / "query"
States: TypeAlias = dict[int, dict[str, tuple[object, Any]]]
HEADER = '''"""The parser's table of the query language, made by `tools/query_table.py`.

It is made of `grammar.lark`. For each state and kind of token it has the state to go to, or a rule
to apply: how many values it takes, what they become, and its action. The first state is 0.
"""

from typing import TypeAlias

Rule: TypeAlias = tuple[int, str, str]

'''


def table() -> str:
    """The text of the module `table.py`."""
    grammar = (QUERY / "grammar.lark").read_text("utf-8")
    parser = Lark(grammar, parser="lalr", lexer=_NoLexer).parser.parser
    found = parser._parse_table  # Lark gives its tables in no other way
    order = _by_walking(found.states, found.start_states["start"])
    number = {state: place for place, state in enumerate(order)}
    lines = [f"END = {number[found.end_states['start']]}", ""]
    lines += ["TABLE: tuple[dict[str, int | Rule], ...] = ("]
    lines += [f"    {_row(found.states[state], number)}," for state in order]
    return HEADER + "\n".join([*lines, ")", ""])


def _by_walking(states: States, start: int) -> list[int]:
    """The states in the order in which a walk from the first one meets them, alike every time."""
    order = [start]
    for state in order:
        steps = sorted((kind, to) for kind, (what, to) in states[state].items() if what is Shift)
        order.extend(to for to in dict.fromkeys(to for _, to in steps) if to not in order)
    return order


def _row(actions: dict[str, tuple[object, Any]], number: dict[int, int]) -> str:
    cells = (f'"{kind}": {_cell(*actions[kind], number)}' for kind in sorted(actions))
    return "{" + ", ".join(cells) + "}"


def _cell(what: object, value: Any, number: dict[int, int]) -> str:  # noqa: ANN401 - a state, or a rule of Lark's
    if what is Shift:
        return str(number[value])
    return f'({len(value.expansion)}, "{value.origin.name}", "{value.alias or "whole"}")'


class _NoLexer(Lexer):
    """Stands where Lark wants a lexer; the tokens come from `scanner.py`."""

    def __init__(self, conf: object) -> None:
        self.conf = conf

    def lex(self, *_: object) -> Iterator[Token]:
        """No token: this parser parses nothing."""
        return iter(())


if __name__ == "__main__":
    (QUERY / "table.py").write_text(table(), "utf-8")
