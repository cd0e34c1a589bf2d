"""Playbooks as documents: what stands in a TOML file.

Every error names the document, the key as a path such as `examples[1].text`, what was found there
and what would be right.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from socialcare.domain.documents import (
    Reader,
    Table,
    business_hours,
    text,
    texts,
    truth,
    whole,
    word_of,
)
from socialcare.domain.help_articles import HelpArticle
from socialcare.domain.message import Visibility
from socialcare.domain.playbook.acknowledging import Acknowledgement, Automatic
from socialcare.domain.playbook.channels import Channel, Counts, usual
from socialcare.domain.playbook.contents import (
    ArchiveRule,
    Elsewhere,
    Example,
    Manner,
    Privacy,
    Recorded,
    Stakeholder,
    Voice,
    What,
)
from socialcare.domain.playbook.findings import OURS, Code, Severity, Treatment
from socialcare.domain.playbook.house import House
from socialcare.domain.playbook.phrasing import KINDS, phrase
from socialcare.domain.playbook.playbook import Playbook
from socialcare.domain.playbook.templates import template_at
from socialcare.domain.query import Query
from socialcare.domain.query.document import each_query, one_query
from socialcare.errors import InvalidPlaybook, InvalidValue

__all__ = ["playbook"]

_Value = TypeVar("_Value")
_NONE: tuple[str, ...] = ()
_NO_QUERIES: tuple[Query, ...] = ()
_NO_LIMIT = "none"
_OFF = "off"
_number = whole("a number from 1 on", least=1)


def playbook(table: Table) -> Playbook:
    """The playbook that a document holds.

    Raises:
        InvalidPlaybook: At the first key that is not right.
    """
    fields: dict[str, Any] = {
        "name": table.get("name", text, "playbook"),
        "version": table.get("version", text, "1"),
        "house": _house(table.table("house")),
        "voice": _voice(table.table("voice")),
        "channels": [_channel(each, name) for name, each in table.named("channels")],
        "placeholders": dict(table.table("placeholders").entries(text)),
        "privacy": _privacy(table.table("privacy")),
        "hours": table.get("hours", business_hours, None),
        "findings": _findings(table.table("findings")),
        **{key: [read(each) for each in table.tables(key)] for key, read in _LISTS.items()},
    }
    table.done()
    return _made(Playbook, table, fields)


def _made(kind: Callable[..., _Value], table: Table, fields: Mapping[str, Any]) -> _Value:
    """The value, with what is wrong in it told by its place in the document."""
    try:
        return kind(**fields)
    except InvalidValue as error:
        raise InvalidPlaybook(
            error.found, where=_place(table, error.where), right=error.right
        ) from None


def _place(table: Table, where: str) -> str:
    if where.startswith(table.where):
        return where
    if ": " in where:  # of the whole document
        return table.at(where.partition(": ")[2])
    return table.at(where.rpartition(".")[2])


# Parts


def _house(table: Table) -> House:
    phrases = table.table("phrases")
    fields = {
        "contacts": table.get("contacts", texts, _NONE),
        "sites": table.get("sites", texts, _NONE),
        "status_page": table.get("status_page", text, None),
        "copies": table.get("copies", _number, House().copies),
        "allowed": table.get("allowed", texts, _NONE),
        "swearwords": table.get("swearwords", texts, _NONE),
        "phrases": {kind: phrases.get(kind, _phrases, _NONE) for kind in KINDS if kind in phrases},
    }
    for kind in KINDS:
        phrases.get(kind, _phrases, _NONE)
    phrases.done()
    table.done()
    return _made(House, table, fields)


def _voice(table: Table) -> Voice:
    found = Voice(
        is_=table.get("is", texts, _NONE),
        is_not=table.get("is_not", texts, _NONE),
        says=table.get("says", texts, _NONE),
        instead=dict(table.table("instead").entries(text)),
    )
    table.done()
    return found


def _channel(table: Table, name: str) -> Channel:
    own = usual(name)
    fields = {
        "name": name,
        "goals": table.get("goals", texts, _NONE),
        "counts": table.get("counts", word_of(Counts), own.counts),
        "sign_off": table.get("sign_off", text, own.sign_off),
        "private": table.get("private", truth, own.private),
        **{key: table.get(key, _limit, getattr(own, key)) for key in _LIMITS},
    }
    table.done()
    return _made(Channel, table, fields)


_LIMITS = ("longest", "longest_private", "questions", "sentences", "in_a_row")


def _manner(table: Table) -> Manner:
    found = Manner(
        name=table.need("name", text, "a name"),
        says=table.need("says", text, "what to do, or not to do"),
        example=table.get("example", text, None),
        instead=table.get("instead", text, None),
        query=table.get("query", one_query, None),
        severity=table.get("severity", word_of(Severity), None),
    )
    table.done()
    return found


def _example(table: Table) -> Example:
    found = Example(
        name=table.need("name", text, "a name"),
        issue=table.need("issue", text, "what it is about"),
        text=table.need("text", template_at, "a text"),
        query=table.get("query", one_query, None),
        channels=table.get("channels", texts, _NONE),
        visibility=table.get("visibility", _visibility, None),
        language=table.get("language", text, None),
    )
    table.done()
    return found


def _resource(table: Table) -> HelpArticle:
    found = HelpArticle(
        title=table.need("title", text, "a title"),
        url=table.need("url", text, "an address"),
        words=table.get("words", texts, _NONE),
    )
    table.done()
    return found


def _stakeholder(table: Table) -> Stakeholder:
    found = Stakeholder(
        name=table.need("name", text, "who it is"),
        about=table.need("about", text, "what they are asked or told about"),
        contact=dict(table.table("contact").entries(text)),
        hours=table.get("hours", text, None),
        public=table.get("public", truth, False),
    )
    table.done()
    if not found.contact:
        right = "how to reach them, such as { email = ... }"
        raise InvalidPlaybook("nothing", where=table.at("contact"), right=right)
    return found


def _privacy(table: Table) -> Privacy:
    fields = {
        "turns": table.get("turns", _number, Privacy().turns),
        "queries": table.get("queries", each_query, _NO_QUERIES),
    }
    table.done()
    return _made(Privacy, table, fields)


def _elsewhere(table: Table) -> Elsewhere:
    found = Elsewhere(
        name=table.need("name", text, "a name"),
        query=table.need("query", one_query, "a query of the customer's messages"),
        channel=table.need("channel", text, "a channel"),
        how=table.need("how", text, "how to say where that is"),
        reason=table.need("reason", text, "why"),
        law=table.get("law", text, None),
    )
    table.done()
    return found


def _archive(table: Table) -> ArchiveRule:
    found = ArchiveRule(
        name=table.need("name", text, "a name"),
        query=table.need("query", one_query, "a query of the customer's messages"),
        reason=table.need("reason", text, "why they need no answer"),
    )
    table.done()
    return found


def _recorded(table: Table) -> Recorded:
    found = Recorded(
        what=table.need("what", word_of(What), f"one of {', '.join(What)}"),
        why=table.need("why", text, "what it is needed for"),
    )
    table.done()
    return found


def _acknowledgement(table: Table) -> Acknowledgement:
    given = {"after": table.length("after"), "within": table.length("within")}
    fields = {
        "name": table.need("name", text, "a name"),
        "text": table.need("text", template_at, "a text"),
        "channels": table.get("channels", texts, _NONE),
        "visibility": table.get("visibility", _visibility, None),
        "automatic": table.get("automatic", word_of(Automatic), Automatic.NEVER),
        "language": table.get("language", text, None),
        **{key: value for key, value in given.items() if value is not None},
    }
    table.done()
    return _made(Acknowledgement, table, fields)


_LISTS: Mapping[str, Callable[[Table], object]] = {
    "dos": _manner,
    "donts": _manner,
    "examples": _example,
    "resources": _resource,
    "stakeholders": _stakeholder,
    "elsewhere": _elsewhere,
    "archive": _archive,
    "record": _recorded,
    "acknowledgements": _acknowledgement,
}


def _findings(table: Table) -> dict[Code, Treatment]:
    given = {code: table.get(code, _treatment(code), None) for code in Code}
    table.done()
    return {code: treatment for code, treatment in given.items() if treatment is not None}


def _treatment(code: Code) -> "Reader[Treatment]":
    def read(value: object, where: str) -> Treatment:
        if not isinstance(value, Mapping):
            return Treatment(severity=_severity(value, where), overrule=OURS[code].overrule)
        table = Table(value, where)
        found = Treatment(
            severity=table.get("severity", _severity, OURS[code].severity),
            overrule=table.get("overrule", truth, OURS[code].overrule),
        )
        table.done()
        return found

    return read


# Values


def _severity(value: object, where: str) -> Severity | None:
    if value == _OFF:
        return None
    if value not in tuple(Severity):
        right = f"one of {', '.join(Severity)}, {_OFF}"
        raise InvalidValue(value, where=where, right=right)
    return Severity(str(value))


def _phrases(value: object, where: str) -> tuple[str, ...]:
    given = texts(value, where)
    return tuple(phrase(each, f"{where}[{number}]") for number, each in enumerate(given))


def _visibility(value: object, where: str) -> Visibility:
    if value not in (Visibility.PUBLIC, Visibility.PRIVATE):
        raise InvalidValue(value, where=where, right="public or private")
    return Visibility(str(value))


def _limit(value: object, where: str) -> int | None:
    if value == _NO_LIMIT:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        right = f'a number from 1 on, or "{_NO_LIMIT}" for no limit'
        raise InvalidValue(value, where=where, right=right)
    return value
