"""The scanner: a query as tokens, each with its place.

What a sign means depends on where it stands: `-` only negates before a word, a colon only names a
field at the beginning of one, and `TO` is only a word of the language inside of a range.
"""

import re
from collections.abc import Iterator

import attrs

from socialcare.domain.query.errors import refused

LONGEST = 100_000
"""How many characters a query may have."""
DEEPEST = 100
"""How deep its parentheses may be nested."""
LONGEST_PATTERN = 64
"""How many characters a word with `*` or `?` may have."""
MANY, ONE = "\ue000", "\ue001"
"""What stands for `*` and `?` in the text of a term, so that escaped ones stay what they are."""

_SPACE = re.compile(r"\s+")
_QUOTES = {'"': '"', "\u201c": "\u201d"}
_SIGNS = {"(": "OPEN", ")": "CLOSE", "-": "MINUS", "+": "PLUS", "!": "NOT"}
_OPERATOR = re.compile(r'(?:(AND|&&)|(OR|\|\|)|(NOT))(?=[\s()"\u201c]|$)')
_OPERATORS = (None, "AND", "OR", "NOT")
_FIELD = re.compile(r"([A-Za-z_]\w*(?:\.\w+)*):(?!//)", re.ASCII)
_COMPARISON = re.compile(r"[<>]=?")
_WORD = re.compile(r'(?:\\[\s\S]|[^\s()\[\]{}"\u201c\u201d\\])+')
_BOUND = re.compile(r"[^\s\]}]+")
_CHARACTERS = r"((?:\\[\s\S]|[^\\])*?)"
_FUZZY = re.compile(rf"{_CHARACTERS}~(\d*)", re.ASCII)
_BOOSTED = re.compile(rf"{_CHARACTERS}\^[\d.]+", re.ASCII)
_SLOP = re.compile(r"~(\d{1,3})(?!\d)", re.ASCII)
_ESCAPED = re.compile(r"\\([\s\S])|([*])|([?])")


@attrs.frozen(kw_only=True)
class Token:
    """A piece of a query.

    Attributes:
        kind: Which of the grammar's.
        text: What it says, without quotation marks and escapes.
        start, end: Where it stands in the query.
        quoted: Whether it was in quotation marks.
        about: The number after `~`, -1 for `~` alone; None without one.
    """

    kind: str
    text: str
    start: int
    end: int
    quoted: bool = False
    about: int | None = None


def tokens(query: str) -> Iterator[Token]:
    """The tokens of a query, in order.

    Raises:
        InvalidQuery: At the first character that can't be read.
    """
    if len(query) > LONGEST:
        raise refused(query, LONGEST, right=f"at most {LONGEST:,} characters")
    scanner = _Scanner(query)
    while (token := scanner.next()) is not None:
        yield token


