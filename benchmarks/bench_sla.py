"""How long the clocks of a conversation take, and the question who is on duty.

Conversations of three sizes are looked at under a policy with ten entries, business hours, pauses
and warnings; a rota of three teams with turns, swaps and absences is asked about instants of a
year, once with its tables built and once from cold.
The goal for the rota is a tenth of a millisecond for one answer.

Run `python benchmarks/bench_sla.py`; with `--smoke` it takes few samples and judges nothing.
"""

import argparse
import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter

from socialcare.domain.changes import Assignment, Status
from socialcare.domain.conversation import Conversation
from socialcare.domain.message import Author, Direction, Message
from socialcare.domain.rota.check import check
from socialcare.domain.rota.plan import Rota
from socialcare.domain.sla.clock import sla_clocks
from socialcare.domain.sla.facts import Facts
from socialcare.domain.sla.policy import SlaPolicy

GOAL = timedelta(milliseconds=0.1)
"""The longest that "who is on duty" may take."""
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
POLICY = SlaPolicy.from_mapping(
    {
        "name": "bench",
        "standard_hours": "desk",
        "warnings": [0.5, 0.8],
        "hours": {
            "desk": {
                "timezone": "Europe/London",
                "weekly": {"mon-fri": ["09:00-12:30", "13:00-17:30"]},
            }
        },
        "rules": {"pauses": [{"states": ["pending"], "targets": ["resolution"]}]},
        "entries": [
            *({"name": f"tier {number}", "tier": [f"{number}"]} for number in range(9)),
            {
                "name": "all",
                "first_response": "1h",
                "next_response": "2h",
                "resolution": "2d",
                "time_in_team": {"*": "4h"},
            },
        ],
    }
)


def message(minute: int, *, inbound: bool) -> Message:
    """What somebody wrote so many minutes after nine."""
    return Message(
        id=str(minute),
        sent_at=NINE + minute * MINUTE,
        direction=Direction.INBOUND if inbound else Direction.OUTBOUND,
        author=Author(id="ada" if inbound else "anna", role="customer" if inbound else "agent"),
        customer_id="ada",
        channel="x",
        text="Where is it?",
    )


def conversation(turns: int) -> Conversation:
    """A conversation with so many questions, all but the last of them answered."""
    said = [
        message(minute, inbound=inbound)
        for turn in range(turns)
        for minute, inbound in ((90 * turn, True), (90 * turn + 40, False))
    ]
    return Conversation(
        id="c",
        customer_id="ada",
        messages=said[:-1],
        statuses=(
            Status(conversation_id="c", at=NINE + 45 * MINUTE, status="pending"),
            Status(conversation_id="c", at=NINE + 90 * MINUTE, status="open"),
        ),
        assignments=(
            Assignment(conversation_id="c", at=NINE + 5 * MINUTE, agent_id=None, team_id="social"),
        ),
    )


def rota() -> Rota:
    """Three teams around the clock, in turns, with exceptions."""
    shifts = [
        {"name": "early", "start": "2026-01-05 06:00", "end": "14:00"},
        {"name": "late", "start": "2026-01-05 14:00", "end": "22:00"},
        {"name": "night", "start": "2026-01-05 22:00", "end": "06:00"},
    ]
    people = [f"agent {number}" for number in range(12)]
    teams = {
        team: {
            "shifts": [
                {**shift, "members": people[place::3], "turns": "1w"}
                for place, shift in enumerate(shifts)
            ]
        }
        for team in ("social", "billing", "pr")
    }
    day = [f"2026-{month:02}-10" for month in range(1, 13)]
    return Rota.from_mapping(
        {
            "timezone": "Europe/London",
            "teams": teams,
            "swaps": [
                {"from": each, "to": each, "member": people[0], "substitute": people[1]}
                for each in day
            ],
            "absences": [{"from": each, "to": each, "member": people[2]} for each in day],
        }
    )


def seconds(question: Callable[[], object], *, times: int, rounds: int) -> float:
    """The median time of one answer."""
    spent = []
    for _ in range(rounds):
        start = perf_counter()
        for _ in range(times):
            question()
        spent.append((perf_counter() - start) / times)
    return median(spent)


def show_clocks(*, smoke: bool) -> None:
    """Prints how many clocks a second are worked out."""
    facts = Facts(tiers="none of them")
    for turns in (1, 5, 50):
        talk = conversation(turns)
        now = talk.last_message.sent_at + MINUTE
        clocks = len(sla_clocks(talk, POLICY, now=now, facts=facts))
        took = seconds(
            lambda: sla_clocks(talk, POLICY, now=now, facts=facts),  # noqa: B023 - at once
            times=5 if smoke else 2000 // turns,
            rounds=2 if smoke else 7,
        )
        print(
            f"{len(talk.messages):>4} messages, {clocks:>3} clocks {1e6 * took:>10.0f} us "
            f"{clocks / took:>10,.0f} clocks/s"
        )


def show_rota(*, smoke: bool) -> float:
    """Prints what the questions about a rota take; the seconds of who is on duty."""
    found, chance = rota(), random.Random(20260302)
    start = datetime(2026, 2, 1, tzinfo=UTC)
    year = [start + timedelta(minutes=chance.randrange(400_000)) for _ in range(1000)]
    cold = seconds(lambda: rota().on_duty("social", NINE), times=1, rounds=2 if smoke else 7)
    for at in year:
        found.on_duty("social", at)
    took = seconds(
        lambda: [found.on_duty("social", at) for at in year],
        times=1 if smoke else 20,
        rounds=2 if smoke else 7,
    ) / len(year)
    weeks = seconds(lambda: check(found, now=NINE, weeks=4), times=1, rounds=2 if smoke else 7)
    print(f"who is on duty {1e6 * took:>27.1f} us {1 / took:>10,.0f} answers/s")
    print(f"the first question, with its table {1e3 * cold:>7.1f} ms")
    print(f"a check of three teams, four weeks {1e3 * weeks:>7.1f} ms")
    return took


def main() -> int:
    """Measure and print; 1 if the goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="few samples, and no judgement")
    smoke = parser.parse_args().smoke
    show_clocks(smoke=smoke)
    took = show_rota(smoke=smoke)
    return 0 if smoke or took <= GOAL.total_seconds() else 1


if __name__ == "__main__":
    sys.exit(main())
