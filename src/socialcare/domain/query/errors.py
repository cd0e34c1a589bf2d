"""What is wrong with a query, and at which character."""

from socialcare.errors import InvalidQuery

_SHOWN = 40
"""How much of a query is quoted in a message."""


def refused(query: str, at: int, *, right: str, end: int | None = None) -> InvalidQuery:
    """The error that points at a part of a query and says what would be right there."""
    there = query[at : min(at + _SHOWN, len(query) if end is None else end)]
    return InvalidQuery(there or "the end", query=query, position=at, right=right)
