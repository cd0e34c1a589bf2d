"""Customer service on social channels: conversations, waits, business hours, and their proof.

`Desk` is the door for programs, `socialcare.analytics` the one for exports and numbers at scale,
and `socialcare.testing` the one for authors of plugins.
The names below load when they are first used, so that importing the package costs next to nothing
and pulls in no frame library.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from socialcare.desk.desk import Desk
    from socialcare.domain.actor import Actor
    from socialcare.domain.conversation import Conversation
    from socialcare.domain.customer import Customer, Handle
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
    from socialcare.domain.priority import RuleBook
    from socialcare.domain.query import Query
    from socialcare.domain.states import State
    from socialcare.domain.threading import ThreadingPolicy
    from socialcare.domain.tier import Priority
    from socialcare.errors import SocialCareError
    from socialcare.plugins.hookspecs import hookimpl

__version__ = "0.1.0"

__all__ = [
    "Actor",
    "Attachment",
    "Author",
    "AuthorRole",
    "BusinessHours",
    "Conversation",
    "Customer",
    "Desk",
    "Direction",
    "Handle",
    "MeasurementPolicy",
    "Message",
    "Priority",
    "Query",
    "RuleBook",
    "SocialCareError",
    "State",
    "ThreadingPolicy",
    "Visibility",
    "__version__",
    "hookimpl",
]

_HOME = {
    "Actor": "socialcare.domain.actor",
    "Attachment": "socialcare.domain.message",
    "Author": "socialcare.domain.message",
    "AuthorRole": "socialcare.domain.message",
    "BusinessHours": "socialcare.domain.hours",
    "Conversation": "socialcare.domain.conversation",
    "Customer": "socialcare.domain.customer",
    "Desk": "socialcare.desk.desk",
    "Direction": "socialcare.domain.message",
    "Handle": "socialcare.domain.customer",
    "MeasurementPolicy": "socialcare.domain.policy",
    "Message": "socialcare.domain.message",
    "Priority": "socialcare.domain.tier",
    "Query": "socialcare.domain.query",
    "RuleBook": "socialcare.domain.priority",
    "SocialCareError": "socialcare.errors",
    "State": "socialcare.domain.states",
    "ThreadingPolicy": "socialcare.domain.threading",
    "Visibility": "socialcare.domain.message",
    "hookimpl": "socialcare.plugins.hookspecs",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
