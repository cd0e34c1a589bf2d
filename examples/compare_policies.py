"""The same messages by the rules of several vendors: why two tools never agree.

python examples/compare_policies.py [EXPORT]
"""

import sys
from pathlib import Path

from socialcare.analytics import metrics, read

EXAMPLE = Path(__file__).parent / "data" / "care.csv"
POLICIES = ("socialcare", "zendesk", "chatwoot", "zammad", "frappe")


def hours(seconds: float | None) -> str:
    """Hours to one decimal, or a dash for nothing."""
    return "-" if seconds is None else f"{seconds / 3_600:.1f} h"


log = read(sys.argv[1] if len(sys.argv) > 1 else EXAMPLE)
print(f"{'policy':12}{'answered':>10}{'pending':>10}{'first, median':>16}{'first, mean':>14}")
for policy in POLICIES:
    first = metrics(log, policy=policy)["first_response_time"]
    print(
        f"{policy:12}{first['n']:10,}{first['pending']:10,}"
        f"{hours(first['median']):>16}{hours(first['mean']):>14}"
    )
