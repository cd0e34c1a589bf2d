"""Presets: our rules, and those of vendors whose numbers ours are held against.

Each preset says beside every choice where it was read.
"Ours" marks a choice that the sources leave open, or that no field here can say as they do; the
comment names what is different, so that nobody takes a preset for more than it is.
A vendor's ticket is our conversation, and its internal or private note is our `internal` message.
"""

from types import MappingProxyType

from socialcare.domain.policy import (
    AgentBegan,
    Automated,
    CreditedTo,
    HoursApply,
    MeasurementPolicy,
    Opens,
    Pause,
    ResolutionCloses,
    ResponseType,
    Target,
)
from socialcare.errors import InvalidPolicy

_TO_THE_CUSTOMER = frozenset({ResponseType.PUBLIC, ResponseType.PRIVATE})

SOCIALCARE = MeasurementPolicy(name="socialcare")
"""Ours, as the reference defines them."""

ZENDESK = MeasurementPolicy(
    name="zendesk",
    # Next reply time runs from the oldest unanswered comment by a customer:
    # GitLab's handbook of its Zendesk, "SLA policies", table of metrics; and the discussion under
    # support.zendesk.com 4408829459866, "Defining SLA policies".
    opens=Opens.FIRST,
    # What bots and automations send is not considered:
    # support.zendesk.com 4408821871642, "Calculating first reply time".
    automated=Automated.IGNORE,
    # A ticket that an agent created has a first reply time too, until the agent's next public
    # comment: the same article. Theirs starts when the ticket was created, ours when the customer
    # first wrote.
    agent_began=AgentBegan.FIRST,
    # Public comments by agents only; their public comment reaches the requester by whatever
    # channel, so it is our public or private message: support.zendesk.com 4408834848154, "About
    # native Support time duration metrics".
    responses=_TO_THE_CUSTOMER,
    # Full resolution time ends when the ticket is last solved: the same article. Its first
    # resolution time is our time to first resolution.
    resolution_closes=ResolutionCloses.LAST,
    # First reply, first and full resolution time run on through every status: the same article.
    # Requester wait time counts only the statuses new, open and on-hold; a pause of the resolution
    # in `pending` and `solved` comes to that.
    pauses=(),
    # One schedule for the whole duration: support.zendesk.com 5654110765338, "How does Zendesk
    # record its business hour metrics". Theirs is the one at the closing event, ours at the
    # opening one.
    hours_apply=HoursApply.START,
    # Ours: not found in the sources.
    credited_to=CreditedTo.AUTHOR,
)
"""Zendesk Support's native metrics (first reply, next reply and full resolution time)."""

CHATWOOT = MeasurementPolicy(
    name="chatwoot",
    # `waiting_since` is set by an incoming message only where it is blank:
    # app/models/message.rb, set_waiting_since_on_incoming_message.
    opens=Opens.FIRST,
    # A bot's reply clears `waiting_since` and no reply time is recorded: app/models/message.rb,
    # clear_waiting_since_on_outgoing_response. Their first response is counted on, from the
    # hand-over to a human (app/helpers/reporting_event_helper.rb); no field here says that.
    automated=Automated.STOP,
    # The first reply is the first outgoing message by a human, even if it opens the conversation:
    # app/models/message.rb, valid_first_reply?. So what follows is a reply time.
    agent_began=AgentBegan.NEXT,
    # Outgoing messages by people, private notes left out: app/models/message.rb, human_response?
    # and valid_first_reply?.
    responses=_TO_THE_CUSTOMER,
    # An event is recorded whenever a conversation is resolved, measured from its creation:
    # app/listeners/reporting_event_listener.rb, conversation_resolved. They average every event;
    # ours is the last.
    resolution_closes=ResolutionCloses.LAST,
    # The listener subtracts nothing.
    pauses=(),
    # Ours: an inbox has one set of hours, the present one (app/helpers/reporting_event_helper.rb,
    # business_hours).
    hours_apply=HoursApply.EACH_MOMENT,
    # Ours: the listener has credited the sender or the assignee, by kind of event and by release.
    credited_to=CreditedTo.AUTHOR,
)
"""Chatwoot's reporting events (first response, reply time, conversation resolved)."""

