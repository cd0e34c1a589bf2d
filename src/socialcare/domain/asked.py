"""What a fact of a query asks of its field, as data that can be compared.

A `Fact` holds a function, which answers for a message but can't be compared with another. Where it
asks for one value or for bounds it says so; that it asks for a category and all below it, or for
any value at all, is read from how it was written. What is none of these is compared by its letters.
"""

from collections.abc import Mapping
from functools import lru_cache
from math import inf
from types import MappingProxyType

import attrs

from socialcare.domain.categories import SEPARATOR
from socialcare.domain.message import AuthorRole, Direction, Visibility
from socialcare.domain.query.nodes import Fact
from socialcare.domain.query.parser import OfField, tree
from socialcare.domain.query.scanner import MANY, ONE, Token
from socialcare.domain.query.values import Bounds
from socialcare.domain.sentiment import NEGATIVE_AT_MOST, POSITIVE_AT_LEAST
from socialcare.domain.words import folded
from socialcare.errors import InvalidQuery

ONE_VALUE = frozenset(
    {"account", "agent", "brand", "channel", "customer", "direction", "from", "id", "reply_to"}
    | {"role", "state", "team", "tier", "visibility"}
)
"""Fields of names that have one value at most, so that two values exclude each other."""
EVERY_VALUE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "direction": frozenset(Direction),
        "role": frozenset(AuthorRole),
        "visibility": frozenset(Visibility),
    }
)
"""Fields that always have a value, and one out of these."""
_BELOW = folded(SEPARATOR)
_SAYS: Mapping[str, tuple[str, str | Bounds | None]] = MappingProxyType(
    {
        **{each.value: ("direction", each.value) for each in Direction},
        **{each.value: ("visibility", each.value) for each in Visibility},
        "peer": ("role", AuthorRole.PEER.value),
        "new": ("earlier", Bounds(low=0, high=0)),
        "returning": ("earlier", Bounds(low=0, with_low=False)),
        "waiting": ("waiting", None),
        "positive": ("sentiment", Bounds(low=POSITIVE_AT_LEAST)),
        "negative": ("sentiment", Bounds(high=NEGATIVE_AT_MOST)),
        "neutral": (
            "sentiment",
            Bounds(low=NEGATIVE_AT_MOST, high=POSITIVE_AT_LEAST, with_low=False, with_high=False),
        ),
    }
)
"""Words after `is:` that say what a field says, too; None for any value of it."""


@attrs.frozen(kw_only=True)
class Asked:
    """What a fact asks of its field; at most one of `exact`, `path`, `bounds` and `any`.

    Attributes:
        field: Which.
        exact: The one value, folded.
        path: A category, folded, which all below it fit as well.
        bounds: Between what an amount must be.
        any: Whether any value will do.
        written: How it is written, by which it is compared where it is nothing of the above.
    """

    field: str
    exact: str | None = None
    path: str | None = None
    bounds: Bounds | None = None
    any: bool = False
    written: str

    def implies(self, other: "Asked") -> bool:
        """Whether it is certain that the other holds where this does."""
        if self.field != other.field:
            return False
        if other.any:
            return True
        if self.bounds is not None and other.bounds is not None:
            return _within(self.bounds, other.bounds)
        if self.path is not None and other.path is not None:
            return f"{self.path}{_BELOW}".startswith(f"{other.path}{_BELOW}")
        if self.exact is not None or other.exact is not None:
            return self.exact == other.exact
        return self.written == other.written

    def excludes(self, other: "Asked") -> bool:
        """Whether it is certain that the other does not hold where this does."""
        if self.field != other.field:
            return False
        if self.bounds is not None and other.bounds is not None:
            return _apart(self.bounds, other.bounds)
        if self.field not in ONE_VALUE or self.exact is None or other.exact is None:
            return False
        return self.exact != other.exact


@lru_cache(maxsize=10_000)
def asked(fact: Fact) -> Asked:
    """What a fact asks of its field."""
    if fact.field == "is" and (says := _SAYS.get(fact.value or "")) is not None:
        field, value = says
        if isinstance(value, Bounds):
            return Asked(field=field, bounds=value, written=fact.written)
        return Asked(field=field, exact=value, any=value is None, written=fact.written)
    found = Asked(field=fact.field, exact=fact.value, bounds=fact.bounds, written=fact.written)
    token = _token(fact) if fact.value is None and fact.bounds is None else None
    if token is None:
        return found
    if token.text == MANY:
        return attrs.evolve(found, any=True)
    plain = fact.field == "category" and token.about is None
    if plain and MANY not in token.text and ONE not in token.text:
        return attrs.evolve(found, path=folded(token.text))
    return found


def _token(fact: Fact) -> Token | None:
    """The word that is written after the field's name; None where that is another's, or no word."""
    try:
        found = tree(fact.written)
    except InvalidQuery:
        return None
    if not isinstance(found, OfField) or found.field.text.lower() != fact.field.lower():
        return None
    return found.value if isinstance(found.value, Token) else None


def _within(one: Bounds, other: Bounds) -> bool:
    """Whether every amount within the one bounds is within the others."""
    return _begin(one) >= _begin(other) and _end(one) <= _end(other)


def _apart(one: Bounds, other: Bounds) -> bool:
    """Whether no amount is within both."""
    (low, above), (high, at_high) = (
        max(_begin(one), _begin(other)),
        min(_end(one), _end(other)),
    )
    return low > high or (low == high and (above or not at_high))


def _begin(bounds: Bounds) -> tuple[float, bool]:
    """Where bounds begin, and whether just behind that."""
    return (-inf, False) if bounds.low is None else (bounds.low, not bounds.with_low)


def _end(bounds: Bounds) -> tuple[float, bool]:
    """Where bounds end, and whether right there and not just before."""
    return (inf, True) if bounds.high is None else (bounds.high, bounds.with_high)


__all__ = ["EVERY_VALUE", "ONE_VALUE", "Asked", "asked"]
