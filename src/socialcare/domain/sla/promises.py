"""What opens and closes each promise of a conversation.

A customer's message opens the promise of a response, and the response closes it; the first opens
that of a resolution, and settling closes it; coming into a team's hands opens that of the time in
this team, and leaving them closes it.
Everything here follows from what was known at each moment. A status settles, and so do a
customer's thanks after a response for as long as the conversation has no status; what is only
inferred from days of silence settles nothing, because nobody knew it while the clock ran.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import pairwise

import attrs

from socialcare.domain.acknowledgement import is_acknowledgement
from socialcare.domain.changes import Assignment, Status, known
from socialcare.domain.conversation import Conversation
from socialcare.domain.instants import epoch_second, from_epoch_second
from socialcare.domain.message import Message
from socialcare.domain.policy import AgentBegan
from socialcare.domain.resolutions import RESOLVED
from socialcare.domain.responses import Part, Turn, part, turns
from socialcare.domain.sla.rules import FollowUp, Promised, Reopening, SlaRules
from socialcare.domain.threading import until

__all__ = ["Promise", "promises"]

Story = Sequence[tuple[Message, Part]]
Stretch = tuple[datetime, datetime]


@attrs.frozen(kw_only=True)
class Promise:
    """Something that was promised, and what became of it by the end of the look.

    Attributes:
        target: What was promised.
        opened_at: From when on.
        closed_at: When it was over; None while it is not.
        kept: Whether it was over because it was done, and not because nobody waits any more.
        channel: Of the message that opened it; for a time in a team of the first message.
        visibility: Of the same message.
        opening_message_id: That message, on `channel`, where one opened it.
        team: The team, of a time in a team.
        settled: Stretches in between in which it was closed.
        anew: Instants at which it began to count again at zero.
    """

    target: Promised
    opened_at: datetime
    closed_at: datetime | None
    kept: bool = True
    channel: str
    visibility: str
    opening_message_id: str | None = None
    team: str | None = None
    settled: tuple[Stretch, ...] = ()
    anew: tuple[datetime, ...] = ()


def promises(
    conversation: Conversation,
    rules: SlaRules,
    *,
    as_of: datetime,
    statuses: Iterable[Status],
    assignments: Iterable[Assignment],
    misdated: AbstractSet[tuple[str, str]] = frozenset(),
) -> tuple[Promise, ...]:
    """The promises of one conversation that opened by the second of `as_of`."""
    messages = until(conversation.messages, as_of)
    if not messages:
        return ()
    story = tuple((each, part(each, rules.measurement, misdated)) for each in messages)
    told = _Told(
        story=story,
        rules=rules,
        history=_history(story, known(conversation.id, statuses, as_of)),
        began_by_agent=not conversation.began_by_customer,
    )
    hands = [
        row
        for row in assignments
        if row.conversation_id == conversation.id and epoch_second(row.at) <= epoch_second(as_of)
    ]
    return (
        *told.responses(turns(messages, rules.measurement, misdated)),
        *told.resolutions(),
        *told.times_in_teams(sorted(hands, key=lambda row: row.order)),
    )


@attrs.frozen(kw_only=True)
class _Run:
    """A stretch in which a conversation was not settled."""

    begins: datetime
    ends: datetime | None
    by_settling: bool = False


@attrs.frozen(kw_only=True)
class _Told:
    """A conversation's story by the end of the look, and the rules to read it by.

    Attributes:
        history: When it was settled, and when it was opened again.
    """

    story: Story
    rules: SlaRules
    history: tuple[tuple[datetime, bool], ...]
    began_by_agent: bool

    def responses(self, taken: Sequence[Turn]) -> Iterator[Promise]:
        """The promises of a first and of next responses."""
        if self.began_by_agent and self.rules.agent_began is AgentBegan.EXCLUDE:
            return
        first = not self.began_by_agent or self.rules.agent_began is AgentBegan.FIRST
        by_reply = self.rules.follow_up is FollowUp.PREVIOUS_REPLY
        for number, turn in enumerate(taken):
            if first and number == 0:
                yield _awaited(turn, Promised.FIRST_RESPONSE, restarts=False)
            elif not by_reply:
                restarts = self.rules.follow_up is FollowUp.LAST
                yield _awaited(turn, Promised.NEXT_RESPONSE, restarts=restarts)
        if by_reply:
            yield from self._since_replies()

    def resolutions(self) -> Iterator[Promise]:
        """The promise of a resolution, or one for each reopening."""
        opening = next((message for message, does in self.story if does is Part.ASKS), None)
        if opening is None:
            return
        since = _second(opening)
        later = attrs.evolve(self, history=tuple(each for each in self.history if each[0] >= since))
        runs = tuple(later._runs(since, None))
        for number, (closed, settled, anew) in enumerate(self._judged(runs)):
            yield Promise(
                target=Promised.RESOLUTION,
                opened_at=settled[0],
                closed_at=closed,
                channel=opening.channel,
                visibility=opening.visibility,
                opening_message_id=opening.id if number == 0 else None,
                settled=_between(settled[1:]),
                anew=anew,
            )

    def times_in_teams(self, hands: Sequence[Assignment]) -> Iterator[Promise]:
        """The promises of the time in each team's hands, from the first message on."""
        opening, _ = self.story[0]
        for team, given, left in _stretches(hands):
            since = max(given, _second(opening))
            if left is not None and left <= since:
                continue
            runs = tuple(run for run in self._runs(since, left) if run.begins != run.ends)
            for closed, settled, anew in self._judged(runs):
                yield Promise(
                    target=Promised.TIME_IN_TEAM,
                    opened_at=settled[0],
                    closed_at=closed,
                    channel=opening.channel,
                    visibility=opening.visibility,
                    team=team,
                    settled=_between(settled[1:]),
                    anew=anew,
                )

    def _since_replies(self) -> Iterator[Promise]:
        """From each response to the next, for as long as the conversation is not settled."""
        replies = [message for message, does in self.story if does is Part.ANSWERS]
        for reply, following in pairwise((*replies, None)):
            if reply is None:
                continue
            ends = None if following is None else _second(following)
            for run in self._runs(_second(reply), ends):
                if run.begins == run.ends:
                    continue
                yield Promise(
                    target=Promised.NEXT_RESPONSE,
                    opened_at=run.begins,
                    closed_at=run.ends,
                    kept=not run.by_settling,
                    channel=reply.channel,
                    visibility=reply.visibility,
                    opening_message_id=reply.id if run.begins == _second(reply) else None,
                )

    def _runs(self, begins: datetime, ends: datetime | None) -> Iterator[_Run]:
        """The stretches between two instants in which it was not settled."""
        open_since: datetime | None = begins
        for at, settles in self.history:
            if ends is not None and at >= ends:
                break
            if at < begins:
                open_since = None if settles else begins
            elif settles and open_since is not None:
                yield _Run(begins=open_since, ends=at, by_settling=True)
                open_since = None
            elif not settles and open_since is None:
                open_since = at
        if open_since is not None:
            yield _Run(begins=open_since, ends=ends)

    def _judged(
        self, runs: Sequence[_Run]
    ) -> Iterator[tuple[datetime | None, tuple[datetime, ...], tuple[datetime, ...]]]:
        """What is judged as one: when it closed, its edges before that, and its new beginnings."""
        if not runs:
            return
        match self.rules.reopening:
            case Reopening.NEW:
                yield from ((run.ends, (run.begins,), ()) for run in runs)
            case Reopening.IGNORE:
                yield runs[0].ends, (runs[0].begins,), ()
            case together:
                inner = [
                    edge
                    for before, after in pairwise(runs)
                    for edge in (before.ends, after.begins)
                    if edge is not None
                ]
                again = tuple(run.begins for run in runs[1:])
                anew = again if together is Reopening.RESTART else ()
                yield runs[-1].ends, (runs[0].begins, *inner), anew


