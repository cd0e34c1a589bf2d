"""`socialcare listen run` and `suggest`: from a listening and exports to what it would hear."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from socialcare.analytics.listening_trial import TermsHeard, listening_trial, suggested_terms
from socialcare.cli import files, options
from socialcare.cli.listening_screen import show_terms, show_trial
from socialcare.cli.reporting import Outputs, read, steps
from socialcare.cli.terminal import screen
from socialcare.domain.listening import Listening
from socialcare.domain.suggestions import Suggestion

SCHEMA = "socialcare.listening_terms/1"


def run(given: Mapping[str, Any], *, now: datetime) -> None:
    """Do what `socialcare listen run` was asked to do.

    Args:
        given: The options, by the names of the command's parameters.
        now: The instant after which a time in the data is in the future.

    Raises:
        SocialCareError: If the listening, an option or the export can't be used.
    """
    examples = options.whole(given["examples"], "--examples", least=0)
    listening = Listening.from_toml(given["listening"])
    checked(given).check()
    with steps() as step:
        log = read(given, now)
        step("listening")
        found = listening_trial(log, listening, examples=examples)
    if not files.json_printed(found.to_dict(), given["json_to"]):
        show_trial(screen(), found)


def suggest(given: Mapping[str, Any], *, now: datetime) -> None:
    """Do what `socialcare listen suggest` was asked to do.

    Args:
        given: The options, by the names of the command's parameters.
        now: The instant after which a time in the data is in the future.

    Raises:
        SocialCareError: If the listening, an option or the export can't be used.
    """
    most = options.whole(given["most"], "--most", least=1)
    least = options.whole(given["least"], "--least", least=1)
    listening = Listening.from_toml(given["listening"])
    checked(given).check()
    with steps() as step:
        log = read(given, now)
        step("counting terms")
        found = suggested_terms(log, listening, most=most, least=least)
    if not files.json_printed(_document(found), given["json_to"]):
        show_terms(screen(), found)


def checked(given: Mapping[str, Any]) -> Outputs:
    """Where a command writes to."""
    return Outputs(json=given["json_to"], html=given.get("html"), out=None, ending="")


def _document(found: TermsHeard) -> Mapping[str, Any]:
    return {
        "schema": SCHEMA,
        "about": found.about,
        "background": found.background,
        "complaining": found.complaining,
        "beside": [_plain(each) for each in found.beside],
        "complaints": [_plain(each) for each in found.complaints],
    }


def _plain(suggestion: Suggestion) -> Mapping[str, Any]:
    return {
        **attrs.asdict(suggestion),
        "kind": suggestion.kind.value,
        "examples": list(suggestion.examples),
    }
