"""A host that runs on asyncio: the desk works in threads, and the loop goes on.

A desk may be shared by threads, so there is no second API: each call goes through `to_thread`.
"""

import asyncio
from datetime import UTC, datetime, timedelta

from socialcare.desk.desk import Desk
from socialcare.testing.builders import asks
from socialcare.testing.fake_channel import FakeChannel

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def hook(desk: Desk, channel: FakeChannel, customer: str) -> str:
    """What a web framework would call for each webhook; the conversation it went to."""
    headers, body = channel.call(asks(0, id=customer, customer_id=customer))
    receipts = await asyncio.to_thread(desk.webhook, channel.name, headers, body, now=NINE)
    return receipts[0].conversation or "none"


async def deliver(desk: Desk, stop: asyncio.Event) -> None:
    """Sends what is in the outbox, until the host stops."""
    while not stop.is_set():
        await asyncio.to_thread(desk.deliver, now=NINE + timedelta(minutes=5))
        await asyncio.sleep(0.01)


async def main() -> None:
    """Fifty customers write at once, and everybody is answered."""
    channel, stop = FakeChannel(), asyncio.Event()
    with Desk.open(channel) as desk:
        sending = asyncio.create_task(deliver(desk, stop))
        people = [f"customer-{number}" for number in range(50)]
        names = await asyncio.gather(*(hook(desk, channel, each) for each in people))
        for name in names:
            await asyncio.to_thread(desk.reply, name, "Hello!", by="anna", now=NINE)
        while len(channel.sent) < len(names):
            await asyncio.sleep(0.01)
        stop.set()
        await sending
        print(len(names), "conversations,", len(channel.sent), "answers")


asyncio.run(main())
