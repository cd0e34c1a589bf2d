"""Queries, and messages to ask them of, in few words."""

from typing import Any

import attrs

from socialcare.domain.query import Query, Subject
from socialcare.domain.query.nodes import (
    All,
    Fact,
    Link,
    Mention,
    Node,
    Not,
    Pattern,
    Sign,
    Tag,
    Words,
)
from socialcare.domain.query.nodes import Any as AnyOf
from socialcare.testing.builders import asks

_OF_SUBJECT = {
    "annotations", "profile", "conversation", "accounts", "waiting", "earlier", "open", "volume",
    "found_by",
}  # fmt: skip


def about(text: str | None = "", **fields: Any) -> Subject:
    """A message with that text; fields of the message, or of what is known around it."""
    around = {name: fields.pop(name) for name in _OF_SUBJECT & fields.keys()}
    return Subject(message=attrs.evolve(asks(0, text=text), **fields), **around)


def holds(query: str, text: str | None = "", **fields: Any) -> bool:
    """Whether a query holds for such a message."""
    return Query(query).holds(about(text, **fields))


def found(query: str, text: str, **fields: Any) -> list[str]:
    """The pieces of a text that a query finds, or the facts."""
    match = Query(query).matches(about(text, **fields))
    return [] if match is None else [hit.found for hit in match.hits]


def shape(node: Node) -> str:
    """How a query was understood, in a line."""
    match node:
        case All():
            return f"({' & '.join(map(shape, node.parts))})"
        case AnyOf():
            return f"({' | '.join(map(shape, node.parts))})"
        case Not():
            return f"-{shape(node.part)}"
        case Words():
            return "_".join(node.words) + (f"~{node.slop}" if node.slop else "")
        case Pattern():
            return f"{node.begins}*"
        case Sign():
            return f"sign {node.text}"
        case Tag():
            return f"#{node.name}"
        case Mention():
            return f"@{node.name}"
        case Link():
            return f"link {node.address}"
        case Fact():
            return node.written


def understood(query: str) -> str:
    """How a query is understood, in a line."""
    return shape(Query(query).node)
