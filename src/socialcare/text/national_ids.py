"""National numbers by region: what they look like, and what proves them.

The proof is that of python-stdnum, with one of our own for the National Insurance number of the
United Kingdom, which has no check digit. A number whose proof is weak, or that looks like any other
row of digits, counts only beside a word that names it.
"""

import re
from collections.abc import Iterator
from importlib import import_module

import attrs

from socialcare.errors import InvalidValue
from socialcare.text.number_context import has_word

__all__ = ["NationalId", "national_ids"]

_WHERE = "PersonalData.regions"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@attrs.frozen
class NationalId:
    """A kind of national number.

    Attributes:
        kind: Region and kind, such as `us.ssn`.
        pattern: What it looks like.
        module: What of python-stdnum proves it; empty where the pattern is all there is.
        words: One of these, joined by `|`, has to stand beside it, unless empty.
        lettered: Whether letters stand between its digits, so that there are few in a row.
    """

    kind: str
    pattern: re.Pattern[str] = attrs.field(converter=_compiled)
    module: str = ""
    words: str = ""
    lettered: bool = False

    def found(self, text: str) -> Iterator[tuple[int, int]]:
        """Start and end of every such number in a text."""
        for each in self.pattern.finditer(text):
            if self._proven(each.group()) and (
                not self.words or has_word(self.words, text, each.start(), each.end())
            ):
                yield each.span()

    def _proven(self, number: str) -> bool:
        return not self.module or bool(import_module(self.module).is_valid(number))


def _digits(pattern: str) -> str:
    """The pattern, not within a longer number or word."""
    return rf"(?<![\w.,+-])(?:{pattern})(?![\w-]|[.,]\d)"


_KINDS = (
    NationalId("us.ssn", _digits(r"\d{3}[- ]\d{2}[- ]\d{4}"), "stdnum.us.ssn"),
    NationalId("us.ssn", _digits(r"\d{9}"), "stdnum.us.ssn", r"ssn|social(?: security)?"),
    NationalId("us.itin", _digits(r"9\d{2}-\d{2}-\d{4}"), "stdnum.us.itin"),
    NationalId(
        "gb.nino",
        r"(?<!\w)(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
        r"(?: ?\d\d){3} ?[A-D](?!\w)",
        lettered=True,
    ),
    NationalId("gb.nhs", _digits(r"\d{3}[ -]?\d{3}[ -]?\d{4}"), "stdnum.gb.nhs", "nhs"),
    NationalId("ie.pps", _digits(r"\d{7}[A-W][A-IW]?"), "stdnum.ie.pps"),
    NationalId("es.dni", _digits(r"\d{8}[- ]?[A-Za-z]"), "stdnum.es.dni"),
    NationalId("es.nie", r"(?<!\w)[XYZxyz][- ]?\d{7}[- ]?[A-Za-z](?!\w)", "stdnum.es.nie"),
    NationalId(
        "fr.nir",
        _digits(r"[12378] ?\d\d ?\d\d ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d"),
        "stdnum.fr.nir",
    ),
    NationalId(
        "de.idnr",
        _digits(r"\d{2} ?\d{3} ?\d{3} ?\d{3}"),
        "stdnum.de.idnr",
        r"steuer-?id\w*|steueridentifikationsnummer|identifikationsnummer|idnr|tax id|tin",
    ),
    NationalId(
        "nl.bsn",
        _digits(r"\d{4}[. ]?\d{2}[. ]?\d{3}"),
        "stdnum.nl.bsn",
        "bsn|burgerservicenummer|sofinummer",
    ),
    NationalId("be.nn", _digits(r"\d\d\.?\d\d\.?\d\d-?\d{3}\.?\d\d"), "stdnum.be.nn"),
    NationalId(
        "it.codicefiscale",
        r"(?<!\w)[A-Za-z]{6}\d\d[A-Za-z]\d\d[A-Za-z]\d{3}[A-Za-z](?!\w)",
        "stdnum.it.codicefiscale",
        lettered=True,
    ),
    NationalId("pt.nif", _digits(r"\d{3} ?\d{3} ?\d{3}"), "stdnum.pt.nif", "nif|contribuinte"),
    NationalId("pl.pesel", _digits(r"\d{11}"), "stdnum.pl.pesel", "pesel"),
    NationalId("se.personnummer", _digits(r"(?:\d\d)?\d{6}[-+]\d{4}"), "stdnum.se.personnummer"),
    NationalId("dk.cpr", _digits(r"\d{6}-\d{4}"), "stdnum.dk.cpr", "cpr|personnummer"),
    NationalId("no.fodselsnummer", _digits(r"\d{6} ?\d{5}"), "stdnum.no.fodselsnummer"),
    NationalId("fi.hetu", _digits(r"\d{6}[-+A]\d{3}[0-9A-Y]"), "stdnum.fi.hetu"),
    NationalId("ch.ssn", _digits(r"756\.?\d{4}\.?\d{4}\.?\d\d"), "stdnum.ch.ssn"),
    NationalId("ca.sin", _digits(r"\d{3}[- ]\d{3}[- ]\d{3}"), "stdnum.ca.sin"),
    NationalId("ca.sin", _digits(r"\d{9}"), "stdnum.ca.sin", "sin|social insurance"),
    NationalId("br.cpf", _digits(r"\d{3}\.\d{3}\.\d{3}-\d\d"), "stdnum.br.cpf"),
    NationalId("br.cpf", _digits(r"\d{11}"), "stdnum.br.cpf", "cpf"),
    NationalId(
        "mx.curp",
        r"(?<!\w)[A-Z]{4}\d{6}[HM][A-Z]{5}[0-9A-Z]\d(?!\w)",
        "stdnum.mx.curp",
        lettered=True,
    ),
    NationalId("au.tfn", _digits(r"\d{3} ?\d{3} ?\d{3}"), "stdnum.au.tfn", "tfn|tax file"),
    NationalId("in.aadhaar", _digits(r"\d{4} \d{4} \d{4}"), "stdnum.in_.aadhaar"),
    NationalId("in.aadhaar", _digits(r"\d{12}"), "stdnum.in_.aadhaar", r"aadhaa?r|uidai?"),
    NationalId("in.pan", r"(?<!\w)[A-Z]{5}\d{4}[A-Z](?!\w)", "stdnum.in_.pan", lettered=True),
)


def national_ids(region: str) -> tuple[NationalId, ...]:
    """The kinds of a region, an ISO 3166 code of two letters; none where we know none."""
    if len(region) != 2 or not region.isascii() or not region.isalpha():
        right = "a region as two letters, such as 'US' or 'GB'"
        raise InvalidValue(region, where=_WHERE, right=right)
    return tuple(each for each in _KINDS if each.kind.partition(".")[0] == region.lower())
