"""Problems: what concerns many, and a conversation is about."""

from socialcare.desk import issues
from socialcare.desk.workplace import Workplace
from socialcare.domain.conversation import Conversation
from socialcare.domain.issue import TAG

__all__ = ["problem_of"]


def problem_of(work: Workplace, conversation: Conversation) -> str | None:
    """The name of the open issue that a conversation is affected by; None where there is none.

    Of several it is the one that was opened last.
    """
    own = tuple(each.removeprefix(TAG) for each in conversation.tags if each.startswith(TAG))
    if not own:
        return None
    known = (each for each in issues.found(work, *own).issues if each.is_open)
    last = max(known, key=lambda each: each.opened_at, default=None)
    return None if last is None else last.name
