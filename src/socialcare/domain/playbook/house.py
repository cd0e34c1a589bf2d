"""The house: what belongs to it, and words of its own that the checks know."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from types import MappingProxyType

import attrs

from socialcare.domain.playbook.plain_data import digits
from socialcare.domain.words import folded
from socialcare.errors import InvalidPlaybook

__all__ = ["House"]

_TELLING = 9
"""So many digits at its end tell a phone number from others."""


def _texts(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(given)


def _by_kind(given: Mapping[str, Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({kind: tuple(every) for kind, every in given.items()})


def _positive(_: "House", __: "attrs.Attribute[int]", value: int) -> None:
    if value < 1:
        raise InvalidPlaybook(value, where="house.copies", right="a number from 1 on")


def _ending(contact: str) -> str:
    """A contact as it is compared: of a long number its end, written with the country or not."""
    plain = digits(contact)
    return plain[-_TELLING:] if plain.isdigit() else plain


@attrs.frozen(kw_only=True)
class House:
    """What belongs to a house, and words of its own.

    Attributes:
        contacts: Its phone numbers and addresses of e-mail, which may be given to everybody.
        sites: Its domains: links there, and addresses of e-mail there, are its own.
        status_page: Where it says what concerns many.
        copies: From how many answers on that were sent to others lately one is called a copy.
        allowed: Words that it says though they look like swearing.
        swearwords: More words that nobody says to a customer.
        phrases: More phrases for the checks, by kind.

    Raises:
        InvalidPlaybook: If `copies` is less than 1.
    """

    contacts: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    sites: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    status_page: str | None = None
    copies: int = attrs.field(default=3, validator=_positive)
    allowed: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    swearwords: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    phrases: Mapping[str, tuple[str, ...]] = attrs.field(
        factory=dict, converter=_by_kind, hash=False
    )

    def owns(self, contact: str) -> bool:
        """Whether a phone number or address is its own."""
        if _ending(contact) in self._contacts:
            return True
        _, at, site = contact.casefold().rpartition("@")
        return bool(at) and self.has_site(site)

    def has_site(self, host: str) -> bool:
        """Whether a host is one of its sites, or below one."""
        name = host.casefold()
        return any(name == site or name.endswith(f".{site}") for site in self._sites)

    @cached_property
    def _contacts(self) -> frozenset[str]:
        return frozenset(map(_ending, self.contacts))

    @cached_property
    def _sites(self) -> tuple[str, ...]:
        return tuple(site.casefold().removeprefix("www.") for site in self.sites)

    @cached_property
    def allowed_words(self) -> frozenset[str]:
        """The words that it says, folded."""
        return frozenset(map(folded, self.allowed))

    @cached_property
    def more_swearwords(self) -> frozenset[str]:
        """The words that nobody says, folded."""
        return frozenset(map(folded, self.swearwords))
