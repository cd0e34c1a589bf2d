"""Ruling: what the house says of an answer before it goes out.

The playbook says what is wrong with the words, the map whose approval they need and whether they
may be public, and the policy of approvals who is to look at them by chance.
"""

from collections.abc import Mapping
from datetime import datetime

import attrs

from socialcare.desk import checking
from socialcare.desk.answered import subjects_of
from socialcare.desk.workplace import Workplace
from socialcare.domain.approval.kept_finding import KeptFinding, overruled
from socialcare.domain.approval.policy import ApprovalPolicy
from socialcare.domain.approval.requirement import Requirement, together
from socialcare.domain.approval.spot_check import CheckWhen
from socialcare.domain.conversation import Conversation
from socialcare.domain.escalation import EscalationDecision
from socialcare.domain.events import Key, Reply
from socialcare.domain.message import Visibility
from socialcare.domain.playbook import Finding
from socialcare.errors import NotAllowedNow, StoppedByPlaybook


@attrs.frozen(kw_only=True)
class Ruling:
    """What the house says of an answer to a conversation as it is.

    Attributes:
        requirements: Whose approval it needs before it goes out.
        reviews: Who is to look at it afterwards.
        private_in_public: Whether what was written in private may be answered in public.
        findings: What the playbook has to say of it, with what is overruled.
    """

    requirements: tuple[Requirement, ...] = ()
    reviews: tuple[Requirement, ...] = ()
    private_in_public: bool = True
    findings: tuple[KeptFinding, ...] = ()


def last_asked(found: Conversation) -> Key | None:
    """The customer's last message; None where they have said nothing."""
    return next((each.key for each in reversed(found.customer_messages)), None)


def ruling(
    work: Workplace,
    found: Conversation,
    reply: Reply,
    *,
    overrule: Mapping[str, str],
    now: datetime,
) -> Ruling:
    """What the documents in force say of an answer.

    Args:
        work: The workplace.
        found: The conversation as it is.
        reply: The answer.
        overrule: Codes of findings, and why each is overruled.
        now: When it is asked for.
    """
    findings = (_kept(each) for each in checking.findings(work, found, reply, now=now))
    ruled = approval_ruling(work, found, reply, now=now)
    return attrs.evolve(ruled, findings=overruled(findings, overrule))


def approval_ruling(work: Workplace, found: Conversation, reply: Reply, *, now: datetime) -> Ruling:
    """What map and policy say of an answer of which the playbook has said its own."""
    policy = work.handbook.approvals or ApprovalPolicy()
    asked = (reply.agent_id, found.id, last_asked(found))
    decision = _decision(work, found, reply, now)
    return Ruling(
        requirements=together(demanded(decision), policy.checks(*asked, CheckWhen.BEFORE)),
        reviews=policy.checks(*asked, CheckWhen.AFTER),
        private_in_public=decision is None or decision.private_in_public,
    )


def _kept(finding: Finding) -> KeptFinding:
    """A finding as the log keeps it."""
    return KeptFinding(
        code=finding.code.value,
        severity=finding.severity.value,
        reason=finding.reason,
        suggestion=finding.suggestion,
        may_overrule=finding.overrule,
    )


def _decision(
    work: Workplace, found: Conversation, reply: Reply, now: datetime
) -> EscalationDecision | None:
    """What the map says of what the answer is about; None where there is no map."""
    map_ = work.handbook.escalation
    return None if map_ is None else map_.decide(subjects_of(work, found, reply, now=now))


def demanded(decision: EscalationDecision | None) -> tuple[Requirement, ...]:
    """Whose approval the map asks for; the reason says which entry, and of which map."""
    if decision is None:
        return ()
    return tuple(
        attrs.evolve(each, reason=f"{each.reason}, {decision.map}") for each in decision.approval
    )


def refuse_unless_allowed(found: Conversation, reply: Reply, ruled: Ruling) -> None:
    """Refuses what nobody's approval makes good.

    Raises:
        NotAllowedNow: If it would answer in public what is private, and may not.
        StoppedByPlaybook: If the playbook stops it, and that is not overruled.
    """
    if gives_away(found, reply) and not ruled.private_in_public:
        said = "the customer wrote in private, and the map does not let that be public"
        raise NotAllowedNow(found.id, wanted="answer in public", found=said)
    stops = [each for each in ruled.findings if each.stops]
    if stops:
        said = "; ".join(f"{each.code}: {each.reason}; {each.suggestion}" for each in stops)
        codes = tuple(dict.fromkeys(each.code for each in stops))
        raise StoppedByPlaybook(found.id, codes=codes, said=said)


def gives_away(found: Conversation, reply: Reply) -> bool:
    """Whether a public answer is to something private: what it answers, or what was said last."""
    if reply.visibility is not Visibility.PUBLIC:
        return False
    last = found.customer_messages[-1:]
    answered = [each for each in found.spoken if each.key == (reply.channel, reply.in_reply_to)]
    return any(each.visibility is Visibility.PRIVATE for each in (*last, *answered))
