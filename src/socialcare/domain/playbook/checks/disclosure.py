"""Disclosure: what an answer gives away, and what it asks the customer to give away."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from socialcare.domain.annotation import Sense
from socialcare.domain.message import Visibility
from socialcare.domain.playbook.checks.remark import Remark, shown
from socialcare.domain.playbook.findings import Code, Severity
from socialcare.domain.playbook.phrasing import phrasing
from socialcare.domain.playbook.plain_data import Datum, Kind, annotated, digits
from socialcare.domain.playbook.reading import Reading
from socialcare.domain.playbook.redirects import redirects

if TYPE_CHECKING:
    from socialcare.domain.playbook.playbook import Playbook

__all__ = ["asks_in_public", "asks_secret", "personal_data", "told_in_private"]

_CALLED = {
    Kind.CARD: "the number of a card",
    Kind.IBAN: "the number of a bank account",
    Kind.EMAIL: "an address of e-mail",
    Kind.PHONE: "a phone number",
    Kind.ACCOUNT: "the number of an account, a booking or an order",
    Kind.OTHER: "personal data",
}
_NUMBER = re.compile(r"(?<![\w.,/@\-])[A-Za-z0-9][A-Za-z0-9\-]{3,29}(?![\w@\-]|[.,/]\w)")
_DIGIT = re.compile(r"\d")
_FEWEST = 4
_DATE = re.compile(r"(?:19|20)\d\d|\d{4}-\d\d-\d\d|\d{1,2}-\d{1,2}-\d{2,4}")
_CONTACTS = frozenset({Kind.EMAIL, Kind.PHONE})


def personal_data(reading: Reading, playbook: "Playbook") -> Iterator[Remark]:
    """Personal data in public, and the contact of a colleague anywhere."""
    found = annotated(reading.answer.text, reading.said(Sense.PERSONAL_DATA))
    invited = redirects(reading.text, playbook.phrases("redirect")) is not None if found else False
    for datum in found:
        colleague = playbook.stakeholder_of(datum.text)
        if colleague is not None:
            yield _internal(datum, colleague)
        elif reading.is_public and not playbook.house.owns(datum.text):
            yield _given_away(datum, _is_told(reading, datum), invited)


def told_in_private(reading: Reading, _: "Playbook") -> Iterator[Remark]:
    """In public a number that the customer wrote in private, whatever it is the number of."""
    messages = () if reading.conversation is None else reading.conversation.customer_messages
    private = [
        each.text for each in messages if each.visibility is Visibility.PRIVATE and each.text
    ]
    if not reading.is_public or not private:
        return
    known = {digits(found[0]) for text in private for found in _numbers(text)}
    for found in _numbers(reading.answer.text):
        if digits(found[0]) in known:
            yield Remark(
                Code.PERSONAL_DATA,
                f"{shown(found[0])} is what the customer wrote in private",
                "leave it out, or answer in private",
                found.span(),
            )


def _numbers(text: str) -> Iterator[re.Match[str]]:
    """Numbers of four digits at least, with letters or without, that are no year and no date."""
    for found in _NUMBER.finditer(text):
        if len(_DIGIT.findall(found[0])) >= _FEWEST and not _DATE.fullmatch(found[0]):
            yield found


def _internal(datum: Datum, colleague: str) -> Remark:
    return Remark(
        Code.PERSONAL_DATA,
        f"{shown(datum.text)} is how colleagues reach {colleague}, and not for customers",
        "leave it out, or ask them yourself",
        (datum.start, datum.end),
    )


def _given_away(datum: Datum, told: bool, invited: bool) -> Remark:
    place = (datum.start, datum.end)
    if datum.kind in _CONTACTS and not told:
        return Remark(
            Code.CONTACT_DATA,
            f"{shown(datum.text)} is {_CALLED[datum.kind]}, in public",
            "leave it out if it is the customer's; list it under house.contacts if it is yours",
            place,
            Severity.HINT if invited else None,
        )
    where = ", which the customer wrote" if told else ""
    return Remark(
        Code.PERSONAL_DATA,
        f"{shown(datum.text)} is {_CALLED[datum.kind]}{where}, and everybody could read it",
        "leave it out, or answer in private",
        place,
    )


def _is_told(reading: Reading, datum: Datum) -> bool:
    """Whether the customer wrote it."""
    wanted = digits(datum.text)
    messages = () if reading.conversation is None else reading.conversation.customer_messages
    return any(wanted in digits(each.text or "") for each in messages)


def asks_secret(reading: Reading, _: "Playbook") -> Iterator[Remark]:
    """A question for what nobody may ask for, in private either."""
    for place in reading.text.found(phrasing("asks_secret")):
        if not _is_denied(reading, place):
            yield Remark(
                Code.ASKS_SECRET,
                f"{shown(reading.answer.text[slice(*place)])} asks for what nobody may ask for",
                "ask for nothing with which somebody could log in or pay",
                place,
            )
            return


def asks_in_public(reading: Reading, playbook: "Playbook") -> Iterator[Remark]:
    """A question in public for personal or account data, with no word of another place for it."""
    answer = reading.answer
    if not reading.is_public or reading.text.has(phrasing("private", playbook.phrases("private"))):
        return
    for place in reading.text.found(phrasing("asks_data")):
        if _is_denied(reading, place):
            continue
        private = playbook.channel(answer.channel).private
        instead = "ask for a private message with it" if private else "give a form or a link for it"
        yield Remark(
            Code.ASKS_IN_PUBLIC,
            f"{shown(answer.text[slice(*place)])} asks for personal data where everybody reads it",
            instead,
            place,
        )
        return


_NEVER = ("never", "don't", "do not", "won't", "not", "no need", "without", "n\u2019t", "n't")
_BEFORE = 40


def _is_denied(reading: Reading, place: tuple[int, int]) -> bool:
    """Whether it says not to send it: `we will never ask you to send your PIN`."""
    before = reading.answer.text[max(0, place[0] - _BEFORE) : place[0]].casefold()
    within = reading.answer.text[slice(*place)].casefold()
    end = max(before.rfind(mark) for mark in ".!?\n")
    return any(each in f"{before[end + 1 :]} {within}" for each in _NEVER)
