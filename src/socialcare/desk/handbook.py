"""The handbook: the documents that are in force, and the files that they come from.

A handbook is one frozen value, so whoever decides by it decides by one state of all documents. What
changes is only which one is in force: the shelf of a desk holds it, reads the files again when it
is asked to, and puts another handbook in its place if a file holds another document.

A new kind of document is a line in `KINDS` and a field of `Handbook`.
"""

import json
from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from threading import RLock
from types import MappingProxyType
from typing import Protocol, TypeAlias

import attrs

from socialcare.domain.approval.policy import ApprovalPolicy
from socialcare.domain.crisis.plan import CrisisPlan
from socialcare.domain.differences import differences
from socialcare.domain.escalation import EscalationMap, difference
from socialcare.domain.peers import PeerPolicy
from socialcare.domain.playbook import Playbook
from socialcare.domain.priority import RuleBook
from socialcare.domain.rota import Rota
from socialcare.domain.routing import Routing
from socialcare.domain.sla import SlaPolicy
from socialcare.errors import InvalidValue

__all__ = ["KINDS", "Changed", "Document", "Given", "Handbook", "Refused", "Shelf"]


class Document(Protocol):
    """What a document can do; one without a `name` is called by its kind."""

    @property
    def version(self) -> str:
        """Which state of it this is."""
        ...

    def to_mapping(self) -> dict[str, object]:
        """What it says, in a form that can be compared."""
        ...


class _Kind(Protocol):
    """A class of documents."""

    def from_toml(self, path: str | Path) -> Document:
        """The document that a file holds."""
        ...


Given: TypeAlias = Document | str | Path | None
"""A document, or the file that holds it, or None where there is none."""


@attrs.frozen(kw_only=True)
class Handbook:
    """The documents in force.

    Attributes:
        rules: What comes first; None where nobody ranks.
        deadlines: By when an answer is promised; None where nothing is.
        rota: Who is on duty when.
        crisis: What counts as a crisis, and what is done then.
        routing: Who can be given what.
        escalation: Which messages agents answer themselves, and who must see the others.
        approvals: How long approvals may take, and whose answers are looked at by chance.
        playbook: What is said to customers, and how; None where answers are not checked.
        peers: How often customers may be asked to help.
    """

    rules: RuleBook | None = None
    deadlines: SlaPolicy | None = None
    rota: Rota | None = None
    crisis: CrisisPlan | None = None
    routing: Routing | None = None
    escalation: EscalationMap | None = None
    approvals: ApprovalPolicy | None = None
    playbook: Playbook | None = None
    peers: PeerPolicy | None = None

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields that a rule or an entry of the map looks at, so that no others are found."""
        books = (self.rules, self.escalation)
        return frozenset[str]().union(*(book.fields for book in books if book is not None))

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of all that its documents say, in hexadecimal; alike in every process."""
        every = ((kind, getattr(self, kind)) for kind in KINDS)
        said = "".join(f"{kind} {_digest(found)}\n" for kind, found in every if found is not None)
        return sha256(said.encode()).hexdigest()


KINDS: Mapping[str, _Kind] = MappingProxyType(
    {
        "rules": RuleBook,
        "deadlines": SlaPolicy,
        "rota": Rota,
        "crisis": CrisisPlan,
        "routing": Routing,
        "escalation": EscalationMap,
        "approvals": ApprovalPolicy,
        "playbook": Playbook,
        "peers": PeerPolicy,
    }
)
"""The kinds of documents, each with the class that reads it: the fields of `Handbook`."""


@attrs.frozen(kw_only=True)
class Changed:
    """A file holds another document, which is in force now.

    Attributes:
        kind: Which one.
        name, version: What it says that it is.
        digest: The SHA-256 of what it says.
        changes: What is different, in words; none where the one before is not known.
    """

    kind: str
    name: str
    version: str
    digest: str
    changes: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Refused:
    """A file does not hold a document that can be in force.

    Attributes:
        kind: Which one.
        source: The file.
        said: What is wrong, and what would be right.
        digest: The SHA-256 of the file.
    """

    kind: str
    source: str
    said: str
    digest: str


