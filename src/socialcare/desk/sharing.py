"""Sharing: who of the colleagues is there, gets what, and may answer now.

`Desk` has these commands and questions besides the others. Each takes `by`, who does it, and `now`;
each command raises `Conflict` if somebody else was faster every time, and those about a
conversation raise `UnknownConversation` if there is none of that name.
"""

from datetime import datetime, timedelta

from socialcare.desk import leasing, leaving, routing
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import By
from socialcare.domain.conversation import Conversation
from socialcare.domain.routing import Card, Presence, Proposal, Step
from socialcare.domain.summary import Summary


class Sharing:
    """How work is shared among colleagues."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    # Presence

    def set_presence(
        self,
        agent_id: str,
        presence: Presence | str,
        *,
        by: By,
        now: datetime,
        until: datetime | None = None,
        reason: str | None = None,
    ) -> Card:
        """What is known of an agent, who is this from now on; writes `PresenceChanged`.

        Who is away is given nothing. Their leases end: `LeaseEnded`. For their conversations see
        `go_away`.

        Args:
            agent_id: Who.
            presence: `present`, `busy` or `away`.
            by: Who says so.
            now: From when on.
            until: Until when; who was away or busy is present then, and who was present is away.
            reason: Why.

        Raises:
            InvalidValue: If it would be over by `now`.
        """
        return leaving.set_presence(
            self._work, agent_id, Presence(presence), until=until, reason=reason, by=by, now=now
        )

    def go_away(
        self,
        agent_id: str,
        *,
        by: By,
        now: datetime,
        until: datetime | None = None,
        reason: str | None = None,
    ) -> tuple[Summary, ...]:
        """The conversations of theirs in which a customer waits, as they were; an agent goes away.

        Writes what `set_presence` does. Where the routing has `leaving = "give_back"`, they are
        given back as by `give_back`; else they stay theirs, and `left_behind` shows them.
        """
        return leaving.go_away(self._work, agent_id, until=until, reason=reason, by=by, now=now)

    def give_back(self, agent_id: str, *, by: By, now: datetime) -> tuple[Conversation, ...]:
        """The conversations in which a customer waits that were an agent's, and are their teams'.

        Writes `Assigned`, or `Released` for those of no team; the teams are told.
        """
        return leaving.give_back(self._work, agent_id, by=by, now=now)

    def left_behind(self, *, now: datetime) -> tuple[Summary, ...]:
        """The conversations in which a customer waits for an agent who is away, agent by agent.

        It is asked of the agents that the routing names.
        """
        return leaving.left_behind(self._work, now=now)

    def card(self, agent_id: str) -> Card:
        """What is known of an agent: presence, what they were given last, and what they hold."""
        return leaving.card(self._work, agent_id)

    # Routing

    def propose(self, conversation: str, *, now: datetime) -> Proposal:
        """Who would get a conversation, and why; writes nothing.

        Raises:
            InvalidValue: If the desk has no routing.
        """
        return routing.proposal(self._work, conversation, now=now)

    def route(self, conversation: str, *, by: By, now: datetime) -> Proposal:
        """Who got a conversation, and why, or why nobody could; writes `Assigned`.

        Who knows the customer comes first, else whose turn it is; never who is away or full. They
        are told.

        Raises:
            NotAllowedNow: If it is somebody's already.
            InvalidValue: If the desk has no routing.
        """
        return routing.route(self._work, conversation, by=by, now=now)

    def route_next(self, *, by: By, now: datetime) -> tuple[str, Proposal] | None:
        """The first conversation of the queue that could be given to somebody, and who got it.

        None where nobody can be given anything. Writes and raises what `route` does.
        """
        return routing.route_next(self._work, by=by, now=now)

    def next_for(
        self, agent_id: str, *, by: By, now: datetime, for_: timedelta | None = None
    ) -> Conversation | None:
        """The next conversation that suits an agent, theirs and leased to them from now on.

        It is the first in turn of their own and of those that no agent has; none that somebody
        else has or holds, and none of their own that they hold already. Writes `Assigned`, unless
        it was theirs, and `Leased`, at once.

        Args:
            agent_id: Who comes for it.
            by: Who asks.
            now: When.
            for_: How long they hold it; by default as long as the routing has it.

        Raises:
            NotAllowedNow: If they are away.
            InvalidValue: If the desk has a routing that does not know them.
        """
        return routing.next_for(self._work, agent_id, for_, by=by, now=now)

    # Leases

    def lease(
        self, conversation: str, *, by: By, now: datetime, for_: timedelta | None = None
    ) -> Conversation:
        """The conversation, which nobody else may answer for a while; writes `Leased`.

        Whoever has it has it longer.

        Args:
            conversation: Which one.
            by: Who is to have it.
            now: From when on.
            for_: How long; by default as long as the routing has it, or else 15 minutes.

        Raises:
            NotAllowedNow: If somebody else has it; says who, and until when.
            InvalidValue: If it is for no time.
        """
        wish = leasing.Wish(step=Step.LEASE, lasts=for_)
        return leasing.leased(self._work, conversation, wish, by=by, now=now)

    def take_lease(
        self,
        conversation: str,
        *,
        reason: str,
        by: By,
        now: datetime,
        for_: timedelta | None = None,
    ) -> Conversation:
        """The conversation, whoever had it; writes `Leased` with the reason and who had it.

        Anybody may once it is free; while somebody else has it, only a role that the routing names
        in `leads`.

        Raises:
            NotAllowedNow: If somebody else has it, and they may not.
        """
        wish = leasing.Wish(step=Step.TAKE, lasts=for_, reason=reason)
        return leasing.leased(self._work, conversation, wish, by=by, now=now)

    def hand_lease(
        self,
        conversation: str,
        agent_id: str,
        *,
        by: By,
        now: datetime,
        reason: str | None = None,
        for_: timedelta | None = None,
    ) -> Conversation:
        """The conversation, which another agent has now, by the word of who had it or of a lead.

        Writes `Leased`.

        Raises:
            NotAllowedNow: If it is not theirs to hand on, or the other is away.
        """
        wish = leasing.Wish(step=Step.HAND, agent_id=agent_id, lasts=for_, reason=reason)
        return leasing.leased(self._work, conversation, wish, by=by, now=now)

    def end_lease(
        self, conversation: str, *, by: By, now: datetime, reason: str | None = None
    ) -> Conversation:
        """The conversation, which anybody may answer; writes `LeaseEnded`, if somebody had it.

        Raises:
            NotAllowedNow: If somebody else has it, and they may not.
        """
        return leasing.ended(self._work, conversation, reason, by=by, now=now)
