"""What can go wrong, as one small tree.

::

    SocialCareError
    ├── InvalidValue (ValueError)        a value that no type of ours can hold
    │   ├── NaiveDatetime                an instant without a time zone
    │   ├── InvalidHours                 business hours that make no sense
    │   ├── InvalidPolicy                a measurement policy that makes no sense
    │   ├── InvalidMapping               a description of an export that makes no sense
    │   ├── InvalidPlaybook              a playbook that makes no sense
    │   ├── InvalidQuery                 a query that can't be read
    │   ├── InvalidRules                 a book of rules that makes no sense
    │   ├── InvalidRouting               a plan of who gets what that makes no sense
    │   └── InvalidEscalationMap         an escalation map that makes no sense
    ├── UnreadableExport (ValueError)    nothing in this source can be read
    ├── FaultyExport (ValueError)        it can be read, has faults, and none were allowed
    ├── InvalidPlugin (TypeError)        a plugin that cannot be one
    ├── InvalidEvent (ValueError)        a stored event that no version of ours wrote
    ├── UnknownChannel (LookupError)     no plugin brings this channel
    ├── UnknownConversation (LookupError)
    ├── MissingDocument (LookupError)    the desk has no such document in force
    ├── NotAllowedNow (RuntimeError)     a conversation's state does not allow this
    │   ├── ApprovalNeeded               others must see this answer first
    │   └── StoppedByPlaybook            the playbook has something against this answer
    ├── Conflict (RuntimeError)          somebody else changed it first
    ├── InvalidPayload (ValueError)      a webhook call that makes no sense
    │   └── InvalidSignature             a webhook call by somebody else
    ├── DeliveryFailed (RuntimeError)    a channel or notifier did not take something
    ├── StoreUnusable (RuntimeError)     a database that this release can't work with
    └── MissingExtra (ImportError)       the part that was asked for is not installed

Every message says what was found, where, and what would be right.
The facts are also attributes, so that a program need not parse the sentence.
"""

from datetime import timedelta

__all__ = [
    "ApprovalNeeded",
    "Conflict",
    "DeliveryFailed",
    "FaultyExport",
    "InvalidEscalationMap",
    "InvalidEvent",
    "InvalidHours",
    "InvalidMapping",
    "InvalidPayload",
    "InvalidPlaybook",
    "InvalidPlugin",
    "InvalidPolicy",
    "InvalidQuery",
    "InvalidRouting",
    "InvalidRules",
    "InvalidSignature",
    "InvalidValue",
    "MissingDocument",
    "MissingExtra",
    "NaiveDatetime",
    "NotAllowedNow",
    "SocialCareError",
    "StoppedByPlaybook",
    "StoreUnusable",
    "UnknownChannel",
    "UnknownConversation",
    "UnreadableExport",
]


class SocialCareError(Exception):
    """The base of every error that socialcare raises on purpose."""


class InvalidValue(SocialCareError, ValueError):
    """A value that cannot be what it was given as.

    Args:
        found: The value, as it was given.
        where: The field, key, or file and line that held it.
        right: What would be right, as a phrase that follows "expected".
    """

    def __init__(self, found: object, *, where: str, right: str) -> None:
        self.found = found
        self.where = where
        self.right = right
        super().__init__(f"{where}: found {found!r}, expected {right}")


class NaiveDatetime(InvalidValue):
    """An instant without a time zone, where only an aware one says when."""

    def __init__(self, found: object, *, where: str) -> None:
        super().__init__(found, where=where, right="an aware datetime, such as one with tzinfo=UTC")


class InvalidHours(InvalidValue):
    """Business hours that contradict themselves, or leave nothing open."""


class InvalidPolicy(InvalidValue):
    """A measurement policy with an unknown field or a choice that does not exist."""


class InvalidPlaybook(InvalidValue):
    """A playbook with a key, a value or a placeholder that makes no sense."""


class InvalidMapping(InvalidValue):
    """A description of an export that does not fit its columns, or itself."""


class InvalidQuery(InvalidValue):
    """A query that can't be read.

    Args:
        found: What stands there.
        query: The query.
        position: At which character, counted from 0.
        right: What would be right there.
        where: The file and key that held it, if one did.
    """

    def __init__(
        self, found: str, *, query: str, position: int, right: str, where: str = "query"
    ) -> None:
        self.query = query
        self.position = position
        super().__init__(found, where=f"{where}, character {position + 1}", right=right)


class InvalidRules(InvalidValue):
    """A book of rules with a key, a value or an order that makes no sense."""


class InvalidRouting(InvalidValue):
    """A plan of who gets what with a key or a value that makes no sense."""


class InvalidEscalationMap(InvalidValue):
    """An escalation map with a key, a value or an order that makes no sense."""


class UnreadableExport(SocialCareError, ValueError):
    """A source of which nothing can be read.

    Args:
        source: The path or a name for the frame.
        reason: What was found, and what would be right.
    """

    def __init__(self, source: str, reason: str) -> None:
        self.source = source
        self.reason = reason
        super().__init__(f"{source}: {reason}")


