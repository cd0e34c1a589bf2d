"""Naming: what conversations of a desk are called, and what they became part of.

A conversation is called after the message that began it, `channel:id`, or by the id that the
channel gave. A given id has no colon in its name, so that no message is ever called the same, and
the brand stands before it, since two brands may give one id.
"""

from collections.abc import Callable

from socialcare.domain.events import Key

_ESCAPED = str.maketrans({"%": "%25", ":": "%3A", "/": "%2F"})


def name_after(message: Key) -> str:
    """The name of a conversation that begins with a message.

    >>> name_after(("x", "17"))
    'x:17'
    """
    return ":".join(message)


def given_name(brand: str | None, given: str) -> str:
    """The name of a conversation whose id the channel gave.

    >>> given_name(None, "case-1"), given_name("north", "case-1"), given_name(None, "x:17")
    ('case-1', 'north/case-1', 'x%3A17')
    """
    parts = (brand, given) if brand else (given,)
    return "/".join(part.translate(_ESCAPED) for part in parts)


def current_name(conversation: str, into: Callable[[str], str | None]) -> str:
    """What a conversation has become part of by now, or itself.

    Args:
        conversation: Its name.
        into: What each conversation became part of at first; None for one that did not.
    """
    while (whole := into(conversation)) is not None:
        conversation = whole
    return conversation
