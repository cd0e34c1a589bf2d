"""The samples that come along can be put to work as they are."""

from pathlib import Path

import pytest

from socialcare.domain.escalation import EscalationMap
from socialcare.domain.peers import PeerPolicy
from socialcare.domain.rota import Rota
from socialcare.domain.routing import Case, Routing, Staff, check, propose
from socialcare.testing.builders import at

EXAMPLES = Path(__file__).parents[2] / "examples"

each_trade = pytest.mark.parametrize("trade", ["airline", "bank", "shop"])


@each_trade
def test_nothing_is_wrong_with_a_sample(trade: str) -> None:
    """Its teams are those of its rota and of its map, and its people those on duty."""
    folder = EXAMPLES / trade
    routing = Routing.from_toml(folder / "routing.toml")
    rota = Rota.from_toml(folder / "rota.toml")
    escalation = EscalationMap.from_toml(folder / "map.toml")

    assert check(routing, rota=rota, escalation=escalation) == ()


def test_a_sample_goes_by_its_rota() -> None:
    """On a Monday morning those of the early shift are given something."""
    folder = EXAMPLES / "airline"
    staff = Staff(
        routing=Routing.from_toml(folder / "routing.toml"),
        rota=Rota.from_toml(folder / "rota.toml"),
        now=at(0),
    )
    found = propose(Case(team_id="social", language="fr", skills=["claims"]), staff)

    assert str(found) == "amir: next in turn, speaks fr, can do claims"


def test_the_sample_of_a_peer_policy() -> None:
    """It can be read."""
    assert PeerPolicy.from_toml(EXAMPLES / "shop" / "peers.toml").name == "larkfield"
