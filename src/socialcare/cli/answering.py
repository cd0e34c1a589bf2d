"""`socialcare peers`: from an export to those who answer other customers in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from socialcare.analytics.peers import forum, peer_report
from socialcare.cli import files, options
from socialcare.cli.peers_screen import show_peers
from socialcare.cli.reporting import read, steps
from socialcare.cli.terminal import screen


def run(given: Mapping[str, Any], *, now: datetime) -> None:
    """Do what `socialcare peers` was asked to do.

    Args:
        given: The options, by the names of the command's parameters.
        now: The instant after which a time in the data is in the future.

    Raises:
        SocialCareError: If an option or the export can't be used.
    """
    least = options.whole(given["least"], "--least", least=1)
    most = options.whole(given["most"], "--most", least=1)
    files.check_json(given["json_to"])
    with steps() as step:
        log = read(given, now)
        step("looking for peers")
        found = peer_report(forum(log) if given["forum"] else log, least=least)
    if not files.json_printed(found.to_dict(), given["json_to"]):
        show_peers(screen(), found, most=most)
