"""A desk that is killed at any point loses nothing and does nothing twice.

`SOCIALCARE_KILLS` says how many times; a few by default.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

from desk.streams import all_conversations
from servers import postgres_url as postgres_url
from socialcare.desk.desk import Desk
from socialcare.domain.events import MessageReceived, ReplyDelivered, ReplyQueued
from socialcare.domain.folding import summary_of
from socialcare.testing import FakeChannel
from socialcare.testing.builders import at

KILLS = int(os.environ.get("SOCIALCARE_KILLS", "5"))
TESTS = Path(__file__).parents[1]
LONGEST = 1.0
"""Seconds that a desk may work before it is killed."""


def kill_one(location: str, folder: Path, number: int, random: Random) -> None:
    """Starts a desk, and kills it at some point of its work."""
    said = folder / "said"
    before = said.stat().st_size if said.exists() else 0
    process = subprocess.Popen(
        [sys.executable, "-m", "desk.kill", location, str(folder), str(number)],
        env={"PYTHONPATH": f"{TESTS}:{TESTS.parent / 'src'}"},
        stderr=subprocess.PIPE,
        text=True,
    )
    while process.poll() is None and (not said.exists() or said.stat().st_size <= before):
        time.sleep(0.01)
    time.sleep(random.uniform(0, LONGEST))
    process.send_signal(signal.SIGKILL)
    errors = process.communicate()[1]

    assert process.returncode == -signal.SIGKILL, errors


def check(location: str, folder: Path) -> None:
    """Kills desks on one database, one after the other, and looks at what is there."""
    random = Random(KILLS)
    for number in range(KILLS):
        kill_one(location, folder, number, random)
    channel = FakeChannel(path=folder / "sent")
    with Desk.open(location, channel) as desk:
        much_later = at((KILLS + 1) * 100_000)
        while desk.deliver(now=much_later):
            pass
        _nothing_is_lost(desk, folder / "said")
        _nothing_is_there_twice(desk, channel)
        _views_say_what_the_log_says(desk)


def _events(desk: Desk) -> list[object]:
    found, cursor = list[object](), None
    while page := desk.log(cursor):
        found += [each.recorded.event for each in page]
        cursor = page[-1].cursor
    return found


def _nothing_is_lost(desk: Desk, said: Path) -> None:
    lines = [line.split() for line in said.read_text().splitlines() if " " in line]
    events = _events(desk)
    messages = {each.message.id for each in events if isinstance(each, MessageReceived)}
    queued = {each.reply.id for each in events if isinstance(each, ReplyQueued)}

    assert {name for what, name in lines if what == "message"} <= messages
    assert {name for what, name in lines if what == "reply"} <= queued
    assert lines


def _nothing_is_there_twice(desk: Desk, channel: FakeChannel) -> None:
    events = _events(desk)
    received = Counter(each.message.key for each in events if isinstance(each, MessageReceived))
    delivered = Counter(each.reply_id for each in events if isinstance(each, ReplyDelivered))
    sent = Counter(reply.id for reply in channel.sent)
    queued = {each.reply.id for each in events if isinstance(each, ReplyQueued)}

    assert set(received.values()) == set(delivered.values()) == set(sent.values()) == {1}
    assert delivered.keys() == sent.keys() == queued
    assert not {f"sent-{key}" for key in sent} & {name for _, name in received}


def _views_say_what_the_log_says(desk: Desk) -> None:
    for each in all_conversations(desk):
        assert desk.store.summaries([each.id])[each.id].summary == summary_of(each)


def test_on_sqlite(tmp_path: Path) -> None:
    """The file opens again each time."""
    check(str(tmp_path / "care.db"), tmp_path)


def test_on_postgres(postgres_url: str, tmp_path: Path) -> None:
    """The server goes on; the process that talked to it does not."""
    check(postgres_url, tmp_path)
