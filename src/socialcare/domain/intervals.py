"""Intervals: the rows that metrics are statistics over.

Each row is the evidence for a number.
A `Wait` runs from a customer's message to the response, a `Resolution` from a conversation's first
customer message to the moment at which it was settled.
One that has not ended by `as_of` is pending: its seconds are those so far, and it counts as such.
Whole seconds are measured: every instant is floored to its second first.

The rules themselves are next door, in `responses`, `waits` and `resolutions`.
"""

from socialcare.domain.changes import Assignment, Status
from socialcare.domain.resolutions import RESOLVED, Resolution, Source, resolution, resolutions
from socialcare.domain.stopwatch import Hours
from socialcare.domain.waits import Wait, WaitKind, waits, waits_of

__all__ = [
    "RESOLVED",
    "Assignment",
    "Hours",
    "Resolution",
    "Source",
    "Status",
    "Wait",
    "WaitKind",
    "resolution",
    "resolutions",
    "waits",
    "waits_of",
]
