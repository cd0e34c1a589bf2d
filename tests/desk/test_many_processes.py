"""Eight processes that feed one database end with what one process would have made."""

import subprocess
import sys
from pathlib import Path

from desk.feeding import NOW, stream
from desk.streams import all_conversations, keys
from servers import postgres_url as postgres_url
from socialcare.desk.desk import Desk
from socialcare.domain.events import MessageReceived
from socialcare.domain.folding import summary_of
from socialcare.domain.threading import thread

PROCESSES, CUSTOMERS, MESSAGES = 8, 4, 12
TESTS = Path(__file__).parents[1]


def feed(location: str) -> None:
    """Runs the processes to their end."""
    paths = f"{TESTS}:{TESTS.parent / 'src'}"
    sizes = (str(CUSTOMERS), str(MESSAGES))
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "desk.feeding", location, str(seed), *sizes],
            env={"PYTHONPATH": paths},
            stderr=subprocess.PIPE,
            text=True,
        )
        for seed in range(PROCESSES)
    ]
    said = [process.communicate(timeout=300)[1] for process in running]

    assert [process.returncode for process in running] == [0] * PROCESSES, "\n".join(said)


def check(location: str) -> None:
    """Nothing is lost, nothing is there twice, and every view says what the log says."""
    every = stream(CUSTOMERS, MESSAGES)
    feed(location)
    with Desk.open(location) as desk:
        desk.receive(every, now=NOW)  # what no process happened to bring
        events = [each.recorded.event for each in desk.log(limit=100_000)]
        received = sorted(each.message.id for each in events if isinstance(each, MessageReceived))
        found = all_conversations(desk)
        kept = desk.store.summaries([each.id for each in found])

        assert received == sorted(message.id for message in every)
        assert keys(found) == keys(thread(every))
        assert {each.id: kept[each.id].summary for each in found} == {
            each.id: summary_of(each) for each in found
        }


def test_on_sqlite(tmp_path: Path) -> None:
    """One file, several writers."""
    check(str(tmp_path / "care.db"))


def test_on_postgres(postgres_url: str) -> None:
    """One server, several writers, no lock held over anything slow."""
    check(postgres_url)
