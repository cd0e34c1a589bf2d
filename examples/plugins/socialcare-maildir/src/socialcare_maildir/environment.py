"""The channel as the environment of the process describes it."""

import os
from collections.abc import Mapping
from pathlib import Path

import attrs
from socialcare import hookimpl
from socialcare.errors import InvalidValue

from socialcare_maildir.channel import MaildirChannel

INBOX = "SOCIALCARE_MAILDIR_INBOX"
OUTBOX = "SOCIALCARE_MAILDIR_OUTBOX"
ADDRESSES = "SOCIALCARE_MAILDIR_ADDRESSES"


@attrs.frozen(kw_only=True)
class FromEnvironment:
    """A plugin that brings a channel if the environment names its Maildirs, and none otherwise."""

    variables: Mapping[str, str] = attrs.field(factory=lambda: os.environ)

    @hookimpl
    def socialcare_channels(self) -> tuple[MaildirChannel, ...]:
        """One channel, or none."""
        if not self.variables.get(INBOX):
            return ()
        addresses = [each.strip() for each in self._of(ADDRESSES).split(",")]
        channel = MaildirChannel(
            inbox=Path(self._of(INBOX)), outbox=Path(self._of(OUTBOX)), addresses=addresses
        )
        return (channel,)

    def _of(self, name: str) -> str:
        value = self.variables.get(name, "")
        if not value:
            raise InvalidValue(value, where=name, right=f"a value, since {INBOX} has one")
        return value
