"""A second look at a listening: what will be heard that was not meant, or costs more than it tells.

Nothing here is wrong, as a document with an unknown key is; each is a remark that somebody who
knows the brand may wave aside.
"""

from collections import defaultdict
from collections.abc import Iterator

import attrs

from socialcare.domain.listening import Listening
from socialcare.domain.listening_group import ListeningGroup
from socialcare.domain.query.anchors import anchor
from socialcare.domain.words import words

__all__ = ["Remark", "remarks"]

_SHORT_NAME = 3
_SHORT_WORD = 5
_LISTS = ("names", "products", "nicknames")


@attrs.frozen(kw_only=True)
class Remark:
    """Something that may not be meant.

    Attributes:
        where: The group and list, or the query.
        says: What was found, and what would be better.
    """

    where: str
    says: str


def remarks(listening: Listening) -> tuple[Remark, ...]:
    """What somebody should look at once more, in the order of the listening.

    >>> listening = Listening.from_mapping({"brand": {"names": ["NL"]}})
    >>> [(each.where, each.says.partition(":")[0]) for each in remarks(listening)]
    [('brand.names', "'NL' is short and may mean other things")]
    """
    return (
        *(each for group in listening.groups for each in _short(group)),
        *_twice(listening),
        *_always(listening),
    )


def _short(group: ListeningGroup) -> Iterator[Remark]:
    for kind in _LISTS:
        for term in getattr(group, kind):
            found = words(term)
            if len(found) == 1 and len(found[0]) <= _SHORT_NAME:
                says = f"{term!r} is short and may mean other things: list it under `ambiguous`"
                yield Remark(where=f"{group.name}.{kind}", says=says)
    for term in group.misspelt:
        if len(term) < _SHORT_WORD:
            says = f"{term!r} is short, and a slip makes many other words of it"
            yield Remark(where=f"{group.name}.misspelt", says=says)


def _twice(listening: Listening) -> Iterator[Remark]:
    """Terms of two groups, which both find the same."""
    holders: defaultdict[str, list[str]] = defaultdict(list)
    for group in listening.groups:
        for kind, text in group.terms.items():
            if kind != "companions":
                for term in text.split(" OR "):
                    holders[term.casefold()].append(f"{group.name}.{kind}")
    for term, names in holders.items():
        if len(names) > 1:
            yield Remark(where=names[0], says=f"{term} is in {', '.join(names[1:])} as well")


def _always(listening: Listening) -> Iterator[Remark]:
    for query in listening.queries:
        if anchor(query.query.node) is None:
            says = "no word must be there, so it is asked of every message: add one"
            yield Remark(where=query.name, says=says)