class FaultyExport(SocialCareError, ValueError):
    """A source with faults, read where none are allowed.

    Args:
        source: The path or a name for the frame.
        codes: The codes of the faults, as in the quality report.
    """

    def __init__(self, source: str, codes: tuple[str, ...]) -> None:
        self.source = source
        self.codes = codes
        super().__init__(f"{source}: strict reading allows no faults, found {', '.join(codes)}")


class InvalidPlugin(SocialCareError, TypeError):
    """A plugin that cannot be one: a class, a misspelt hook, a second channel of one name.

    Args:
        plugin: What it is called.
        reason: What was found, and what to do.
    """

    def __init__(self, plugin: str, reason: str) -> None:
        self.plugin = plugin
        self.reason = reason
        super().__init__(f"{plugin}: {reason}")


class InvalidEvent(SocialCareError, ValueError):
    """A stored event that no version of this library wrote.

    Args:
        where: The type of the event, or what stands in its place.
        reason: What was found, and what would be right.
    """

    def __init__(self, where: str, reason: str) -> None:
        self.where = where
        self.reason = reason
        super().__init__(f"{where}: {reason}")


class UnknownChannel(SocialCareError, LookupError):
    """A channel that no plugin of the desk brings.

    Args:
        channel: What was asked for.
        known: The channels that there are.
    """

    def __init__(self, channel: str, *, known: tuple[str, ...]) -> None:
        self.channel = channel
        self.known = known
        there = ", ".join(known) if known else "none"
        super().__init__(f"no plugin brings the channel {channel!r}; there are: {there}")


class UnknownConversation(SocialCareError, LookupError):
    """A conversation that the store does not have."""

    def __init__(self, conversation: str) -> None:
        self.conversation = conversation
        super().__init__(f"there is no conversation {conversation!r}")


class MissingDocument(SocialCareError, LookupError):
    """A question that only a document can answer, which the desk does not have.

    Args:
        kind: Which one, as `Desk.open` calls it: `deadlines`, `rota`, ...
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(f"this desk has no {kind}; open it with `Desk.open(..., {kind}=...)`")


class NotAllowedNow(SocialCareError, RuntimeError):
    """A command that makes no sense in the state in which the conversation is.

    Args:
        conversation: Which one.
        wanted: What was to be done.
        found: What it is now, and what would be right.
    """

    def __init__(self, conversation: str, *, wanted: str, found: str) -> None:
        self.conversation = conversation
        self.wanted = wanted
        self.found = found
        super().__init__(f"{conversation}: can't {wanted}: {found}")


class ApprovalNeeded(NotAllowedNow):
    """An answer that others must see before it goes out; `draft` is the way.

    Args:
        conversation: Which one.
        roles: The roles that must approve it, in alphabetical order.
        needed: Who must approve it, and why, as a phrase.
    """

    def __init__(self, conversation: str, *, roles: tuple[str, ...], needed: str) -> None:
        self.roles = roles
        self.needed = needed
        found = f"it needs the approval of {needed}; put it forward with `draft`"
        super().__init__(conversation, wanted="send this answer", found=found)


class StoppedByPlaybook(NotAllowedNow):
    """An answer that the playbook stops; it must be changed, or the finding overruled.

    Args:
        conversation: Which one.
        codes: The codes of what stops it.
        said: What was found, and what to do instead, as a phrase.
    """

    def __init__(self, conversation: str, *, codes: tuple[str, ...], said: str) -> None:
        self.codes = codes
        self.said = said
        super().__init__(conversation, wanted="send this answer", found=said)


class Conflict(SocialCareError, RuntimeError):
    """Somebody else changed it since it was read; to be tried again on what is there now.

    Args:
        what: The conversation, customer, message or entry.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"{what} was changed by somebody else since it was read")


class InvalidPayload(SocialCareError, ValueError):
    """A webhook call that makes no sense.

    Args:
        channel: The channel that it was for.
        reason: What was found, and what would be right.
    """

    def __init__(self, channel: str, reason: str) -> None:
        self.channel = channel
        self.reason = reason
        super().__init__(f"{channel}: {reason}")


class InvalidSignature(InvalidPayload):
    """A webhook call that is not by whom it says."""


class DeliveryFailed(SocialCareError, RuntimeError):
    """A channel or notifier did not take something.

    Args:
        target: Which one.
        reason: What it said.
        again: Whether trying again may help.
        after: How long it asked to be left alone, if it did.
    """

    def __init__(
        self, target: str, reason: str, *, again: bool, after: timedelta | None = None
    ) -> None:
        self.target = target
        self.reason = reason
        self.again = again
        self.after = after
        super().__init__(f"{target}: {reason}")


class StoreUnusable(SocialCareError, RuntimeError):
    """A database that this release can't work with: newer than it, damaged, or something else.

    Args:
        location: Which one.
        reason: What was found, and what would be right.
    """

    def __init__(self, location: str, reason: str) -> None:
        self.location = location
        self.reason = reason
        super().__init__(f"{location}: {reason}")


class MissingExtra(SocialCareError, ImportError):
    """A part of socialcare whose libraries are not installed.

    Args:
        extra: The extra that brings them.
        module: The module that was looked for.
    """

    def __init__(self, extra: str, *, module: str) -> None:
        self.extra = extra
        super().__init__(
            f"{module} is not installed: pip install 'socialcare[{extra}]'", name=module
        )
