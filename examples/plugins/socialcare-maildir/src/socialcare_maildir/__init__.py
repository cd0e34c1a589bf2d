"""E-mail for a desk of socialcare: read from one Maildir, and sent through another.

By hand:

    desk = Desk.open("care.db", MaildirChannel(inbox=..., outbox=..., addresses=(...,)))

As an entry point, for `Desk.open(..., entry_points=True)`, it takes what it needs to know from
`SOCIALCARE_MAILDIR_INBOX`, `SOCIALCARE_MAILDIR_OUTBOX` and `SOCIALCARE_MAILDIR_ADDRESSES`.
"""

from socialcare_maildir.channel import MaildirChannel
from socialcare_maildir.environment import FromEnvironment

__all__ = ["FromEnvironment", "MaildirChannel", "environment"]

environment = FromEnvironment()
"""The plugin that the entry point names."""
