"""What the options of the command line mean, and how each is refused."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from socialcare.domain.hours import BusinessHours
from socialcare.domain.policy import MeasurementPolicy
from socialcare.domain.priority import RuleBook
from socialcare.domain.sla import SlaPolicy
from socialcare.errors import InvalidPolicy, InvalidValue

DEFAULT = "default"
"""What stands for the book of rules that we ship."""


def zone(given: str) -> ZoneInfo:
    """A time zone by its name.

    Raises:
        InvalidValue: If there is none of that name.
    """
    try:
        return ZoneInfo(given)
    except (KeyError, ValueError, OSError):
        right = "the name of a time zone, such as Europe/London or UTC"
        raise InvalidValue(given, where="--tz", right=right) from None


def as_of(given: str, local: tzinfo | None) -> datetime:
    """An instant; one without an offset is on the clocks of `local`.

    Raises:
        InvalidValue: If it can't be read, or has no offset and there is no `local`.

    >>> as_of("2026-03-29T18:00:00Z", None).isoformat()
    '2026-03-29T18:00:00+00:00'
    """
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        right = "an instant such as 2026-03-29T18:00:00Z"
        raise InvalidValue(given, where="--as-of", right=right) from None
    if at.utcoffset() is not None:
        return at
    if local is None:
        right = "an instant with its offset, such as 2026-03-29T18:00:00Z, or --tz beside it"
        raise InvalidValue(given, where="--as-of", right=right)
    return at.replace(tzinfo=local)


def names(given: Iterable[str]) -> tuple[str, ...]:
    """Names given one by one, with commas between them, or both; each once.

    >>> names(["channel,team_id", "brand", "channel"])
    ('channel', 'team_id', 'brand')
    """
    found = (name.strip() for part in given for name in part.split(","))
    return tuple(dict.fromkeys(name for name in found if name))


def whole(given: int, option: str, *, least: int) -> int:
    """A whole number.

    Raises:
        InvalidValue: If it is too small.
    """
    if given < least:
        raise InvalidValue(given, where=option, right=f"a whole number from {least} on")
    return given


def hours(given: Path) -> BusinessHours:
    """Business hours from a TOML file."""
    return BusinessHours.from_toml(given)


def deadlines(given: Path) -> SlaPolicy:
    """A service level policy from a TOML file."""
    return SlaPolicy.from_toml(given)


def book(given: str) -> RuleBook:
    """A book of rules from a TOML file, or the one that we ship by the name `default`."""
    if given == DEFAULT and not Path(given).is_file():
        return RuleBook.default()
    return RuleBook.from_toml(given)


def policy(given: str) -> MeasurementPolicy:
    """A policy by the name of its preset, or from a TOML file.

    Raises:
        InvalidPolicy: If there is neither a preset nor a file of that name.
    """
    path = Path(given)
    if path.suffix.lower() == ".toml" or path.is_file():
        return MeasurementPolicy.from_toml(path)
    try:
        return MeasurementPolicy.preset(given)
    except InvalidPolicy as error:
        right = f"{error.right}, or a TOML file"
        raise InvalidPolicy(given, where="--policy", right=right) from None
