"""A desk that takes in and answers until it is killed, for `test_kill`.

What it acknowledges goes to a file, with the disk behind it, only after the desk has returned: so
whatever stands there must be in the log, whenever the process is killed.
"""

import os
import sys
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random

from socialcare.desk.desk import Desk
from socialcare.testing import FakeChannel
from socialcare.testing.builders import asks, at


def work(location: str, folder: Path, round_: int) -> None:
    """Takes in, answers and delivers for ever."""
    random = Random(round_)
    start = at(round_ * 100_000)
    channel = FakeChannel(path=folder / "sent", clock=lambda: start + timedelta(minutes=1))
    channel.echoes = True
    said = os.open(folder / "said", os.O_APPEND | os.O_CREAT | os.O_WRONLY)
    with Desk.open(location, channel, random=random) as desk:
        os.write(said, b"\nready\n")
        for number in count():
            names = [f"{round_}-{number}-{each}" for each in range(random.choice((1, 3)))]
            messages = [
                asks(0, id=name, customer_id=f"c{random.randrange(5)}-{name}", sent_at=start)
                for name in names
            ]
            now = start + timedelta(minutes=number)
            receipts = desk.receive(messages, now=now)
            _acknowledge(said, "message", *names)
            written = desk.reply(receipts[0].conversation or "", "On its way", by="anna", now=now)
            _acknowledge(said, "reply", written.id)
            # What workers who were killed had claimed is due again after a while.
            desk.deliver(now=now + timedelta(minutes=random.choice((0, 5))))
            desk.poll("fake", now=now)


def _acknowledge(said: int, what: str, *names: str) -> None:
    os.write(said, "".join(f"\n{what} {name}\n" for name in names).encode())
    os.fsync(said)


if __name__ == "__main__":
    work(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
