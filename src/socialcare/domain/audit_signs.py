"""Signs: what a listening audit counts a message for, and the evidence that it had.

A sign is found by what classifiers say, and by words where none speaks. Which of the two it was,
and the words, go with every finding: a share that nobody can check is no use to a planner.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import attrs

from socialcare.domain.annotation import Sense
from socialcare.domain.documents import Table, text, texts, toml_table
from socialcare.domain.priority import RuleBook
from socialcare.domain.query import Match, Query, Subject
from socialcare.domain.query.document import each_query, one_query
from socialcare.errors import InvalidValue

__all__ = ["SIGNS", "AuditSigns", "Evidence", "Sign"]

SIGNS = ("frustration", "technical", "account", "good", "bad", "suggestion", "gain", "asks")
"""What an audit looks for; a document has a table for each."""

_LANGUAGES: tuple[str, ...] = ("en",)
_YES_OR_NO = frozenset({Sense.QUESTION, Sense.COMPLAINT, Sense.THANKS, Sense.URGENCY})


@attrs.frozen(kw_only=True, eq=False)
class Evidence:
    """Why a message counts.

    Attributes:
        sign: For what.
        reason: What that means, in words.
        by: Who found it: a classifier, or the signs, by name and version.
        match: What a query found; None where none was asked or held.
        common: Words that were found without a query.
    """

    sign: str
    reason: str
    by: str
    match: Match | None = None
    common: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The pieces of the text that were found, each once; none where a classifier gave none."""
        hits = () if self.match is None else self.match.hits
        found = (hit.found for hit in hits if hit.start is not None)
        return tuple(dict.fromkeys((*found, *self.common)))


@attrs.frozen(kw_only=True)
class Sign:
    """One thing to look for.

    Attributes:
        name: What it is called.
        reason: What it means, in words.
        words: The query that finds it where no classifier speaks.
        said: The query that asks what classifiers say; None where they say nothing of it.
        sense: Of which sense they say it; where they do, the words are not asked.
        by: Name and version of the signs.
    """

    name: str
    reason: str
    words: Query
    said: Query | None = None
    sense: Sense | None = None
    by: str

    def evidence(self, subject: Subject) -> Evidence | None:
        """Why a message counts for it; None if it does not."""
        match = self.words.matches(subject)
        if self.said is not None and self.said.holds(subject):
            by = self._sayer(subject)
            return Evidence(sign=self.name, reason=self.reason, by=by, match=match)
        if match is None or self._is_denied(subject):
            return None
        return Evidence(sign=self.name, reason=self.reason, by=self.by, match=match)

    def _is_denied(self, subject: Subject) -> bool:
        """Whether a classifier spoke, and said no."""
        return self.sense in _YES_OR_NO and subject.known(self.sense) is not None

    def _sayer(self, subject: Subject) -> str:
        said = (each.by for each in subject.annotations if each.sense is self.sense and each.known)
        return next(said, self.by)


@attrs.frozen(kw_only=True)
class AuditSigns:
    """Everything that an audit looks for.

    Attributes:
        name: What they are called.
        version: Which state of them this is.
        languages: In which they can be read, as BCP 47 tags.
        signs: By name, each of `SIGNS`.
    """

    name: str
    version: str
    languages: tuple[str, ...]
    signs: Mapping[str, Sign]

    @classmethod
    def from_toml(cls, path: str | Path) -> "AuditSigns":
        """The signs that a TOML file holds; those that it leaves out are ours.

        Raises:
            InvalidValue: At the first key that is not right.
            OSError: If the file cannot be opened.
        """
        return _signs(toml_table(path), AuditSigns.default().signs)

    @classmethod
    def default(cls) -> "AuditSigns":
        """Ours, for texts in English; `audit_signs.toml` beside this module.

        >>> from socialcare.testing.builders import asks
        >>> said = Subject(message=asks(0, text="Still waiting, and the app shows error 47"))
        >>> AuditSigns.default().signs["technical"].evidence(said).words
        ('error', 'app', 'shows')
        """
        return _ours()

    @property
    def called(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}"

    def reads(self, language: str | None) -> bool:
        """Whether texts of a language can be read; one that nobody knows can be tried."""
        if language is None:
            return True
        tags = (language.lower(), language.partition("-")[0].lower())
        return any(tag.lower() in tags for tag in self.languages)


@cache
def _ours() -> AuditSigns:
    name = "audit_signs.toml"
    document = tomllib.loads((files(__package__) / name).read_text("utf-8"))
    return _signs(Table(document, name), {})


def _signs(table: Table, default: Mapping[str, Sign]) -> AuditSigns:
    name, version = table.get("name", text, "audit"), table.get("version", text, "1")
    languages = table.get("languages", texts, _LANGUAGES)
    given = {
        sign: _sign(sign, table.table(sign), f"{name} {version}")
        for sign in SIGNS
        if sign in table or sign not in default
    }
    table.done()
    return AuditSigns(name=name, version=version, languages=languages, signs={**default, **given})


def _sign(name: str, table: Table, by: str) -> Sign:
    found = Sign(
        name=name,
        reason=table.get("reason", text, name),
        words=_either(table.need("words", each_query, "queries"), table.get("rules", _rules, ())),
        said=table.get("said", one_query, None),
        sense=table.get("sense", _sense, None),
        by=by,
    )
    table.done()
    return found


def _either(*queries: Iterable[Query]) -> Query:
    return Query(" OR ".join(f"({each.text})" for group in queries for each in group))


def _rules(value: object, where: str) -> tuple[Query, ...]:
    """The queries of rules of our book, which find the same."""
    known = {rule.name: rule.query for rule in RuleBook.default().rules}
    for name in texts(value, where):
        if name not in known:
            raise InvalidValue(name, where=where, right=f"rules of our book: {', '.join(known)}")
    return tuple(known[name] for name in texts(value, where))


def _sense(value: object, where: str) -> Sense:
    word = text(value, where)
    if word not in tuple(Sense):
        raise InvalidValue(word, where=where, right=f"one of {', '.join(Sense)}")
    return Sense(word)
