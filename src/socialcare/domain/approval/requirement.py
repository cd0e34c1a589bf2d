"""Requirements: whose approval an answer needs.

A requirement names roles and a number of people. Several requirements for one answer are all to be
met, and one person who has roles of several meets each of them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

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


def _one_each(
    requirement: "Requirement",
    attribute: "attrs.Attribute[bool]",  # noqa: ARG001 - attrs passes it
    value: bool,
) -> None:
    if value and len(requirement.roles) > requirement.people:
        right = f"at most {requirement.people}, one for each of the people who approve"
        raise InvalidValue(requirement.roles, where="Requirement.roles", right=right)


@attrs.frozen(kw_only=True)
class Requirement:
    """Whose approval an answer needs before it goes out.

    Attributes:
        roles: In alphabetical order; whoever approves has at least one of them.
        people: How many different people must approve, 1 or 2.
        every_role: Whether each of the roles must be among them, and not just any.
        reason: Why, such as the entry of the map that asks for it.

    Raises:
        InvalidValue: If there is no role, another number of people, or there are more roles that
            must all be there than people.

    >>> str(Requirement(roles=("legal", "pr"), people=2))
    '2 people out of legal or pr'
    """

    roles: tuple[str, ...] = attrs.field(converter=role_names, validator=_named)
    people: int = attrs.field(default=1, validator=_one_or_two)
    every_role: bool = attrs.field(default=False, validator=_one_each)
    reason: str = ""

    def suffice(self, people: Mapping[str, Collection[str]]) -> bool:
        """Whether the approvals of these people, each with their roles, are enough."""
        counted = [held for held in people.values() if not set(self.roles).isdisjoint(held)]
        if len(counted) < self.people:
            return False
        return not self.every_role or _each_stands_for_one(self.roles, counted)

    def __str__(self) -> str:
        """The requirement in words, without its reason."""
        if self.every_role and len(self.roles) > 1:
            return f"somebody out of {' and somebody out of '.join(self.roles)}"
        whom = "somebody" if self.people == 1 else f"{self.people} people"
        return f"{whom} out of {' or '.join(self.roles)}"


def _each_stands_for_one(roles: Sequence[str], people: Sequence[Collection[str]]) -> bool:
    """Whether every role can be given to a person of its own who holds it."""
    if not roles:
        return True
    first, *others = roles
    return any(
        first in held and _each_stands_for_one(others, [*people[:place], *people[place + 1 :]])
        for place, held in enumerate(people)
    )


def together(*several: Iterable[Requirement]) -> tuple[Requirement, ...]:
    """All of them, each once whatever its reason; of those for the same roles the stricter one.

    >>> one, two = Requirement(roles="pr"), Requirement(roles="pr", people=2)
    >>> together([one], [two]) == (two,)
    True
    """
    found: dict[tuple[str, ...], Requirement] = {}
    for each in (each for group in several for each in group):
        known = found.get(each.roles)
        if known is None or _strictness(known) < _strictness(each):
            found[each.roles] = each
    return tuple(found.values())


def _strictness(requirement: Requirement) -> tuple[int, bool]:
    return requirement.people, requirement.every_role


def in_words(requirements: Iterable[Requirement]) -> str:
    """Who must approve, as a phrase with the reasons."""
    return " and ".join(
        f"{each} ({each.reason})" if each.reason else str(each) for each in requirements
    )
