"""What the passing of time does that concerns many: crises, issues, and messages to many."""

from datetime import datetime

from socialcare.desk import crisis_standing, crisis_watch, issues, outreach_course
from socialcare.desk.delivery import US
from socialcare.desk.workplace import Workplace
from socialcare.domain.crisis.states import CrisisState
from socialcare.domain.events import Event


def concerning_many(work: Workplace, now: datetime) -> tuple[Event, ...]:
    """What was found, and what was written about conversations because of it."""
    found = crisis_watch.watched(work, now=now)
    if work.handbook.crisis is not None:
        head = crisis_watch.head_of(work)
        if head.state is CrisisState.DECLARED and head.last_rise is not None:
            crisis_standing.open_with_crisis(work, head.last_rise, who=US, now=now)
    return (*found, *issues.followed(work, now=now), *outreach_course.gone_on(work, now=now))
