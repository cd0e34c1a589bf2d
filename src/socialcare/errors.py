"""What can go wrong, as one small tree.

::

    SocialCareError
    ├── InvalidValue (ValueError)        a value that no type of ours can hold
    │   ├── NaiveDatetime                an instant without a time zone
    │   ├── InvalidHours                 business hours that make no sense
    │   ├── InvalidPolicy                a measurement policy that makes no sense
    │   └── InvalidMapping               a description of an export that makes no sense
    ├── UnreadableExport (ValueError)    nothing in this source can be read
    ├── FaultyExport (ValueError)        it can be read, has faults, and none were allowed
    └── MissingExtra (ImportError)       the part that was asked for is not installed

Every message says what was found, where, and what would be right.
The facts are also attributes, so that a program need not parse the sentence.
"""

__all__ = [
    "FaultyExport",
    "InvalidHours",
    "InvalidMapping",
    "InvalidPolicy",
    "InvalidValue",
    "MissingExtra",
    "NaiveDatetime",
    "SocialCareError",
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


class InvalidMapping(InvalidValue):
    """A description of an export that does not fit its columns, or itself."""


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
