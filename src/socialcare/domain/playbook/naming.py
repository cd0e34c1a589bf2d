"""Naming: how a customer is called in a text that is filled in by itself.

What somebody calls themselves on a platform is theirs to choose, and a brand would say it in its
own name. So only what looks like a name is used: a few letters, no address, no number, no swearing.
"""

import re

from socialcare.domain.message import Message
from socialcare.domain.playbook.checks.manner import swearing
from socialcare.domain.playbook.reading import Text

__all__ = ["called"]

_LETTER = r"[^\W\d_]"
_NAME = re.compile(
    rf"{_LETTER}(?:{_LETTER}|['\u2019-](?={_LETTER})|\.? (?={_LETTER})"
    rf"|(?<!{_LETTER}{_LETTER})\.(?={_LETTER})){{0,39}}\.?"
)
"""Letters, with signs between them; a dot without a blank behind it only after an initial."""


def called(message: Message) -> dict[str, str]:
    """The value of the placeholder `customer`, or none where their name is none to be said.

    >>> from socialcare.testing.builders import asks
    >>> from attrs import evolve
    >>> said = asks(0)
    >>> called(evolve(said, author=evolve(said.author, name="Ada L.")))
    {'customer': 'Ada L.'}
    >>> called(evolve(said, author=evolve(said.author, name="WIN now: spam.example")))
    {}
    """
    name = (message.author.name or "").strip()
    if not _NAME.fullmatch(name):
        return {}
    text = Text(name)
    swears = next(swearing(text), None) is not None
    return {} if swears or text.links else {"customer": name}
