"""Another program, plain pandas and no code of socialcare, comes to the same numbers.

`Table` holds the whole of that program: what a careful analyst would write in a notebook, with a
union-find for the conversations.
It reads the shipped example by itself, faults and all; over data that are not shipped it takes the
canonical message frame, so that only the arithmetic is compared.
"""

from collections import Counter, defaultdict
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from socialcare.analytics import MessageLog, metrics, read

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "data"
SHARED = ROOT.parent / "shared" / "data"
DAY = 24 * 60 * 60
DEFAULTS = {
    "conversation_id": "",
    "in_reply_to": "",
    "brand": "",
    "author_role": "",
    "automated": "false",
    "agent_id": "",
}
ORDER = ["second", "outbound", "message_id", "channel"]


class Table:
    """Messages as pandas reads them, and the numbers that follow from them."""

    def __init__(self, cells: pd.DataFrame) -> None:
        self.messages = _prepared(cells)

    @cached_property
    def threaded(self) -> pd.DataFrame:
        """The messages that are in a conversation, notes left out, in order."""
        spoken = self.messages[~self.messages.note]
        spoken = spoken[(spoken.customer_id != "") | (spoken.conversation_id != "")]
        spoken = spoken.sort_values(ORDER, ignore_index=True)
        return spoken.assign(talk=_conversations(spoken))

    @cached_property
    def waits(self) -> pd.DataFrame:
        """One row a wait: talk, first, opened, closed (missing while pending), seconds."""
        turns = self.threaded[self.threaded.customer | self.threaded.response].copy()
        before = turns.groupby("talk").customer.shift(fill_value=False)
        turns["opens"] = turns.customer & ~before
        turns["closes"] = turns.response & before
        turns["wait"] = turns.groupby("talk").opens.cumsum()
        opened = turns[turns.opens].set_index(["talk", "wait"])
        closed = turns[turns.closes].set_index(["talk", "wait"])
        began = self.threaded.groupby("talk").outbound.first()
        waits = opened[["second", "channel", "message_id"]].rename(columns={"second": "opened"})
        waits = waits.join(closed.second.rename("closed")).reset_index()
        waits["first"] = (waits.wait == 1) & ~waits.talk.map(began)
        waits["seconds"] = waits.closed.fillna(self.messages.second.max()) - waits.opened
        return waits

    @cached_property
    def volumes(self) -> dict[str, int]:
        """Messages by direction, with machines' and notes apart."""
        plain = self.messages[~self.messages.note & ~self.messages.automated]
        return {
            "inbound": int((~plain.outbound).sum()),
            "outbound": int(plain.outbound.sum()),
            "automated": int((self.messages.automated & ~self.messages.note).sum()),
            "internal": int(self.messages.note.sum()),
        }

    @cached_property
    def asked(self) -> pd.DataFrame:
        """One row a conversation in which the customer wrote: whether they got an answer.

        An answer is a response after the customer's first message.
        """
        asked, answered = self.threaded.customer, self.threaded.response
        places = self.threaded.reset_index(names="place")
        first = places[asked].groupby("talk").place.first()
        last = places[answered].groupby("talk").place.last().reindex(first.index)
        return pd.DataFrame({"answered": last > first})


def _prepared(cells: pd.DataFrame) -> pd.DataFrame:
    """Typed columns, without what holds no message and without repeats."""
    table = cells[cells.direction.isin(["inbound", "outbound"])].copy()
    for name, value in DEFAULTS.items():
        table[name] = table.get(name, pd.Series(value, table.index)).fillna(value)
    table = table.drop_duplicates(["channel", "message_id"])
    stamps = pd.to_datetime(table.sent_at, format="ISO8601", utc=True)
    table["second"] = (
        stamps.dt.floor("s").dt.tz_localize(None).astype("datetime64[s]").astype("int64")
    )
    table["outbound"] = table.direction == "outbound"
    table["note"] = table.visibility == "internal"
    table["automated"] = (table.automated == "true") | (table.author_role == "bot")
    person = ~table.note & ~table.automated
    table["customer"] = ~table.outbound & person & ~table.author_role.isin(["peer", "bot"])
    table = table.join(_parents(table))
    table["response"] = table.outbound & person & ~(table.parent_second > table.second)
    return table


def _parents(table: pd.DataFrame) -> pd.DataFrame:
    """For each row the second of the message that it answers, where that is in the data."""
    known = table.set_index(["channel", "message_id"]).second.rename("parent_second")
    asked = table[["channel", "in_reply_to"]]
    return asked.join(known, on=["channel", "in_reply_to"])[["parent_second"]]


def _conversations(spoken: pd.DataFrame) -> list[str]:
    """For each message, in order, the id of its conversation."""
    names = (spoken.channel + ":" + spoken.message_id).tolist()
    given = spoken.conversation_id.tolist()
    up = dict(zip(names, names, strict=True))

    def root(name: str) -> str:
        while up[name] != name:
            up[name] = up[up[name]]
            name = up[name]
        return name

    free = spoken.assign(name=names)[spoken.conversation_id == ""]
    for parent, child in _links(free):
        one, other = sorted((root(parent), root(child)))
        up[other] = one
    roots = [root(name) for name in names]
    first = dict(zip(reversed(roots), reversed(names), strict=True))
    return [known or first[name] for known, name in zip(given, roots, strict=True)]


