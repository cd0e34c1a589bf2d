"""One customer's issue, told message by message."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from northline.desk import Desk, is_outage
from northline.row import Row
from northline.world import CHANNELS, HOUR, MINUTE, Agent, agent_for, response_minutes

_OFTEN_THE_SAME_AGENT = 0.75
_OUT_OF_HOURS = 0.03
_OUTAGE_PACE = 4.0
_NEXT_PACE = 0.6
_INBOUND_FLAGS = {
    "merits_attention": True,
    "needs_response": True,
    "indirect": False,
    "redirect_requested": False,
}
_SCORED = {"en": 0.96, "de": 0.85, "fr": 0.0}


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Somebody who writes, in one language."""

    id: str
    language: str


class Talk:
    """The conversation so far, and what each side can do next.

    `now` is when the last message was sent, in milliseconds; every method moves it on.
    """

    def __init__(
        self, desk: Desk, *, customer: Customer, channel: str, topic: tuple[str, str], now: int
    ) -> None:
        self.desk = desk
        self.customer = customer
        self.channel = channel
        self.category, self.subcategory = topic
        self.now = now
        self.visibility = "public" if CHANNELS[channel].public else "private"
        self.mood = 0.0
        self.opening: Row | None = None
        self.asked: Row | None = None
        self.answered: Row | None = None
        self.waiting_since: int | None = None
        self._agent: Agent | None = None

    # --- the customer ---------------------------------------------------------------------------

    def opens(self, mood: float, *, flags: Mapping[str, bool] | None = None) -> None:
        """The customer says what it is about."""
        public = self.channel in {"x", "mastodon"}
        handle = CHANNELS[self.channel].account if public else ""
        long = self.channel in {"email", "forum"}
        said = self.desk.words.opening(
            self.category, self.customer.language, handle=handle, long=long
        )
        self.mood = mood
        self.customer_writes(said, flags=flags)

    def customer_says(
        self,
        kind: str,
        *,
        flags: Mapping[str, bool] | None = None,
        parent: Row | None = None,
    ) -> None:
        """The customer says something of a kind, in answer to the last that was said to them."""
        name = self._agent.id.capitalize() if self._agent else "all"
        said = self.desk.words.say("customers", kind, self.customer.language, agent=name)
        self.customer_writes(said, flags=flags, parent=parent)

    def customer_writes(
        self,
        text: str,
        *,
        flags: Mapping[str, bool] | None = None,
        parent: Row | None = None,
    ) -> None:
        """The customer writes this."""
        row = self._row(
            direction="inbound",
            author_role="customer",
            text=text,
            in_reply_to=self._quoted(parent or self.answered),
            sentiment=self._score(),
            flags=_INBOUND_FLAGS | dict(flags or {}),
        )
        self.opening = self.opening or row
        self.asked = row
        if self.waiting_since is None:
            self.waiting_since = self.now

    def passes(self, low: float, high: float) -> None:
        """Between so many minutes go by."""
        self.now += self.desk.between(low, high)

    def thinks(self) -> None:
        """The customer takes their time to read and write."""
        minutes = response_minutes(self.desk.random, self.channel)
        self.now += int(min(minutes * 0.5, 20 * 60) * MINUTE)

    # --- Northline ------------------------------------------------------------------------------

    def answer_due(self) -> int:
        """When somebody will get round to it, and who: it settles the agent as well."""
        random, pace = self.desk.random, 1.0
        if self._agent is None or not self.desk.happens(_OFTEN_THE_SAME_AGENT):
            self._agent = agent_for(random, CHANNELS[self.channel].team)
        pace *= self._agent.pace
        pace *= _OUTAGE_PACE if is_outage(self.now) and self.channel != "forum" else 1.0
        pace *= 1.0 if self.answered is None else _NEXT_PACE
        worked = int(response_minutes(random, self.channel) * pace * MINUTE)
        if self.desk.happens(_OUT_OF_HOURS):
            return self.now + worked
        return self.desk.hours.after(self.now, worked)

    def agent_says(
        self,
        kind: str,
        *,
        group: str = "agents",
        flags: Mapping[str, bool] | None = None,
        parent: Row | None = None,
    ) -> None:
        """The agent says something of a kind; the customer's mood follows how long it took."""
        agent = self._agent or agent_for(self.desk.random, CHANNELS[self.channel].team)
        self._agent = agent
        said = self.desk.words.say(group, kind, self.customer.language)
        self.answered = self._row(
            direction="outbound",
            author_role="agent",
            agent_id=agent.id,
            team_id=agent.team,
            text=self._signed(said, agent),
            in_reply_to=self._quoted(parent or self.asked),
            flags={"redirected": False} | dict(flags or {}),
        )
        self._settle_mood()

    def machine_says(self, kind: str) -> None:
        """A bot says something; nobody's wait ends with it."""
        self._row(
            direction="outbound",
            author_role="bot",
            text=self.desk.words.say("machines", kind, self.customer.language),
            in_reply_to=self._quoted(self.asked),
            automated=True,
        )

    def agent_notes(self) -> None:
        """The agent writes a note that the customer never sees."""
        agent = self._agent or agent_for(self.desk.random, CHANNELS[self.channel].team)
        self._agent = agent
        self._row(
            direction="outbound",
            author_role="agent",
            agent_id=agent.id,
            team_id=agent.team,
            visibility="internal",
            text=self.desk.words.say("agents", "note", "en"),
            in_reply_to=self._quoted(self.asked),
        )

    def peer_answers(self, author: str) -> None:
        """Another customer answers."""
        self.answered = self._row(
            direction="inbound",
            author_role="peer",
            author_id=author,
            text=self.desk.words.say("peers", "answer", self.customer.language),
            in_reply_to=self._quoted(self.asked),
            flags=_INBOUND_FLAGS | {"merits_attention": False, "needs_response": False},
        )

    def moves_to(self, channel: str, visibility: str) -> None:
        """The talk goes on elsewhere: in private, or on another channel."""
        if channel != self.channel:
            self._agent = None
        self.channel, self.visibility = channel, visibility
        self.answered = None

    # --- how ------------------------------------------------------------------------------------

    def _quoted(self, row: Row | None) -> str | None:
        """The id of the message that is answered, where the channel keeps such ids.

        Private messages and chats keep none, but a late answer quotes what it answers.
        """
        if row is None or row.channel != self.channel:
            return None
        in_thread = CHANNELS[self.channel].quoting and (
            self.visibility == "public" or self.channel == "email"
        )
        late = self.now - row.sent > 12 * HOUR
        return row.message_id if in_thread or late else None

    def _score(self) -> float | None:
        random = self.desk.random
        scored = random.random() < _SCORED[self.customer.language]
        value = self.mood + 0.35 * (random.random() + random.random() - 1.0)
        return max(-1.0, min(1.0, round(value, 2))) + 0.0 if scored else None

    def _settle_mood(self) -> None:
        if self.waiting_since is None:
            return
        waited = self.now - self.waiting_since
        gain = 0.45 if waited < HOUR // 2 else 0.25 if waited < 4 * HOUR else -0.1
        self.mood = max(-0.9, min(0.8, self.mood + gain))
        self.waiting_since = None

    def _signed(self, said: str, agent: Agent) -> str:
        if self.channel == "email":
            return f"{said}\n\n{agent.id.capitalize()}\nNorthline Care"
        return f"{said} ^{agent.sign}" if self.channel in {"x", "mastodon", "instagram"} else said

    def _row(self, **said: Any) -> Row:  # noqa: ANN401 - the fields of Row check them
        """Write one message here and now; `said` holds what differs from the talk itself."""
        fields: dict[str, Any] = {
            "sent": self.now,
            "received": self.desk.received(self.channel, self.now),
            "customer_id": self.customer.id,
            "account": CHANNELS[self.channel].account,
            "channel": self.channel,
            "visibility": self.visibility,
            "category": self.category,
            "subcategory": self.subcategory,
            "language": self.customer.language,
        }
        ours = said["direction"] == "outbound"
        row = Row(message_id=self.desk.new_id(self.channel, self.now, ours=ours), **(fields | said))
        self.desk.keep(row)
        return row
