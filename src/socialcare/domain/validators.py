"""Validators: what fields of many classes are checked for."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from socialcare.errors import InvalidValue

if TYPE_CHECKING:
    import attrs


def not_empty(
    right: str = "a text that is not empty",
    *,
    error: type[InvalidValue] = InvalidValue,
    or_none: bool = False,
) -> "Callable[[Any, attrs.Attribute[Any], Any], None]":
    """Refuses an empty text, by the names of class and field.

    Args:
        right: What would be right.
        error: What is raised.
        or_none: Whether there may be none.
    """

    def check(instance: object, attribute: "attrs.Attribute[Any]", value: str | None) -> None:
        if not value and not (or_none and value is None):
            where = f"{type(instance).__name__}.{attribute.name}"
            raise error(value, where=where, right=right)

    return check
