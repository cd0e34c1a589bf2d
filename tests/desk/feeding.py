"""A process that feeds a stream to a database, for `test_many_processes`."""

import sys
from datetime import timedelta
from random import Random

from socialcare.desk.desk import Desk
from socialcare.domain.message import Message
from socialcare.testing.builders import answers, asks, at

NOW = at(0) + timedelta(days=365)


def stream(customers: int, messages: int) -> list[Message]:
    """What all customers say: silences long and short, answers, replies to what was said before."""
    random = Random(7)
    said = [_of_customer(f"c{number}", messages, random) for number in range(customers)]
    return [message for own in said for message in own]


def _of_customer(customer: str, count: int, random: Random) -> list[Message]:
    minutes, found = 0.0, list[Message]()
    for number in range(count):
        minutes += random.choice((1, 30, 600, 1440, 1441, 4000))
        answered = random.choice((None, None, *(each.id for each in found[-3:])))
        says = answers if random.random() < 0.4 else asks
        name = f"{customer}-{number}"
        found.append(says(minutes, id=name, customer_id=customer, in_reply_to=answered))
    return found


def feed(location: str, seed: int, customers: int, messages: int) -> None:
    """Takes in most of the stream, some of it twice, in an order of one's own, in batches."""
    random = Random(seed)
    every = stream(customers, messages)
    own = random.sample(every, len(every) * 2 // 3) + random.sample(every, len(every) // 5)
    random.shuffle(own)
    with Desk.open(location, random=random) as desk:
        while own:
            size = random.choice((1, 3, 20))
            desk.receive(own[:size], now=NOW)
            own = own[size:]


if __name__ == "__main__":
    feed(sys.argv[1], *(int(each) for each in sys.argv[2:]))
