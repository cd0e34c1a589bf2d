"""The meaning of a query: its tree, with every word and value as what it stands for.

Here a name is found to be no field, a value not to be a number, and a word to be a phrase, since it
is cut as every text is. A term in a field's parentheses is of that field.
"""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

import attrs

from socialcare.domain.categories import SEPARATOR
from socialcare.domain.query import values
from socialcare.domain.query.errors import refused
from socialcare.domain.query.fields import FIELDS, OF_THE_HOST, Field, Kind, field_named
from socialcare.domain.query.flags import mentions_brand
from socialcare.domain.query.matching import holds_for
from socialcare.domain.query.nodes import (
    All,
    Any,
    Fact,
    Leaf,
    Link,
    Mention,
    Node,
    Not,
    Tag,
)
from socialcare.domain.query.parser import (
    Both,
    Compared,
    Demanded,
    Either,
    Negated,
    OfField,
    Ranged,
    Tree,
)
from socialcare.domain.query.phrases import PHRASED, phrased
from socialcare.domain.query.saying import Saying, is_like, pointing
from socialcare.domain.query.scanner import MANY, ONE, Token
from socialcare.domain.query.values import Bounds, Span
from socialcare.domain.subject import Subject, Wording, address
from socialcare.domain.words import folded
from socialcare.errors import InvalidQuery, InvalidValue

_TEXT = FIELDS["text"]
_POINTS_AT = {"#": "hashtag", "@": "mentions"}
"""The fields of names, by the sign that stands before them in a text."""
_BRAND = "brand"
"""What stands for every account of the brand's after `mentions:`."""
_READ: Mapping[Kind, Callable[[str], Span]] = {
    Kind.NUMBER: values.number,
    Kind.LENGTH: values.length,
    Kind.INSTANT: values.moment,
    Kind.DETAIL: values.number,
}
"""How amounts are read, by the kind of their field."""
_Read = TypeVar("_Read")


@attrs.frozen
class Meaning:
    """What the trees of one query mean.

    Attributes:
        query: The query, for its errors.
        exceptions: Words, folded, that are never taken for another word with a slip.
    """

    query: str
    exceptions: frozenset[str] = frozenset()

    def node(self, tree: Tree, field: Field = _TEXT) -> Node:
        """What a tree asks.

        Raises:
            InvalidQuery: If it names what there is not.
        """
        match tree:
            case Either():
                return Any(tuple(self.node(part, field) for part in tree.parts))
            case Both():
                return All(tuple(self.node(part, field) for part in tree.parts))
            case Negated():
                return Not(self.node(tree.part, field))
            case Demanded():
                return self.node(tree.part, field)
            case OfField():
                return self.node(tree.value, self._field(tree.field))
            case Compared():
                return self._compared(tree, field)
            case Ranged():
                return self._ranged(tree, field)
            case Token():
                return self._term(tree, field)

    def _field(self, token: Token) -> Field:
        found = field_named(token.text)
        if found is None:
            near = _near(token.text.lower(), (*FIELDS, f"{OF_THE_HOST}NAME"), "field")
            right = f"{near}, or quotation marks around it if it is text"
            raise self._refused(token, right=right)
        return found

    # Amounts

    def _compared(self, tree: Compared, field: Field) -> Leaf:
        bounds = values.compared(tree.sign.text, self._span(tree.bound, field))
        return self._amount(field, bounds, self._written(tree.sign, tree.bound, field))

    def _ranged(self, tree: Ranged, field: Field) -> Leaf:
        low, high = (
            None if token.text == "*" and not token.quoted else self._span(token, field)
            for token in (tree.low, tree.high)
        )
        if low is None and high is None:
            return self._exists(tree.opening, tree.closing, field)
        if low and high and low[0] > high[1]:
            raise self._refused(tree.low, right="the smaller bound before TO")
        bounds = values.between(
            low, high, with_low=tree.opening.text == "[", with_high=tree.closing.text == "]"
        )
        return self._amount(field, bounds, self._written(tree.opening, tree.closing, field))

    def _equal(self, token: Token, field: Field) -> Leaf:
        span = self._span(token, field)
        bounds = values.between(span, span, with_low=True, with_high=True)
        return self._amount(field, bounds, self._written(token, token, field))

    def _span(self, token: Token, field: Field) -> Span:
        if field.kind not in _READ:
            right = f"a word: {field.name} has no order, so nothing is more or less than it"
            raise self._refused(token, right=right)
        if token.about is not None:
            raise self._refused(token, right="a value without ~; a range is [1 TO 10]")
        return self._understood(token, _READ[field.kind])

    def _amount(self, field: Field, bounds: Bounds, written: str) -> Leaf:
        def found(subject: Subject) -> str | None:
            value = field.amount(subject)
            return _shown(value, field) if value is not None and bounds.holds(value) else None

        return Fact(field=field.name, bounds=bounds, found=found, written=written)

    def _exists(self, first: Token, last: Token, field: Field) -> Leaf:
        def found(subject: Subject) -> str | None:
            amount = field.amount(subject)
            known = next(iter(field.known(subject)), None)
            return known if amount is None else _shown(amount, field)

        written = self._written(first, last, field)
        return Fact(field=field.name, found=found, written=written)

    # Terms

    def _term(self, token: Token, field: Field) -> Node:
        written = self._written(token, token, field)
        if field.kind is Kind.TEXT:
            return self._said(token, written)
        if field.kind is Kind.FLAG:
            return self._flag(token, field, written)
        if token.text == MANY:
            return self._exists(token, token, field)
        match field.kind:
            case Kind.WORDS:
                return self._words(token, field, written)
            case Kind.PLACE:
                return self._place(token, field, written)
            case Kind.HASHTAG | Kind.MENTION | Kind.LINK | Kind.NAME | Kind.PATH | Kind.DETAIL:
                return self._name(token, field, written)
            case _:
                return self._equal(token, field)

    def _said(self, token: Token, written: str) -> Node:
        """What a term asks of the text; `#fail*`, `@acme~` and `acme.com/*` ask for names."""
        if token.quoted or not is_like(token):
            return self._saying.node(token, written)
        pasted = attrs.evolve(token, text=token.text.replace(ONE, "?"))
        match pointing(pasted.text.replace(MANY, "x"), written):
            case Link() if is_like(pasted):
                own = attrs.evolve(pasted, text=address(pasted.text))
                return self._name(own, FIELDS["link"], written)
            case Link():
                return self._saying.node(pasted, written)
        field = _POINTS_AT.get(token.text[:1])
        if field is None:
            return self._saying.node(token, written)
        return self._name(token, FIELDS[field], written)

    def _flag(self, token: Token, field: Field, written: str) -> Node:
        word = token.text.replace(MANY, "*").replace(ONE, "?").lower()
        if word not in field.flags or token.about is not None:
            raise self._refused(token, right=_near(word, field.flags, "word"))
        if field.name == "is" and word in PHRASED:
            return phrased(word, written)
        holds = field.flags[word]

        def found(subject: Subject) -> str | None:
            return word if holds(subject) else None

        return Fact(field=field.name, value=word, found=found, written=written)

    def _words(self, token: Token, field: Field, written: str) -> Fact:
        holds = holds_for(self._saying.node(token, written))

        def found(subject: Subject) -> str | None:
            known = field.known(subject)
            return next((text for text in known if holds(Wording(text))), None)

        return Fact(field=field.name, found=found, written=written)

    def _place(self, token: Token, field: Field, written: str) -> Fact:
        circle = None if token.quoted else self._understood(token, values.circle)
        if circle is None:
            return self._words(token, field, written)
        middle, kilometres = circle

        def found(subject: Subject) -> str | None:
            there = subject.profile.point
            if there is None or middle.kilometres_to(there) > kilometres:
                return None
            return subject.profile.place or f"{there.latitude},{there.longitude}"

        return Fact(field=field.name, found=found, written=written)

    def _name(self, token: Token, field: Field, written: str) -> Node:
        if field.kind is Kind.MENTION and folded(token.text) == _BRAND:
            return _of_the_brand(written)
        token = _without_sign(token, field)
        fits = self._saying.fits(token)
        if fits is None:
            return _exactly(folded(token.text), field, written)
        return _fact(field, fits, written)

    # Places in the query

    @property
    def _saying(self) -> Saying:
        return Saying(self.query, self.exceptions)

    def _understood(self, token: Token, read: Callable[[str], _Read]) -> _Read:
        try:
            return read(token.text)
        except InvalidValue as error:
            raise self._refused(token, right=error.right) from None

    def _written(self, first: Token, last: Token, field: Field) -> str:
        part = self.query[first.start : last.end]
        return part if field is _TEXT else f"{field.name}:{part}"

    def _refused(self, token: Token, *, right: str) -> InvalidQuery:
        return refused(self.query, token.start, right=right, end=token.end)


