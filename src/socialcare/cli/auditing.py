"""`socialcare listen audit`: from exports to the answers to a planner's questions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from socialcare.analytics.audit_reading import Classifies
from socialcare.analytics.help_list import help_list
from socialcare.analytics.listening_audit import audit_page, listening_audit
from socialcare.cli import files, options
from socialcare.cli.hearing import checked
from socialcare.cli.listening_screen import show_audit
from socialcare.cli.reporting import read, steps
from socialcare.cli.terminal import screen
from socialcare.domain.audit_signs import AuditSigns
from socialcare.errors import MissingExtra


def run(given: Mapping[str, Any], *, now: datetime) -> None:
    """Do what `socialcare listen audit` was asked to do.

    Args:
        given: The options, by the names of the command's parameters.
        now: The instant after which a time in the data is in the future.

    Raises:
        SocialCareError: If an option or the export can't be used.
        MissingExtra: If classifiers were asked for that are not installed.
    """
    options.zone(given["tz"])
    asked = {
        "articles": () if given["articles"] is None else help_list(given["articles"]),
        "classifiers": asked_classifiers(given["classifiers"]),
        "accounts": options.names(given["accounts"]),
        "rules": None if given["rules"] is None else options.book(given["rules"]),
        "signs": None if given["signs"] is None else AuditSigns.from_toml(given["signs"]),
        "tz": given["tz"],
        "examples": options.whole(given["examples"], "--examples", least=0),
    }
    outputs = checked(given)
    outputs.check()
    with steps() as step:
        log = read(given, now)
        step("reading the texts")
        found = listening_audit(log, **asked)
        if outputs.html is not None:
            step(f"writing {outputs.html}")
            audit_page(found, outputs.html)
    if not files.json_printed(found.to_dict(), outputs.json):
        show_audit(screen(), found)


def asked_classifiers(choice: str) -> tuple[Classifies, ...]:
    """The classifiers that were asked for; with `auto` those of the extra, where it is there."""
    if choice == "none":
        return ()
    try:
        from socialcare.text.english import english

        return english()
    except MissingExtra:
        if choice == "text":
            raise
        return ()
