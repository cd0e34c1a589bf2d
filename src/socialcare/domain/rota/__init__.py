"""Rotas: who is on duty when.

`shifts` and `recurrence` are what a rota is written in, `table` what it comes to over some weeks,
`plan` the rota itself, and `check` finds ahead of time when nobody is on duty.
"""

from socialcare.domain.rota.check import Finding, Problem, check
from socialcare.domain.rota.plan import Rota
from socialcare.domain.rota.shifts import Absence, ExtraShift, Gap, ShiftRule, Swap, Team

__all__ = [
    "Absence",
    "ExtraShift",
    "Finding",
    "Gap",
    "Problem",
    "Rota",
    "ShiftRule",
    "Swap",
    "Team",
    "check",
]
