"""The states of a crisis, as a table.

Numbers raise a suspicion, people declare a crisis, and numbers say when a rise has ended.
What is not in the table changes nothing.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class CrisisState(StrEnum):
    """Where things stand."""

    WATCHING = "watching"
    """All is as usual."""
    SUSPECTED = "suspected"
    """More came than chance brings, and nobody has said yet what it is."""
    DECLARED = "declared"
    """It is a crisis: somebody said so, or a stricter threshold of the policy."""
    OVER = "over"
    """The rise has ended, a short while ago."""


class Happening(StrEnum):
    """What can happen to the state."""

    ROSE = "rose"
    """More came than the policy's false alarms allow for."""
    SOARED = "soared"
    """More came than the policy's stricter threshold allows for."""
    DECLARED = "declared"
    """Somebody declared a crisis."""
    DISMISSED = "dismissed"
    """Somebody said that it is none, or that it has ended."""
    SUBSIDED = "subsided"
    """Counts are as usual, and were for a while."""


_WATCHING, _SUSPECTED = CrisisState.WATCHING, CrisisState.SUSPECTED
_DECLARED, _OVER = CrisisState.DECLARED, CrisisState.OVER

TABLE: Mapping[tuple[CrisisState, Happening], CrisisState] = MappingProxyType(
    {
        (_WATCHING, Happening.ROSE): _SUSPECTED,
        (_WATCHING, Happening.SOARED): _DECLARED,
        (_WATCHING, Happening.DECLARED): _DECLARED,
        (_SUSPECTED, Happening.SOARED): _DECLARED,
        (_SUSPECTED, Happening.DECLARED): _DECLARED,
        (_SUSPECTED, Happening.DISMISSED): _OVER,
        (_SUSPECTED, Happening.SUBSIDED): _OVER,
        (_DECLARED, Happening.DISMISSED): _OVER,
        (_DECLARED, Happening.SUBSIDED): _OVER,
        (_OVER, Happening.ROSE): _SUSPECTED,
        (_OVER, Happening.SOARED): _DECLARED,
        (_OVER, Happening.DECLARED): _DECLARED,
        (_OVER, Happening.SUBSIDED): _WATCHING,
    }
)
"""State and happening, and the state that follows."""

ON = frozenset({CrisisState.SUSPECTED, CrisisState.DECLARED})
"""States in which counts are not usual, and nothing is learnt from them."""
BY_PEOPLE = frozenset({Happening.DECLARED, Happening.DISMISSED})
"""What only people can make happen."""


def after(state: CrisisState, happening: Happening) -> CrisisState:
    """The state that follows; the same one where nothing changes.

    >>> after(CrisisState.SUSPECTED, Happening.DECLARED)
    <CrisisState.DECLARED: 'declared'>
    >>> after(CrisisState.WATCHING, Happening.DISMISSED)
    <CrisisState.WATCHING: 'watching'>
    """
    return TABLE.get((state, happening), state)
