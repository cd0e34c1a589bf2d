"""`socialcare playbook check`: from a playbook, an answer or an export to what was found."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs

from socialcare.cli import files, options
from socialcare.cli.playbook_screen import show_faults, show_findings, show_trial
from socialcare.cli.reporting import read, steps
from socialcare.cli.terminal import screen
from socialcare.domain.annotation import Annotation
from socialcare.domain.conversation import Conversation
from socialcare.domain.message import Author, AuthorRole, Direction, Message, Visibility
from socialcare.domain.playbook import Answer, Finding, Playbook, Severity
from socialcare.domain.playbook.document_check import Fault, check_document
from socialcare.errors import InvalidValue, MissingExtra

SCHEMA = "socialcare.playbook_check/1"


def run(given: Mapping[str, Any], *, now: datetime) -> bool:
    """Whether what was asked about is right.

    Args:
        given: The options, by the names of the command's parameters.
        now: The instant after which a time in the data is in the future.

    Raises:
        SocialCareError: If the playbook, an option or the export can't be used.
    """
    if given["reply"] is not None and given["paths"]:
        raise InvalidValue("both", where="--reply and --replies", right="one of them")
    if given["reply"] is not None and not given["reply"].strip():
        raise InvalidValue(given["reply"], where="--reply", right="a text that is not empty")
    examples = options.whole(given["examples"], "--examples", least=0)
    files.check_json(given["json_to"])
    playbook = Playbook.from_toml(given["playbook"])
    if given["paths"]:
        return _replies(playbook, given, examples, now)
    if given["reply"] is not None:
        return _reply(playbook, given, now)
    return _document(playbook, given)


def _document(playbook: Playbook, given: Mapping[str, Any]) -> bool:
    faults = check_document(playbook)
    if not files.json_printed(_faulty(playbook, faults), given["json_to"]):
        show_faults(screen(), playbook, faults)
    return not faults


def _faulty(playbook: Playbook, faults: Sequence[Fault]) -> Mapping[str, Any]:
    return {
        "schema": SCHEMA,
        "playbook": playbook.called,
        "faults": [attrs.asdict(each) | {"problem": each.problem.value} for each in faults],
    }


def _reply(playbook: Playbook, given: Mapping[str, Any], now: datetime) -> bool:
    seen = Visibility.PRIVATE if given["private"] else Visibility.PUBLIC
    answer = Answer(text=given["reply"], channel=given["channel"], visibility=seen)
    asked = _asked(given["to"], answer, now)
    found = playbook.check(answer, asked, annotations=_annotations(answer.text))
    if not files.json_printed(_found(playbook, answer, found), given["json_to"]):
        show_findings(screen(), playbook, answer, found)
    return not any(each.severity is Severity.STOP for each in found)


def _asked(text: str | None, answer: Answer, now: datetime) -> Conversation | None:
    """What the customer wrote, as a conversation; None where nothing is given."""
    if not text:
        return None
    message = Message(
        id="asked",
        sent_at=now,
        direction=Direction.INBOUND,
        author=Author(id="customer", role=AuthorRole.CUSTOMER),
        customer_id="customer",
        channel=answer.channel,
        visibility=answer.visibility,
        text=text,
    )
    return Conversation(id="asked", customer_id="customer", messages=(message,))


def _annotations(text: str) -> tuple[Annotation, ...]:
    """What the classifier of the extra `text` finds of personal data; nothing without it."""
    try:
        from socialcare.text.personal_data import PersonalData
    except MissingExtra:
        return ()
    return PersonalData().annotations(text)


def _found(playbook: Playbook, answer: Answer, found: Sequence[Finding]) -> Mapping[str, Any]:
    return {
        "schema": SCHEMA,
        "playbook": playbook.called,
        "answer": {
            "text": answer.text,
            "channel": answer.channel,
            "visibility": answer.visibility.value,
        },
        "findings": [
            attrs.asdict(each) | {"code": each.code.value, "severity": each.severity.value}
            for each in found
        ],
    }


def _replies(playbook: Playbook, given: Mapping[str, Any], examples: int, now: datetime) -> bool:
    from socialcare.analytics.playbook_trial import playbook_trial

    with steps() as step:
        log = read(given, now)
        step("checking answers")
        trial = playbook_trial(log, playbook, examples=examples)
    if not files.json_printed(trial.to_dict(), given["json_to"]):
        show_trial(screen(), trial)
    return True
