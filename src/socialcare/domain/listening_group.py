"""Groups of listening: what one listens for, as people list it, and the queries that come of it.

A list of names becomes one query text, so that everything that is heard can be traced to something
that a person can read, copy and write by hand. What becomes of the lists:

* a name is itself, and of several words also written as one: `"night train" OR nighttrain`;
* an ambiguous name needs a companion within a few words: `"nl down"~6`;
* names of one word and companions are also written as one, as hashtags are: `northlinefail`;
* a misspelling is a word with a slip in it, but for the exceptions: `northline~`.

Languages, places and exclusions hold for all of them. Whose language nobody knows is heard, since
most channels do not say; whose place nobody knows is not, since a place is asked for on purpose.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

import attrs

from socialcare.domain.listening_limit import Limit
from socialcare.domain.words import words
from socialcare.errors import InvalidValue

__all__ = ["COMPANIONS", "KINDS", "Interest", "ListeningGroup", "written_place", "written_term"]

COMPANIONS = ("fail", "fails", "sucks", "down", "outage", "help", "support", "broken", "worst")
"""What stands beside a short name where it means the brand and not something else."""
KINDS = ("names", "products", "executives", "campaigns", "nicknames", "accounts")
"""The lists that are taken as they are written."""

_APART = 6
"""How many words may stand between an ambiguous name and its companion."""
_PLAIN = re.compile(r"\w+")
_TAG = re.compile(r"#\w+")
_HANDLE = re.compile(r"\w{1,20}", re.ASCII)
_CIRCLE = re.compile(r"\s*[-+.\d]+\s*,\s*[-+.\d]+\s*,\s*[.\d]+\s*(?:km)?\s*", re.IGNORECASE)
_OPERATORS = frozenset({"AND", "OR", "NOT", "TO"})
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


class Interest(StrEnum):
    """Why somebody listens to a group."""

    BRAND = "brand"
    INDUSTRY = "industry"
    COMPETITORS = "competitors"


def _languages(
    group: "ListeningGroup",  # noqa: ARG001 - attrs passes it
    attribute: "attrs.Attribute[tuple[str, ...]]",  # noqa: ARG001 - attrs passes it
    value: tuple[str, ...],
) -> None:
    for tag in value:
        if not _LANGUAGE.fullmatch(tag):
            right = "a language tag such as en or pt-BR"
            raise InvalidValue(tag, where="ListeningGroup.languages", right=right)


def _share(
    group: object,
    attribute: "attrs.Attribute[float]",
    value: float,
) -> None:
    if not 0 < value <= 1:
        where = f"{type(group).__name__}.{attribute.name}"
        raise InvalidValue(value, where=where, right="a share above 0 and up to 1, such as 0.1")


def _list(
    validator: "attrs._ValidatorArgType[tuple[str, ...]] | None" = None,
    default: tuple[str, ...] = (),
) -> tuple[str, ...]:
    found: tuple[str, ...] = attrs.field(default=default, converter=tuple, validator=validator)
    return found


@attrs.frozen(kw_only=True)
class ListeningGroup:
    """What is listened for together: a brand, its industry, or competitors.

    Attributes:
        name: What its queries are called after.
        interest: Why.
        names: What it is called.
        products: What it sells.
        executives: Who stands for it.
        campaigns: Slogans and hashtags.
        nicknames: What else people call it.
        accounts: Its accounts on the channels, with `@` or without.
        ambiguous: Names that mean other things too, and need a companion beside them.
        companions: Words that make an ambiguous name the brand's.
        misspelt: Single words of which misspellings are heard too.
        exceptions: Words that are never taken for a misspelling.
        languages: In which it is listened for, as BCP 47 tags; in any where none is named.
        places: Where, as words or as `latitude,longitude,kilometres`; anywhere where none is named.
        exclude: Queries of which none may hold.
        limit: How many messages each of its queries passes on; None for all.
        sample: Which share of what each finds is passed on.

    Raises:
        InvalidValue: If a language is no tag, or the sample no share.
    """

    name: str
    interest: Interest = attrs.field(converter=Interest)
    names: tuple[str, ...] = _list()
    products: tuple[str, ...] = _list()
    executives: tuple[str, ...] = _list()
    campaigns: tuple[str, ...] = _list()
    nicknames: tuple[str, ...] = _list()
    accounts: tuple[str, ...] = _list()
    ambiguous: tuple[str, ...] = _list()
    companions: tuple[str, ...] = _list(default=COMPANIONS)
    misspelt: tuple[str, ...] = _list()
    exceptions: tuple[str, ...] = _list()
    languages: tuple[str, ...] = _list(_languages)
    places: tuple[str, ...] = _list()
    exclude: tuple[str, ...] = _list()
    limit: Limit | None = None
    sample: float = attrs.field(default=1.0, validator=_share)

    @property
    def terms(self) -> Mapping[str, str]:
        """For each kind of term that there is, the query without languages, places, exclusions.

        >>> ListeningGroup(
        ...     name="brand", interest="brand", names=["Night Train"], misspelt=["Nightly"]
        ... ).terms["names"]
        '"Night Train" OR nighttrain'
        """
        every = {kind: self._listed(kind) for kind in KINDS}
        every["companions"] = (*self._pairs(), *self._joined_pairs())
        every["misspellings"] = tuple(f"{_single(term)}~" for term in self.misspelt)
        return {kind: _any(found) for kind, found in every.items() if found}

    @property
    def texts(self) -> Mapping[str, str]:
        """For each kind of term that there is, the whole query."""
        filters = "".join(f" {each}" for each in self._filters())
        return {
            kind: f"({text}){filters}" if filters else text for kind, text in self.terms.items()
        }

    def exceptions_for(self, kind: str) -> tuple[str, ...]:
        """The words that a kind of term never takes for another, themselves among them."""
        return (*self.exceptions, *self.misspelt) if kind == "misspellings" else ()

    def _listed(self, kind: str) -> tuple[str, ...]:
        terms: tuple[str, ...] = getattr(self, kind)
        if kind == "accounts":
            return tuple(map(_account, terms))
        return tuple(each for term in terms for each in _spelt(term, kind))

    def _pairs(self) -> Iterator[str]:
        for name in self.ambiguous:
            for companion in self.companions:
                yield f'"{_escaped(" ".join((*words(name), *words(companion))))}"~{_APART}'

    def _joined_pairs(self) -> Iterator[str]:
        every = map(words, (*self.names, *self.nicknames, *self.ambiguous))
        for name in (found for found in every if len(found) == 1):
            for companion in map(words, self.companions):
                yield "".join((*name, *companion))

    def _filters(self) -> Iterator[str]:
        if self.languages:
            yield f"({_any((*(f'lang:{tag}' for tag in self.languages), 'NOT lang:*'))})"
        if self.places:
            yield f"({_any(map(written_place, self.places))})"
        if self.exclude:
            yield f"NOT ({_any(f'({each})' for each in self.exclude)})"


def written_term(term: str) -> str:
    """A term as a query says it: a word or hashtag as it is, anything else in quotation marks.

    >>> written_term("Northline"), written_term("#NorthByNorthline"), written_term("AT&T")
    ('Northline', '#NorthByNorthline', '"AT&T"')
    """
    term = term.strip()
    if _TAG.fullmatch(term) or (_PLAIN.fullmatch(term) and term not in _OPERATORS):
        return term
    return f'"{_escaped(term)}"'


def _spelt(term: str, kind: str) -> Iterator[str]:
    yield written_term(term)
    parts = words(term)
    if len(parts) > 1 and kind != "executives":
        yield "".join(parts)


def _account(name: str) -> str:
    plain = name.strip().removeprefix("@")
    return f"@{plain}" if _HANDLE.fullmatch(plain) else f'"{_escaped(plain)}"'


def _single(term: str) -> str:
    found = words(term)
    if len(found) != 1:
        right = "single words, since a slip is looked for in one"
        raise InvalidValue(term, where="ListeningGroup.misspelt", right=right)
    return found[0]


def written_place(place: str) -> str:
    """A place as a query says it: words, or a circle of so many kilometres.

    >>> written_place("Castle Fen"), written_place("51.5, -0.12, 25")
    ('near:"Castle Fen"', 'near:51.5,-0.12,25')
    """
    if _CIRCLE.fullmatch(place):
        return "near:" + "".join(place.split())
    return f'near:"{_escaped(place)}"'


def _any(terms: Iterable[str]) -> str:
    return " OR ".join(dict.fromkeys(terms))


def _escaped(text: str) -> str:
    return re.sub(r'(["\u201c\u201d\\])', r"\\\1", text)
