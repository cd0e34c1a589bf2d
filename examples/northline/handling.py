"""How long agents really worked on a conversation: the spans that a help desk keeps."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from northline.row import Row
from northline.threads import conversations
from northline.world import SECOND

_MINUTES = {"x": 3.0, "mastodon": 3.2, "instagram": 3.0, "email": 8.5, "chat": 5.0, "forum": 6.0}
_SLOW = {"ben": 1.7, "farid": 1.2}
_PARALLEL = {"chat": 1.6}


@dataclass(frozen=True, kw_only=True, order=True)
class Span:
    """Somebody worked on a conversation from one instant to another, in milliseconds."""

    started: int
    ended: int
    agent_id: str
    conversation_id: str


def spans(random: Random, rows: Iterable[Row]) -> list[Span]:
    """One span before each answer, a third of them with a second look just before."""
    found: list[Span] = []
    for conversation_id, talk in conversations(rows).items():
        for row in talk:
            if row.is_response:
                found += _before(random, conversation_id, row)
    return sorted(found)


def _before(random: Random, conversation_id: str, row: Row) -> list[Span]:
    agent = row.agent_id or ""
    minutes = _MINUTES[row.channel] * _SLOW.get(agent, 1.0) * _PARALLEL.get(row.channel, 1.0)
    worked = int(minutes * 60 * (0.25 + random.random() + random.random()) * SECOND)
    ended = row.sent // SECOND * SECOND
    spans = [(ended - worked, ended)]
    if random.random() < 0.3:
        spans.append((ended - int(worked * 1.5), ended - worked // 2))
    return [
        Span(
            started=started // SECOND * SECOND,
            ended=ended // SECOND * SECOND,
            agent_id=agent,
            conversation_id=conversation_id,
        )
        for started, ended in spans
    ]
