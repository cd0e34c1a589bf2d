"""Customer service on social channels: conversations, waits, business hours, and their proof.

The names below load when they are first used, so that importing the package costs next to nothing
and pulls in no frame library. Everything that reads exports and computes at scale is in
`socialcare.analytics`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from socialcare.domain.conversation import Conversation
    from socialcare.domain.hours import BusinessHours
    from socialcare.domain.message import (
        Attachment,
        Author,
        AuthorRole,
        Direction,
        Message,
        Visibility,
    )
    from socialcare.domain.policy import MeasurementPolicy
    from socialcare.domain.threading import ThreadingPolicy
    from socialcare.errors import SocialCareError

__version__ = "0.1.0"

__all__ = [
    "Attachment",
    "Author",
    "AuthorRole",
    "BusinessHours",
    "Conversation",
    "Direction",
    "MeasurementPolicy",
    "Message",
    "SocialCareError",
    "ThreadingPolicy",
    "Visibility",
    "__version__",
]

_HOME = {
    "Attachment": "socialcare.domain.message",
    "Author": "socialcare.domain.message",
    "AuthorRole": "socialcare.domain.message",
    "BusinessHours": "socialcare.domain.hours",
    "Conversation": "socialcare.domain.conversation",
    "Direction": "socialcare.domain.message",
    "MeasurementPolicy": "socialcare.domain.policy",
    "Message": "socialcare.domain.message",
    "SocialCareError": "socialcare.errors",
    "ThreadingPolicy": "socialcare.domain.threading",
    "Visibility": "socialcare.domain.message",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
