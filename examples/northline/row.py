"""One row of the message table that is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from northline.world import BRAND

COLUMNS = (
    "message_id",
    "sent_at",
    "received_at",
    "direction",
    "customer_id",
    "agent_id",
    "team_id",
    "author_id",
    "author_role",
    "brand",
    "account",
    "channel",
    "visibility",
    "in_reply_to",
    "automated",
    "category",
    "subcategory",
    "sentiment",
    "sentiment_scorer",
    "language",
    "merits_attention",
    "needs_response",
    "indirect",
    "redirected",
    "redirect_requested",
    "text",
)
SCORER = "northline-words 1.2"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One message. Instants are milliseconds since 1970 in UTC; None is an empty cell."""

    message_id: str
    sent: int
    received: int
    direction: str
    customer_id: str | None
    account: str
    channel: str
    visibility: str
    author_role: str
    language: str
    text: str
    agent_id: str | None = None
    team_id: str | None = None
    author_id: str | None = None
    in_reply_to: str | None = None
    automated: bool = False
    category: str | None = None
    subcategory: str | None = None
    sentiment: float | None = None
    flags: Mapping[str, bool] = field(default_factory=dict)
    zoned: bool = True

    @property
    def key(self) -> tuple[str, str]:
        """What makes it this message and no other."""
        return (self.channel, self.message_id)

    @property
    def second(self) -> int:
        """When it was sent, in whole seconds."""
        return self.sent // 1_000

    @property
    def order(self) -> tuple[int, bool, str, str]:
        """Its place in a conversation."""
        return (self.second, self.direction == "outbound", self.message_id, self.channel)

    @property
    def is_note(self) -> bool:
        """Whether it is a note among colleagues."""
        return self.visibility == "internal"

    @property
    def is_response(self) -> bool:
        """Whether a person at Northline said it to the customer."""
        return self.direction == "outbound" and not self.is_note and not self.automated

    def cells(self) -> list[str]:
        """Its cells, in the order of `COLUMNS`."""
        exact = self.channel == "chat"
        known = {
            "sent_at": stamp(self.sent, exact=exact, zoned=self.zoned),
            "received_at": stamp(self.received, exact=exact),
            "brand": BRAND,
            "automated": _bool(self.automated),
            "sentiment": "" if self.sentiment is None else f"{self.sentiment:.2f}",
            "sentiment_scorer": "" if self.sentiment is None else SCORER,
        }
        known.update({name: _bool(value) for name, value in self.flags.items()})
        return [known.get(name) or getattr(self, name, None) or "" for name in COLUMNS]


def stamp(instant: int, *, exact: bool = False, zoned: bool = True) -> str:
    """An instant as text: to the millisecond where the source is that exact."""
    text = datetime.fromtimestamp(instant // 1_000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}{f'.{instant % 1_000:03d}' if exact else ''}{'Z' if zoned else ''}"


def _bool(value: bool) -> str:
    return "true" if value else "false"
