"""No query and no text takes long, however unpleasant.

Work is counted, and not time: the bounds hold on any machine.
"""

import sys
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from types import FrameType
from typing import Any

import pytest

from domain.query.asking import about
from socialcare.domain.query import Query, QuerySet
from socialcare.domain.query.likeness import looking_like
from socialcare.domain.query.needs import needs
from socialcare.domain.query.scanner import DEEPEST, MANY
from socialcare.errors import InvalidQuery

LONG = 100_000
"""How many characters a long text has."""
STEP = 2.6
"""How much more work twice as much input may be: twice, and something for what is counted apart."""


def calls(function: Callable[[], object]) -> int:
    """How many calls and lines of Python it takes."""
    count = 0

    def counted(frame: FrameType, event: str, value: Any) -> Any:  # noqa: ARG001 - as Python calls it
        nonlocal count
        count += 1
        return counted

    before = sys.gettrace()
    sys.settrace(counted)
    try:
        function()
    finally:
        sys.settrace(before)
    return count


def asked(query: str, text: str) -> object:
    """Reads a query, and asks it of a text, with all that it finds."""
    match = Query(query).matches(about(text))
    return match and match.hits


read_once = cache(Query)
GROWING: dict[str, Callable[[int], tuple[str, str]]] = {
    "terms": lambda n: (" ".join(f"w{at}" for at in range(n)), "w1 w2"),
    "alternatives": lambda n: (" OR ".join(f"w{at}" for at in range(n)), "w1 w2"),
    "the same term": lambda n: ("a " * n, "a " * n),
    "negations": lambda n: ("NOT " * n + "a", "a"),
    "signs": lambda n: ("+-" * n + "a", "a"),
    "phrases": lambda n: ('"a b" ' * n, "a b"),
    "a long phrase": lambda n: (f'"{"a " * n}b"', "a " * n),
    "a long phrase near": lambda n: (f'"{"a " * n}b"~9', "a " * n),
    "fields": lambda n: ("channel:x " * n, "a"),
    "a group of a field": lambda n: (f"channel:({'x ' * n})", "a"),
    "escapes": lambda n: ("\\" * 2 * n, "a"),
    "slips": lambda n: ("a" + "~" * n, "a"),
    "a long word": lambda n: ("a" * n + "~", "a" * n),
    "long text": lambda n: ('"a b c"~3 OR c* OR d~ OR #a OR @a OR a.com', "a b " * n),
    "long text of signs": lambda n: ("#a OR @b OR \U0001f621", "#a @b \U0001f621 " * n),
    "long text in Cyrillic": lambda n: ("\u0440\u043e\u0441*", "\u0440\u043e\u0441\u0441 " * n),
}


@pytest.mark.parametrize("kind", GROWING)
def test_work_grows_with_the_input_and_not_faster(kind: str) -> None:
    """Of twice as much text or query, the work is about twice as much."""

    def work(size: int) -> int:
        query, text = GROWING[kind](size)
        return calls(lambda: _answered(query, text))

    work(10)  # what is only done once
    sizes = [work(size) for size in (250, 500, 1_000)]

    for less, more in pairwise(sizes):
        assert more <= STEP * less


def _answered(query: str, text: str) -> None:
    try:
        asked(query, text)
    except InvalidQuery:
        return  # an error is an answer


@pytest.mark.parametrize(
    "query",
    [
        "a*" * 31 + "b",
        "*a" * 32,
        "?" * 64,
        "*?" * 32,
        "a?" * 32,
        "from:" + "a*" * 31 + "b",
        "#" + "a*" * 31 + "b",
        "a" * 60 + "~2",
        '"' + "a " * 20_000 + 'b"',
        '"' + "a " * 20_000 + 'b"~50',
        " OR ".join("a" * (1 + at % 60) + "~1" for at in range(1_000)),
        " ".join(["a"] * 5_000),
        " OR ".join(f"w{at}" for at in range(9_000)),
        "https://" + "a." * 1_000 + "com",
    ],
    ids=lambda query: query[:12],
)
@pytest.mark.parametrize(
    "text",
    ["a" * LONG, "a " * (LONG // 2), "ab" * (LONG // 2), "#" + "a" * LONG, "@a" * (LONG // 2),
     "a." * (LONG // 2), "\u0430" * LONG, "a\u0301" * (LONG // 2), "\u200d" * LONG],
    ids=lambda text: ascii(text[:3]),
)  # fmt: skip
def test_unpleasant_queries_of_unpleasant_texts(query: str, text: str) -> None:
    """They have an answer."""
    subject = about(text)
    built = read_once(query)

    assert (built.matches(subject) is not None) == built.holds(subject)
    assert len(QuerySet({"it": built}).matches(subject)) == built.holds(subject)


def test_nested_parentheses() -> None:
    """A hundred levels are read, and ten thousand are refused at the first too many."""
    deep = "(" * DEEPEST + "a" + ")" * DEEPEST

    assert Query(deep).holds(about("a"))
    assert Query("-(b " * 50 + "a" + ")" * 50).holds(about("a"))
    with pytest.raises(InvalidQuery, match="at most 100 levels"):
        Query("(" * 10_000 + "a" + ")" * 10_000)


def test_fifty_thousand_terms() -> None:
    """They are read, matched, looked up, and asked of a store in few words."""
    query = Query("a " * 49_999)

    assert query.holds(about("a"))
    assert len(needs(query.node).words) == 1
    assert needs(Query(" OR ".join(f"w{at}" for at in range(1_000))).node).words == ()


def test_a_pattern_never_goes_back() -> None:
    """A pattern that fits in many ways but for its end is found not to fit in one."""
    fits = looking_like(f"{MANY}a" * 50 + "b")

    assert not fits("a" * 5_000)
    assert fits("a" * 5_000 + "b")
