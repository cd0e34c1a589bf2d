"""Suggestions: what there is to begin an answer from, or to put a conversation away with."""

from typing import TYPE_CHECKING

import attrs

from socialcare.domain.conversation import Conversation
from socialcare.domain.help_articles import HelpMatch
from socialcare.domain.message import Message, Visibility
from socialcare.domain.playbook.contents import ArchiveRule, Example, Recorded
from socialcare.domain.playbook.matching import Waiting
from socialcare.domain.playbook.naming import called
from socialcare.domain.playbook.reading import Answer, Reading
from socialcare.domain.words import folded

if TYPE_CHECKING:
    from socialcare.domain.playbook.playbook import Playbook

__all__ = ["Suggested", "Suggestions", "suggestions"]


@attrs.frozen(kw_only=True)
class Suggested:
    """An example that fits.

    Attributes:
        example: The example.
        text: What it says, with those places filled in that are known or have a default.
        missing: The places that are still to be filled in.
    """

    example: Example
    text: str
    missing: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Suggestions:
    """What fits a conversation.

    Attributes:
        examples: Answers to begin from, in the order of the playbook.
        article: The help article that seems to answer it; None for none.
        archive: The rule by which it needs no answer; None where it does.
        unrecorded: What is to be recorded of it and is not yet.
    """

    examples: tuple[Suggested, ...] = ()
    article: HelpMatch | None = None
    archive: ArchiveRule | None = None
    unrecorded: tuple[Recorded, ...] = ()


def suggestions(playbook: "Playbook", conversation: Conversation) -> Suggestions:
    """What fits what the customer waits with."""
    reading = Reading(answer=Answer(text="", channel=""), conversation=conversation)
    waiting = Waiting.of(reading)
    unrecorded = playbook.unrecorded(conversation)
    if waiting is None:
        return Suggestions(unrecorded=unrecorded)
    fitting = (each for each in playbook.examples if _fits(each, conversation, waiting))
    return Suggestions(
        examples=tuple(_filled(each, waiting.messages[-1]) for each in fitting),
        article=playbook.article_for(reading.asked_text.text),
        archive=next((each for each in playbook.archive if waiting.always_holds(each.query)), None),
        unrecorded=unrecorded,
    )


def _fits(example: Example, conversation: Conversation, waiting: Waiting) -> bool:
    last = waiting.messages[-1]
    if example.channels and last.channel not in example.channels:
        return False
    if example.visibility is Visibility.PRIVATE and last.visibility is Visibility.PUBLIC:
        return False
    if example.language and (last.language or example.language) != example.language:
        return False
    if example.query is not None:
        return waiting.holds(example.query)
    about = {folded(each) for each in (conversation.category, conversation.subcategory) if each}
    return folded(example.issue) in about


def _filled(example: Example, message: Message) -> Suggested:
    values = called(message) if "customer" in example.text.names else {}
    places = example.text.places
    missing = [each.name for each in places if each.default is None and each.name not in values]
    return Suggested(
        example=example,
        text=example.text.shown(values),
        missing=tuple(dict.fromkeys(missing)),
    )
