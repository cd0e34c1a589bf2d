"""What a fake channel was sent: in a list, or in a file that outlives the process."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeAlias

from socialcare.domain.events import Reply
from socialcare.domain.stored_form import text_of, value_from
from socialcare.plugins.protocols import Sent

Line: TypeAlias = tuple[str, datetime, Reply]
"""Message id, instant and reply."""


class Outbound(Protocol):
    """Keeps what was sent, each key once."""

    def take(self, reply: Reply, clock: Callable[[], datetime]) -> tuple[Sent, bool]:
        """What the reply became, and whether it was not there before."""
        ...

    def sent(self) -> tuple[Line, ...]:
        """Everything that was sent, in order."""
        ...


class OutboundList:
    """Keeps what was sent for as long as the process lives."""

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}

    def take(self, reply: Reply, clock: Callable[[], datetime]) -> tuple[Sent, bool]:
        """What the reply became, and whether it was not there before."""
        is_new = reply.id not in self._lines
        if is_new:
            self._lines[reply.id] = (f"sent-{reply.id}", clock(), reply)
        message_id, sent_at, _ = self._lines[reply.id]
        return Sent(message_id=message_id, sent_at=sent_at), is_new

    def sent(self) -> tuple[Line, ...]:
        """Everything that was sent, in order."""
        return tuple(self._lines.values())


class OutboundFile:
    """Keeps what was sent in a file that is only ever added to, for any number of processes.

    A line is on the disk before the sender gets its answer, so that a test can kill the sender and
    count what had got through.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def take(self, reply: Reply, clock: Callable[[], datetime]) -> tuple[Sent, bool]:
        """What the reply became, and whether it was not there before."""
        with _locked(self._path) as file:
            known = {own.id: (message_id, at) for message_id, at, own in self.sent()}
            is_new = reply.id not in known
            message_id, sent_at = known.get(reply.id) or (f"sent-{reply.id}", clock())
            if is_new:
                _append(file, [message_id, sent_at.isoformat(), text_of(reply)])
        return Sent(message_id=message_id, sent_at=sent_at), is_new

    def sent(self) -> tuple[Line, ...]:
        """Everything that was sent, in order; a line that was cut off does not count."""
        whole = self._path.read_bytes() if self._path.exists() else b""
        lines = [line for line in whole.splitlines(keepends=True) if line.endswith(b"]\n")]
        return tuple(_line(*json.loads(line)) for line in lines)


def _line(message_id: str, sent_at: str, reply: str) -> Line:
    return message_id, datetime.fromisoformat(sent_at), value_from(reply, Reply)


def _append(file: int, row: list[str]) -> None:
    # It begins on a line of its own even where the line before was cut off.
    os.write(file, f"\n{json.dumps(row)}\n".encode())
    os.fsync(file)


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """The file, open for adding to it, while no other process has it so.

    The operating system gives the lock back when a process is killed.
    """
    import fcntl  # only where it is needed, since Windows has none

    file = os.open(path, os.O_APPEND | os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)
