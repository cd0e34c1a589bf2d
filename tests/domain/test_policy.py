"""Measurement policies, as values and as data."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given

from socialcare.domain.policy import (
    AgentBegan,
    Automated,
    CostTable,
    CreditedTo,
    HoursApply,
    MeasurementPolicy,
    Opens,
    Pause,
    ResolutionCloses,
    ResponseType,
    Target,
    Targets,
)
from socialcare.domain.presets import PRESETS
from socialcare.errors import InvalidPolicy
from strategies import policies

FULL = """
name = "ours"
version = "2"
opens = "last"
automated = "stop"
agent_began = "exclude"
responses = ["public", "internal"]
resolution_closes = "first"
hours_apply = "start"
credited_to = "assignee"
settle = "36h"

[[pauses]]
states = ["Pending", "on-hold"]
targets = ["resolution"]

[[pauses]]
states = ["blocked"]

[targets]
first_response = "1h30m"

[costs]
currency = "EUR"
per_contact = { x = 1.5, email = 2 }
alternative = 6
"""


def test_the_default_is_ours() -> None:
    """Nothing said is the reference's own rules."""
    assert MeasurementPolicy() == PRESETS["socialcare"]
    assert MeasurementPolicy.from_mapping({}) == MeasurementPolicy()


def test_a_file_holds_a_policy(tmp_path: Path) -> None:
    """TOML has the same names, durations as texts and sets as lists."""
    path = tmp_path / "policy.toml"
    path.write_text(FULL, encoding="utf-8")
    policy = MeasurementPolicy.from_toml(path)

    assert policy.settle == timedelta(hours=36)
    assert policy.pauses == (
        Pause(states={"pending", "on-hold"}, targets={"resolution"}),
        Pause(states={"blocked"}, targets=Target),
    )
    assert policy.targets.of(Target.FIRST_RESPONSE) == timedelta(minutes=90)
    assert policy.costs == CostTable(
        currency="EUR", per_contact={"x": 1.5, "email": 2.0}, alternative=6.0
    )
    assert MeasurementPolicy.from_mapping(policy.to_mapping()) == policy


@given(policies())
def test_what_is_written_reads_back(policy: MeasurementPolicy) -> None:
    """A policy survives JSON and back."""
    text = json.dumps(policy.to_mapping())

    assert MeasurementPolicy.from_mapping(json.loads(text)) == policy


def test_a_policy_can_depart_from_a_preset() -> None:
    """`preset` gives the other fields, and the name says that it was changed."""
    policy = MeasurementPolicy.from_mapping({"preset": "zammad", "resolution_closes": "last"})

    assert policy.resolution_closes is ResolutionCloses.LAST
    assert policy.pauses == PRESETS["zammad"].pauses
    assert policy.name == "zammad, changed"


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_preset_alone_is_that_preset(name: str) -> None:
    """A mapping of nothing but `preset` is the preset itself, which is found by its name."""
    assert MeasurementPolicy.from_mapping({"preset": name}) == MeasurementPolicy.preset(name)
    assert MeasurementPolicy.preset(name).name == name


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ({"opens": "any"}, "opens: found 'any', expected one of 'first', 'last', 'each'"),
        ({"open": "first"}, "found 'open', expected a key out of name, version, opens"),
        ({"settle": 3}, "settle: found 3, expected a duration such as"),
        ({"settle": "three days"}, "settle: found 'three days', expected a duration"),
        ({"responses": "public"}, "responses: found 'public', expected a list of texts"),
        ({"responses": []}, "responses: found .*, expected at least one"),
        ({"pauses": {"states": ["x"]}}, "pauses: found .*, expected a list of tables"),
        ({"pauses": [{"states": ["x"], "targets": ["y"]}]}, r"pauses\[0\].targets: found 'y'"),
        ({"pauses": [{"states": "x"}]}, r"pauses\[0\].states: found 'x', expected a list"),
        ({"pauses": [{}]}, r"pauses\[0\].states: found 'nothing', expected this key"),
        ({"targets": "1h"}, "targets: found '1h', expected a table with keys out of first_resp"),
        ({"targets": {"resolution": "0s"}}, "targets.resolution: found .* more than zero"),
        ({"costs": {"currency": "EUR"}}, "costs.per_contact: found 'nothing'"),
        ({"costs": {"currency": "EUR", "per_contact": {"x": "1"}}}, "costs.per_contact.x: found"),
        ({"costs": {"currency": "EUR", "per_contact": 1}}, "costs.per_contact: found 1"),
        ({"name": 7}, "name: found 7, expected a text"),
        ({"preset": "deskzen"}, "preset: found 'deskzen', expected one of socialcare, zendesk"),
        ([], r"own.toml: found \[\], expected a table"),
    ],
)
def test_what_is_wrong_is_named(mapping: Any, says: str) -> None:
    """The message names the file, the key, what was found and what would be right."""
    with pytest.raises(InvalidPolicy, match=rf"^own\.toml: .*{says}|^{says}"):
        MeasurementPolicy.from_mapping(mapping, where="own.toml")


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    """So is one that is no text."""
    path = tmp_path / "policy.toml"
    for content in (b"opens = ", b"\xff\xfe\x00"):
        path.write_bytes(content)
        with pytest.raises(InvalidPolicy, match=r"policy\.toml: .*expected a TOML file"):
            MeasurementPolicy.from_toml(path)


