"""What a query asks, as a tree of frozen values, whatever it looked like.

Leaves look at the text or at one fact; `All`, `Any` and `Not` join them.
Every leaf keeps how it was written, so that a match can say which part of the query it was.
"""

from collections.abc import Callable
from typing import TypeAlias

import attrs

from socialcare.domain.query.values import Bounds
from socialcare.domain.subject import Subject


@attrs.frozen(kw_only=True)
class Words:
    """These words of the text, one right after the other.

    Attributes:
        words: Folded.
        slop: How many other words may stand among them; in any order then.
        written: The part of the query.
    """

    words: tuple[str, ...]
    slop: int = 0
    written: str


@attrs.frozen(kw_only=True)
class Pattern:
    """A word of the text that looks like this.

    Attributes:
        begins: What it begins with at least; for looking it up, as are the next two.
        shortest, longest: How many letters it has; None for any number.
        fits: Whether a folded word looks like it.
        written: The part of the query.
    """

    begins: str
    shortest: int
    longest: int | None
    fits: Callable[[str], bool] = attrs.field(eq=False)
    written: str


@attrs.frozen(kw_only=True)
class Sign:
    """Characters of the text that are no word, such as an emoji.

    Attributes:
        text: Folded.
        written: The part of the query.
    """

    text: str
    written: str


@attrs.frozen(kw_only=True)
class Tag:
    """A hashtag of the text, folded and without `#`."""

    name: str
    written: str


@attrs.frozen(kw_only=True)
class Mention:
    """A name in the text, folded and without `@`."""

    name: str
    written: str


@attrs.frozen(kw_only=True)
class Link:
    """An address in the text, or one under it, as `subject.address` gives it."""

    address: str
    written: str


@attrs.frozen(kw_only=True)
class Fact:
    """Something known around a message.

    Attributes:
        field: Which.
        value: What it must be, where it must be just that; for looking it up, as is the next.
        bounds: Between what it must be, where that is a number.
        found: The value that makes it true, as a text; None where it is not.
        written: The part of the query.
    """

    field: str
    value: str | None = None
    bounds: Bounds | None = None
    found: Callable[[Subject], str | None] = attrs.field(eq=False)
    written: str


@attrs.frozen
class All:
    """All of these."""

    parts: tuple["Node", ...]


@attrs.frozen
class Any:
    """At least one of these."""

    parts: tuple["Node", ...]


@attrs.frozen
class Not:
    """Not this."""

    part: "Node"


Said: TypeAlias = Words | Pattern | Sign | Tag | Mention | Link
"""What looks at a text and at nothing else."""
Leaf: TypeAlias = Said | Fact
Node: TypeAlias = Leaf | All | Any | Not

__all__ = [
    "All",
    "Any",
    "Fact",
    "Leaf",
    "Link",
    "Mention",
    "Node",
    "Not",
    "Pattern",
    "Said",
    "Sign",
    "Tag",
    "Words",
]
