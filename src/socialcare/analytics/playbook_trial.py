"""A playbook tried on a log: what its checks would have found in last month's answers.

Every answer is checked with what was said before it in its conversation, and with the answers that
the same brand sent just before. What a machine wrote is left out.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from socialcare.analytics.log import MessageLog
from socialcare.analytics.quality import Quality
from socialcare.domain.conversation import Conversation
from socialcare.domain.message import Direction, Message, Visibility
from socialcare.domain.playbook import Answer, Code, Finding, Playbook, Sent
from socialcare.domain.statistics import Share
from socialcare.domain.threading import thread

__all__ = ["Checked", "PlaybookTrial", "playbook_trial"]

SCHEMA = "socialcare.playbook_trial/1"
_RECENT = 200
"""How many answers of a brand are remembered, as a desk does."""


@attrs.frozen(kw_only=True)
class Checked:
    """An answer in which something was found.

    Attributes:
        message: The answer.
        finding: What was found.
    """

    message: Message
    finding: Finding


@attrs.frozen(kw_only=True)
class PlaybookTrial:
    """What a playbook finds in the answers of a log.

    Attributes:
        playbook: The playbook.
        answers: How many answers were checked.
        found: How many had a finding of each kind.
        clean: How many had none.
        examples: For each kind the first answers that had it.
        quality: What reading the log found.
    """

    playbook: Playbook
    answers: int
    found: Mapping[Code, int]
    clean: int
    examples: Mapping[Code, tuple[Checked, ...]]
    quality: Quality

    def share(self, code: Code) -> Share:
        """The share of answers with a finding of one kind."""
        return Share(k=self.found.get(code, 0), n=self.answers)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values: the JSON of `--replies`, schema version 1."""
        return {
            "schema": SCHEMA,
            "playbook": self.playbook.called,
            "answers": self.answers,
            "clean": self.clean,
            "findings": [
                {
                    "code": code.value,
                    "answers": self.found[code],
                    "examples": [_shown(each) for each in self.examples[code]],
                }
                for code in Code
                if code in self.found
            ],
        }


def playbook_trial(log: MessageLog, playbook: Playbook, *, examples: int = 3) -> PlaybookTrial:
    """What a playbook finds in the answers of a log.

    Args:
        log: The messages.
        playbook: What they are checked by.
        examples: How many answers are kept for each kind of finding.
    """
    found: Counter[Code] = Counter()
    kept: defaultdict[Code, list[Checked]] = defaultdict(list)
    answers = clean = 0
    for message, findings in _checked(log, playbook):
        answers += 1
        clean += not findings
        for code, finding in {each.code: each for each in reversed(findings)}.items():
            found[code] += 1
            if len(kept[code]) < examples:
                kept[code].append(Checked(message=message, finding=finding))
    return PlaybookTrial(
        playbook=playbook,
        answers=answers,
        found=found,
        clean=clean,
        examples={code: tuple(kept[code]) for code in found},
        quality=log.quality,
    )


def _checked(log: MessageLog, playbook: Playbook) -> Iterator[tuple[Message, tuple[Finding, ...]]]:
    """Every answer in order of time, with what was found in it."""
    threads = thread(log.to_domain(), log.threading)
    pairs = [(each, place) for each in threads for place in range(len(each.messages))]
    pairs = [pair for pair in pairs if _is_answer(pair[0].messages[pair[1]])]
    lately: defaultdict[str | None, deque[Sent]] = defaultdict(lambda: deque(maxlen=_RECENT))
    for conversation, place in sorted(pairs, key=lambda pair: pair[0].messages[pair[1]].order):
        message = conversation.messages[place]
        recent = lately[message.brand]
        yield (
            message,
            playbook.check(_answer(message), _before(conversation, place), recent=tuple(recent)),
        )
        if message.visibility is Visibility.PUBLIC:
            recent.append(Sent(message.text or "", conversation.id))


def _is_answer(message: Message) -> bool:
    return (
        message.direction is Direction.OUTBOUND
        and not message.automated
        and not message.is_note
        and bool(message.text)
    )


def _answer(message: Message) -> Answer:
    return Answer(text=message.text or "", channel=message.channel, visibility=message.visibility)


def _before(conversation: Conversation, place: int) -> Conversation | None:
    """The conversation as it was before one of its messages; None where it began with that."""
    if place == 0:
        return None
    return attrs.evolve(conversation, messages=conversation.messages[:place])


def _shown(checked: Checked) -> dict[str, Any]:
    message, finding = checked.message, checked.finding
    return {
        "channel": message.channel,
        "message_id": message.id,
        "severity": finding.severity.value,
        "reason": finding.reason,
        "suggestion": finding.suggestion,
        "start": finding.start,
        "end": finding.end,
        "text": message.text,
    }
