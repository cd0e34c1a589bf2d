"""A playbook and what is wrong with it or with answers, on a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from socialcare.analytics.playbook_trial import Checked, PlaybookTrial
from socialcare.cli.rows import counted
from socialcare.cli.screen import print_table
from socialcare.cli.terminal import seen, shortened
from socialcare.domain.playbook import Answer, Code, Finding, Playbook
from socialcare.domain.playbook.document_check import Fault

_SHOWN = 90


def show_faults(console: Console, playbook: Playbook, faults: Sequence[Fault]) -> None:
    """Print what a playbook holds, and what is wrong with it."""
    many = counted(len(faults), "fault")
    held = ("examples", "acknowledgements", "donts")
    counts = (f"{len(getattr(playbook, key))} {key}" for key in held)
    _title(console, f"{playbook.called}: {', '.join(counts)}, {many}")
    lines = [(each.problem.value, seen(each.where), seen(each.says)) for each in faults]
    print_table(console, ("fault", "where", "it"), lines, left=(0, 1, 2), whole=0)


def show_findings(
    console: Console, playbook: Playbook, answer: Answer, found: Sequence[Finding]
) -> None:
    """Print what is wrong with an answer."""
    many = counted(len(found), "finding")
    _title(console, f"{playbook.called}: {answer.visibility} on {answer.channel}, {many}")
    lines = [
        (each.severity.value, each.code.value, seen(each.reason), seen(each.suggestion))
        for each in found
    ]
    print_table(console, ("", "finding", "why", "rather"), lines, left=(0, 1, 2, 3), whole=1)


def show_trial(console: Console, trial: PlaybookTrial) -> None:
    """Print how many answers have which finding, and examples."""
    _title(
        console,
        f"{trial.playbook.called} on {trial.quality.source}: "
        f"{trial.answers:,} answers, {trial.clean:,} without a finding",
    )
    kinds = [code for code in Code if code in trial.found]
    lines = [(*_severity(trial, code), *_share(trial, code)) for code in kinds]
    headings = ("finding", "at most", "answers", "share", "95 % interval")
    print_table(console, headings, lines, left=(0, 1))
    examples = [_example(code, each) for code in kinds for each in trial.examples[code]]
    print_table(console, ("finding", "why", "for example"), examples, left=(0, 1, 2), whole=0)


def _severity(trial: PlaybookTrial, code: Code) -> tuple[str, str]:
    severity = trial.playbook.treatment(code).severity
    return code.value, "off" if severity is None else severity.value


def _share(trial: PlaybookTrial, code: Code) -> tuple[str, str, str]:
    share = trial.share(code)
    low, high = share.interval or (0.0, 0.0)
    return f"{share.k:,}", f"{share.value or 0:.1%}", f"{low:.1%} to {high:.1%}"


def _example(code: Code, each: Checked) -> tuple[str, str, str]:
    return code.value, _short(each.finding.reason), _short(each.message.text or "")


def _short(text: str) -> str:
    return shortened(seen(" ".join(text.split())), _SHOWN)


def _title(console: Console, said: str) -> None:
    console.print(Text(seen(said), "bold"))
