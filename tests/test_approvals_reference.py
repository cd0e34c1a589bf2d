"""The reference of approvals has the states that there are, and its policy is one."""

import re
from pathlib import Path

import pytest

from socialcare.domain.approval.policy import ApprovalPolicy
from socialcare.domain.approval.states import DRAFT_TABLE, DraftState, DraftStep
from socialcare.domain.escalation import EscalationMap

PAGE = (Path(__file__).parents[1] / "docs" / "reference" / "approvals.md").read_text("utf-8")
ROWS = [
    [cell.strip().strip("`") for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ")
]


@pytest.mark.parametrize("state", DraftState)
def test_states_are_those_of_the_table(state: DraftState) -> None:
    """Each row says what follows from what happens, and nothing where that cannot happen."""
    [row] = [rest for first, *rest in ROWS if first == state]

    assert row == [DRAFT_TABLE.get((state, step), "") for step in DraftStep]


def test_the_columns_are_the_steps() -> None:
    """In the order in which they are defined."""
    assert ROWS[0] == ["state", *DraftStep]


def test_the_policy_can_be_read(tmp_path: Path) -> None:
    """The example is a policy, and its keys are all that there are."""
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "approvals.toml"
    path.write_text(example, "utf-8")
    policy = ApprovalPolicy.from_toml(path)
    keys = {*policy.to_mapping(), *policy.to_mapping()["spot_checks"][0]}  # type: ignore[index]  # it is a list

    assert keys <= {first for first, *_ in ROWS}


@pytest.mark.parametrize("house", ["airline", "bank", "shop"])
def test_the_samples_can_be_read(house: str) -> None:
    """Each asks for roles that the house's own map knows."""
    folder = Path(__file__).parents[1] / "examples" / house
    policy = ApprovalPolicy.from_toml(folder / "approvals.toml")
    known = dict(EscalationMap.from_toml(folder / "map.toml").roles)
    asked = [each.requirement for each in policy.spot_checks]
    asked += [] if policy.templates is None else [policy.templates]

    assert asked
    assert {role for each in asked for role in each.roles} <= known.keys()
    assert all(
        len({who for role in each.roles for who in known[role]}) > each.people for each in asked
    )