def _links(free: pd.DataFrame) -> list[tuple[str, str]]:
    """Pairs of messages of one customer: neighbours within a day, and replies."""
    whose = free.groupby(["brand", "customer_id"])
    near = free.second - whose.second.shift() <= DAY
    neighbours = zip(whose.name.shift()[near], free.name[near], strict=True)
    answered = free[["channel", "message_id", "brand", "customer_id", "name"]]
    replies = free.merge(
        answered,
        left_on=["channel", "in_reply_to", "brand", "customer_id"],
        right_on=["channel", "message_id", "brand", "customer_id"],
    )
    return [*neighbours, *zip(replies.name_y, replies.name_x, strict=True)]


def _worked(spans: pd.DataFrame) -> pd.Series:
    """Seconds by conversation: an agent's time is shared by the conversations open at once."""
    worked: dict[str, float] = defaultdict(float)
    for _, mine in spans.groupby("agent_id"):
        edges = [(now, 1, talk) for now, talk in _pairs(mine, "started")]
        edges += [(now, -1, talk) for now, talk in _pairs(mine, "ended")]
        open_spans: Counter[str] = Counter()
        for (now, step, talk), (then, _, _) in pairwise(sorted(edges)):
            open_spans[talk] += step
            open_spans = +open_spans
            for each in open_spans:
                worked[each] += (then - now) / len(open_spans)
    return pd.Series(worked)


def _pairs(spans: pd.DataFrame, edge: str) -> list[tuple[int, str]]:
    return list(zip(spans[edge], spans.conversation_id, strict=True))


def _survival(seconds: pd.Series, pending: pd.Series, share: float) -> float | None:
    """The shortest time by which at least this share has an answer, the waiting ones counted."""
    answered = seconds[~pending].value_counts().sort_index()
    at_risk = len(seconds) - seconds.sort_values().searchsorted(answered.index)
    alive = (1.0 - answered / at_risk).cumprod()
    reached = alive.index[alive <= 1.0 - share + 1e-12]
    return float(reached[0]) if len(reached) else None


def _times(waits: pd.DataFrame) -> dict[str, object]:
    """What a time metric says."""
    pending = waits.closed.isna()
    answered = waits.seconds[~pending]
    return {
        "n": len(answered),
        "pending": int(pending.sum()),
        "mean": answered.mean(),
        "median": answered.median(),
        "p90": answered.quantile(0.9),
        "p95": answered.quantile(0.95),
        "max": answered.max(),
        "survival": {
            "median": _survival(waits.seconds, pending, 0.5),
            "p90": _survival(waits.seconds, pending, 0.9),
        },
    }


def _said(metric: dict[str, object], like: dict[str, object]) -> dict[str, object]:
    return {name: metric[name] for name in like}


def _same(ours: dict[str, object], theirs: dict[str, object]) -> None:
    ours, theirs = dict(ours), dict(theirs)
    assert ours.pop("survival", None) == pytest.approx(theirs.pop("survival", None))
    assert ours == pytest.approx(theirs)


# --- the shipped example ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def log() -> MessageLog:
    """The example as socialcare reads it."""
    return read(EXAMPLE / "care.csv")


@pytest.fixture(scope="module")
def table() -> Table:
    """The example as pandas reads it."""
    cells = pd.read_csv(EXAMPLE / "care.csv", dtype=str, keep_default_na=False, on_bad_lines="skip")
    return Table(cells)


def test_volumes_of_the_example(log: MessageLog, table: Table) -> None:
    """Messages by direction, machines and notes apart."""
    found = metrics(log)

    inbound, outbound = found["inbound_volume"], found["response_volume"]
    assert inbound["value"] == table.volumes["inbound"]
    assert outbound["value"] == table.volumes["outbound"]
    assert inbound["automated"] + outbound["automated"] == table.volumes["automated"]
    assert inbound["internal"] + outbound["internal"] == table.volumes["internal"]


def test_conversations_of_the_example(log: MessageLog, table: Table) -> None:
    """The same conversations, by id, and as many in which a customer wrote."""
    ids = set(_pandas(log.conversations()).conversation_id)

    assert ids == set(table.threaded.talk)
    assert metrics(log)["conversation_volume"]["value"] == len(table.asked)


def test_each_wait_of_the_example(log: MessageLog, table: Table) -> None:
    """The evidence is the same too: every wait, with both ends."""
    ours = _pandas(log.waits())
    ours = ours.assign(opened=_seconds(ours.opened_at), closed=_seconds(ours.closed_at))
    theirs = table.waits.assign(kind=table.waits["first"].map({True: "first", False: "next"}))

    columns = ["opened", "closed", "kind", "opening_message_id", "conversation_id"]
    theirs = theirs.rename(columns={"talk": "conversation_id", "message_id": "opening_message_id"})
    assert _rows(ours[columns]) == _rows(theirs[columns])


