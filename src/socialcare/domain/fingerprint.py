"""Fingerprints of texts: which ones say nearly the same words.

A fingerprint is the eight lowest of the hashes of a text's words, without addresses, @names,
numbers and repeats. What it is for is comparing: the share of the lowest hashes of two texts
together that both of them have is an estimate of the share of words that they have in common
(Broder 1997), at the cost of a few comparisons whatever the length.
"""

import re
from functools import lru_cache
from hashlib import blake2b
from typing import TypeAlias

from socialcare.domain.words import words

Fingerprint: TypeAlias = tuple[int, ...]
_KEPT = 8
_ALIKE = 0.7
_ADDRESS = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_DROPPED = re.compile(r"https?://\S+|www\.\S+|@[\w.@-]+", re.IGNORECASE)
_QUOTING = frozenset({"rt"})


def fingerprint(text: str) -> Fingerprint:
    """The lowest hashes of the words of a text, in order; none for a text without words.

    >>> fingerprint("@acme my card is BLOCKED! https://a.example/1") == fingerprint(
    ...     "RT @bo: my card is blocked"
    ... )
    True
    """
    own = {word for word in words(spoken(text)) if not word.isdigit()} - _QUOTING
    return tuple(sorted(map(_hash, own))[:_KEPT])


def spoken(text: str) -> str:
    """The text without addresses and @names.

    >>> spoken("@acme see https://a.example/1 now").split()
    ['see', 'now']
    """
    return _DROPPED.sub(" ", text)


def are_alike(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether two texts say nearly the same words; False where one has none.

    >>> first = fingerprint("Win a free phone now, click the link in our profile and enter today")
    >>> second = fingerprint("Win a free phone now!! click the link in our profile to enter today")
    >>> are_alike(first, second), are_alike(first, fingerprint("My parcel has not come yet"))
    (True, False)
    """
    if one == other:
        return bool(one)
    lowest = sorted({*one, *other})[:_KEPT]
    shared = {*one} & {*other}
    return sum(each in shared for each in lowest) >= _ALIKE * len(lowest)


def link(text: str) -> str | None:
    """The first web address in a text, without what tells one click from another, or None.

    >>> link("look: https://Spam.example/win?id=17#top !")
    'spam.example/win'
    """
    found = _ADDRESS.search(text)
    if found is None:
        return None
    bare = re.sub(r"^https?://", "", found[0].lower())
    return re.split(r"[?#]", bare)[0].rstrip("/.,;:!)'\"")


@lru_cache(maxsize=65_536)
def _hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=4).digest())
