"""The first numbers of an export: can it be trusted, how much, how fast.

python examples/first_numbers.py [EXPORT]
"""

import sys
from pathlib import Path

from socialcare.analytics import metrics, read

EXAMPLE = Path(__file__).parent / "data" / "care.csv"

log = read(sys.argv[1] if len(sys.argv) > 1 else EXAMPLE)
print(f"{log.quality.kept:,} of {log.quality.rows:,} rows are messages")
for fault in log.quality.faults:
    print(f"{fault.count:7,}  {fault.code}: {fault.meaning}")

numbers = metrics(log)
first = numbers["first_response_time"]
print(f"{first['n']:,} conversations answered, {first['pending']:,} are waiting")
print(
    f"median first response {first['median']} s, with those waiting {first['survival']['median']} s"
)
