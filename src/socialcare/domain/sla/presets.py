"""The rules by which others count, so that a clock of ours can be held against one of theirs.

Each preset says beside every choice where it was read.
"Ours" marks a choice that the sources leave open, or that no field here can say as they do; the
comment names what is different. A vendor's ticket is our conversation, and its internal or private
note is our `internal` message.
"""

from types import MappingProxyType

from socialcare.domain.policy import AgentBegan, Automated, HoursApply, ResponseType
from socialcare.domain.sla.rules import FollowUp, OnChange, Promised, Reopening, SlaPause, SlaRules
from socialcare.errors import InvalidPolicy

__all__ = ["PRESETS", "preset"]

_TO_THE_CUSTOMER = frozenset({ResponseType.PUBLIC, ResponseType.PRIVATE})

SOCIALCARE = SlaRules(name="socialcare")
"""Ours: the waits and resolutions of the reference; an archived conversation waits for nobody."""

ZENDESK = SlaRules(
    name="zendesk",
    # Next reply time runs from the oldest customer comment that is not answered:
    # support.zendesk.com 4408829459866, "Defining SLA policies", and its discussion.
    follow_up=FollowUp.FIRST,
    # Ours for full resolution time, which ends when a ticket is solved last:
    # support.zendesk.com 4408834848154, "About native Support time duration metrics".
    reopening=Reopening.CONTINUE,
    # A ticket whose priority has changed gets the targets of the new one: 4408829459866; "for both
    # the first and next replies": handbook.gitlab.com, "Setting ticket priority", on its Zendesk.
    # That these count from where the clock began is ours.
    on_change=OnChange.RETARGET,
    # What bots and automations send is not considered:
    # support.zendesk.com 4408821871642, "Calculating first reply time".
    automated=Automated.IGNORE,
    # A ticket that an agent created has a first reply time too: the same article.
    agent_began=AgentBegan.FIRST,
    # Public comments by agents: 4408834848154.
    responses=_TO_THE_CUSTOMER,
    # Requester wait time counts only the statuses new, open and on-hold, so it stands still in the
    # others: 4408834848154. It is the nearest to our resolution that an SLA of theirs can have.
    pauses=(
        SlaPause(
            states=frozenset({"pending", "solved", "closed"}),
            targets=frozenset({Promised.RESOLUTION}),
        ),
    ),
    # Ours: a schedule has no versions; which of several schedules applies is one for all the
    # duration: support.zendesk.com 5654110765338.
    hours_apply=HoursApply.START,
)
"""Zendesk Support's SLA policies (first reply, next reply and requester wait time)."""

CHATWOOT = SlaRules(
    name="chatwoot",
    # The next response is due from `waiting_since`, which an incoming message sets only where it
    # is blank: app/models/message.rb, set_waiting_since_on_incoming_message, and
    # enterprise/app/services/sla/evaluate_applied_sla_service.rb, check_nrt.
    follow_up=FollowUp.FIRST,
    # The threshold runs from the conversation's creation, and a resolved one is not checked; one
    # that is open again is checked against the same instant: evaluate_applied_sla_service.rb,
    # check_rt.
    reopening=Reopening.CONTINUE,
    # Ours: a conversation has one policy, which does not depend on its priority
    # (enterprise/app/models/sla_policy.rb).
    on_change=OnChange.KEEP,
    # A bot's reply clears `waiting_since`: app/models/message.rb,
    # clear_waiting_since_on_outgoing_response.
    automated=Automated.STOP,
    # The first reply is the first outgoing message by a human, even if it opens the conversation:
    # app/models/message.rb, valid_first_reply?.
    agent_began=AgentBegan.NEXT,
    # Outgoing messages by people, private notes left out: app/models/message.rb, human_response?.
    responses=_TO_THE_CUSTOMER,
    # Nothing is taken off for a status: evaluate_applied_sla_service.rb.
    pauses=(),
    # An inbox has one set of hours, the present one:
    # enterprise/app/services/sla/business_hours_service.rb.
    hours_apply=HoursApply.EACH_MOMENT,
)
"""Chatwoot's SLA policies (first response, next response and resolution)."""

