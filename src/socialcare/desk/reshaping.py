"""Reshaping: before conversations are joined or taken apart, what was late in them is written.

What was promised in a conversation is judged by the conversation as it is. If nobody has watched
until two become one, that would be judged by the one, and by the two if somebody has. So whoever
moves events between conversations has both looked at first, as of the same moment, and then it
makes no difference when anybody watched.
"""

from datetime import datetime

from socialcare.desk.transaction import Transaction
from socialcare.desk.workplace import Workplace
from socialcare.errors import Conflict


def look_first(work: Workplace, transaction: Transaction, *, now: datetime) -> None:
    """Has warnings and breaches written of all conversations between which events are to move.

    Raises:
        Conflict: If there was something to write, so that the command is tried again with it.
    """
    written = [work.pass_time(work, name, now) for name in transaction.moving]
    if any(written):
        raise Conflict(f"conversations {', '.join(map(repr, transaction.moving))}")