def _near(word: str, known: Iterable[str], what: str) -> str:
    near = get_close_matches(word[:50], known, n=1)
    if near:
        return f"a {what} such as {near[0]}"
    return f"a {what} out of {', '.join(sorted(known))}"


def _without_sign(token: Token, field: Field) -> Token:
    """A term without the sign that need not stand before a hashtag or name."""
    signs = {Kind.HASHTAG: "#", Kind.MENTION: "@"}.get(field.kind, "")
    return attrs.evolve(token, text=token.text.removeprefix(signs))


def _exactly(name: str, field: Field, written: str) -> Node:
    """The leaf for one value of a field and no other, but for what is under it."""
    match field.kind:
        case Kind.HASHTAG:
            return Tag(name=name, written=written)
        case Kind.LINK:
            return Link(address=address(name), written=written)
        case Kind.MENTION:
            return Mention(name=name, written=written)
        case Kind.PATH:
            return _fact(field, _at_or_under(name), written)
        case _:
            return attrs.evolve(_fact(field, name.__eq__, written), value=name)


def _at_or_under(path: str) -> Callable[[str], bool]:
    beginning = path + SEPARATOR
    return lambda own: own == path or own.startswith(beginning)


def _fact(field: Field, fits: Callable[[str], bool], written: str) -> Fact:
    """The leaf for a value of a field that fits once it is folded."""
    names = field.names

    def found(subject: Subject) -> str | None:
        for name in names(subject):
            if name and fits(folded(name)):
                return str(name)
        return None

    return Fact(field=field.name, found=found, written=written)


def _of_the_brand(written: str) -> Fact:
    """Any account of the brand's."""

    def found(subject: Subject) -> str | None:
        return _BRAND if mentions_brand(subject) else None

    return Fact(field="mentions", value=_BRAND, found=found, written=written)


def _shown(value: float, field: Field) -> str:
    match field.kind:
        case Kind.INSTANT:
            return values.shown_moment(value)
        case Kind.LENGTH:
            return values.shown_length(value)
        case _:
            return f"{value:.15g}"