ZAMMAD = SlaRules(
    name="zammad",
    # A further request of the customer does not move the update time:
    # spec/lib/escalation_spec.rb, "repeated customer requests". That the first customer message
    # opens a first response and no update besides is ours.
    follow_up=FollowUp.FIRST,
    # `close_at` is set once and kept: app/models/ticket/sets_close_time.rb; and no solution
    # escalation is worked out where it is set: lib/escalation.rb, escalation_close.
    reopening=Reopening.IGNORE,
    # Times are counted anew from the creation where the agreement changes, and taken away where
    # none fits any more: lib/escalation.rb, enforce_if_needed and calculate_no_calendar.
    on_change=OnChange.RETARGET,
    # Articles whose sender is System are no contact:
    # app/models/ticket/article/has_ticket_contact_attributes_impact.rb.
    automated=Automated.IGNORE,
    # The first response is the first public article by an agent, even if it opens the ticket: the
    # same file, first_response_at_update.
    agent_began=AgentBegan.NEXT,
    # Articles that are not internal and of a type that communicates: the same file.
    responses=_TO_THE_CUSTOMER,
    # States with `ignore_escalation` are breaks for all of them: db/seeds/ticket_states.rb and
    # lib/escalation/ticket_biz_break.rb.
    pauses=(
        SlaPause(
            states=frozenset({"pending reminder", "pending close", "closed", "merged", "removed"})
        ),
    ),
    # Ours: a calendar has no versions.
    hours_apply=HoursApply.EACH_MOMENT,
)
"""Zammad's service level agreements (first response, update and solution time)."""

FRAPPE = SlaRules(
    name="frappe",
    # Ours: they promise a first response and a resolution only.
    follow_up=FollowUp.FIRST,
    # The resolution date is taken back by a reopening, and the time while it was resolved is added
    # to the time on hold: set_resolution_date and set_hold_time in
    # helpdesk/helpdesk/doctype/hd_service_level_agreement/hd_service_level_agreement.py.
    reopening=Reopening.CONTINUE,
    # Both due dates are worked out again from the creation for the present priority whenever a
    # ticket is saved: set_response_by and set_resolution_by in the same file.
    on_change=OnChange.RETARGET,
    # Automated messages are passed over: helpdesk/helpdesk/doctype/hd_ticket/hd_ticket.py,
    # on_communication_update.
    automated=Automated.IGNORE,
    # Nobody asks who created the ticket: set_first_response_time.
    agent_began=AgentBegan.FIRST,
    # Any communication that was sent; that a change of status counts as one too, no field says.
    responses=_TO_THE_CUSTOMER,
    # Time in a status of the category Paused, and time resolved before a reopening, is added to
    # the resolution's due date only: set_hold_time. The names are those of add_default_status in
    # helpdesk/setup/install.py.
    pauses=(
        SlaPause(
            states=frozenset({"replied", "resolved", "closed"}),
            targets=frozenset({Promised.RESOLUTION}),
        ),
    ),
    # Ours: an agreement has one set of hours, the present one (calc_time).
    hours_apply=HoursApply.EACH_MOMENT,
)
"""Frappe Helpdesk's service level agreements (first response and resolution time)."""

FRESHDESK = SlaRules(
    name="freshdesk",
    # A target for every response after the first: support.freshdesk.com, "Understanding SLA
    # policies". From which customer message it runs is ours.
    follow_up=FollowUp.FIRST,
    # Ours: not found in the sources.
    reopening=Reopening.CONTINUE,
    # A change of the priority changes the due times: support.freshdesk.com, folder 272943, on due
    # dates that were set by hand. From where they count is ours.
    on_change=OnChange.RETARGET,
    # Ours: not found in the sources, as are the next two.
    automated=Automated.IGNORE,
    agent_began=AgentBegan.NEXT,
    responses=_TO_THE_CUSTOMER,
    # The timer can be switched off for each status; in theirs it is for pending and for waiting on
    # a third party: support.freshdesk.com 229718. That it is off once resolved or closed is ours.
    pauses=(
        SlaPause(states=frozenset({"pending", "waiting on third party", "resolved", "closed"})),
    ),
    # Ours: not found in the sources.
    hours_apply=HoursApply.EACH_MOMENT,
)
"""Freshdesk's SLA policies (first response, every response and resolution)."""

PRESETS = MappingProxyType(
    {rules.name: rules for rules in (SOCIALCARE, ZENDESK, CHATWOOT, ZAMMAD, FRAPPE, FRESHDESK)}
)
"""Every preset by its name."""


def preset(name: str) -> SlaRules:
    """The preset of that name, in any case.

    Raises:
        InvalidPolicy: If there is none; the message lists those there are.

    >>> preset("Zammad").reopening
    <Reopening.IGNORE: 'ignore'>
    """
    found = PRESETS.get(name.strip().lower())
    if found is None:
        raise InvalidPolicy(name, where="preset", right=f"one of {', '.join(PRESETS)}")
    return found
