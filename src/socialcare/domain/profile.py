"""Profiles: what is known of somebody who writes, from their channel or the host's CRM."""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

import attrs

from socialcare.errors import InvalidValue

Detail: TypeAlias = str | float | bool
"""A value of a field of the host's own."""

_EARTH_RADIUS = 6371.0088
"""The mean radius of the Earth in kilometres, by the IUGG."""


def _within(limit: float) -> "attrs._ValidatorType[float]":
    def check(instance: object, attribute: "attrs.Attribute[float]", value: float) -> None:
        if not -limit <= value <= limit:
            where = f"{type(instance).__name__}.{attribute.name}"
            raise InvalidValue(value, where=where, right=f"degrees from -{limit:g} to {limit:g}")

    return check


@attrs.frozen
class Point:
    """A place on Earth.

    Attributes:
        latitude: Degrees north, from -90 to 90.
        longitude: Degrees east, from -180 to 180.
    """

    latitude: float = attrs.field(converter=float, validator=_within(90))
    longitude: float = attrs.field(converter=float, validator=_within(180))

    def kilometres_to(self, other: "Point") -> float:
        """How far it is to another place, along the surface of a sphere.

        >>> round(Point(51.5074, -0.1278).kilometres_to(Point(48.8566, 2.3522)))
        344
        """
        north, south = math.radians(self.latitude), math.radians(other.latitude)
        east = math.radians(other.longitude - self.longitude)
        half = (
            math.sin((south - north) / 2) ** 2
            + math.cos(north) * math.cos(south) * math.sin(east / 2) ** 2
        )
        return 2 * _EARTH_RADIUS * math.asin(min(1.0, math.sqrt(half)))


def _counted(
    profile: "Profile",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[int | None]",
    value: int | None,
) -> None:
    if value is not None and value < 0:
        raise InvalidValue(value, where=f"Profile.{attribute.name}", right="a number of people")


def _details(value: Mapping[str, Detail]) -> Mapping[str, Detail]:
    return MappingProxyType(dict(value))


@attrs.frozen(kw_only=True)
class Profile:
    """What is known of somebody who writes; None for what is not.

    Attributes:
        followers: How many people follow them.
        verified: Whether their channel vouches for who they are.
        tier: What kind of customer they are to the brand: `gold`, `employee`, `press`, ...
        language: What they speak, as a BCP 47 tag.
        place: Where they say that they are, in words.
        point: Where that is.
        details: Fields of the host's own, which a query names as `crm.NAME`.

    Raises:
        InvalidValue: If a number of followers is negative.
    """

    followers: int | None = attrs.field(default=None, validator=_counted)
    verified: bool | None = None
    tier: str | None = None
    language: str | None = None
    place: str | None = None
    point: Point | None = None
    details: Mapping[str, Detail] = attrs.field(factory=dict, converter=_details, hash=False)

    def filled_in(self, other: "Profile") -> "Profile":
        """This profile, with what it does not know taken from another.

        >>> Profile(followers=7).filled_in(Profile(followers=9, tier="gold")).tier
        'gold'
        """
        own = attrs.asdict(self, recurse=False)
        missing = {name for name, value in own.items() if value is None}
        taken = {name: getattr(other, name) for name in missing}
        return attrs.evolve(self, **taken, details={**other.details, **self.details})


__all__ = ["Detail", "Point", "Profile"]
