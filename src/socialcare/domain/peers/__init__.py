"""Peers and advocates: customers who help other customers, or speak for a brand.

`answers` is what peers said and what came of it, `standing` who answers well, `suiting` whom a
question suits, `policy` and `contact` who may be asked and thanked, `advocates` who speaks for the
brand. What the house says of an answer is a `socialcare.domain.verdict`.
"""

from socialcare.domain.peers.advocates import (
    Advocate,
    Stand,
    Statement,
    advocates,
    stand,
    statement,
)
from socialcare.domain.peers.answers import PeerAnswer, answers_in, by_id
from socialcare.domain.peers.contact import Ask, Contact, not_asked, not_thanked
from socialcare.domain.peers.policy import Consent, PeerPolicy
from socialcare.domain.peers.standing import Peer, peers
from socialcare.domain.peers.suiting import Suggestion, suiting
from socialcare.domain.verdict import Judgement, Verdict

__all__ = [
    "Advocate",
    "Ask",
    "Consent",
    "Contact",
    "Judgement",
    "Peer",
    "PeerAnswer",
    "PeerPolicy",
    "Stand",
    "Statement",
    "Suggestion",
    "Verdict",
    "advocates",
    "answers_in",
    "by_id",
    "not_asked",
    "not_thanked",
    "peers",
    "stand",
    "statement",
    "suiting",
]
