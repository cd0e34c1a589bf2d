"""Choices: fields that take one word out of a few."""

from enum import StrEnum

from socialcare.errors import InvalidPolicy


class Choice(StrEnum):
    """One word out of a few; any other is refused with the words that would be right.

    >>> class Tea(Choice):
    ...     GREEN = "green"
    ...     BLACK = "black"
    >>> Tea("green")
    <Tea.GREEN: 'green'>
    >>> Tea("blue")
    Traceback (most recent call last):
    ...
    socialcare.errors.InvalidPolicy: Tea: found 'blue', expected one of 'green', 'black'
    """

    @classmethod
    def _missing_(cls, value: object) -> "Choice":
        words = ", ".join(f"'{choice}'" for choice in cls)
        raise InvalidPolicy(value, where=cls.__name__, right=f"one of {words}")
