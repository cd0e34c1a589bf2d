"""A desk in a few lines: a question comes in, is answered, and its history is kept."""

import sys
from datetime import UTC, datetime, timedelta

from socialcare.desk.desk import Desk
from socialcare.domain.message import Author, Message
from socialcare.testing.fake_channel import FakeChannel

nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
question = Message(
    id="1",
    text="Where is my parcel?",
    sent_at=nine,
    direction="inbound",
    author=Author(id="ada", role="customer"),
    customer_id="ada",
    channel="fake",
)

with Desk.open(sys.argv[1] if len(sys.argv) > 1 else "memory:", FakeChannel()) as desk:
    for receipt in desk.receive([question, question], now=nine):
        print(receipt.outcome, receipt.conversation)

    [waiting] = desk.queue()
    print("waiting since", waiting.waiting_since)

    now = nine + timedelta(minutes=7)
    desk.assign(waiting.id, "anna", by="anna", now=now)
    desk.reply(waiting.id, "It arrives today.", by="anna", now=now)
    desk.deliver(now=now)

    for message in desk.conversation(waiting.id).messages:
        print(f"{message.sent_at:%H:%M:%S} {message.author.id}: {message.text}")
    for summary in desk.history("ada"):
        print(summary.id, summary.state, summary.agent_id)
