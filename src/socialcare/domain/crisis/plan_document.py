"""Crisis plans as mappings: what stands in a TOML file, and back.

The keys of the policy stand at the top, so a policy is a plan that says nothing more. Every error
names the document, the key, what was found there and what would be right.
"""

from collections.abc import Mapping
from pathlib import Path

from socialcare.domain.crisis.mapping import mapping_of, policy_among
from socialcare.domain.crisis.plan import (
    Afterwards,
    Answer,
    CrisisPlan,
    Holding,
    MassIssue,
    Opens,
    Telling,
    Topic,
)
from socialcare.domain.crisis.states import CrisisState
from socialcare.domain.documents import (
    Table,
    anything,
    each_of,
    text,
    texts,
    toml_table,
    truth,
    whole,
    word_of,
)
from socialcare.domain.durations import duration_text
from socialcare.domain.playbook.templates import template_at
from socialcare.domain.query.document import one_query
from socialcare.errors import InvalidPolicy

__all__ = ["read", "read_toml", "written"]

_NOBODY: tuple[str, ...] = ()
_whole = whole("a whole number above 0", least=1)


def read(mapping: Mapping[str, object], *, where: str) -> CrisisPlan:
    """The plan that a mapping describes.

    Raises:
        InvalidPolicy: At the first key that is not right.
        InvalidQuery: If a query can't be read.
    """
    return _plan(Table(mapping, where, error=InvalidPolicy))


def read_toml(path: str | Path) -> CrisisPlan:
    """The plan in a TOML file.

    Raises:
        InvalidPolicy: At the first key that is not right, or if it is no TOML.
        InvalidQuery: If a query can't be read.
        OSError: If the file cannot be opened.
    """
    return _plan(toml_table(path, error=InvalidPolicy))


def written(plan: CrisisPlan) -> dict[str, object]:
    """The plan as texts, numbers, lists and dicts; `read` gives an equal one back."""
    return {
        "name": plan.name,
        **mapping_of(plan.policy),
        **_topics_written(plan),
        "tell": [_telling_written(each) for each in plan.tell],
        "holding": [_holding_written(each) for each in plan.holding],
        "answers": [_answer_written(each) for each in plan.answers],
        "mass_issue": _issue_written(plan.mass_issue),
        "afterwards": _afterwards_written(plan.afterwards),
    }


def _plan(table: Table) -> CrisisPlan:
    plan = CrisisPlan(
        name=table.get("name", text, "crisis"),
        policy=policy_among(table, topics=_topic_names),
        topics=_topics(table),
        tell=tuple(map(_telling, table.tables("tell"))),
        holding=tuple(map(_holding, table.tables("holding"))),
        answers=_answers(table),
        mass_issue=_issue(table.table("mass_issue")),
        afterwards=_afterwards(table.table("afterwards")),
    )
    table.done()
    return plan


# Topics: names alone, or a table of names and queries


def _topic_names(value: object, where: str) -> tuple[str, ...]:
    if isinstance(value, Mapping):
        return tuple(name for name, _ in Table(value, where).entries(anything))
    return texts(value, where)


def _topics(table: Table) -> tuple[Topic, ...]:
    value = table.get("topics", anything, None)
    if not isinstance(value, Mapping):
        return ()
    entries = Table(value, table.at("topics"), error=InvalidPolicy).entries(one_query)
    return tuple(Topic(name=name, query=query) for name, query in entries)


# The other parts


def _telling(table: Table) -> Telling:
    found = Telling(
        states=table.get("states", each_of(_state), (CrisisState.SUSPECTED, CrisisState.DECLARED)),
        to=table.need("to", _some, "an agent or a team, or a list of them"),
        flood=table.get("flood", truth, False),
    )
    table.done()
    return found


def _state(value: object, where: str) -> CrisisState:
    try:
        return CrisisState(text(value, where))
    except ValueError:
        words = ", ".join(f"'{each}'" for each in CrisisState)
        raise InvalidPolicy(value, where=where, right=f"one of {words}") from None


def _some(value: object, where: str) -> tuple[str, ...]:
    found = texts(value, where)
    if not found:
        raise InvalidPolicy(value, where=where, right="an agent or a team, or a list of them")
    return found


def _holding(table: Table) -> Holding:
    found = Holding(
        text=table.need("text", template_at, "what can be said at once"),
        channels=table.get("channels", texts, _NOBODY),
        language=table.get("language", text, None),
    )
    table.done()
    return found


def _answers(table: Table) -> tuple[Answer, ...]:
    found = tuple(map(_answer, table.tables("answers")))
    table.refuse_repeated("answers", (each.name for each in found))
    return found


def _answer(table: Table) -> Answer:
    found = Answer(
        name=table.need("name", text, "a name"),
        query=table.need("query", one_query, "a query"),
        text=table.need("text", template_at, "what is answered"),
        language=table.get("language", text, None),
    )
    table.done()
    return found


def _issue(table: Table) -> MassIssue:
    own = MassIssue()
    found = MassIssue(
        opens=table.get("opens", word_of(Opens), own.opens),
        status_every=table.length("status_every"),
        groups=table.get("groups", truth, own.groups),
    )
    table.done()
    return found


def _afterwards(table: Table) -> Afterwards:
    own = Afterwards()
    found = Afterwards(
        text=table.get("text", template_at, None),
        per_minute=table.get("per_minute", _whole, own.per_minute),
        todo=table.get("todo", texts, own.todo),
    )
    table.done()
    return found


# And back


def _topics_written(plan: CrisisPlan) -> dict[str, object]:
    if not plan.topics:
        return {}
    return {"topics": {each.name: each.query.text for each in plan.topics}}


def _telling_written(each: Telling) -> dict[str, object]:
    states = [state.value for state in CrisisState if state in each.states]
    return {"states": states, "to": list(each.to), "flood": each.flood}


def _holding_written(each: Holding) -> dict[str, object]:
    language = {} if each.language is None else {"language": each.language}
    return {"text": each.text.text, "channels": list(each.channels), **language}


def _answer_written(each: Answer) -> dict[str, object]:
    language = {} if each.language is None else {"language": each.language}
    return {"name": each.name, "query": each.query.text, "text": each.text.text, **language}


def _issue_written(issue: MassIssue) -> dict[str, object]:
    every = issue.status_every
    status = {} if every is None else {"status_every": duration_text(every)}
    return {"opens": issue.opens.value, "groups": issue.groups, **status}


def _afterwards_written(after: Afterwards) -> dict[str, object]:
    told = {} if after.text is None else {"text": after.text.text}
    return {"per_minute": after.per_minute, "todo": list(after.todo), **told}
