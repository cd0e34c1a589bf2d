"""Questions: what a desk shows of its log, and the numbers that it gives.

`Desk` has them all; they stand by themselves because they are many and change nothing.
"""

import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from socialcare.desk import judging, numbers, reading, searching
from socialcare.desk.export import export
from socialcare.desk.handbook import Handbook
from socialcare.desk.live import DAY, LiveNumbers
from socialcare.desk.searching import LOOK_AT, Results
from socialcare.desk.workplace import Workplace
from socialcare.domain.annotation import Sense, Value
from socialcare.domain.conversation import Conversation
from socialcare.domain.customer import Customer
from socialcare.domain.events import Key
from socialcare.domain.hours import BusinessHours
from socialcare.domain.policy import MeasurementPolicy
from socialcare.domain.query import Query
from socialcare.domain.summary import Summary
from socialcare.plugins.records import Logged, Page

if TYPE_CHECKING:
    from socialcare.desk.numbers import Metrics

QUEUE = Page()
"""The fifty conversations whose turn is next."""


class Questions:
    """What can be asked of a desk."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    def conversation(self, conversation: str) -> Conversation:
        """A conversation with all of its messages, or the one that it became part of.

        Raises:
            UnknownConversation: If there is none of that name.
        """
        return reading.conversation(self._work, conversation)

    def queue(self, page: Page = QUEUE) -> tuple[Summary, ...]:
        """The conversations in which a customer waits, and those escalated, the first turn first.

        Whose turn it is follows from the priority and from how long they have waited, see
        `socialcare.domain.priority`. Noise waits in no line: `Page(noise=True)` shows it. What is
        escalated has a turn until those who must see it are done, whoever waits.

        Args:
            page: Which ones, and how many; for the next page give the last one as `after`.
        """
        return self._work.store.page(page)

    @property
    def handbook(self) -> Handbook:
        """The documents in force: rules, deadlines and so on."""
        return self._work.handbook

    def explain(self, conversation: str, message: Key | None = None) -> str:
        """Why it stands where it stands: priority, reason, rule and version, words and facts.

        Args:
            conversation: Which one.
            message: One of its messages, as channel and id; by default the one by which what the
                customer waits with is ranked.

        Raises:
            UnknownConversation: If there is none of that name.
            InvalidValue: If it has no such message.
        """
        return judging.explained(self._work, conversation, message)

    def labels(self, sense: Sense | str) -> tuple[tuple[str, Value], ...]:
        """What people said of messages in one sense, as text and value, to train a model with."""
        return tuple(judging.labels(self._work, Sense(sense)))

    def history(
        self, customer_id: str, *, brand: str | None = None, limit: int = 50
    ) -> tuple[Summary, ...]:
        """A customer's conversations on all channels: whose they were, and how they ended.

        The one with the latest message is first.
        """
        return reading.history(self._work, customer_id, brand=brand, limit=limit)

    def customer(self, customer_id: str) -> Customer:
        """A customer with the handles that were linked to them; none for whom nobody knows."""
        return reading.customer(self._work, customer_id)

    def search(self, query: Query | str, *, limit: int = 50, look_at: int = LOOK_AT) -> Results:
        """The messages for which a query holds, the latest first.

        A query is words, phrases, fields and so on, as in `socialcare.domain.query`. Asked are the
        text, what is said of it, and how its conversation stands now; not what was known of its
        author, or how long anybody waited.

        Args:
            query: What is asked.
            limit: At most so many messages.
            look_at: How many messages to look at, where the store can't tell which ones it is.

        Returns:
            The messages, each with the parts of the query that were found; and whether the search
            ended before it had looked at all.

        Raises:
            InvalidQuery: If the query can't be read.
        """
        asked = query if isinstance(query, Query) else Query(query)
        return searching.search(self._work, asked, limit=limit, look_at=look_at)

    def log(self, after: str | None = None, *, limit: int = 1000) -> tuple[Logged, ...]:
        """Events of the whole desk from a cursor on, from the beginning if None.

        Whoever goes on from the last cursor meets every event once.
        """
        return self._work.store.log(after, limit)

    # Numbers

    def metrics(
        self,
        by: str | Iterable[str] = (),
        period: str | None = None,
        hours: BusinessHours | None = None,
        policy: MeasurementPolicy | str | None = None,
        as_of: datetime | None = None,
        *,
        tz: str | None = None,
        where: Query | str | None = None,
    ) -> "Metrics":
        """Every metric that the log allows, as it stands; arguments as `numbers.metrics`.

        Where the desk has deadlines, attainment is that of their clocks.

        Raises:
            MissingExtra: If the extra `analytics` is not installed.
            InvalidValue: If a column, period or zone does not exist, or `as_of` is naive.
            InvalidQuery: If the query `where` can't be read, or asks for what no log knows.
        """
        return numbers.metrics(
            self._work.store,
            by,
            period,
            hours,
            policy,
            as_of,
            tz=tz,
            where=where,
            classifiers=tuple(self._work.classifiers.values()),
            threading=self._work.threading,
            deadlines=self._work.deadlines,
        )

    def export(self, path: "str | os.PathLike[str]") -> int:
        """How many messages were written to a CSV, JSON Lines or Parquet file, or a folder.

        Raises:
            InvalidValue: If nothing can be written there.
            MissingExtra: If it is Parquet and the extra `analytics` is not installed.
        """
        return export(self._work.store, path)

    def live(
        self,
        *,
        window: timedelta = DAY,
        older_than: Iterable[timedelta] = (),
        policy: MeasurementPolicy | None = None,
    ) -> LiveNumbers:
        """Running numbers of the log, to be brought up to date with `catch_up`.

        Args:
            window: How far back response times and recent volumes go.
            older_than: Ages of open waits to count above.
            policy: What opens a wait and what is a response; ours by default.

        Raises:
            InvalidValue: If the window is less than a second.
            InvalidPolicy: If the policy has pauses.
        """
        return LiveNumbers(
            store=self._work.store,
            window=window,
            older_than=tuple(older_than),
            policy=policy or MeasurementPolicy(),
        )
