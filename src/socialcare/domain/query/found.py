"""What was found, as people read it: words of the text, and facts around it."""

import math
from collections.abc import Iterable, Mapping

from socialcare.domain.query.query import Hit

__all__ = ["facts_found", "words_found"]

_OF_THE_TEXT = frozenset({"text", "hashtag", "mention", "link"})
"""What a hit is called that is a piece of the text."""


def words_found(hits: Iterable[Hit]) -> tuple[str, ...]:
    """The pieces of the text that were found, each once: words as they stand, then signs."""
    pieces = [hit for hit in hits if hit.field in _OF_THE_TEXT]
    pieces.sort(key=lambda hit: math.inf if hit.start is None else hit.start)
    return tuple(dict.fromkeys(hit.found for hit in pieces))


def facts_found(hits: Iterable[Hit]) -> Mapping[str, str]:
    """The fields that were used, with their values; commas between several of one field."""
    facts: dict[str, dict[str, None]] = {}
    for hit in hits:
        if hit.field not in _OF_THE_TEXT:
            facts.setdefault(hit.field, {})[hit.found] = None
    return {field: ", ".join(values) for field, values in facts.items()}
