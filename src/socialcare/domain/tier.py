"""Tiers: how much a message matters, and how that ages."""

from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

import attrs

from socialcare.errors import InvalidRules

LEVELS = range(1, 10)
"""The levels of a tier; 1 is the highest."""


class Tier(StrEnum):
    """How much a message matters, as the field divides it."""

    FIRST = "first"
    """Somebody needs an answer: a question, dissatisfaction, an urgent need, a crisis."""
    SECOND = "second"
    """Worth an answer or a look: general references, praise, talk of the trade."""
    NOISE = "noise"
    """Needs no one."""


_PLACES = {tier: place for place, tier in enumerate(Tier)}


def _tier(value: str) -> Tier:
    try:
        return Tier(value)
    except ValueError:
        right = f"one of {', '.join(Tier)}"
        raise InvalidRules(value, where="Priority.tier", right=right) from None


def _level(
    priority: "Priority",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[int]",  # noqa: ARG001 - attrs passes it
    value: int,
) -> None:
    if value not in LEVELS:
        right = f"a level from {LEVELS[0]} to {LEVELS[-1]}"
        raise InvalidRules(value, where="Priority.level", right=right)


@attrs.frozen(order=False)
class Priority:
    """A tier, and a level in it.

    Attributes:
        tier: First, second, or noise.
        level: From 1, the highest, to 9.

    Raises:
        InvalidRules: If there is no such tier or level.

    >>> Priority.of("first/2") < Priority.of("second/1")
    True
    """

    tier: Tier = attrs.field(converter=_tier)
    level: int = attrs.field(default=1, validator=_level)

    @staticmethod
    def of(text: str) -> "Priority":
        """The priority that a text such as `first/2` or `noise` names.

        Raises:
            InvalidRules: If it names none.
        """
        return _named(text)

    @property
    def place(self) -> tuple[int, int]:
        """Its place among all priorities; the smaller, the more it matters."""
        return (_PLACES[self.tier], self.level)

    def __lt__(self, other: "Priority") -> bool:
        """Whether it comes before another."""
        return self.place < other.place

    def __str__(self) -> str:
        """As `Priority.of` reads it."""
        return f"{self.tier}/{self.level}"


@lru_cache(maxsize=64)  # there are not many, and they are in every event
def _named(text: str) -> Priority:
    tier, slash, level = text.partition("/")
    if slash and not (level.isascii() and level.isdecimal()):
        raise InvalidRules(text, where="priority", right="a priority such as first/2")
    return Priority(tier, int(level) if slash else 1)


NOISE = Priority(Tier.NOISE)


@attrs.frozen(kw_only=True)
class Ageing:
    """How priorities age.

    Attributes:
        level: How much longer somebody of the next level waits for the same turn.
        tier: How much longer somebody of the second tier waits than one of the first.

    Raises:
        InvalidRules: If one is negative.
    """

    level: timedelta = timedelta(hours=1)
    tier: timedelta = timedelta(hours=24)

    def __attrs_post_init__(self) -> None:
        for name in ("level", "tier"):
            if getattr(self, name) < timedelta():
                where = f"Ageing.{name}"
                raise InvalidRules(getattr(self, name), where=where, right="a duration from 0s on")

    def allowance(self, priority: Priority) -> timedelta | None:
        """How much later than the moment of asking a turn comes; None for noise, which has none."""
        tier, level = priority.place
        return None if priority.tier is Tier.NOISE else tier * self.tier + (level - 1) * self.level


__all__ = ["LEVELS", "NOISE", "Ageing", "Priority", "Tier"]
