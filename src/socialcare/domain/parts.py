"""Parts: which conversations and new messages turn out to be one conversation.

A part begins as one conversation, or as one new message. Parts are joined until nothing more links
them; each then is one conversation. Conversations that the channel gave, and those that somebody
split, are never joined to another by themselves, whatever lies between them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from socialcare.domain.events import Key
from socialcare.domain.instants import epoch_second
from socialcare.domain.naming import current_name, name_after
from socialcare.domain.summary import Summary

Unit: TypeAlias = str | Key
"""A conversation by its name, or a new message by channel and id."""
Part: TypeAlias = list[Unit]
"""What is one conversation; two units are together if they share the list."""
Order: TypeAlias = tuple[int, bool, str, str]
"""A message's place in time, as `Message.order`."""


class Parts:
    """The parts of what is known and new, joined bit by bit.

    Args:
        summaries: The conversations that may be met, and what those were merged into.
    """

    def __init__(self, summaries: Mapping[str, Summary]) -> None:
        self._summaries = summaries
        self._known = {*summaries, *(each.merged_into for each in summaries.values())}
        self._of: dict[Unit, Part] = {}

    def current(self, conversation: str) -> str:
        """What a conversation has become part of by now, or itself."""
        return current_name(conversation, self._into)

    def _into(self, conversation: str) -> str | None:
        known = self._summaries.get(conversation)
        return None if known is None else known.merged_into

    def of(self, unit: Unit) -> Part:
        """The part that a unit is in; at first it is one by itself."""
        part = self._of.get(unit)
        if part is None:
            part = self._of[unit] = [unit]
        return part

    def join(self, one: Unit, other: Unit) -> None:
        """Makes one part of two, unless they hold conversations that are to stay apart."""
        small, large = self.of(one), self.of(other)
        if small is large or self._are_apart(small, large):
            return
        if len(small) > len(large):
            small, large = large, small
        large.extend(small)
        for unit in small:
            self._of[unit] = large

    def settled(self, part: Part) -> Iterator[int]:
        """The seconds in which conversations of a part were settled."""
        for name in conversations(part):
            known = self._summaries.get(name)
            if known is not None and known.resolved_at is not None:
                yield epoch_second(known.resolved_at)

    def is_known(self, conversation: str) -> bool:
        """Whether there is such a conversation already."""
        return conversation in self._known

    def is_held(self, conversation: str) -> bool:
        """Whether people or the channel have said what is in it, so that nothing joins it."""
        known = self._summaries.get(conversation)
        return known is not None and (known.given or bool(known.apart))

    def merged(self) -> tuple[tuple[str, str], ...]:
        """Conversations that have become one: which goes on, and which is part of it then."""
        found = []
        for part in self.distinct():
            if len(part) == 1:
                continue
            names = sorted(conversations(part), key=self._age)
            found += [(names[0], other) for other in names[1:]]
        return tuple(sorted(found))

    def named(self, orders: Mapping[Key, Order]) -> dict[int, str]:
        """The name of each part, by the part's identity.

        It is that of the conversation that began first, or else that of the first message.

        Args:
            orders: The place in time of the new messages.
        """
        return {id(part): self._name(part, orders) for part in self.distinct()}

    def distinct(self) -> Sequence[Part]:
        """Every part once."""
        return tuple({id(part): part for part in self._of.values()}.values())

    def _name(self, part: Part, orders: Mapping[Key, Order]) -> str:
        known = min(conversations(part), key=self._age, default=None)
        if known is not None:
            return known
        keys = [unit for unit in part if not isinstance(unit, str)]
        first = min(keys, key=orders.__getitem__)
        return name_after(first)

    def _age(self, name: str) -> tuple[float, str]:
        """Conversations sorted by this are in the order in which they began."""
        known = self._summaries.get(name)
        if known is None or known.opened_at is None:
            return (float("inf"), name)
        return (epoch_second(known.opened_at), name)

    def _are_apart(self, one: Part, other: Part) -> bool:
        names = tuple(conversations(other))
        return any(self._is_apart(name, each) for name in conversations(one) for each in names)

    def _is_apart(self, one: str, other: str) -> bool:
        here, there = self._summaries.get(one), self._summaries.get(other)
        if here is None or there is None:
            return False
        return here.given or there.given or _was_split(here, there) or _was_split(there, here)


def conversations(part: Iterable[Unit]) -> Iterator[str]:
    """The conversations of a part."""
    return (unit for unit in part if isinstance(unit, str))


def _was_split(one: Summary, other: Summary) -> bool:
    return bool(one.apart) and not {other.id, *other.absorbed}.isdisjoint(one.apart)
