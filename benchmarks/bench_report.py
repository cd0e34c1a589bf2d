"""How long a report takes: reading, threading and every metric, from a CSV of messages.

    python benchmarks/bench_report.py                 three million messages, five runs
    python benchmarks/bench_report.py --smoke         fifty thousand, once; judges agreement only

Each subject runs in a process of its own, one after the other and in turns, so that all share the
same good and bad moments of the machine.
Seconds are the subject's own, after its imports; memory is the peak of its whole process.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from make_messages import ROWS, SEED, write

HERE = Path(__file__).parent
SUBJECTS = {
    "polars.read_csv": "subject_floor.py",
    "socialcare": "subject_socialcare.py",
    "pandas notebook": "pandas_notebook.py",
}
FLOOR, OURS, PEER = SUBJECTS
SLOWER_THAN_FLOOR = 3.0
FASTER_THAN_PEER = 3.0
MEMORY_MIB = 1_024.0
EXACT = ("inbound", "responses", "customers")
CLOSE = 0.02
"""The notebook's conversations are nearly ours: its replies join in two rounds only."""


@dataclass(kw_only=True)
class Cost:
    """What a subject cost, run by run, and the numbers that it found."""

    seconds: list[float] = field(default_factory=list)
    peaks: list[float] = field(default_factory=list)
    numbers: dict[str, float | None] = field(default_factory=dict)

    @property
    def median(self) -> float:
        """Seconds at the median of the runs."""
        return statistics.median(self.seconds)

    @property
    def fastest(self) -> float:
        """Seconds of the fastest run, which other programs on the machine disturbed least."""
        return min(self.seconds)

    @property
    def peak(self) -> float:
        """The highest peak of the runs, in MiB."""
        return max(self.peaks)

    def add(self, said: str) -> None:
        """Takes one run's line of JSON."""
        run = json.loads(said)
        self.seconds.append(run["seconds"])
        self.peaks.append(run["peak_mib"])
        self.numbers = run["numbers"]


def measured(path: Path, runs: int) -> dict[str, Cost]:
    """Runs every subject so many times, in turns."""
    costs = {name: Cost() for name in SUBJECTS}
    for _ in range(runs):
        for name, script in SUBJECTS.items():
            command = [sys.executable, str(HERE / script), str(path)]
            costs[name].add(
                subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode()
            )
    return costs


def ratios(costs: dict[str, Cost]) -> dict[str, tuple[float, float]]:
    """Ours over the floor, and the peer over ours: of medians, and of fastest runs."""
    floor, ours, peer = costs[FLOOR], costs[OURS], costs[PEER]
    return {
        "ours / floor": (ours.median / floor.median, ours.fastest / floor.fastest),
        "notebook / ours": (peer.median / ours.median, peer.fastest / ours.fastest),
    }


def disagreements(costs: dict[str, Cost]) -> list[str]:
    """Numbers of ours and the peer's that ought to be the same and are not."""
    ours, theirs = costs[OURS].numbers, costs[PEER].numbers
    return [
        f"{name}: ours {ours[name]}, the notebook's {theirs[name]}"
        for name in theirs
        if not _agree(name, ours[name] or 0.0, theirs[name] or 0.0)
    ]


def _agree(name: str, ours: float, theirs: float) -> bool:
    allowed = 0.0 if name in EXACT else CLOSE * abs(theirs)
    return abs(ours - theirs) <= allowed


def missed(costs: dict[str, Cost]) -> list[str]:
    """Goals that were missed, by the medians."""
    (over_floor, _), (over_ours, _) = ratios(costs).values()
    goals = {
        f"at most {SLOWER_THAN_FLOOR:g} times {FLOOR}": over_floor <= SLOWER_THAN_FLOOR,
        f"at least {FASTER_THAN_PEER:g} times faster than the {PEER}": over_ours
        >= FASTER_THAN_PEER,
        f"at most {MEMORY_MIB:g} MiB": costs[OURS].peak <= MEMORY_MIB,
    }
    return [goal for goal, reached in goals.items() if not reached]


def show(costs: dict[str, Cost], rows: int) -> None:
    """Prints a table, and the same as one line of JSON."""
    print(f"{rows:,} messages, {len(costs[OURS].seconds)} runs, Python {platform.python_version()}")
    print(f"{'':18}{'median s':>10}{'fastest s':>11}{'peak MiB':>10}")
    for name, cost in costs.items():
        print(f"{name:18}{cost.median:10.2f}{cost.fastest:11.2f}{cost.peak:10.0f}")
    for name, (of_medians, of_fastest) in ratios(costs).items():
        print(f"{name:18}{of_medians:10.2f}{of_fastest:11.2f}")
    subjects = {
        name: {"seconds": cost.seconds, "peak_mib": cost.peak, "numbers": cost.numbers}
        for name, cost in costs.items()
    }
    print(json.dumps({"rows": rows, "subjects": subjects, "ratios": ratios(costs)}))


def main() -> int:
    """Reads the command line, measures, prints; 1 if a goal is missed or numbers differ."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--smoke", action="store_true", help="50,000 rows, once, no goals")
    chosen = parser.parse_args()
    rows, runs = (50_000, 1) if chosen.smoke else (chosen.rows, chosen.runs)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "messages.csv"
        write(path, rows, SEED)
        costs = measured(path, runs)
    show(costs, rows)
    wrong = disagreements(costs) + ([] if chosen.smoke else missed(costs))
    for each in wrong:
        print(f"MISSED: {each}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
