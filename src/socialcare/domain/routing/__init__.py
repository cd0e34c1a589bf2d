"""Routing: who gets a conversation, and who may answer it now.

`plan` is the document that a house writes down, `presence` who is there, `proposal` who gets a
conversation and why, `lease` who may answer it now, and `check` finds ahead of time what can't
work.
"""

from socialcare.domain.routing.check import Finding, Problem, check
from socialcare.domain.routing.lease import Hold, Lease, Step, Verdict
from socialcare.domain.routing.plan import Agent, Leaving, Need, Routing, Team
from socialcare.domain.routing.presence import Card, Presence
from socialcare.domain.routing.proposal import Case, Proposal, Refusal, Staff, Why, propose

__all__ = [
    "Agent",
    "Card",
    "Case",
    "Finding",
    "Hold",
    "Lease",
    "Leaving",
    "Need",
    "Presence",
    "Problem",
    "Proposal",
    "Refusal",
    "Routing",
    "Staff",
    "Step",
    "Team",
    "Verdict",
    "Why",
    "check",
    "propose",
]
