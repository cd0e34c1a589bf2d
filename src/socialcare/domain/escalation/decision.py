"""What a map decides about what a customer waits with, and what that came from."""

from collections.abc import Mapping

import attrs

from socialcare.domain.approval.requirement import Requirement, in_words
from socialcare.domain.escalation.entry import AnsweredBy
from socialcare.domain.events import Key
from socialcare.domain.query import Hit
from socialcare.domain.query.found import facts_found, words_found

__all__ = ["EscalationDecision"]


@attrs.frozen(kw_only=True)
class EscalationDecision:
    """Who answers, who must see it, and what an answer needs.

    Attributes:
        map: Name and version of the map, such as `airline 7`.
        entry: The entry that holds; None where none does.
        answered_by: Whether agents answer themselves.
        team: The team responsible, if one is.
        level: To which level it goes first; None where it goes nowhere.
        reason: Why.
        approval: Whose approval an answer needs, all of it; empty where it needs none. The reason
            of each is the entry that asks for it.
        private_in_public: Whether what was written in private may be answered in public.
        hits: The words and facts that made the entry hold.
        messages: The messages for which it holds, as channel and id.
        also: Other entries that hold for what the customer waits with.
    """

    map: str
    entry: str | None = None
    answered_by: AnsweredBy = AnsweredBy.AGENTS
    team: str | None = None
    level: str | None = None
    reason: str = "no entry holds"
    approval: tuple[Requirement, ...] = ()
    private_in_public: bool = False
    hits: tuple[Hit, ...] = ()
    messages: tuple[Key, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def must_escalate(self) -> bool:
        """Whether agents must not answer it."""
        return self.answered_by is AnsweredBy.TEAM

    @property
    def words(self) -> tuple[str, ...]:
        """The pieces of the text that were found, each once: words as they stand, then signs."""
        return words_found(self.hits)

    @property
    def facts(self) -> Mapping[str, str]:
        """The fields that were used, with their values; commas between several of one field."""
        return facts_found(self.hits)

    def __str__(self) -> str:
        """The decision in a few lines, as an agent reads it."""
        by = f"entry {self.entry!r}" if self.entry else "no entry"
        lines = [f"{self._who}: {self.reason}", f"  by {by} of {self.map}"]
        if self.approval:
            lines.append(f"  an answer needs the approval of {in_words(self.approval)}")
        if self.words:
            lines.append(f"  words: {', '.join(map(repr, self.words))}")
        lines += [f"  {field}: {value}" for field, value in self.facts.items()]
        if self.also:
            lines.append(f"  also {', '.join(map(repr, self.also))}")
        return "\n".join(lines)

    @property
    def _who(self) -> str:
        if self.must_escalate:
            return f"agents must not answer, {self.team} does ({self.level})"
        return "agents answer" if self.team is None else f"agents answer, {self.team} is asked"
