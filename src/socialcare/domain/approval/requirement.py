"""Requirements: whose approval an answer needs.

A requirement names roles and a number of people. Several requirements for one answer are all to be
met, and one person who has roles of several meets each of them.
"""

from collections.abc import Iterable

import attrs

from socialcare.errors import InvalidValue

MOST_PEOPLE = 2


def role_names(value: Iterable[str] | str) -> tuple[str, ...]:
    """The names of roles, each once and in alphabetical order; one may stand by itself."""
    given = (value,) if isinstance(value, str) else value
    return tuple(sorted(set(given)))


def _named(
    requirement: "Requirement",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[tuple[str, ...]]",  # noqa: ARG001 - attrs passes it
    value: tuple[str, ...],
) -> None:
    if not value or not all(value):
        raise InvalidValue(value, where="Requirement.roles", right="at least one role, by name")


def _one_or_two(
    requirement: "Requirement",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[int]",  # noqa: ARG001 - attrs passes it
    value: int,
) -> None:
    if not 1 <= value <= MOST_PEOPLE:
        raise InvalidValue(value, where="Requirement.people", right="1 or 2")


@attrs.frozen(kw_only=True)
class Requirement:
    """Whose approval an answer needs before it goes out.

    Attributes:
        roles: In alphabetical order; whoever approves has at least one of them.
        people: How many different people must approve, 1 or 2.
        reason: Why, such as the entry of the map that asks for it.

    Raises:
        InvalidValue: If there is no role, or another number of people.

    >>> str(Requirement(roles=("legal", "pr"), people=2))
    '2 people out of legal or pr'
    """

    roles: tuple[str, ...] = attrs.field(converter=role_names, validator=_named)
    people: int = attrs.field(default=1, validator=_one_or_two)
    reason: str = ""

    def __str__(self) -> str:
        """The requirement in words, without its reason."""
        whom = "somebody" if self.people == 1 else f"{self.people} people"
        return f"{whom} out of {' or '.join(self.roles)}"


def together(*several: Iterable[Requirement]) -> tuple[Requirement, ...]:
    """All of them, each once whatever its reason; of those for the same roles the stricter one.

    >>> one, two = Requirement(roles="pr"), Requirement(roles="pr", people=2)
    >>> together([one], [two]) == (two,)
    True
    """
    found: dict[tuple[str, ...], Requirement] = {}
    for each in (each for group in several for each in group):
        known = found.get(each.roles)
        if known is None or known.people < each.people:
            found[each.roles] = each
    return tuple(found.values())


def in_words(requirements: Iterable[Requirement]) -> str:
    """Who must approve, as a phrase with the reasons."""
    return " and ".join(
        f"{each} ({each.reason})" if each.reason else str(each) for each in requirements
    )
