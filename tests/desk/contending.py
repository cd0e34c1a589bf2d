"""A process that wants what others want too, for `test_leasing`."""

import sys
from random import Random

from socialcare.desk.desk import Desk
from socialcare.errors import NotAllowedNow
from socialcare.testing.builders import at


def leases(desk: Desk, conversation: str, who: str) -> bool:
    """Whether somebody got a lease of a conversation."""
    try:
        desk.lease(conversation, by=who, now=at(1))
    except NotAllowedNow:
        return False
    return True


def pulls(desk: Desk, who: str) -> list[str]:
    """All that somebody gets by coming for the next one until there is none."""
    got = []
    while (found := desk.next_for(who, by=who, now=at(1))) is not None:
        got.append(found.id)
    return got


if __name__ == "__main__":
    location, name = sys.argv[1:]
    with Desk.open(location, random=Random(name)) as own:
        sys.stdout.write(str(leases(own, "fake:m0", name)))
