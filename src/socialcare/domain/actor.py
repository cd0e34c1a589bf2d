"""Actors: who does something, as the host names them."""

from collections.abc import Iterable
from typing import TypeAlias

import attrs

from socialcare.domain.validators import not_empty


def _roles(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(value)))


@attrs.frozen(kw_only=True)
class Actor:
    """Who does something: an agent, a program of the host's, a channel.

    Attributes:
        id: How the host names them.
        roles: What they may do depends on these, once a desk has a policy.
        address: The network address that they came from, where the host knows it.
    """

    id: str = attrs.field(validator=not_empty("an id that is not empty"))
    roles: tuple[str, ...] = attrs.field(default=(), converter=_roles)
    address: str | None = None


By: TypeAlias = Actor | str
"""What commands take for an actor: an `Actor`, or the id of one."""


def actor(by: By) -> Actor:
    """The actor that was named.

    >>> actor("anna")
    Actor(id='anna', roles=(), address=None)
    """
    return by if isinstance(by, Actor) else Actor(id=by)
