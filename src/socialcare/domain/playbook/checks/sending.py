"""Where an answer sends, and to whom: another channel, many others, the same customer again."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from socialcare.domain.playbook.checks.remark import Remark, shown
from socialcare.domain.playbook.findings import Code, Severity
from socialcare.domain.playbook.likeness import alike
from socialcare.domain.playbook.matching import Waiting
from socialcare.domain.playbook.reading import Reading
from socialcare.domain.playbook.redirects import asks_for_elsewhere, redirects

if TYPE_CHECKING:
    from socialcare.domain.playbook.playbook import Playbook

__all__ = ["copied", "redirect", "repeated", "to_everybody"]


def redirect(reading: Reading, playbook: "Playbook") -> Iterator[Remark]:
    """Another channel, for which the customer did not ask and no rule does."""
    place = redirects(reading.text, playbook.phrases("redirect"))
    if place is None or playbook.elsewhere_of(Waiting.of(reading)) is not None:
        return
    if asks_for_elsewhere(reading.customer_text, playbook.phrases("wants_elsewhere")):
        return
    channel = playbook.channel(reading.answer.channel)
    private = reading.is_public and channel.private
    stay = f"a private message on {channel.name}" if private else f"an answer on {channel.name}"
    yield Remark(
        Code.REDIRECT,
        f"{shown(reading.answer.text[slice(*place)])} sends the customer to another channel, "
        "and they did not ask for it",
        f"offer {stay} instead",
        place,
    )


def copied(reading: Reading, playbook: "Playbook") -> Iterator[Remark]:
    """Nearly what was sent to others lately."""
    if reading.answer.automated or not reading.is_public:
        return
    own = None if reading.conversation is None else reading.conversation.id
    others = (each for each in reversed(reading.recent) if own is None or each.conversation != own)
    texts = [each.text for each in others]
    # Whether there are enough is all that counts, so not every one is looked for.
    same = list(islice(alike(reading.answer.text, texts), playbook.house.copies))
    if len(same) == playbook.house.copies:
        many = f"at least {len(same)} others" if len(same) > 1 else "somebody else"
        yield Remark(
            Code.COPIED,
            f"nearly the same was sent to {many} lately: {shown(texts[same[0]])}",
            "say what is particular to this customer",
        )


def repeated(reading: Reading, _: "Playbook") -> Iterator[Remark]:
    """Nearly what was said to this customer before."""
    before = [each.text or "" for each in reading.ours]
    same = next(alike(reading.answer.text, before), None)
    if same is not None:
        yield Remark(
            Code.REPEATED,
            f"nearly the same was said to this customer before: {shown(before[same])}",
            "answer what they wrote since",
        )


def to_everybody(reading: Reading, playbook: "Playbook") -> Iterator[Remark]:
    """One of many answers in public, while one status for all would do."""
    if reading.problem is None or not reading.is_public:
        return
    status = playbook.house.status_page
    if status and status in reading.answer.text:
        return
    where = f" and point to {status}" if status else ""
    yield Remark(
        Code.TO_EVERYBODY,
        f"{reading.problem!r} concerns many, who are told in public at once",
        f"say it once as a status{where}; answer those in private who need more than that",
        at_most=None if reading.answer.automated else Severity.WARN,
    )
