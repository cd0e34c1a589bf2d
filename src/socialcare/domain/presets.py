"""Presets."""

from socialcare.domain.policy import MeasurementPolicy
from socialcare.errors import InvalidPolicy

SOCIALCARE = MeasurementPolicy()
PRESETS = {"socialcare": SOCIALCARE, "zendesk": MeasurementPolicy(name="zendesk")}


def preset(name: str) -> MeasurementPolicy:
    """The policy of that name."""
    found = PRESETS.get(name)
    if found is None:
        raise InvalidPolicy(name, where="preset", right=f"one of {', '.join(PRESETS)}")
    return found
