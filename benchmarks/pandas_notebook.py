"""The peer: the notebook that an analyst writes with pandas for the same core numbers.

It is decent code, column by column and without loops over rows.
It threads as well as a notebook does: a new conversation after a day of silence, and replies join
the conversation that they name, in two rounds rather than until nothing changes.
It leaves out what socialcare adds: data quality, survival curves, resolutions, intervals of
confidence, sentiment, hours.
"""

from pathlib import Path

import pandas as pd

from measured import Numbers, say

DAY = pd.Timedelta(days=1)
ROUNDS = 2


def notebook(path: Path) -> Numbers:
    """Volumes, conversations, first and average response time."""
    ids = {"message_id": "str", "in_reply_to": "str"}
    df = pd.read_csv(path, dtype=ids, parse_dates=["sent_at"])
    df = df.drop_duplicates(["channel", "message_id"])
    df = df.sort_values(["customer_id", "sent_at", "direction"], ignore_index=True)
    spoken = threaded(df[df["visibility"] != "internal"])
    plain = spoken[~spoken["automated"]]
    waits = waits_of(plain.sort_values(["conversation", "sent_at", "direction"]))
    inbound = plain[plain["direction"] == "inbound"]
    return {
        "inbound": len(inbound),
        "responses": int((plain["direction"] == "outbound").sum()),
        "conversations": int(inbound["conversation"].nunique()),
        "customers": int(inbound["customer_id"].nunique()),
        **summary("first", waits[waits["first"]]),
        **summary("every", waits),
    }


def threaded(df: pd.DataFrame) -> pd.DataFrame:
    """With a column `conversation`."""
    same = df["customer_id"] == df["customer_id"].shift()
    near = df["sent_at"] - df["sent_at"].shift() <= DAY
    df = df.assign(conversation=(~(same & near)).cumsum())
    for _ in range(ROUNDS):
        df = joined_by_replies(df)
    return df


def joined_by_replies(df: pd.DataFrame) -> pd.DataFrame:
    """With each conversation renamed to the earliest that its replies name."""
    parents = df[["channel", "message_id", "customer_id", "conversation"]]
    links = df.dropna(subset=["in_reply_to"]).merge(
        parents,
        left_on=["channel", "in_reply_to", "customer_id"],
        right_on=["channel", "message_id", "customer_id"],
        suffixes=("", "_parent"),
    )
    links = links[links["conversation_parent"] < links["conversation"]]
    earliest = links.groupby("conversation")["conversation_parent"].min()
    renamed = df["conversation"].map(earliest).fillna(df["conversation"]).astype("int64")
    return df.assign(conversation=renamed)


def waits_of(df: pd.DataFrame) -> pd.DataFrame:
    """One row a wait: `first`, and `seconds`, missing where nobody has answered."""
    asks = df["direction"] == "inbound"
    begins = df["conversation"] != df["conversation"].shift()
    after_ask = asks.shift(fill_value=False) & ~begins
    opens, closes = asks & ~after_ask, ~asks & after_ask
    wait = opens.cumsum()
    waits = pd.DataFrame(
        {
            "conversation": df["conversation"][opens],
            "opened": df["sent_at"][opens],
            "wait": wait[opens],
            "first": begins[opens],
        }
    )
    closed = df["sent_at"][closes].set_axis(wait[closes])
    seconds = (waits["wait"].map(closed) - waits["opened"]).dt.total_seconds()
    return waits.assign(seconds=seconds)


def summary(name: str, waits: pd.DataFrame) -> Numbers:
    """Count, pending, mean, median and ninetieth percentile of the seconds."""
    seconds = waits["seconds"].dropna()
    return {
        f"{name}_n": len(seconds),
        f"{name}_pending": len(waits) - len(seconds),
        f"{name}_mean": float(seconds.mean()),
        f"{name}_median": float(seconds.median()),
        f"{name}_p90": float(seconds.quantile(0.9)),
    }


if __name__ == "__main__":
    say(notebook)
