"""Ours: read, thread, and compute every metric that the data allow."""

from pathlib import Path

from measured import Numbers, say
from socialcare.analytics import metrics, read


def every_metric(path: Path) -> Numbers:
    """The numbers that the pandas notebook computes too, taken from all that were computed."""
    found = metrics(read(path))
    first, every = found["first_response_time"], found["average_response_time"]
    return {
        "inbound": found["inbound_volume"]["value"],
        "responses": found["response_volume"]["value"],
        "conversations": found["conversation_volume"]["value"],
        "customers": found["conversation_volume"]["customers"],
        "first_n": first["n"],
        "first_pending": first["pending"],
        "first_mean": first["mean"],
        "first_median": first["median"],
        "first_p90": first["p90"],
        "every_n": every["n"],
        "every_pending": every["pending"],
        "every_mean": every["mean"],
        "every_median": every["median"],
        "every_p90": every["p90"],
    }


if __name__ == "__main__":
    say(every_metric)
