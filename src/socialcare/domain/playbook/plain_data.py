"""Personal data of the plainest kinds, found with nothing but the base install.

Cards by their check digit and their beginnings, international bank accounts by theirs, addresses of
e-mail, phone numbers that look like nothing else, and what the words before it call the number of
an account or a booking. A classifier of the extra `text` knows numbering plans and national numbers
too; what it says of a text is taken as well.
"""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

import attrs

from socialcare.domain.annotation import Annotation

__all__ = ["Datum", "Kind", "annotated", "data", "digits"]


class Kind(StrEnum):
    """What a piece of personal data is."""

    CARD = "card"
    IBAN = "iban"
    EMAIL = "email"
    PHONE = "phone"
    ACCOUNT = "account"
    """The number of an account, a booking, a policy or an order."""
    OTHER = "other"
    """What a classifier found besides: a national number."""


@attrs.frozen
class Datum:
    """A piece of personal data in a text.

    Attributes:
        kind: What it is.
        text: The piece.
        start, end: Where it stands, in characters.
    """

    kind: Kind
    text: str
    start: int
    end: int


_GAP = r"[ \u00a0.\-\u2010-\u2015]"
_CARD = re.compile(rf"(?<![\w+.,/\-])\d(?:{_GAP}?\d){{12,18}}(?![\w\-]|[.,/]\d)")
_ISSUERS = re.compile(r"4|5[1-5]|2[2-7]|3[47]|3[0689]|6(?:011|4[4-9]|5)|62|35")
_IBAN = re.compile(
    r"(?<![^\W_])[A-Za-z]{2}\d\d"
    r"(?:[A-Za-z0-9]{11,30}|(?: [A-Za-z0-9]{4}){2,7}(?: [A-Za-z0-9]{1,3})?)(?![^\W_])"
)
_EMAIL = re.compile(
    r"(?<![\w.%+\-])[\w.%+\-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.){1,4}[A-Za-z]{2,24}(?![\w@])"
)
_PHONE = re.compile(
    r"(?<![\w$\u20ac\u00a3#.,/:@\-])"
    r"(?:\+\d(?:[ ()./\-\u00a0]{0,2}\d){7,13}"  # with its country
    r"|\(?\d{3}\)?[ .\-]{1,2}\d{3}[ .\-]\d{4}"  # as in North America
    r"|1[ .\-]?[(]?8\d\d[)]?[ .\-]\d{3}[ .\-]?\d{4}"
    r"|0\d{2,4}[ \-]\d{3,4}(?:[ \-]?\d{3,4})?|0\d{9,10})"  # as in Europe
    r"(?![\w%]|[.,:/\-]\d)"
)
_ACCOUNT = re.compile(
    r"(?<![^\W_])(?:(?:account|acct|a/c|customer|client|member(?:ship)?|policy|booking|reservation"
    r"|confirmation|order|claim|record locator|case|tracking|ticket|reference)"
    r"(?:\s+(?:number|no\.?|num|code|ref(?:erence)?|id|locator)|\s*\#)?"
    r"|pnr|ref(?:erence)?\.?|sort code)"
    r"\s*(?:is|was|:|\#|-|=|\()?\s*\#?"
    r"(?P<number>(?=[A-Za-z0-9\-]*\d)[A-Za-z0-9][A-Za-z0-9\-]{4,29}|[A-Z]{6})(?![\w\-])",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\d{4}-\d\d-\d\d|\d{1,2}-\d{1,2}-\d{2,4}|\d{1,3}(?:st|nd|rd|th|mins?|hrs?|hours?|days?)",
    re.IGNORECASE,
)
_SIX_CAPITALS = re.compile(r"[A-Z]{6}")
_BOOKED = re.compile(r"pnr|booking|reservation|confirmation|record", re.IGNORECASE)
_DIGITS = re.compile(r"\d")
_IBAN_PRIME = 97


def data(text: str) -> tuple[Datum, ...]:
    """The personal data in a text, in its order; where two overlap, the surer one.

    >>> [str(each.kind) for each in data("card 4111 1111 1111 1111, booking ref QX7R2P")]
    ['card', 'account']
    """
    return _apart(text, _candidates(text))


def annotated(text: str, annotations: Iterable[Annotation]) -> tuple[Datum, ...]:
    """The personal data in a text, with what a classifier found in it first."""
    found = [
        (_kind(str(each.value)), each.start, each.end)
        for each in annotations
        if each.start is not None and each.end is not None and each.end <= len(text)
    ]
    return _apart(text, (*found, *_candidates(text)))


def digits(text: str) -> str:
    """The digits and letters of a number, without what only groups them.

    >>> digits("+44 (0)20-7946 0018")
    '442079460018'
    """
    return "".join(sign for sign in text.upper().replace("(0)", "") if sign.isalnum())


def _kind(value: str) -> Kind:
    return Kind(value) if value in tuple(Kind) else Kind.OTHER


def _apart(text: str, found: Iterable[tuple[Kind, int, int]]) -> tuple[Datum, ...]:
    kept: list[Datum] = []
    taken = bytearray(len(text))
    for kind, start, end in found:
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            kept.append(Datum(kind, text[start:end], start, end))
    return tuple(sorted(kept, key=lambda each: each.start))


def _candidates(text: str) -> Iterator[tuple[Kind, int, int]]:
    if "@" in text:
        yield from ((Kind.EMAIL, *found.span()) for found in _EMAIL.finditer(text))
    if _DIGITS.search(text):
        yield from (
            (Kind.CARD, *found.span()) for found in _CARD.finditer(text) if _is_card(found[0])
        )
        yield from (
            (Kind.IBAN, *found.span()) for found in _IBAN.finditer(text) if _is_iban(found[0])
        )
    for found in _ACCOUNT.finditer(text):
        if _is_number(found) and not (found["number"].isalpha() and text.isupper()):
            yield Kind.ACCOUNT, *found.span("number")
    if _DIGITS.search(text):
        yield from ((Kind.PHONE, *found.span()) for found in _PHONE.finditer(text))


def _is_card(text: str) -> bool:
    number = [int(sign) for sign in _DIGITS.findall(text)]
    doubled = [sum(divmod(2 * each, 10)) for each in number[-2::-2]]
    row = "".join(map(str, number))
    return bool(_ISSUERS.match(row)) and (sum(number[-1::-2]) + sum(doubled)) % 10 == 0


def _is_iban(text: str) -> bool:
    plain = text.replace(" ", "").upper()
    moved = plain[4:] + plain[:4]
    return int("".join(str(int(sign, 36)) for sign in moved)) % _IBAN_PRIME == 1


def _is_number(found: re.Match[str]) -> bool:
    """Whether it is the number of something, and no date; of six capitals, only of a booking."""
    if _DIGITS.search(found["number"]):
        return _DATE.fullmatch(found["number"]) is None
    return (
        _SIX_CAPITALS.fullmatch(found["number"]) is not None and _BOOKED.match(found[0]) is not None
    )
