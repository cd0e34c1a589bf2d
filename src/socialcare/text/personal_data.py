"""Personal data in a text, with the places of its exact characters.

Cards, international bank accounts, phones, addresses of e-mail, and national numbers of a few
regions. Every number is proven before it is found: by its check digits, the lengths and beginnings
that its issuers use, the way its digits are grouped, and the numbering plan of its region. What the
words around it call an order, a flight, a claim or a parcel is none, whatever it would pass.

What is found first keeps its characters; the order is card, account, e-mail, national number,
phone.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from socialcare.domain.annotation import Annotation, Sense
from socialcare.errors import InvalidValue, MissingExtra
from socialcare.text.national_ids import NationalId, national_ids
from socialcare.text.number_context import Called, called

try:
    import phonenumbers
    from stdnum import iban, luhn
except ImportError as error:
    raise MissingExtra("text", module=error.name or "phonenumbers") from error

__all__ = ["PersonalData"]

_VERSION = "1"
_GAP = r"[ \u00a0.\-\u2010-\u2015]"
_CARD = re.compile(
    rf"(?<![\w+.,/\-])(?:\d{{13,19}}|\d{{4}}(?:{_GAP}\d{{4}}){{3}}(?:{_GAP}\d{{1,3}})?"
    rf"|\d{{4}}{_GAP}\d{{6}}{_GAP}\d{{4,5}})(?![\w\-]|[.,/]\d)"
)
_ISSUERS = re.compile(
    r"4\d{12}(?:\d{3}){0,2}"  # Visa
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|3(?:0[0-5]|[689]\d)\d{11}"  # Diners Club
    r"|(?:6011|64[4-9]\d|65\d\d)\d{12}(?:\d{3})?"  # Discover
    r"|62\d{14,17}"  # UnionPay
    r"|35(?:2[89]|[3-8]\d)\d{12}"  # JCB
)
_IBAN = re.compile(
    r"(?<![^\W_])[a-z]{2}\d\d"
    r"(?:[a-z0-9]{11,30}|(?: [a-z0-9]{4}){2,7}(?: [a-z0-9]{1,3})?)(?![^\W_])",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"(?<![\w.%+\-])[\w.%+\-]{1,64}@(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.){1,4}[a-z]{2,24}"
    r"(?![\w@])",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\w$€£#.,/:@\-])(?:\+|\(\+?)?\d(?:[ ()./\-\u00a0]{0,2}\d){6,14}(?![\w%]|[.,:/\-]\d)"
)
_OTHERWISE = re.compile(
    r"\d{1,4}([./\-])\d{1,2}\1\d{1,4}(?: \d{1,4})?"  # a date, with the hour
    r"|\d{1,3}(?:\.\d{1,3}){3}"  # an address on the internet
)
_ROW = re.compile(rf"\d(?:(?:{_GAP}|[()/]){{0,2}}\d){{6}}")
"""Seven digits in a row: all but a few national numbers have them, and most texts have not."""
_LETTERED = re.compile(r"[A-Za-z] ?\d\d")
"""What the national numbers have that do not have so many."""
_AT = re.compile(r"\w@\w")
_MOST_PHONES = 200
"""How many rows of digits are looked up in the numbering plans: each takes a while."""
_DIGIT = re.compile(r"\d")
_Found = tuple[str, int, int]


class PersonalData:
    """Finds personal data; cards, accounts and e-mail everywhere, the rest by region.

    Args:
        regions: Where the brand's customers are, as ISO 3166 codes: whose phones without a country
            code, and whose national numbers, to look for.

    Raises:
        InvalidValue: If a region is not one.

    >>> text = "card 4111-1111-1111-1111, order 4539578763621486"
    >>> [(found.value, text[found.start:found.end]) for found in PersonalData().annotations(text)]
    [('card', '4111-1111-1111-1111')]
    """

    name = f"personal-data {_VERSION}"

    def __init__(self, regions: Sequence[str] = ("US", "GB")) -> None:
        self._ids = tuple(each for region in regions for each in national_ids(region))
        self._regions = tuple(region.upper() for region in regions)
        for region in self._regions:
            if region not in phonenumbers.SUPPORTED_REGIONS:
                right = "a region that has phones, such as 'US' or 'GB'"
                raise InvalidValue(region, where="PersonalData.regions", right=right)

    def annotations(
        self,
        text: str,
        *,
        language: str | None = None,  # noqa: ARG002 - numbers are alike in every language
    ) -> tuple[Annotation, ...]:
        """Every piece of personal data by its kind, in the order of the text."""
        return tuple(
            Annotation(sense=Sense.PERSONAL_DATA, value=kind, by=self.name, start=start, end=end)
            for kind, start, end in sorted(self._found(text), key=lambda found: found[1])
        )

    def _found(self, text: str) -> list[_Found]:
        kept: list[_Found] = []
        taken = bytearray(len(text))
        for kind, start, end in self._candidates(text):
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                kept.append((kind, start, end))
        return kept

    def _candidates(self, text: str) -> Iterator[_Found]:
        in_a_row = _ROW.search(text) is not None
        if in_a_row:
            yield from _cards(text)
            yield from _accounts(text)
        if _AT.search(text):
            for each in _EMAIL.finditer(text):
                yield "email", *each.span()
        lettered = _LETTERED.search(text) is not None
        for kind in self._ids:
            if lettered if kind.lettered else in_a_row:
                yield from _national_numbers(text, kind)
        if in_a_row:
            yield from self._phones(text)

    def _phones(self, text: str) -> Iterator[_Found]:
        for each in islice(_PHONE.finditer(text), _MOST_PHONES):
            number, said = each.group(), called(text, *each.span())
            plain = said is Called.NOTHING and not _OTHERWISE.fullmatch(number)
            if (said is Called.PHONE or plain) and self._is_phone(number):
                yield "phone", *each.span()

    def _is_phone(self, number: str) -> bool:
        """Whether the numbering plan of a region has this number, written as people there do."""
        return any(_is_phone_in(region, number) for region in self._regions)


def _is_phone_in(region: str, number: str) -> bool:
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return False
    if not phonenumbers.is_valid_number(parsed):
        return False
    if number[0] in "+0":
        return True
    return phonenumbers.PhoneNumberMatcher(number, region).has_next()  # it may have needed a 0


def _national_numbers(text: str, kind: NationalId) -> Iterator[_Found]:
    for start, end in kind.found(text):
        if kind.words or called(text, start, end) is not Called.ORDER:
            yield kind.kind, start, end


def _cards(text: str) -> Iterator[_Found]:
    for each in _CARD.finditer(text):
        digits = "".join(str(int(digit)) for digit in _DIGIT.findall(each.group()))
        if (
            _ISSUERS.fullmatch(digits)
            and luhn.is_valid(digits)
            and called(text, *each.span()) is not Called.ORDER
        ):
            yield "card", *each.span()


def _accounts(text: str) -> Iterator[_Found]:
    """International bank account numbers; of a spaced row the longest part that is one."""
    for each in _IBAN.finditer(text):
        number = each.group()
        while number:
            if iban.is_valid(number):
                yield "iban", each.start(), each.start() + len(number)
                break
            number = number.rpartition(" ")[0]