def test_response_times_of_the_example(log: MessageLog, table: Table) -> None:
    """First and average response time: counts, mean, quantiles, and with pending waits counted."""
    found, waits = metrics(log), table.waits

    first, every = _times(waits[waits["first"]]), _times(waits)
    _same(_said(found["first_response_time"], first), first)
    _same(_said(found["average_response_time"], every), every)


def test_response_times_by_channel(log: MessageLog, table: Table) -> None:
    """A wait is on the channel on which it opened."""
    found = metrics(log, by=("channel",)).to_dict()["by"]

    ours = {part["channel"]: part["metrics"]["average_response_time"] for part in found}
    assert set(ours) == set(table.waits.channel)
    for channel, waits in table.waits.groupby("channel"):
        theirs = _times(waits)
        _same(_said(ours[channel], theirs), theirs)


def test_response_rate_of_the_example(log: MessageLog, table: Table) -> None:
    """Waits closed of those opened, and conversations answered."""
    rate = metrics(log)["response_rate"]

    assert (rate["k"], rate["n"]) == (int(table.waits.closed.notna().sum()), len(table.waits))
    of_conversations = (rate["conversations"]["k"], rate["conversations"]["n"])
    assert of_conversations == (int(table.asked.answered.sum()), len(table.asked))


def test_handling_of_the_example(log: MessageLog, table: Table) -> None:
    """Spans merged and shared: the total, the mean over conversations, and each conversation's."""
    spans = pd.read_csv(EXAMPLE / "handling.csv")
    spans["started"] = _seconds(pd.to_datetime(spans.started_at, utc=True))
    spans["ended"] = _seconds(pd.to_datetime(spans.ended_at, utc=True))
    worked = _worked(spans)

    handling = pl.read_csv(EXAMPLE / "handling.csv", try_parse_dates=True)
    found = metrics(log.with_tables(handling=handling))
    assert set(worked.index) <= set(table.threaded.talk)
    assert found["total_handling_time"]["value"] == pytest.approx(worked.sum())
    assert found["average_handling_time"]["value"] == pytest.approx(worked.mean())
    assert found["average_handling_time"]["n"] == len(worked)


# --- data that are not shipped ---------------------------------------------------------------


def _shared(name: str) -> MessageLog:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not shipped, and not beside this repository either")
    return read(path)


@pytest.mark.parametrize(
    ("name", "inbound", "outbound"), [("twcs_5000.csv", 2778, 2222), ("forum_week.csv", None, None)]
)
def test_volumes_elsewhere(name: str, inbound: int | None, outbound: int | None) -> None:
    """Volumes as counted by hand where they were, and as pandas counts them anyway."""
    log = _shared(name)
    found, volumes = metrics(log), Table(_cells(log)).volumes

    ours = (found["inbound_volume"]["value"], found["response_volume"]["value"])
    assert ours == (volumes["inbound"], volumes["outbound"])
    assert inbound is None or ours == (inbound, outbound)


@pytest.mark.parametrize("name", ["twcs_5000.csv", "forum_week.csv"])
def test_response_times_elsewhere(name: str) -> None:
    """Response times over a real export, from the canonical frame."""
    log = _shared(name)
    found, waits = metrics(log), Table(_cells(log)).waits

    first, every = _times(waits[waits["first"]]), _times(waits)
    _same(_said(found["first_response_time"], first), first)
    _same(_said(found["average_response_time"], every), every)


def test_direct_replies_of_the_tweets() -> None:
    """Each tweet's earliest direct answer, as another program counted them: n, mean, median."""
    messages = Table(_cells(_shared("twcs_5000.csv"))).messages
    answers = messages[messages.outbound].rename(columns={"second": "answered"})
    delays = (
        messages[~messages.outbound]
        .merge(answers[["in_reply_to", "answered"]], left_on="message_id", right_on="in_reply_to")
        .assign(minutes=lambda pair: (pair.answered - pair.second) / 60)
        .groupby("message_id")
        .minutes.min()
    )

    assert len(delays) == 2083
    assert delays.mean() == pytest.approx(196.72, abs=0.005)
    assert delays.median() == pytest.approx(11.53, abs=0.005)


def _cells(log: MessageLog) -> pd.DataFrame:
    """The canonical message frame as the texts that a CSV of it would hold."""
    frame = _pandas(log.messages())
    texts = {
        name: frame[name].map(str).str.lower() if name == "automated" else frame[name]
        for name in (*DEFAULTS, "message_id", "direction", "customer_id", "channel", "visibility")
        if name in frame.columns
    }
    stamps = [instant.isoformat() for instant in frame.sent_at]
    return pd.DataFrame(texts).fillna("").assign(sent_at=stamps)


def _pandas(frame: pl.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(frame.to_dict(as_series=False))


def _seconds(instants: pd.Series) -> pd.Series:
    naive = pd.to_datetime(instants, utc=True).dt.tz_localize(None)
    return (naive - pd.Timestamp(0)) // pd.Timedelta(seconds=1)


def _rows(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    return sorted(map(tuple, frame.astype(object).where(frame.notna(), None).to_numpy()), key=repr)
