"""Listening: what people say about a brand, its trade and its competitors, and not to it.

A listening is lists of names in groups, and queries written by hand. The lists are compiled into
queries of the same language as rules and searches, so that every message heard can be traced to a
query that a person can read: see `Listening.queries`, and `listening_group` for how.

It runs over anything that gives messages one by one, such as a firehose, an export or a channel's
poll, and gives what was heard, lazily; a desk takes that as indirect mentions. `hearing` says what
is left out, and counts it.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

import attrs

from socialcare.domain.hearing import Hearing, ListeningRecord, QueryRecord
from socialcare.domain.instants import EPOCH
from socialcare.domain.listening_group import Interest, ListeningGroup
from socialcare.domain.listening_limit import Limit
from socialcare.domain.message import Author, AuthorRole, Direction, Message
from socialcare.domain.query import Query
from socialcare.domain.subject import Subject
from socialcare.errors import InvalidValue

__all__ = [
    "Hearing",
    "Interest",
    "Limit",
    "Listening",
    "ListeningGroup",
    "ListeningQuery",
    "ListeningRecord",
    "QueryRecord",
]


def _share(
    query: "ListeningQuery",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[float]",  # noqa: ARG001 - attrs passes it
    value: float,
) -> None:
    if not 0 < value <= 1:
        right = "a share above 0 and up to 1, such as 0.1"
        raise InvalidValue(value, where="ListeningQuery.sample", right=right)


@attrs.frozen(kw_only=True)
class ListeningQuery:
    """A query that listens.

    Attributes:
        name: Unique in its listening; `brand.names` of the names of the group `brand`.
        interest: Why it is asked.
        query: What it looks for; `query.text` is how it is written.
        limit: How many messages it passes on; None for all.
        sample: Which share of what it finds it passes on, always the same messages.

    Raises:
        InvalidValue: If the sample is no share.
    """

    name: str
    interest: Interest = attrs.field(default=Interest.BRAND, converter=Interest)
    query: Query
    limit: Limit | None = None
    sample: float = attrs.field(default=1.0, validator=_share)

    @property
    def text(self) -> str:
        """How the query is written."""
        return self.query.text


def _groups(given: Iterable[ListeningGroup]) -> tuple[ListeningGroup, ...]:
    return tuple(given)


def _queries(given: Iterable[ListeningQuery]) -> tuple[ListeningQuery, ...]:
    return tuple(given)


@attrs.frozen(kw_only=True)
class Listening:
    """What is listened for.

    Attributes:
        name: What it is called.
        version: Which state of it this is.
        groups: Names in lists.
        written: Queries written by hand, asked as they are.

    Raises:
        InvalidValue: If two queries have one name, or there is none.
        InvalidQuery: If a list holds what no query can look for.

    >>> from socialcare.testing.builders import asks
    >>> listening = Listening.from_mapping({"brand": {"names": ["Northline"]}})
    >>> [(each.name, each.text) for each in listening.queries][:1]
    [('brand.names', 'Northline')]
    >>> [each.found_by for each in listening.hear([asks(0, text="northline again ...")])]
    [('brand.names',)]
    """

    name: str = "listening"
    version: str = "1"
    groups: tuple[ListeningGroup, ...] = attrs.field(default=(), converter=_groups)
    written: tuple[ListeningQuery, ...] = attrs.field(default=(), converter=_queries)

    def __attrs_post_init__(self) -> None:
        names = [query.name for query in self.queries]
        if not names:
            right = "at least one name or query to listen for"
            raise InvalidValue((), where=f"listening {self.name!r}", right=right)
        for place, name in enumerate(names):
            if name in names[:place]:
                where = f"listening {self.name!r}: queries"
                raise InvalidValue(name, where=where, right="a name that no query before it has")

    @classmethod
    def from_toml(cls, path: str | Path) -> "Listening":
        """What a TOML file listens for.

        Raises:
            InvalidValue: At the first key that is not right.
            OSError: If the file cannot be opened.
        """
        from socialcare.domain.documents import toml_table
        from socialcare.domain.listening_document import listening

        return listening(toml_table(path))

    @classmethod
    def from_mapping(
        cls, mapping: Mapping[str, object], *, where: str = "listening"
    ) -> "Listening":
        """What a mapping listens for, as a TOML file would.

        Raises:
            InvalidValue: At the first key that is not right; `where` names the document.
        """
        from socialcare.domain.documents import Table
        from socialcare.domain.listening_document import listening

        return listening(Table(mapping, where))

    @cached_property
    def queries(self) -> tuple[ListeningQuery, ...]:
        """Every query that is asked: those of the groups, then those written by hand."""
        compiled = (query for group in self.groups for query in _compiled(group))
        return (*compiled, *self.written)

    @cached_property
    def accounts(self) -> frozenset[str]:
        """The brand's own accounts, without `@`."""
        brand = (group for group in self.groups if group.interest is Interest.BRAND)
        return frozenset(name.strip().removeprefix("@") for each in brand for name in each.accounts)

    @cached_property
    def terms(self) -> Query:
        """Any of its terms, whatever the language and the place: what is listened for already."""
        listed = (text for group in self.groups for text in group.terms.values())
        written = (query.text for query in self.written)
        exceptions = (word for group in self.groups for word in group.exceptions)
        return Query(" OR ".join(f"({text})" for text in (*listed, *written)), (*exceptions,))

    def knows(self, text: str) -> bool:
        """Whether a text is listened for already, whatever the language and the place."""
        author = Author(role=AuthorRole.CUSTOMER)
        message = Message(
            id="text",
            sent_at=EPOCH,
            direction=Direction.INBOUND,
            author=author,
            customer_id=None,
            channel="text",
            text=text,
        )
        return self.terms.holds(Subject(message=message))

    def hear(self, messages: Iterable[Message | Subject]) -> Hearing:
        """What is heard of messages, in their order and as they come; its `record` counts.

        Args:
            messages: Anything that gives messages one by one. A subject brings what is known around
                its message, such as where its author is, which a query may ask for.
        """
        return Hearing(self, messages)


def _compiled(group: ListeningGroup) -> Iterable[ListeningQuery]:
    for kind, text in group.texts.items():
        yield ListeningQuery(
            name=f"{group.name}.{kind}",
            interest=group.interest,
            query=Query(text, group.exceptions_for(kind)),
            limit=group.limit,
            sample=group.sample,
        )
