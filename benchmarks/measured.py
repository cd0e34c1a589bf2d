"""Runs one subject of the benchmark in its own process and says what it cost.

A subject is a function from the path of a CSV to a dict of numbers.
Imports are done before the clock starts; what the whole process ever held in memory counts.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

Numbers = dict[str, float | int | None]
_UNIT = 1 if sys.platform == "darwin" else 1_024


def say(subject: Callable[[Path], Numbers]) -> None:
    """Runs it on the path in the first argument and prints seconds, peak MiB and numbers."""
    started = time.perf_counter()
    numbers = subject(Path(sys.argv[1]))
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT / 2**20
    print(json.dumps({"seconds": seconds, "peak_mib": peak, "numbers": numbers}))