ZAMMAD = MeasurementPolicy(
    name="zammad",
    # The customer's last contact is the start of an unanswered thread, under the default of
    # `ticket_last_contact_behaviour`: db/seeds/settings.rb and
    # app/models/ticket/article/has_ticket_contact_attributes_impact.rb.
    opens=Opens.FIRST,
    # Articles whose sender is System neither respond nor count as contact: the latter file.
    automated=Automated.IGNORE,
    # The first response is the first public article by an agent, even if it opens the ticket: the
    # same file, first_response_at_update. So what follows counts as an update.
    agent_began=AgentBegan.NEXT,
    # Articles that are not internal and of a type that communicates: the same file.
    responses=_TO_THE_CUSTOMER,
    # `close_at` is set once and kept: app/models/ticket/sets_close_time.rb.
    resolution_closes=ResolutionCloses.FIRST,
    # States with `ignore_escalation` are breaks in the business time of all three targets:
    # db/seeds/ticket_states.rb and lib/escalation/ticket_biz_break.rb.
    pauses=(
        Pause(
            states=frozenset({"pending reminder", "pending close", "closed", "merged", "removed"}),
            targets=frozenset(Target),
        ),
    ),
    # Ours: a calendar has no versions, and times are counted anew where the agreement or its
    # calendar changes (lib/escalation.rb, enforce_if_needed).
    hours_apply=HoursApply.EACH_MOMENT,
    # Ours: not found in the source, which counts by ticket.
    credited_to=CreditedTo.AUTHOR,
)
"""Zammad's escalation statistics (first response, update and solution time)."""

FRAPPE = MeasurementPolicy(
    name="frappe",
    # The first response runs from the ticket's creation: set_first_response_time in
    # helpdesk/helpdesk/doctype/hd_service_level_agreement/hd_service_level_agreement.py. They
    # have no time for later responses; for those this choice is ours.
    opens=Opens.FIRST,
    # Automated messages are passed over: helpdesk/helpdesk/doctype/hd_ticket/hd_ticket.py,
    # on_communication_update.
    automated=Automated.IGNORE,
    # Nobody asks who created the ticket: set_first_response_time, as above.
    agent_began=AgentBegan.FIRST,
    # Any communication that was sent: on_communication_update. A change of the status to paused
    # or resolved is a first response as well (set_first_responded_on); no field here says that.
    responses=_TO_THE_CUSTOMER,
    # The date is taken back when the ticket is opened again, and set at the next resolution:
    # set_resolution_date in hd_service_level_agreement.py.
    resolution_closes=ResolutionCloses.LAST,
    # Time in a status of the category Paused, and time resolved before a reopening, is taken off
    # the resolution time only: set_hold_time and set_resolution_date. The statuses are those of
    # add_default_status in helpdesk/setup/install.py.
    pauses=(
        Pause(
            states=frozenset({"replied", "resolved", "closed"}),
            targets=frozenset({Target.RESOLUTION}),
        ),
    ),
    # Ours: an agreement has one set of hours, the present one (calc_elapsed_time).
    hours_apply=HoursApply.EACH_MOMENT,
    # Ours: not found in the source.
    credited_to=CreditedTo.AUTHOR,
)
"""Frappe Helpdesk's service level agreements (first response and resolution time)."""

PRESETS = MappingProxyType(
    {policy.name: policy for policy in (SOCIALCARE, ZENDESK, CHATWOOT, ZAMMAD, FRAPPE)}
)
"""Every preset by its name."""


def preset(name: str) -> MeasurementPolicy:
    """The preset of that name, in any case.

    Raises:
        InvalidPolicy: If there is none; the message lists those there are.

    >>> preset("Zammad").resolution_closes
    <ResolutionCloses.FIRST: 'first'>
    """
    found = PRESETS.get(name.strip().lower())
    if found is None:
        raise InvalidPolicy(name, where="preset", right=f"one of {', '.join(PRESETS)}")
    return found
