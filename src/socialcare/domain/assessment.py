"""Assessments: what was made of a message when it came in."""

from collections.abc import Iterable

import attrs

from socialcare.domain.annotation import Annotation, Sense
from socialcare.domain.categories import SEPARATOR
from socialcare.domain.priority import Decision
from socialcare.domain.tier import Tier


def _said(value: Iterable[Annotation]) -> tuple[Annotation, ...]:
    return tuple(value)


def _names(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(value)


@attrs.frozen(kw_only=True)
class Assessment:
    """What is said of a message, and what comes first because of it.

    Attributes:
        annotations: What classifiers and people say of it.
        decision: Its priority, with the rule that decided and why; None where there are no rules.
        found_by: The listening queries that found it; none for what a channel brought.
        indirect: Whether it was said about the brand, and not to it.
        tier: What kind of customer wrote it, by the directories; None where none knows.
    """

    annotations: tuple[Annotation, ...] = attrs.field(default=(), converter=_said)
    decision: Decision | None = None
    found_by: tuple[str, ...] = attrs.field(default=(), converter=_names)
    indirect: bool = False
    tier: str | None = None

    def said(self, sense: Sense) -> Annotation | None:
        """What is said in one sense, the latest word that knows; None where nobody does."""
        for each in reversed(self.annotations):
            if each.sense is sense and each.value is not None:
                return each
        return None

    @property
    def merits_attention(self) -> bool | None:
        """Whether somebody should see it: it is no noise; None where nobody ranked it."""
        return None if self.decision is None else self.decision.priority.tier is not Tier.NOISE

    @property
    def needs_response(self) -> bool | None:
        """Whether it needs a response: by a classifier or a person, or else by its tier."""
        said = self.said(Sense.NEEDS_ANSWER)
        if said is not None:
            return said.value is True
        return None if self.decision is None else self.decision.priority.tier is Tier.FIRST

    @property
    def categories(self) -> tuple[str | None, str | None]:
        """What it is about, as category and subcategory."""
        category, _, rest = (self.category or "").partition(SEPARATOR)
        return category or None, rest or None

    @property
    def category(self) -> str | None:
        """What it is about, by a rule, or else by a classifier."""
        if self.decision is not None and self.decision.category is not None:
            return self.decision.category
        said = self.said(Sense.CATEGORY)
        return None if said is None else str(said.value)


UNREAD = Assessment()
"""What nobody looked at."""
