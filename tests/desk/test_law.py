"""The law: in whatever order and batches messages come, the conversations are the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from desk.streams import (
    Stream,
    conversations,
    fed,
    in_one_batch,
    keys,
    nameless,
    streams,
    taken_in,
    waits,
)
from servers import postgres_url as postgres_url
from socialcare.desk.desk import Desk
from socialcare.domain.folding import summary_of
from socialcare.domain.threading import ThreadingPolicy
from strategies import thread_policies

FEW = settings(
    deadline=None,
    max_examples=15,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each step talks to a disk or a server
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
MANY = settings(deadline=None, max_examples=100)


def check(desk: Desk, stream: Stream, threading: ThreadingPolicy) -> None:
    """The desk ends with what one pass over everything gives."""
    receipts = fed(desk, stream)
    found = conversations(desk, receipts)
    batch = in_one_batch(stream, threading)

    assert taken_in(receipts) == sorted(message.key for message in stream.messages)
    assert keys(found) == keys(batch.conversations)
    assert waits(found, stream) == nameless(batch.waits)
    for each in found:
        assert desk.store.summaries([each.id])[each.id].summary == summary_of(each)


@given(streams(), thread_policies())
@MANY
def test_in_memory(stream: Stream, threading: ThreadingPolicy) -> None:
    """Any shuffle, repeat, edit and batching ends as one batch would."""
    with Desk.open(threading=threading) as desk:
        check(desk, stream, threading)


@contextmanager
def _opened(location: str, threading: ThreadingPolicy) -> Iterator[Desk]:
    with Desk.open(location, threading=threading) as desk:
        yield desk


@given(data=st.data())
@FEW
def test_on_sqlite(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """The same on a database in a file."""
    path: Path = tmp_path_factory.getbasetemp() / "law.db"
    threading = data.draw(thread_policies())
    with _opened(str(path), threading) as desk:
        check(desk, data.draw(streams()), threading)


@given(data=st.data())
@FEW
def test_on_postgres(postgres_url: str, data: st.DataObject) -> None:
    """The same on a real server."""
    threading = data.draw(thread_policies())
    with _opened(postgres_url, threading) as desk:
        check(desk, data.draw(streams()), threading)
