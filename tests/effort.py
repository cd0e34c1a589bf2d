"""How much a law is tried: a little each time, and a lot where somebody asks for it."""

import os


def examples(few: int, *, many: int) -> int:
    """On how many examples a law is tried: few, and with `SOCIALCARE_LONG=1` many."""
    return many if os.environ.get("SOCIALCARE_LONG") else few
