"""Those who answer other customers, on a terminal."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from socialcare.analytics import formats
from socialcare.analytics.peers import PeerReport
from socialcare.cli.rows import plain
from socialcare.cli.screen import print_table
from socialcare.cli.terminal import seen
from socialcare.domain.peers import Peer

_HEADINGS = (
    "peer", "answers", "known", "helped", "surely", "first", "thanked", "resolved", "after",
    "mostly about",
)  # fmt: skip
_TOPICS = 2


def show_peers(console: Console, found: PeerReport, *, most: int) -> None:
    """Print what peers do, and the best of them."""
    console.print(Text(seen(f"Peers in {found.quality.source}"), "bold"))
    for line in _summary(found):
        console.print(Text(line))
    lines = [_line(peer) for peer in found.peers[:most]]
    left = (0, len(_HEADINGS) - 1)
    note = (
        "helped: confirmed, thanked for or settled after it, of those of which anybody can tell; "
        "surely: the lower end of the 95 % interval of that share"
    )
    print_table(console, _HEADINGS, lines, left=left, note=note)


def _summary(found: PeerReport) -> Iterator[str]:
    if not found.answers:
        yield "Nobody who is known as a peer answered; `author_role` and `author_id` say who is."
        yield "Where everybody who answers is a customer, say so with --forum."
        return
    people = plain(formats.plural(found.people, "peer"))
    yield f"{plain(formats.plural(found.answers, 'answer'))} by {people}"
    first = found.summary
    if first.get("n"):
        share = plain(formats.share(first["value"]))
        after = plain(formats.duration(first["time"]["median"]))
        yield (
            f"{first['k']:,} of {first['n']:,} conversations ({share}) were answered by a peer "
            f"first, at the median after {after}"
        )
        alone = first["resolved_alone"]
        if alone["n"]:
            yield f"{alone['k']:,} of {alone['n']:,} that were resolved were so by peers alone"


def _line(peer: Peer) -> tuple[str, ...]:
    helped = peer.helped
    numbers = (len(peer.answers), helped.n, helped.k)
    outcomes = (peer.first, peer.thanked, peer.resolved)
    return (
        seen(peer.id),
        *(f"{number:,}" for number in numbers),
        plain(formats.share(peer.score)) if helped.n else formats.TOO_FEW,
        *(f"{number:,}" for number in outcomes),
        plain(formats.duration(peer.took.total_seconds())),
        seen(", ".join(list(peer.categories)[:_TOPICS])),
    )