@attrs.define(kw_only=True)
class _Source:
    """A file, and what was found in it last."""

    path: Path
    seen: str
    """The digest of the bytes that were looked at last, good or bad."""


class Shelf:
    """Where the handbook in force is kept. Safe to be used from several threads at once.

    Args:
        given: By kind a document, or the file that holds it.

    Attributes:
        looked_with: The digest of the handbook by which this process knows that all open
            conversations were looked at.

    Raises:
        InvalidValue: If a file does not hold a document of its kind; the message names the key.
        OSError: If a file cannot be opened.
    """

    def __init__(self, given: Mapping[str, Given]) -> None:
        self._lock = RLock()
        self._sources: dict[str, _Source] = {}
        self._handbook = Handbook()
        for kind, document in given.items():
            found = document
            if isinstance(document, str | Path):
                self._sources[kind] = _Source(path=Path(document), seen=_content(document))
                found = KINDS[kind].from_toml(document)
            self._put(kind, found)
        self._untold = tuple(self._sources)
        self.looked_with: str | None = None

    @property
    def handbook(self) -> Handbook:
        """The documents in force."""
        return self._handbook

    def first_time(self) -> tuple[Changed, ...]:
        """The documents that the files held at first; nothing when it is asked again."""
        with self._lock:
            kinds, self._untold = self._untold, ()
            return tuple(_changed(kind, None, getattr(self._handbook, kind)) for kind in kinds)

    def read_again(self) -> tuple[Changed | Refused, ...]:
        """What is new in the files since they were read last; what is good is in force from now on.

        Content that was refused is not told of again while it stays.
        """
        with self._lock:
            return tuple(
                found
                for kind, source in self._sources.items()
                if (found := self._read(kind, source)) is not None
            )

    def _read(self, kind: str, source: _Source) -> Changed | Refused | None:
        try:
            content = _content(source.path)
        except OSError as error:
            return self._refuse(kind, source, error, sha256(str(error).encode()).hexdigest())
        if content == source.seen:
            return None
        document, wrong = _tried(kind, source.path)
        if _tried_content(source.path) != content:
            return None  # it is being written; the next look finds it whole
        if document is None:
            return self._refuse(kind, source, wrong, content)
        source.seen = content
        before: Document = getattr(self._handbook, kind)
        found = _changed(kind, before, document)
        if found.digest == _digest(before):
            return None  # only a comment, or the way it is written
        self._put(kind, document)
        return found

    def _refuse(
        self, kind: str, source: _Source, wrong: Exception | None, content: str
    ) -> Refused | None:
        if content == source.seen:
            return None
        source.seen = content
        return Refused(kind=kind, source=str(source.path), said=str(wrong), digest=content)

    def _put(self, kind: str, document: object) -> None:
        fields = {kind: document}
        self._handbook = attrs.evolve(self._handbook, **fields)  # type: ignore[arg-type]  # KINDS says which class each field has


def _tried(kind: str, path: Path) -> tuple[Document | None, Exception | None]:
    """The document that a file holds, or what is wrong with it."""
    try:
        return KINDS[kind].from_toml(path), None
    except (InvalidValue, OSError) as error:
        return None, error


def _tried_content(path: Path) -> str | None:
    """The SHA-256 of a file; None for one that cannot be read."""
    try:
        return _content(path)
    except OSError:
        return None


def _changed(kind: str, before: Document | None, after: Document) -> Changed:
    return Changed(
        kind=kind,
        name=getattr(after, "name", kind),
        version=after.version,
        digest=_digest(after),
        changes=() if before is None else _changes(before, after),
    )


def _changes(before: Document, after: Document) -> tuple[str, ...]:
    """What is different; a map says it in the words of those who answer."""
    if isinstance(before, EscalationMap) and isinstance(after, EscalationMap):
        return difference(before, after)
    return differences(before.to_mapping(), after.to_mapping())


def _content(path: str | Path) -> str:
    return sha256(Path(path).read_bytes()).hexdigest()


def _digest(document: Document) -> str:
    said = json.dumps(document.to_mapping(), sort_keys=True, default=str)
    return sha256(said.encode()).hexdigest()
