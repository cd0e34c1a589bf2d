"""Events about the documents in force: rules, deadlines, a rota and so on."""

import attrs

from socialcare.domain.events.fact import Event


@attrs.frozen(kw_only=True)
class DocumentChanged(Event):
    """Another version of a document came into force while the desk was running.

    Attributes:
        kind: Which one: `rules`, `deadlines`, `rota`, ...
        name, document_version: What it says that it is.
        digest: The SHA-256 of what it says, in hexadecimal.
        changes: What is different, a sentence each; none where the version before is not known.
    """

    kind: str
    name: str
    document_version: str
    digest: str
    changes: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class DocumentRefused(Event):
    """A file does not hold a document that can be in force; the version before stays.

    Attributes:
        kind: Which one: `rules`, `deadlines`, `rota`, ...
        source: The file.
        said: What was found, where, and what would be right.
        digest: The SHA-256 of the file, in hexadecimal.
    """

    kind: str
    source: str
    said: str
    digest: str
