"""The escalation map: which messages agents answer themselves, who must see the others, by when.

`entry` is what an entry of a map says, `map` the ordered whole of them and what it decides,
`document` what stands in a TOML file, `difference` two versions told apart in words, `check` what
is wrong with a map before it goes live.
"""

from socialcare.domain.escalation.check import Finding, Problem, check
from socialcare.domain.escalation.decision import EscalationDecision
from socialcare.domain.escalation.difference import difference
from socialcare.domain.escalation.entry import (
    AnsweredBy,
    EscalationEntry,
    EscalationStep,
    Level,
)
from socialcare.domain.escalation.map import EscalationMap, Rung

__all__ = [
    "AnsweredBy",
    "EscalationDecision",
    "EscalationEntry",
    "EscalationMap",
    "EscalationStep",
    "Finding",
    "Level",
    "Problem",
    "Rung",
    "check",
    "difference",
]
