"""Deadlines: what was promised, by when it is due, and whether it was kept.

`policy` and `rules` say what is promised, `promises` which promises a conversation has, `clock`
where each stands at an instant, and `attainment` how many were kept.
"""

from socialcare.domain.sla.attainment import Attainment, Period, WhatIf, attainment, what_if
from socialcare.domain.sla.clock import ClockState, Crossing, SlaClock, crossings, sla_clocks
from socialcare.domain.sla.facts import Fact, Facts
from socialcare.domain.sla.policy import SlaEntry, SlaPolicy
from socialcare.domain.sla.rules import SlaPause, SlaRules

__all__ = [
    "Attainment",
    "ClockState",
    "Crossing",
    "Fact",
    "Facts",
    "Period",
    "SlaClock",
    "SlaEntry",
    "SlaPause",
    "SlaPolicy",
    "SlaRules",
    "WhatIf",
    "attainment",
    "crossings",
    "sla_clocks",
    "what_if",
]
