"""Acknowledging: that "we have seen this" goes out by itself, where the playbook lets it.

It goes through the gate like every answer, so a map that asks for an approval, and a playbook that
stops its own text, keep it from going out; it is not tried again then before something happens in
the conversation.
"""

from datetime import datetime

from socialcare.desk.delivery import US
from socialcare.desk.looks import Look
from socialcare.desk.problems import problem_of
from socialcare.desk.replies import Wish, addressed
from socialcare.desk.workplace import Workplace
from socialcare.domain.conversation import Conversation
from socialcare.domain.playbook.acknowledging import Acknowledging
from socialcare.errors import NotAllowedNow, UnknownChannel

__all__ = ["acknowledge"]


def acknowledge(work: Workplace, found: Conversation, now: datetime) -> Look:
    """That an acknowledgement is sent to who waits for a first answer, once in a conversation."""
    playbook = work.handbook.playbook
    if playbook is None or not playbook.acknowledgements:
        return Look()
    said = playbook.acknowledging(found, now=now, problem=problem_of(work, found))
    if said.answered is None or said.text is None:
        return Look(next_at=said.look_again)
    own = f"acknowledgement:{said.answered.channel}:{said.answered.id}"
    if work.store.entries((own,)):
        return Look()  # it went out where the message was before it was moved
    try:
        reply = addressed(work, found, _wish(said), US, own)
    except (NotAllowedNow, UnknownChannel):
        return Look()  # nobody can be reached there
    return Look(replies=(reply,))


def _wish(said: Acknowledging) -> Wish:
    """Where the customer wrote, as openly."""
    message = said.answered
    if message is None:
        return Wish(text=said.text or "", automated=True)
    return Wish(
        text=said.text or "",
        channel=message.channel,
        visibility=message.visibility,
        in_reply_to=message.id,
        automated=True,
    )
