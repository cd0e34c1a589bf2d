"""Among customers: those who help other customers, speak for the brand, or leave it.

`Desk` has these commands and questions besides the others. Each command takes `by`, who does it,
and `now`; each raises `Conflict` if somebody else was faster every time, and `UnknownConversation`
if there is none of that name.
"""

from datetime import datetime

from socialcare.desk import contacts, peers, regard
from socialcare.desk.regard import Leaver, Suited
from socialcare.desk.replies import Wish
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import By
from socialcare.domain.conversation import Conversation
from socialcare.domain.events import Key, Reply
from socialcare.domain.message import Visibility
from socialcare.domain.peers import Advocate, Contact, Peer
from socialcare.domain.verdict import Verdict


class AmongCustomers:
    """What customers do for each other and for the brand."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    # Who

    def peers(self, *, least: int = 1) -> tuple[Peer, ...]:
        """Those who answer other customers, the best first; with what came of every answer.

        Args:
            least: How many answers somebody must have given.
        """
        return regard.peers(self._work, least=least)

    def peers_for(self, conversation: str, *, now: datetime, limit: int = 5) -> tuple[Suited, ...]:
        """The peers whom what a customer waits with suits, and why some may not be asked now.

        Those who may be asked come first, the best of them first. How many answers somebody must
        have given, and how surely they must help, is in the `PeerPolicy` of the desk.
        """
        return regard.suited(self._work, conversation, now=now, limit=limit)

    def advocates(self, *, least: int = 2) -> tuple[Advocate, ...]:
        """Those who speak for the brand, the surest first; with what they said.

        Args:
            least: How often somebody must have spoken for it.
        """
        return regard.advocates(self._work, least=least)

    def leavers(self, *, limit: int = 50) -> tuple[Leaver, ...]:
        """The conversations in which a customer says that they leave, the latest first.

        It is what the query `is:leaving` finds, by which rules, maps and routing can send them to
        whoever keeps customers.
        """
        return regard.leavers(self._work, limit=limit)

    def contact(self, person: str) -> Contact:
        """What passed with somebody who helps: consent, when they were asked, and thanked."""
        return contacts.contact(self._work.store, person)

    # Asking and thanking

    def set_peer_consent(
        self, person: str, *, given: bool, by: By, now: datetime, reason: str | None = None
    ) -> Contact:
        """What passed with somebody, who said whether they want to be asked.

        Writes `PeerConsentChanged`, if that is new.
        """
        return peers.consent(self._work, person, given=given, reason=reason, by=by, now=now)

    def ask_peer(
        self,
        conversation: str,
        person: str,
        text: str,
        *,
        by: By,
        now: datetime,
        visibility: Visibility | str | None = None,
    ) -> Reply:
        """What is sent to a customer who is asked in; writes `PeerAsked`.

        It is no answer to whoever asked: they wait as before. To ask a customer for a favour, such
        as an advocate, name a conversation of their own; then it is a reply, `ReplyQueued`.

        Args:
            conversation: About whose question.
            person: Whom to ask.
            text: What to say.
            by: Who asks.
            now: When.
            visibility: `public`, beside the question, or `private`; by default public, and as for
                `reply` where it goes to the customer.

        Raises:
            NotAllowedNow: If they may not be asked: they said no, never said yes where that is
                needed, or were asked often enough; or the question is private, or others were
                asked about it; or as for `reply`.
            ApprovalNeeded: If somebody must approve what is said about this.
        """
        words = peers.Words(text=text, visibility=visibility)
        return peers.ask(self._work, conversation, person, words, by=by, now=now)

    def thank(
        self,
        conversation: str,
        person: str,
        text: str,
        *,
        by: By,
        now: datetime,
        visibility: Visibility | str | None = None,
        reason: str | None = None,
    ) -> Reply:
        """What is sent to a customer who is thanked; writes `PeerThanked`.

        Args:
            conversation: Where they helped, or spoke for the brand.
            person: Whom to thank.
            text: What to say.
            by: Who thanks.
            now: When.
            visibility: `public`, beside what they said, or `private`; by default public, and as for
                `reply` where it goes to the customer.
            reason: For what.

        Raises:
            NotAllowedNow: If they were thanked not long ago; or it would be public, unasked, about
                what the customer wrote in private; or as for `reply`.
            ApprovalNeeded: If somebody must approve what is said about this.
        """
        words = peers.Words(text=text, visibility=visibility, reason=reason)
        return peers.thank(self._work, conversation, person, words, by=by, now=now)

    # What the house says of their answers

    def confirm_answer(
        self, conversation: str, message: Key, *, by: By, now: datetime, note: str | None = None
    ) -> Conversation:
        """Says that a peer's answer is right; writes `AnswerJudged`.

        Args:
            conversation: Which one.
            message: The peer's message, as channel and id.
            by: Who says so.
            now: When.
            note: Why.

        Raises:
            InvalidValue: If it has no such message by a peer; likewise below.
        """
        verdict = Verdict.CONFIRMED
        return peers.judge(self._work, conversation, message, verdict, note, by=by, now=now)

    def correct_answer(
        self,
        conversation: str,
        message: Key,
        text: str,
        *,
        by: By,
        now: datetime,
        visibility: Visibility | str | None = None,
    ) -> Reply:
        """The reply that says what is right; writes `AnswerJudged` and `ReplyQueued`.

        Args:
            conversation: Which one.
            message: The peer's message, as channel and id, which it answers.
            text: What is right.
            by: Who says so.
            now: When.
            visibility: As for `reply`.

        Raises:
            NotAllowedNow: As for `reply`.
            ApprovalNeeded: If somebody must approve it.
        """
        wish = Wish(text=text, channel=message[0], in_reply_to=message[1], visibility=visibility)
        return peers.correct(self._work, conversation, message, wish, by=by, now=now)

    def take_over(
        self, conversation: str, message: Key, *, by: By, now: datetime, reason: str | None = None
    ) -> Conversation:
        """The conversation, which `by` answers in the place of a peer, and has leased.

        Writes `AnswerJudged`, `Assigned`, unless it was theirs, and `Leased`.

        Raises:
            NotAllowedNow: If somebody else has it, or they are away.
        """
        return peers.take_over(self._work, conversation, message, reason, by=by, now=now)
