"""Makes the example data: four weeks of customer care at an invented railway.

    python examples/generate_northline.py [DIRECTORY]

Writes `care.csv`, `handling.csv` and `planted.json`; the same seed always gives the same bytes.
Every text is put together from `northline/phrases.toml`, and the rhythm of it, how long answers
take and how long people talk, comes from the measured figures in `northline/figures.py`.
"""

import sys
from pathlib import Path

from northline.faults import damaged
from northline.files import write_handling, write_messages, write_planted
from northline.handling import spans
from northline.row import Row
from northline.story import told

SEED = 20_260_309
DATA = Path(__file__).parent / "data"


def main(target: Path) -> None:
    """Writes the three files into an existing directory."""
    desk = told(SEED, DATA / "hours.toml")
    damage = damaged(desk)
    rows = [entry for entry in damage.entries if isinstance(entry, Row)]
    lines = write_messages(target / "care.csv", damage)
    write_handling(target / "handling.csv", spans(desk.random, rows))
    write_planted(target / "planted.json", seed=SEED, planted=damage.planted, lines=lines)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)