class _Scanner:
    def __init__(self, query: str) -> None:
        self._query = query
        self._at = 0
        self._depth = 0
        self._before = ""
        """The kind of the token before."""
        self._in_range = False

    def next(self) -> Token | None:
        """The next token; None at the end."""
        space = _SPACE.match(self._query, self._at)
        if space and self._before in ("FIELD", "COMPARISON"):
            raise refused(self._query, self._at, right="a value right here, without a space")
        self._at = space.end() if space else self._at
        if self._at == len(self._query):
            return None
        token = self._in_a_range() if self._in_range else self._anywhere()
        self._at, self._before = token.end, token.kind
        return token

    def _anywhere(self) -> Token:
        sign = self._query[self._at]
        if sign in _QUOTES:
            return self._phrase()
        if self._before == "FIELD":
            return self._value()
        if self._before == "COMPARISON":
            return self._word()
        if sign in "()" or (sign in "-+!" and self._begins_a_word(self._at + 1)):
            return self._sign(sign)
        if found := _OPERATOR.match(self._query, self._at):
            return self._token(_OPERATORS[found.lastindex or 0] or "", found)
        if found := _FIELD.match(self._query, self._at):
            return self._token("FIELD", found)
        return self._word()

    def _begins_a_word(self, at: int) -> bool:
        return at < len(self._query) and not self._query[at].isspace()

    def _sign(self, sign: str) -> Token:
        self._depth += {"(": 1, ")": -1}.get(sign, 0)
        if self._depth > DEEPEST:
            raise refused(self._query, self._at, right=f"at most {DEEPEST} levels of parentheses")
        if self._depth < 0:
            right = "a ( before it, or quotation marks around it"
            raise refused(self._query, self._at, right=right, end=self._at + 1)
        return Token(kind=_SIGNS[sign], text=sign, start=self._at, end=self._at + 1)

    def _value(self) -> Token:
        sign = self._query[self._at]
        if sign == "(":
            return self._sign(sign)
        if sign in "[{":
            self._in_range = True
            return Token(kind="RANGE_OPEN", text=sign, start=self._at, end=self._at + 1)
        if found := _COMPARISON.match(self._query, self._at):
            return self._token("COMPARISON", found)
        return self._word()

    def _in_a_range(self) -> Token:
        sign = self._query[self._at]
        if sign in "]}":
            self._in_range = False
            return Token(kind="RANGE_CLOSE", text=sign, start=self._at, end=self._at + 1)
        if sign in _QUOTES:
            return self._phrase()
        found = _BOUND.match(self._query, self._at)
        if found is None:
            raise refused(self._query, self._at, right="a range such as [1 TO 10]")
        return self._token("TO" if found[0] == "TO" else "TERM", found)

    def _phrase(self) -> Token:
        start, closing = self._at, _QUOTES[self._query[self._at]]
        at = start + 1
        while at < len(self._query) and self._query[at] not in (closing, '"'):
            at += 2 if self._query[at] == "\\" else 1
        if at >= len(self._query):
            raise refused(self._query, start, right="a quotation mark at the end of it, too")
        inside = re.sub(r"\\([\s\S])", r"\1", self._query[start + 1 : at])
        slop = _SLOP.match(self._query, at + 1)
        return Token(
            kind="TERM",
            text=inside,
            start=start,
            end=slop.end() if slop else at + 1,
            quoted=True,
            about=int(slop[1]) if slop else None,
        )

    def _word(self) -> Token:
        found = _WORD.match(self._query, self._at)
        if found is None:
            raise refused(self._query, self._at, right="a word, or this in quotation marks")
        fuzzy = _FUZZY.fullmatch(found[0])
        written = fuzzy[1] if fuzzy else found[0]
        self._check(written)
        text = _ESCAPED.sub(_unescaped, written)
        if len(text) > LONGEST_PATTERN and (MANY in text or ONE in text):
            right = f"at most {LONGEST_PATTERN} characters around * or ?"
            raise refused(self._query, self._at, right=right)
        return Token(
            kind="TERM",
            text=text,
            start=found.start(),
            end=found.end(),
            about=_slips(fuzzy[2]) if fuzzy else None,
        )

    def _check(self, written: str) -> None:
        boosted = _BOOSTED.fullmatch(written)
        if boosted:
            at = self._at + boosted.end(1)
            raise refused(self._query, at, right="no boost: a query matches or does not")
        if len(written) > 2 and written[0] == written[-1] == "/":
            raise refused(self._query, self._at, right="a word with * or ?, no regular expression")

    def _token(self, kind: str, found: re.Match[str]) -> Token:
        text = found[1] if kind == "FIELD" else found[0]
        return Token(kind=kind, text=text, start=found.start(), end=found.end())


def _slips(digits: str) -> int:
    """The number after `~`; what has more than three digits is too much anyhow."""
    return int(digits[:3]) if digits else -1


def _unescaped(found: re.Match[str]) -> str:
    if found[1] is not None:
        return found[1]
    return MANY if found[2] else ONE
