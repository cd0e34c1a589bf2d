"""Events about customers who help other customers, and what the house says to them."""

import attrs

from socialcare.domain.events.fact import Event
from socialcare.domain.events.replies import Reply
from socialcare.domain.verdict import Verdict


@attrs.frozen(kw_only=True)
class PeerConsentChanged(Event):
    """A customer said whether they want to be asked.

    Attributes:
        person: Who.
        given: Whether they do.
        reason: What they said.
    """

    person: str
    given: bool
    reason: str | None = None


@attrs.frozen(kw_only=True)
class PeerAsked(Event):
    """A customer was asked in: to answer another customer's question, or for a favour.

    Attributes:
        person: Who.
        reply: What is sent to them.
    """

    person: str
    reply: Reply


@attrs.frozen(kw_only=True)
class PeerThanked(Event):
    """A customer was thanked for what they do for others or for the brand.

    Attributes:
        person: Who.
        reply: What is sent to them; None for thanks that went another way.
        reason: For what.
    """

    person: str
    reply: Reply | None = None
    reason: str | None = None


@attrs.frozen(kw_only=True)
class AnswerJudged(Event):
    """Somebody of the house confirmed, corrected or took over what a peer answered.

    Attributes:
        channel, message_id: Which message of the peer.
        verdict: What was said of it.
        note: What is right, or why.
    """

    channel: str
    message_id: str
    verdict: Verdict
    note: str | None = None
