"""Events: the facts of a desk, one frozen class each.

What happened is an event, and a conversation is the fold of its events.
An event names its conversation as it was called when it happened, says when it happened and who
did it, and never changes; what it belongs to after a merge or a split is the log's business.
Each module beside this one has the events of one theme, in the order of the reference.

`VERSION` is the version of a class's stored form, and goes up when that changes. That form has
`type` and `version` beside the fields, so no event has a field of these names.
"""

from collections.abc import Iterator

from socialcare.domain.events import (
    approvals,
    care,
    crises,
    deadlines,
    documents,
    escalation,
    joining,
    messages,
    peers,
    replies,
    routing,
)
from socialcare.domain.events.approvals import (
    DraftApproved,
    DraftEdited,
    DraftExpired,
    DraftOutdated,
    DraftRejected,
    DraftSubmitted,
    DraftWithdrawn,
    FindingsOverruled,
    ReplyDrafted,
    ReplyReviewed,
    ReviewAsked,
    TemplateApproved,
    TemplateProposed,
    TemplateRejected,
    TemplateWithdrawn,
)
from socialcare.domain.events.care import (
    Archived,
    Assessed,
    Assigned,
    Categorised,
    HandlingStarted,
    HandlingStopped,
    Prioritised,
    Released,
    Reopened,
    Resolved,
    SentimentMarked,
    Tagged,
    Untagged,
)
from socialcare.domain.events.crises import (
    CrisisChanged,
    CrisisDriver,
    FloodFound,
    IssueClosed,
    IssueOpened,
    IssueUpdated,
    OptedIn,
    OptedOut,
    OutreachEnded,
    OutreachSkipped,
    OutreachStarted,
)
from socialcare.domain.events.deadlines import DeadlineBreached, DeadlineWarned
from socialcare.domain.events.documents import DocumentChanged, DocumentRefused
from socialcare.domain.events.escalation import Cause, Escalated, Returned, Taken
from socialcare.domain.events.fact import Event, Key, Recorded
from socialcare.domain.events.joining import (
    Because,
    HandleLinked,
    HandleUnlinked,
    Merged,
    NotesMoved,
    Split,
    SplitOff,
)
from socialcare.domain.events.messages import (
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    MessageRefused,
    NoteWritten,
    Refusal,
)
from socialcare.domain.events.peers import (
    AnswerJudged,
    PeerAsked,
    PeerConsentChanged,
    PeerThanked,
)
from socialcare.domain.events.replies import (
    Reply,
    ReplyDelivered,
    ReplyFailed,
    ReplyQueued,
    ReplyRetried,
)
from socialcare.domain.events.routing import Leased, LeaseEnded, PresenceChanged

THEMES = (
    messages,
    replies,
    approvals,
    care,
    escalation,
    joining,
    documents,
    routing,
    deadlines,
    peers,
    crises,
)
"""The modules with events, in the order of the reference."""


def kinds() -> Iterator[type[Event]]:
    """Every class of event, in the order in which the themes define them."""
    for theme in THEMES:
        for kind in vars(theme).values():
            own = isinstance(kind, type) and kind.__module__ == theme.__name__
            if own and issubclass(kind, Event):
                yield kind


__all__ = [
    "THEMES",
    "AnswerJudged",
    "Archived",
    "Assessed",
    "Assigned",
    "Because",
    "Categorised",
    "Cause",
    "CrisisChanged",
    "CrisisDriver",
    "DeadlineBreached",
    "DeadlineWarned",
    "DocumentChanged",
    "DocumentRefused",
    "DraftApproved",
    "DraftEdited",
    "DraftExpired",
    "DraftOutdated",
    "DraftRejected",
    "DraftSubmitted",
    "DraftWithdrawn",
    "Escalated",
    "Event",
    "FindingsOverruled",
    "FloodFound",
    "HandleLinked",
    "HandleUnlinked",
    "HandlingStarted",
    "HandlingStopped",
    "IssueClosed",
    "IssueOpened",
    "IssueUpdated",
    "Key",
    "LeaseEnded",
    "Leased",
    "Merged",
    "MessageDeleted",
    "MessageEdited",
    "MessageReceived",
    "MessageRefused",
    "NoteWritten",
    "NotesMoved",
    "OptedIn",
    "OptedOut",
    "OutreachEnded",
    "OutreachSkipped",
    "OutreachStarted",
    "PeerAsked",
    "PeerConsentChanged",
    "PeerThanked",
    "PresenceChanged",
    "Prioritised",
    "Recorded",
    "Refusal",
    "Released",
    "Reopened",
    "Reply",
    "ReplyDelivered",
    "ReplyDrafted",
    "ReplyFailed",
    "ReplyQueued",
    "ReplyRetried",
    "ReplyReviewed",
    "Resolved",
    "Returned",
    "ReviewAsked",
    "SentimentMarked",
    "Split",
    "SplitOff",
    "Tagged",
    "Taken",
    "TemplateApproved",
    "TemplateProposed",
    "TemplateRejected",
    "TemplateWithdrawn",
    "Untagged",
    "kinds",
]