def _between(edges: Sequence[datetime]) -> tuple[Stretch, ...]:
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def _second(message: Message) -> datetime:
    return from_epoch_second(message.second)


def _awaited(turn: Turn, target: Promised, *, restarts: bool) -> Promise:
    """The promise of a response to what the customer wrote in a turn."""
    opening = turn.asks[0]
    later = tuple(dict.fromkeys(map(_second, turn.asks)))[1:]
    return Promise(
        target=target,
        opened_at=_second(opening),
        closed_at=None if turn.ends is None else _second(turn.ends),
        kept=turn.answered,
        channel=opening.channel,
        visibility=opening.visibility,
        opening_message_id=opening.id,
        anew=later if restarts else (),
    )


def _history(story: Story, rows: Sequence[Status]) -> tuple[tuple[datetime, bool], ...]:
    """When the conversation was settled and opened again; at one second messages come first."""
    stated = [(epoch_second(row.at), row.status in RESOLVED) for row in rows]
    first_stated = stated[0][0] if stated else None
    spoken = _spoken(story, first_stated)
    merged = sorted(
        [(second, 0, settles) for second, settles in spoken]
        + [(second, 1, settles) for second, settles in stated],
        key=lambda event: event[:2],
    )
    return tuple((from_epoch_second(second), settles) for second, _, settles in merged)


def _spoken(story: Story, first_stated: int | None) -> Iterator[tuple[int, bool]]:
    """What messages of the customer do: thanks settle while there is no status, others open."""
    answered = False
    for message, does in story:
        answered = answered or does is Part.ANSWERS
        if does is not Part.ASKS:
            continue
        if not (message.text and is_acknowledgement(message.text)):
            yield message.second, False
        elif answered and (first_stated is None or message.second < first_stated):
            yield message.second, True


def _stretches(
    hands: Sequence[Assignment],
) -> Iterator[tuple[str, datetime, datetime | None]]:
    """Each stretch in one team's hands: the team, since when, and until when."""
    changes = [
        (row.team_id, from_epoch_second(epoch_second(row.at)))
        for place, row in enumerate(hands)
        if place == 0 or hands[place - 1].team_id != row.team_id
    ]
    for (team, since), (_, left) in pairwise((*changes, (None, None))):
        if team is not None and since is not None:
            yield team, since, left