def test_a_file_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    """It is not a policy that is wrong, but the path."""
    with pytest.raises(FileNotFoundError):
        MeasurementPolicy.from_toml(tmp_path / "none.toml")


@pytest.mark.parametrize(
    "make",
    [
        lambda: MeasurementPolicy(opens="any"),
        lambda: MeasurementPolicy(responses="public"),
        lambda: MeasurementPolicy(responses=()),
        lambda: MeasurementPolicy(settle=timedelta(seconds=-1)),
        lambda: MeasurementPolicy(settle="3d"),  # type: ignore[arg-type]  # what is tested
        lambda: Pause(states=()),
        lambda: Targets(resolution=timedelta(0)),
        lambda: CostTable(currency="EUR", per_contact={"x": float("nan")}),
        lambda: CostTable(currency="EUR", per_contact={}, alternative=-1),
    ],
)
def test_a_policy_that_exists_is_right(make: Any) -> None:
    """What makes no sense is refused when it is made."""
    with pytest.raises(InvalidPolicy):
        make()


def test_an_amount_may_be_a_decimal() -> None:
    """Money that comes as decimals is kept as floats."""
    costs = CostTable(currency="EUR", per_contact={"x": Decimal("1.50")})

    assert costs.per_contact == {"x": 1.5}


def test_a_policy_can_be_a_key() -> None:
    """It is frozen and hashable, costs and all."""
    policy = MeasurementPolicy(costs=CostTable(currency="EUR", per_contact={"x": 1}))

    assert {policy: 1}[MeasurementPolicy.from_mapping(policy.to_mapping())] == 1


def test_pausing_states_are_those_of_the_target() -> None:
    """Several pauses add up; those of other targets do not."""
    policy = MeasurementPolicy(
        pauses=[Pause(states={"a"}), Pause(states={"b"}, targets={"resolution"})]
    )

    assert policy.pausing(Target.RESOLUTION) == {"a", "b"}
    assert policy.pausing(Target.NEXT_RESPONSE) == {"a"}


def test_an_unknown_preset_is_refused() -> None:
    """The message lists those there are; capitals do not matter."""
    with pytest.raises(InvalidPolicy, match="socialcare, zendesk, chatwoot, zammad, frappe"):
        MeasurementPolicy.preset("none")
    assert MeasurementPolicy.preset("Zendesk").hours_apply is HoursApply.START


def test_the_reference_names_every_choice() -> None:
    """Each field and each of its words stands in the reference, presets included."""
    page = (Path(__file__).parents[2] / "docs" / "reference" / "policies.md").read_text("utf-8")
    fields = [field.name for field in attrs.fields(MeasurementPolicy)]
    choices = (Opens, Automated, AgentBegan, ResponseType, ResolutionCloses, HoursApply, CreditedTo)
    words = [word.value for choice in choices for word in choice]
    states = [
        state for policy in PRESETS.values() for pause in policy.pauses for state in pause.states
    ]

    for name in (*fields, *words, *states, *PRESETS):
        assert f"`{name}`" in page or f"| {name} " in page, name
