"""A day at an airline's desk: what goes to whom, by when, who approves it, and what is said.

The documents in `examples/airline` say all of that; this only tells the desk what happens.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from socialcare import Actor, Desk
from socialcare.domain.message import Author, Message
from socialcare.errors import ApprovalNeeded, NotAllowedNow
from socialcare.testing.fake_channel import FakeChannel

AIRLINE = Path(__file__).with_name("airline")
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Watch:
    """What the clock on the wall shows."""

    now = NINE

    def at(self, minutes: int) -> datetime:
        """So many minutes after nine, which it is now."""
        self.now = NINE + timedelta(minutes=minutes)
        return self.now


WATCH = Watch()
at = WATCH.at
X = FakeChannel("x", clock=lambda: WATCH.now)


def writes(name: str, text: str, minutes: int) -> Message:
    """What a passenger writes to the airline in public."""
    return X.says(
        Message(
            id=f"{name}-{minutes}",
            text=text,
            sent_at=at(minutes),
            direction="inbound",
            author=Author(id=name, role="customer"),
            customer_id=name,
            channel="x",
        )
    )


def main() -> None:
    """Go through the day."""
    desk = Desk.open(
        X,
        escalation=AIRLINE / "map.toml",
        rota=AIRLINE / "rota.toml",
        deadlines=AIRLINE / "policy.toml",
        playbook=AIRLINE / "playbook.toml",
        crisis=AIRLINE / "crisis.toml",
    )
    anna, saskia = Actor(id="anna"), Actor(id="saskia", roles=["safety"])

    print("-- 09:00 two passengers write, and the queue says who is next and why")
    bag = writes("ada", "Where is my suitcase? It did not arrive with me.", 0)
    smoke = writes("ben", "There was smoke in the cabin of our plane!", 1)
    receipts = desk.receive([bag, smoke], now=at(2))
    for waiting in desk.queue():
        print(waiting.id, waiting.priority, waiting.team_id)
    lost, fire = (receipt.conversation or "" for receipt in receipts)
    print(desk.explain(fire))

    print("-- 09:03 an agent must not answer the second, and is told who does")
    try:
        desk.reply(fire, "Nothing to worry about.", by=anna, now=at(3))
    except NotAllowedNow as refused:
        print(refused)

    print("-- 09:04 the playbook looks at an answer to the first before it is sent")
    hasty = "Calm down! Send us your phone number and your passport number here."
    for finding in desk.check(lost, hasty, by=anna, now=at(4)):
        print(f"{finding.severity} {finding.code}: {finding.reason}")
    print("-- 09:05 this one may go")
    desk.reply(
        lost,
        "I'm sorry, Ada. Please send us the number on your bag tag in a private message, "
        "and I'll look for your suitcase right away. ^AN",
        by=anna,
        now=at(5),
    )
    desk.deliver(now=at(5))
    print([reply.text[:15] for reply in X.sent])

    print("-- 09:07 nobody took the second in five minutes, so it goes on")
    for event in desk.watch(now=at(8)):
        print(type(event).__name__, getattr(event, "level", ""))
    desk.take(fire, by=saskia, now=at(9))

    print("-- 09:10 what safety says needs press and legal, who approve these very words")
    words = "Everybody on board is safe. The crew is trained for this and will help you. ^SK"
    try:
        desk.reply(fire, words, by=saskia, now=at(10))
    except ApprovalNeeded as needed:
        print(needed)
    draft = desk.draft(fire, words, by=saskia, now=at(10))
    for approver, role in (("paula", "pr"), ("lena", "legal")):
        by = Actor(id=approver, roles=[role])
        draft = desk.approve(fire, draft.id, seal=draft.seal, by=by, now=at(12))
        print(approver, draft.state)
    desk.deliver(now=at(12))
    print([reply.text[:15] for reply in X.sent])

    print("-- 11:00 all flights are grounded: one status for all, and nobody fills the line")
    names = [f"passenger{number}" for number in range(30)]
    desk.receive([writes(name, "All flights cancelled?!", 120) for name in names], now=at(121))
    desk.declare_crisis(by="dina", now=at(122), reason="snow at the hub")
    issue = desk.open_issue("flights are grounded", topic="grounded", by="dina", now=at(123))
    print(len(desk.affected(issue.id)), "affected,", len(desk.queue()), "in the line")
    holding = desk.holding_message("x", language="en")
    if holding is not None:
        print(holding.text.shown({"what": "snow has grounded our flights"}))

    print("-- in the evening: what was promised, and what was kept")
    for clock in desk.clocks(fire, now=at(600)):
        print(clock.target, clock.state, clock.elapsed, "of", clock.promised)


if __name__ == "__main__":
    main()
