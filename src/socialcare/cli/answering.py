"""`socialcare peers`: from an export to those who answer other customers in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from socialcare.analytics.peers import PeerReport, forum, peer_report
from socialcare.cli import files, options
from socialcare.cli.peers_screen import show_peers
from socialcare.cli.reporting import read, steps
from socialcare.cli.terminal import screen
from socialcare.domain.peers import Peer

SCHEMA = "socialcare.peers/1"


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
    if not files.json_printed(_document(found), given["json_to"]):
        show_peers(screen(), found, most=most)


def _document(found: PeerReport) -> Mapping[str, Any]:
    return {
        "schema": SCHEMA,
        "source": found.quality.source,
        "answers": found.answers,
        "people": found.people,
        "peer_answers": found.summary,
        "peers": [_plain(peer) for peer in found.peers],
    }


def _plain(peer: Peer) -> Mapping[str, Any]:
    return {
        "id": peer.id,
        "answers": len(peer.answers),
        "known": peer.helped.n,
        "helped": peer.helped.k,
        "score": peer.score,
        "first": peer.first,
        "thanked": peer.thanked,
        "resolved": peer.resolved,
        "customers": peer.customers,
        "median_seconds": round(peer.took.total_seconds()),
        "categories": peer.categories,
        "last_at": peer.last_at.isoformat(),
    }
