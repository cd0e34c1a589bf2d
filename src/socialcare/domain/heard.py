"""What listening heard: a message that was said about a brand, and perhaps not to it."""

from collections.abc import Iterable

import attrs

from socialcare.domain.message import Message
from socialcare.errors import InvalidValue


def _names(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(value)


def _some(
    heard: "Heard",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[tuple[str, ...]]",
    value: tuple[str, ...],
) -> None:
    if not value:
        right = "the name of at least one query that found it"
        raise InvalidValue(value, where=f"Heard.{attribute.name}", right=right)


@attrs.frozen(kw_only=True)
class Heard:
    """A message that listening queries found.

    Attributes:
        message: What was said.
        found_by: The names of the queries that found it.

    Raises:
        InvalidValue: If no query is named.
    """

    message: Message
    found_by: tuple[str, ...] = attrs.field(converter=_names, validator=_some)
