"""Remarks: what a check says of an answer, before a playbook decides how much that matters."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

import attrs

from socialcare.domain.playbook.findings import Code, Severity
from socialcare.domain.playbook.reading import Reading

if TYPE_CHECKING:
    from socialcare.domain.playbook.playbook import Playbook

__all__ = ["Check", "Remark", "shown"]

_SHOWN = 60


@attrs.frozen
class Remark:
    """What a check says.

    Attributes:
        code: What kind of finding it is.
        reason: What was found, and why that is wrong.
        suggestion: What to do instead.
        place: Where in the text, as start and end in characters; None for all of it.
        at_most: How much it can matter; None for as much as the playbook says of its kind.
        severity: How much it matters whatever the playbook says of its kind; None for that.
    """

    code: Code
    reason: str
    suggestion: str
    place: tuple[int, int] | None = None
    at_most: Severity | None = None
    severity: Severity | None = None


Check: TypeAlias = "Callable[[Reading, Playbook], Iterator[Remark]]"


def shown(text: str) -> str:
    """A piece of a text as it is quoted in a reason, in quotation marks and not too long."""
    plain = " ".join(text.split())
    return repr(plain if len(plain) <= _SHOWN else f"{plain[: _SHOWN - 3]}...")
