"""Checking: an answer against everything that a playbook says of answers."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from socialcare.domain.playbook.checks import disclosure, fit, form, manner, sending
from socialcare.domain.playbook.checks.remark import Check, Remark
from socialcare.domain.playbook.findings import Code, Finding, Severity, worst
from socialcare.domain.playbook.reading import Reading

if TYPE_CHECKING:
    from socialcare.domain.playbook.playbook import Playbook

__all__ = ["CHECKS", "check"]

CHECKS: Mapping[Check, tuple[Code, ...]] = MappingProxyType(
    {
        form.unfilled: (Code.UNFILLED,),
        form.too_long: (Code.TOO_LONG,),
        disclosure.personal_data: (Code.PERSONAL_DATA, Code.CONTACT_DATA),
        disclosure.told_in_private: (Code.PERSONAL_DATA,),
        disclosure.asks_secret: (Code.ASKS_SECRET,),
        disclosure.asks_in_public: (Code.ASKS_IN_PUBLIC,),
        manner.profanity: (Code.PROFANITY,),
        manner.defensive: (Code.DEFENSIVE,),
        manner.donts: (Code.DONT,),
        manner.voice: (Code.VOICE,),
        form.no_sign_off: (Code.NO_SIGN_OFF,),
        fit.no_answer: (Code.NO_ANSWER,),
        fit.no_link: (Code.NO_LINK,),
        sending.redirect: (Code.REDIRECT,),
        sending.copied: (Code.COPIED,),
        sending.repeated: (Code.REPEATED,),
        form.too_much: (Code.TOO_MUCH,),
        form.in_a_row: (Code.IN_A_ROW,),
        fit.wrong_language: (Code.WRONG_LANGUAGE,),
        sending.to_everybody: (Code.TO_EVERYBODY,),
    }
)
"""Every check, with the codes of what it can find."""
_MOST = 50
"""How many findings are given at most; whoever has so many reads no more of them."""
_RANK = tuple(Severity)


def check(playbook: "Playbook", reading: Reading) -> tuple[Finding, ...]:
    """What is wrong with an answer, the worst first; of two of a kind in one place the first."""
    found: dict[tuple[Code, int | None], Finding] = {}
    for look, codes in CHECKS.items():
        if all(playbook.treatment(code).severity is None for code in codes):
            continue
        for remark in look(reading, playbook):
            for each in _treated(playbook, remark):
                found.setdefault((each.code, each.start), each)
            if len(found) >= _MOST:
                break
    return tuple(sorted(found.values(), key=worst))


def _treated(playbook: "Playbook", remark: Remark) -> Iterator[Finding]:
    treatment = playbook.treatment(remark.code)
    if treatment.severity is None:
        return
    lesser = (treatment.severity, remark.at_most or treatment.severity)
    start, end = remark.place or (None, None)
    yield Finding(
        code=remark.code,
        severity=remark.severity or max(lesser, key=_RANK.index),
        reason=remark.reason,
        suggestion=remark.suggestion,
        start=start,
        end=end,
        overrule=treatment.overrule,
    )
