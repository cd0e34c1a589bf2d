"""Logs of every shape that a desk has seen, for laws that must hold on all of them.

`logs()` gives lists of messages: bursts and silences that end exactly on a limit, replies to
messages that come later, to other customers, to oneself and to nothing, repeats with other
content, notes, bots, peers, private legs, brands, clashes within one second, instants around clock
changes, and conversation ids that were given, partly given or not.
`statuses_for`, `assignments_for` and `handling_for` give the tables that go with such a log.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import attrs
from hypothesis import strategies as st

from socialcare.domain.handling import HandlingSpan
from socialcare.domain.intervals import Assignment, Status
from socialcare.domain.message import Author, AuthorRole, Direction, Message, Visibility
from socialcare.domain.policy import (
    AgentBegan,
    Automated,
    CreditedTo,
    HoursApply,
    MeasurementPolicy,
    Opens,
    Pause,
    ResolutionCloses,
    ResponseType,
    Target,
    Targets,
)
from socialcare.domain.threading import Given, ThreadingPolicy, thread

CHANNELS = ("x", "email", "mastodon")
IDS = ("9", "10", "m1", "M2", "é3", "m4", "\uff5e5", "\U0001f6006", "m7", "m8")
ABSENT = "gone"
CUSTOMERS = ("ada", "bo", "cy")
BRANDS = (None, "north", "south")
GIVEN = ("case-1", "case-2", "case-3")
AGENTS = ("anna", "sam", None)
TEAMS = {"anna": "social", "sam": None, None: None}
TEXTS = (
    None,
    "Where is my parcel?",
    "Thanks!",
    "Thank you, it works now",
    "Thanks, but it still does not work",
    "thanks for nothing",
    "Please send us your number in private.",
)
SENTIMENTS = (None, -1.0, -0.05, -0.049, 0.0, 0.05, 0.8)
CATEGORIES = (None, "delivery", "billing")
STATUSES = ("open", "pending", "hold", "solved", "closed", "resolved", "done")
SECOND = timedelta(seconds=1)
GAP = timedelta(hours=24)
SETTLE = timedelta(days=3)
STARTS = (
    datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    datetime(2026, 3, 28, 23, 59, 59, tzinfo=UTC),  # Europe loses an hour at 01:00 UTC
    datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # Europe has an hour twice
    datetime(2026, 3, 8, 6, 30, tzinfo=UTC),  # New York loses an hour at 07:00 UTC
    datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC),
)


@attrs.frozen(kw_only=True)
class Kind:
    """One way in which a message can be written, as the fields that go together."""

    direction: Direction
    role: AuthorRole
    automated: bool = False
    note: bool = False


ASKS = Kind(direction=Direction.INBOUND, role=AuthorRole.CUSTOMER)
ANSWERS = Kind(direction=Direction.OUTBOUND, role=AuthorRole.AGENT)
KINDS = (
    ASKS,
    ANSWERS,
    ASKS,
    ANSWERS,
    Kind(direction=Direction.INBOUND, role=AuthorRole.PEER),
    Kind(direction=Direction.OUTBOUND, role=AuthorRole.AGENT, note=True),
    Kind(direction=Direction.OUTBOUND, role=AuthorRole.BOT, automated=True),
    Kind(direction=Direction.OUTBOUND, role=AuthorRole.AGENT, automated=True),
    Kind(direction=Direction.INBOUND, role=AuthorRole.CUSTOMER, automated=True),
    Kind(direction=Direction.INBOUND, role=AuthorRole.BOT, automated=True),
    Kind(direction=Direction.INBOUND, role=AuthorRole.CUSTOMER, note=True),
    Kind(direction=Direction.OUTBOUND, role=AuthorRole.BOT, automated=True, note=True),
)


@attrs.frozen(kw_only=True)
class Setting:
    """What the messages of one log have in common."""

    customers: tuple[str, ...]
    brands: tuple[str | None, ...]
    given: tuple[str | None, ...]
    channels: tuple[str, ...]
    distances: tuple[timedelta, ...]


def instants() -> st.SearchStrategy[datetime]:
    """Instants on and around the days that are hard, in UTC."""
    return st.builds(
        lambda start, seconds: start + timedelta(seconds=seconds),
        st.sampled_from(STARTS),
        st.integers(-200_000, 800_000),
    )


def distances(gap: timedelta = GAP, settle: timedelta = SETTLE) -> tuple[timedelta, ...]:
    """Distances between messages: none, short, long, backwards, and on every limit."""
    return (
        timedelta(0),
        SECOND,
        timedelta(minutes=7),
        timedelta(hours=5),
        gap - SECOND,
        gap,
        gap + SECOND,
        settle,
        settle + SECOND,
        timedelta(days=9),
        timedelta(minutes=-3),
        -gap,
    )


def _settings(gap: timedelta, settle: timedelta) -> st.SearchStrategy[Setting]:
    return st.builds(
        Setting,
        customers=st.sampled_from((CUSTOMERS[:1], CUSTOMERS[:2], CUSTOMERS)),
        brands=st.sampled_from((BRANDS[:1], BRANDS[1:], BRANDS)),
        given=st.sampled_from(((None,), (None,), GIVEN, (None, *GIVEN[:2]))),
        channels=st.sampled_from((CHANNELS[:1], CHANNELS)),
        distances=st.just(distances(gap, settle)),
    )


@st.composite
def _sent_at(draw: st.DrawFn, earlier: Sequence[Message], setting: Setting) -> datetime:
    if not earlier:
        return draw(st.sampled_from(STARTS))
    anchor = draw(st.sampled_from((earlier[-1], *earlier)))
    fraction = draw(st.sampled_from((0, 0, 400_000, 999_999)))
    moved = anchor.sent_at + draw(st.sampled_from(setting.distances))
    return moved.replace(microsecond=fraction)


@st.composite
def _reply(draw: st.DrawFn, earlier: Sequence[Message], channel: str) -> str | None:
    if not draw(st.booleans()):
        return None
    known = tuple(message.id for message in earlier if message.channel == channel)
    return draw(st.sampled_from((*known, *known, *IDS[:4], ABSENT)))


def _author(kind: Kind, customer: str, agent: str | None) -> Author:
    match kind.role:
        case AuthorRole.AGENT:
            return Author(id=agent, role=kind.role, team_id=TEAMS[agent])
        case AuthorRole.PEER:
            return Author(id="peer-1", role=kind.role)
        case AuthorRole.BOT:
            return Author(role=kind.role)
        case AuthorRole.CUSTOMER:
            return Author(id=customer, role=kind.role)


def _visibility(kind: Kind, channel: str, *, private: bool) -> Visibility:
    if kind.note:
        return Visibility.INTERNAL
    return Visibility.PRIVATE if private or channel == "email" else Visibility.PUBLIC


@st.composite
def _message(draw: st.DrawFn, earlier: Sequence[Message], setting: Setting) -> Message:
    used = {message.key for message in earlier}
    free = [(c, i) for c in setting.channels for i in IDS if (c, i) not in used]
    channel, message_id = draw(st.sampled_from(free))
    kind = draw(st.sampled_from(KINDS))
    customer = draw(st.sampled_from(setting.customers))
    broadcast = kind == ANSWERS and draw(st.integers(0, 9)) == 9
    return Message(
        id=message_id,
        channel=channel,
        sent_at=draw(_sent_at(earlier, setting)),
        direction=kind.direction,
        author=_author(kind, customer, draw(st.sampled_from(AGENTS))),
        customer_id=None if broadcast else customer,
        visibility=_visibility(kind, channel, private=draw(st.booleans())),
        brand=draw(st.sampled_from(setting.brands)),
        in_reply_to=draw(_reply(earlier, channel)),
        conversation_id=draw(st.sampled_from(setting.given)),
        automated=kind.automated,
        text=draw(st.sampled_from(TEXTS)),
        category=draw(st.sampled_from(CATEGORIES)),
        sentiment=draw(st.sampled_from(SENTIMENTS)),
    )


@st.composite
def repeats(draw: st.DrawFn, message: Message) -> Message:
    """The same message again: word for word, or later, earlier, reworded or re-attached."""
    change = draw(st.sampled_from(("none", "later", "earlier", "text", "reply")))
    match change:
        case "later":
            distance = draw(st.sampled_from((timedelta(microseconds=1), SECOND, GAP)))
            return attrs.evolve(message, sent_at=message.sent_at + distance, text="edited")
        case "earlier":
            return attrs.evolve(message, sent_at=message.sent_at - SECOND, category=None)
        case "text":
            return attrs.evolve(message, text=draw(st.sampled_from(TEXTS[1:])))
        case "reply":
            return attrs.evolve(message, in_reply_to=ABSENT)
    return message


@st.composite
def logs(
    draw: st.DrawFn,
    *,
    min_size: int = 0,
    max_size: int = 14,
    gap: timedelta = GAP,
    settle: timedelta = SETTLE,
) -> list[Message]:
    """Messages in any order, with everything that goes wrong in real exports.

    Args:
        draw: Given by Hypothesis.
        min_size: How many different messages at least.
        max_size: How many different messages at most; up to three repeats come on top.
        gap: The threading gap, so that distances fall on it.
        settle: The settling time, so that distances fall on it.
    """
    setting = draw(_settings(gap, settle))
    most = min(max_size, len(setting.channels) * len(IDS))
    messages: list[Message] = []
    for _ in range(draw(st.integers(min_size, most))):
        messages.append(draw(_message(messages, setting)))
    if messages:
        again = draw(st.lists(st.sampled_from(messages), max_size=3))
        messages += [draw(repeats(message)) for message in again]
    return draw(st.permutations(messages))


def thread_policies() -> st.SearchStrategy[ThreadingPolicy]:
    """Threading policies on whose limits the distances of `logs()` fall."""
    return st.builds(
        ThreadingPolicy,
        gap=st.sampled_from((GAP, timedelta(0), timedelta(minutes=7), timedelta(days=9))),
        given=st.sampled_from(Given),
    )


def _around(log: Sequence[Message]) -> st.SearchStrategy[datetime]:
    return st.builds(
        lambda message, distance: message.sent_at + distance,
        st.sampled_from(log),
        st.sampled_from((timedelta(0), SECOND, -SECOND, timedelta(hours=2), timedelta(days=4))),
    )


def _known(log: Sequence[Message]) -> st.SearchStrategy[str]:
    ids = sorted({conversation.id for conversation in thread(log)})
    return st.sampled_from((*ids, "unheard-of"))


def statuses_for(log: Sequence[Message]) -> st.SearchStrategy[list[Status]]:
    """Status rows for the conversations that the default threading finds in a log.

    Empty for about half of the logs, in any order, some within one second, some at an instant
    before the conversation began, some of a conversation that is not in the log.
    """
    if not log:
        return st.just([])
    row = st.builds(
        Status,
        conversation_id=_known(log),
        at=_around(log),
        status=st.sampled_from(STATUSES),
        by=st.sampled_from(AGENTS),
    )
    return st.one_of(st.just([]), st.lists(row, min_size=1, max_size=8))


def assignments_for(log: Sequence[Message]) -> st.SearchStrategy[list[Assignment]]:
    """Assignments of the conversations that the default threading finds in a log."""
    if not log:
        return st.just([])
    row = st.builds(
        Assignment,
        conversation_id=_known(log),
        at=_around(log),
        agent_id=st.sampled_from(AGENTS),
        team_id=st.sampled_from(("social", "billing", None)),
    )
    return st.lists(row, max_size=5)


def handling_for(log: Sequence[Message]) -> st.SearchStrategy[list[HandlingSpan]]:
    """Handling spans on the conversations of a log: overlapping, touching, empty, repeated."""
    if not log:
        return st.just([])
    return st.lists(spans(_known(log), _around(log)), max_size=8)


def spans(
    conversations: st.SearchStrategy[str], starts: st.SearchStrategy[datetime]
) -> st.SearchStrategy[HandlingSpan]:
    """Handling spans of up to twenty minutes, or of none, some with fractions of a second."""
    return st.builds(
        lambda conversation, agent, start, seconds: HandlingSpan(
            conversation_id=conversation,
            agent_id=agent,
            started_at=start,
            ended_at=start + timedelta(seconds=seconds),
        ),
        conversations,
        st.sampled_from(("anna", "sam")),
        starts,
        st.sampled_from((0, 1, 2.5, 600, 1200)),
    )


def pauses() -> st.SearchStrategy[tuple[Pause, ...]]:
    """No pause, one, or two that may overlap in what they stop."""
    pause = st.builds(
        Pause,
        states=st.frozensets(st.sampled_from(STATUSES[:4]), min_size=1, max_size=2),
        targets=st.frozensets(st.sampled_from(Target), min_size=1),
    )
    return st.lists(pause, max_size=2).map(tuple)


def policies() -> st.SearchStrategy[MeasurementPolicy]:
    """Measurement policies: every choice in every combination."""
    return st.builds(
        MeasurementPolicy,
        opens=st.sampled_from(Opens),
        automated=st.sampled_from(Automated),
        agent_began=st.sampled_from(AgentBegan),
        responses=st.one_of(
            st.just(MeasurementPolicy().responses),
            st.frozensets(st.sampled_from(ResponseType), min_size=1),
        ),
        resolution_closes=st.sampled_from(ResolutionCloses),
        pauses=pauses(),
        hours_apply=st.sampled_from(HoursApply),
        credited_to=st.sampled_from(CreditedTo),
        settle=st.sampled_from((SETTLE, timedelta(0), timedelta(hours=5))),
        targets=st.builds(
            Targets,
            first_response=st.sampled_from((None, timedelta(minutes=7), GAP)),
            next_response=st.sampled_from((None, timedelta(hours=5))),
            resolution=st.sampled_from((None, SETTLE, timedelta(days=9))),
        ),
    )
