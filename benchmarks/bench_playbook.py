"""How long it takes to check an answer by a playbook, with what a desk has around it.

The answers are made from a seed, a third of them nearly alike as on a busy desk. Each is checked
with a conversation before it and with the last 200 answers, by an empty playbook and by the one of
the airline in `examples`. Times are of the processor, not of the wall.

Run `python benchmarks/bench_playbook.py`; with `--smoke` it takes few and judges nothing.
"""

import argparse
import random
import statistics
import sys
from pathlib import Path
from time import process_time

from socialcare.domain.conversation import Conversation
from socialcare.domain.playbook import Answer, Playbook, Sent
from socialcare.testing.builders import answers, asks

GOAL = 0.002
"""Seconds for one answer, in the median."""
RECENT = 200
AIRLINE = Path(__file__).parents[1] / "examples" / "airline" / "playbook.toml"
OPENINGS = ("Hi {}, ", "Hello {}! ", "Thanks for writing, {}. ", "I'm sorry about that, {}. ", "")
USUAL = (
    "Please send us a private message with your booking so that we can look into it. ^AB",
    "We're here to help! Send us a note with your order so that we can follow up. ^CD",
)
FACTS = (
    "Your flight now leaves at {}:40 from gate {}.",
    "The parcel was handed over on the {}th and is due by {}:00.",
    "The team has found the fault and expects it to be mended by {}:30.",
    "You can change the date up to {} hours before, here: https://larkwing.example/help/changes.",
    "We've passed it on to the crew, and you will hear from us within {} days.",
    "The lift at platform {} is out of order; the ramp is at platform {}.",
)  # fmt: skip
NAMES = ("Ada", "Bea", "Cy", "Di", "Ed", "Flo", "Gus", "Hal")


def made(count: int) -> list[str]:
    """Answers as agents write them."""
    chance = random.Random(20260302)
    found = []
    for number in range(count):
        opening = chance.choice(OPENINGS).format(chance.choice(NAMES))
        usual = number % 3 == 0
        facts = [chance.choice(USUAL)] if usual else chance.sample(FACTS, chance.choice((1, 2, 3)))
        filled = (each.format(chance.randrange(8, 20), chance.randrange(2, 30)) for each in facts)
        found.append(opening + " ".join(filled))
    return found


def talk() -> Conversation:
    """What was said before."""
    said = [
        asks(0, text="Where is my bag? It was on LW 214 and nobody knows anything", channel="x"),
        answers(1, text="I'm sorry. Which flight did you come with?", channel="x"),
        asks(2, text="I told you: LW 214 from Porto, on Monday. What happens next?", channel="x"),
    ]
    return Conversation(id="c", customer_id="ada", messages=said)


def seconds(playbook: Playbook, texts: list[str]) -> list[float]:
    """The time of each check but the first, which makes what is kept."""
    conversation, times = talk(), []
    for number, text in enumerate(texts):
        recent = [Sent(each, "o") for each in texts[max(0, number - RECENT) : number]]
        start = process_time()
        playbook.check(Answer(text=text, channel="x"), conversation, recent=recent)
        times.append(process_time() - start)
    return times[RECENT:] or times[1:]


def main() -> int:
    """Print the times; the exit status is 1 where the median misses the goal."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--smoke", action="store_true")
    smoke = parser.parse_args().smoke
    texts = made(20 if smoke else 2_000)
    slow = False
    for name, playbook in {
        "empty": Playbook(name="empty"),
        "airline": Playbook.from_toml(AIRLINE),
    }.items():
        times = sorted(seconds(playbook, texts))
        median, p95 = statistics.median(times), times[int(0.95 * len(times))]
        print(f"{name:8} median {median * 1e3:.2f} ms, p95 {p95 * 1e3:.2f} ms")
        slow |= median > GOAL
    return int(slow and not smoke)


if __name__ == "__main__":
    sys.exit(main())
