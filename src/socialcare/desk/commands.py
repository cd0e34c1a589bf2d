"""Commands about one conversation: answering it, caring for it, joining and splitting it.

`Desk` has them all; they stand by themselves because they are many and alike. Each takes `by`, who
does it, and `now`; each raises `UnknownConversation` if there is none of that name, and `Conflict`
if somebody else was faster every time. A conversation that became part of another is that other.
Those that return a conversation return it as it is afterwards.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from socialcare.desk import care, joining, judging, linking, replies
from socialcare.desk.gate import NOTHING
from socialcare.desk.workplace import Workplace
from socialcare.domain.actor import By
from socialcare.domain.annotation import Sense, Value
from socialcare.domain.conversation import Conversation
from socialcare.domain.customer import Customer, Handle
from socialcare.domain.events import Key, Reply
from socialcare.domain.message import Attachment, Message, Visibility
from socialcare.domain.tier import Priority


class Commands:
    """What can be done with a conversation."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    # Answering

    def reply(
        self,
        conversation: str,
        text: str,
        *,
        by: By,
        now: datetime,
        channel: str | None = None,
        visibility: Visibility | str | None = None,
        in_reply_to: str | None = None,
        agent_id: str | None = None,
        automated: bool = False,
        attachments: Iterable[Attachment] = (),
        overrule: Mapping[str, str] = NOTHING,
    ) -> Reply:
        """The reply, which `deliver` sends; writes `ReplyQueued`.

        By default it answers the customer's latest message, on its channel and as openly.

        Args:
            conversation: Which one.
            text: What to say.
            by: Who says it.
            now: When.
            channel: Another channel than the customer wrote on last.
            visibility: `public` or `private`; must be given to answer in public what was asked in
                private.
            in_reply_to: The id of another message to answer.
            agent_id: Who is credited with it; by default `by`.
            automated: Whether a machine wrote it.
            attachments: What comes with it.
            overrule: Codes of findings by which the playbook stops it, and why each is overruled.

        Raises:
            ApprovalNeeded: If others must see it first; `draft` is the way then.
            StoppedByPlaybook: If the playbook has something against it that is not overruled.
            NotAllowedNow: If it would answer in public, unasked, what the customer wrote in
                private; nobody knows the customer on that channel; or somebody else has leased it.
            UnknownChannel: If the desk has channels, and not that one.
            InvalidValue: If there is no text, or no such message to answer.
        """
        wish = replies.Wish(
            text=text,
            channel=channel,
            visibility=visibility,
            in_reply_to=in_reply_to,
            agent_id=agent_id,
            automated=automated,
            attachments=attachments,
            overrule=overrule,
        )
        return replies.reply(self._work, conversation, wish, by=by, now=now)

    def note(self, conversation: str, text: str, *, by: By, now: datetime) -> Message:
        """The note for colleagues, which never leaves; writes `NoteWritten`."""
        return replies.note(self._work, conversation, text, by=by, now=now)

    # Care

    def assign(
        self,
        conversation: str,
        agent_id: str | None,
        *,
        by: By,
        now: datetime,
        team_id: str | None = None,
    ) -> Conversation:
        """Gives it to an agent, a team or both, who are told of it; writes `Assigned`.

        Raises:
            InvalidValue: If neither is given.
            NotAllowedNow: If the agent is known to be away.
        """
        return care.assign(self._work, conversation, agent_id, team_id, by=by, now=now)

    def release(self, conversation: str, *, by: By, now: datetime) -> Conversation:
        """Takes it from everybody; writes `Released`, if it was somebody's."""
        return care.decided(self._work, conversation, care.release(now), by=by)

    def categorise(
        self,
        conversation: str,
        category: str | None,
        subcategory: str | None = None,
        *,
        by: By,
        now: datetime,
    ) -> Conversation:
        """Says what it is about; writes `Categorised`, if that is new."""
        decide = care.categorise(category, subcategory, now)
        return care.decided(self._work, conversation, decide, by=by)

    def tag(self, conversation: str, tag: str, *, by: By, now: datetime) -> Conversation:
        """Puts a tag on it; writes `Tagged`, unless it has it."""
        return care.decided(self._work, conversation, care.tag(tag, now), by=by)

    def untag(self, conversation: str, tag: str, *, by: By, now: datetime) -> Conversation:
        """Takes a tag off it; writes `Untagged`, if it has it."""
        return care.decided(self._work, conversation, care.untag(tag, now), by=by)

    def prioritise(
        self,
        conversation: str,
        priority: Priority | str | None,
        *,
        by: By,
        now: datetime,
        reason: str | None = None,
    ) -> Conversation:
        """Says how much it matters, until it is settled; writes `Prioritised`, if that is new.

        Args:
            conversation: Which one.
            priority: Such as `first/2`; None to go by the rules again.
            by: Who says so.
            now: When.
            reason: Why.

        Raises:
            InvalidRules: If there is no such priority.
        """
        decide = judging.prioritise(self._work, priority, reason, now)
        return care.decided(self._work, conversation, decide, by=by)

    def annotate(
        self,
        conversation: str,
        message: Key,
        sense: Sense | str,
        value: Value,
        *,
        by: By,
        now: datetime,
    ) -> Conversation:
        """Says something of one of its messages, above classifiers; writes `Assessed`.

        The rules decide again with it, and `labels` gives it to whoever trains a model.

        Args:
            conversation: Which one.
            message: Its message, as channel and id.
            sense: What is said: `category`, `complaint`, `language`, ...
            value: A truth, a number or a text, as the sense has it; None for "nobody can tell".
            by: Who says so.
            now: When.

        Raises:
            InvalidValue: If the value does not fit the sense, or it has no such message.
        """
        decide = judging.annotate(self._work, message, Sense(sense), value, now)
        return care.decided(self._work, conversation, decide, by=by)

    def rank_again(self, conversation: str, *, by: By, now: datetime) -> Conversation:
        """Has the rules as they are now decide again; writes `Assessed`, where that is new."""
        decide = judging.rank_again(self._work, now)
        return care.decided(self._work, conversation, decide, by=by)

    def mark_sentiment(
        self,
        conversation: str,
        message: Key,
        score: float,
        *,
        scorer: str,
        by: By,
        now: datetime,
    ) -> Conversation:
        """Says how one of its messages sounds; writes `SentimentMarked`.

        Args:
            conversation: Which one.
            message: Its message, as channel and id.
            score: From -1.0, bad, to 1.0, good.
            scorer: Name and version of what scored it, or the person.
            by: Who says so.
            now: When.

        Raises:
            InvalidValue: If the score is out of range, or it has no such message.
        """
        decide = care.mark_sentiment(message, score, scorer, now)
        return care.decided(self._work, conversation, decide, by=by)

    def resolve(self, conversation: str, *, by: By, now: datetime) -> Conversation:
        """Settles it; writes `Resolved`.

        Raises:
            NotAllowedNow: If it is settled already.
        """
        return care.decided(self._work, conversation, care.resolve(now), by=by)

    def reopen(self, conversation: str, *, by: By, now: datetime) -> Conversation:
        """Takes it up again; writes `Reopened`.

        Raises:
            NotAllowedNow: If it is not settled.
        """
        return care.decided(self._work, conversation, care.reopen(now), by=by)

    def archive(
        self, conversation: str, *, by: By, now: datetime, reason: str | None = None
    ) -> Conversation:
        """Puts it away as needing no answer; writes `Archived`.

        Raises:
            NotAllowedNow: If it is settled already.
        """
        return care.decided(self._work, conversation, care.archive(reason, now), by=by)

    def start_handling(
        self, conversation: str, *, by: By, now: datetime, agent_id: str | None = None
    ) -> Conversation:
        """An agent, by default `by`, begins to work on it; writes `HandlingStarted`.

        It ends with `stop_handling`, or by `watch` after twelve hours.
        """
        return care.decided(self._work, conversation, care.start_handling(agent_id, now), by=by)

    def stop_handling(
        self, conversation: str, *, by: By, now: datetime, agent_id: str | None = None
    ) -> Conversation:
        """An agent, by default `by`, stops working on it; writes `HandlingStopped`.

        Raises:
            NotAllowedNow: If they are not working on it.
        """
        return care.decided(self._work, conversation, care.stop_handling(agent_id, now), by=by)

    # Which conversation is which

    def merge(self, conversation: str, other: str, *, by: By, now: datetime) -> Conversation:
        """Makes another conversation part of this one; writes `Merged`. `unmerge` takes it back.

        Raises:
            NotAllowedNow: If they are of two brands.
        """
        return joining.merge(self._work, conversation, other, by=by, now=now)

    def unmerge(self, conversation: str, other: str, *, by: By, now: datetime) -> Conversation:
        """The conversation that had become part of this one, by itself again.

        It gets back what was its own; what came in since stays. Writes `Split`.

        Raises:
            NotAllowedNow: If it is no part of it.
        """
        return joining.unmerge(self._work, conversation, other, by=by, now=now)

    def split(self, conversation: str, messages: Iterable[Key], *, by: By, now: datetime) -> str:
        """The id of a new conversation, which these messages go to; `merge` takes it back.

        The two are never joined again by themselves. Writes `Split` and `SplitOff`.

        Args:
            conversation: Which one.
            messages: Some of its messages, not all, as channel and id.
            by: Who wants it.
            now: When.

        Raises:
            InvalidValue: If they are not its messages.
            NotAllowedNow: If they are all that it has.
        """
        return joining.split(self._work, conversation, messages, by=by, now=now)

    def link(self, handle: Handle, customer_id: str, *, by: By, now: datetime) -> Customer:
        """The customer, whose handle this is from now on; writes `HandleLinked`.

        What was said under the handle is threaded as the customer's own: `Merged` where that joins
        conversations, and `Split` where a conversation held others' messages too.

        Raises:
            NotAllowedNow: If it is linked to somebody else; `unlink` it first.
        """
        return linking.link(self._work, handle, customer_id, by=by, now=now)

    def unlink(self, handle: Handle, *, by: By, now: datetime) -> Customer:
        """The customer whose handle it was; writes `HandleUnlinked`, if it was anybody's.

        What the link had joined is taken apart again, and nothing else: `Split`.
        """
        return linking.unlink(self._work, handle, by=by, now=now)
