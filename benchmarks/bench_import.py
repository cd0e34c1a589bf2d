"""How long `import socialcare` takes over a bare interpreter; the goal is under 60 ms.

Run `python benchmarks/bench_import.py`; with `--smoke` it takes few samples and judges nothing.
"""

import argparse
import statistics
import subprocess
import sys
import time

GOAL = 60.0
"""Milliseconds over a bare interpreter."""


def milliseconds(code: str, samples: int) -> float:
    """The median time of a fresh interpreter that runs `code`, in milliseconds."""
    spent = []
    for _ in range(samples):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        spent.append(time.perf_counter() - start)
    return 1_000 * statistics.median(spent)


def main() -> int:
    """Measure and print; 1 if the goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="few samples, and no judgement")
    smoke = parser.parse_args().smoke
    samples = 3 if smoke else 31
    bare = milliseconds("pass", samples)
    package = milliseconds("import socialcare", samples) - bare
    names = milliseconds("from socialcare import *", samples) - bare
    print(f"bare interpreter                {bare:7.1f} ms")
    print(f"import socialcare            +  {package:7.1f} ms, goal under {GOAL:.0f} ms")
    print(f"from socialcare import *     +  {names:7.1f} ms")
    return 0 if smoke or package < GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
