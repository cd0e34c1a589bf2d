"""What happens in the four weeks: who writes when, about what, and how it goes on.

What a reader of the numbers should find again: a morning of outage, weekends on which nobody
answers until the hours change, one agent who is slower than the rest, moods that turn when the
answer comes soon, and people who are taken aside and thanked in public.
"""

from bisect import bisect_right
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

from northline.desk import Desk, is_outage
from northline.figures import (
    CONVERSATION_LENGTHS,
    FORUM_LENGTHS,
    HOUR_OF_WEEK_SHARES,
    UNANSWERED_ON_FORUM,
)
from northline.row import Row
from northline.talk import Customer, Talk
from northline.world import (
    CHANNELS,
    DAYS,
    END,
    FIRST_DAY,
    HOUR,
    MINUTE,
    OUTAGE,
    SECOND,
    START,
    at,
)

CONVERSATIONS = 1_600
_OUTAGE_CROWD = 9.0
_HOLIDAY = date(2026, 4, 3)
_TOPICS = {
    "delay": (0.27, ("late", "missed_connection", "information")),
    "cancellation": (0.12, ("crew", "signalling", "ticket_validity")),
    "refund": (0.19, ("status", "how_to_claim", "amount")),
    "lost_property": (0.07, ("lost", "found")),
    "booking": (0.15, ("change", "confirmation", "fares")),
    "app": (0.12, ("sign_in", "payment", "ticket")),
    "accessibility": (0.04, ("assistance", "station")),
    "praise": (0.04, ("staff", "service")),
}
_OUTAGE_TOPICS = {"delay": 0.5, "cancellation": 0.3, "app": 0.2}
_MOODS = {"praise": 0.65, "booking": -0.02, "lost_property": -0.1, "accessibility": -0.3}
_LANGUAGES = {"en": 0.8, "de": 0.12, "fr": 0.08}
_UNANSWERED = {"forum": UNANSWERED_ON_FORUM, "chat": 0.02, "email": 0.01}


def told(seed: int, hours: Path) -> Desk:
    """The desk after four weeks: every message, in the order of writing."""
    desk = Desk(Random(seed), hours)
    customers: list[Customer] = []
    for start in _starts(desk.random):
        talk = _begun(desk, customers, start)
        _played(talk, customers)
    _announce(desk)
    desk.rows.sort(key=lambda row: row.order)
    return desk


# --- when, who, about what --------------------------------------------------------------


def _starts(random: Random) -> list[int]:
    """When conversations begin, following the measured hours of the week."""
    hours = [START + n * HOUR for n in range((END - START) // HOUR)]
    reach = list(accumulate(_demand(hour) for hour in hours))
    drawn = (random.random() * reach[-1] for _ in range(CONVERSATIONS))
    found = (hours[bisect_right(reach, one)] for one in drawn)
    return sorted(hour + int(random.random() * HOUR) // SECOND * SECOND for hour in found)


def _demand(hour: int) -> float:
    """How much is asked in the hour that begins at this instant."""
    day = FIRST_DAY + timedelta(days=max(n for n in range(DAYS) if at(_day(n)) <= hour))
    local = min((hour - at(day)) // HOUR, 23)
    # The measured forum is busiest in America's working hours: two hours earlier suits Britain.
    share = HOUR_OF_WEEK_SHARES[day.weekday()][min(local + 2, 23)]
    quiet = 0.5 if day == _HOLIDAY else 0.35 if local < 6 else 1.0
    return share * quiet * (_OUTAGE_CROWD if is_outage(hour) else 1.0)


def _day(number: int) -> date:
    return FIRST_DAY + timedelta(days=number)


def _begun(desk: Desk, customers: list[Customer], start: int) -> Talk:
    random, outage = desk.random, is_outage(start)
    shares = {name: one.share for name, one in CHANNELS.items()}
    if outage:
        shares |= {"x": 0.9, "mastodon": 0.25}
    return Talk(
        desk,
        customer=_customer(random, customers),
        channel=_drawn(random, shares),
        topic=_topic(random, outage=outage),
        now=start,
    )


def _customer(random: Random, customers: list[Customer]) -> Customer:
    """Somebody new, or one of twelve times somebody who wrote before."""
    if customers and random.random() < 0.12:
        return random.choice(customers)
    number = 20_417 + 7 * len(customers)
    customers.append(Customer(id=f"c{number}", language=_drawn(random, _LANGUAGES)))
    return customers[-1]


def _topic(random: Random, *, outage: bool) -> tuple[str, str]:
    shares = _OUTAGE_TOPICS if outage else {name: one[0] for name, one in _TOPICS.items()}
    category = _drawn(random, shares)
    return category, random.choice(_TOPICS[category][1])


def _drawn(random: Random, shares: dict[str, float]) -> str:
    return random.choices(list(shares), list(shares.values()))[0]


# --- how it goes on ---------------------------------------------------------------------


def _played(talk: Talk, customers: list[Customer]) -> None:
    desk = talk.desk
    if talk.channel in {"x", "instagram"} and desk.happens(0.06):
        _mentioned(talk)
    elif talk.channel in {"email", "chat"} and desk.happens(0.05):
        _written_to(talk)
    else:
        _asked(talk, customers)


def _mentioned(talk: Talk) -> None:
    """Somebody speaks about Northline, not to it; now and then it says something nice."""
    talk.mood = 0.0
    flags = {"indirect": True, "needs_response": False, "merits_attention": talk.desk.happens(0.4)}
    talk.customer_says("mention", flags=flags)
    if talk.desk.happens(0.4):
        talk.now = talk.answer_due()
        talk.agent_says("praise", group="answers")


def _written_to(talk: Talk) -> None:
    """Northline writes first."""
    talk.now = talk.answer_due()
    talk.agent_says("proactive")
    if talk.desk.happens(0.6):
        talk.thinks()
        talk.customer_says("detail" if talk.desk.happens(0.4) else "thanks")
        if talk.desk.happens(0.8):
            _answered(talk, last=True)


def _asked(talk: Talk, customers: list[Customer]) -> None:
    """A customer asks, and what follows."""
    desk = talk.desk
    flags = {"needs_response": talk.category != "praise"}
    mood = _MOODS.get(talk.category, -0.35) - (0.2 if is_outage(talk.now) else 0.0)
    talk.opens(mood, flags=flags)
    if desk.happens(0.09):
        talk.passes(0.5, 3)
        talk.customer_says("follow_on", parent=talk.opening)
    if talk.channel in {"x", "mastodon"} and is_outage(talk.now) and desk.happens(0.25):
        _joined_by_another(talk, customers)
    if talk.channel in {"email", "chat"} and not desk.hours.is_open(talk.now):
        talk.now += 2 * SECOND
        talk.machine_says("away")
    if talk.channel == "forum" and desk.happens(0.4):
        talk.passes(8, 400)
        talk.peer_answers(desk.random.choice(customers[: len(customers) // 2 + 1]).id + "p")
        if desk.happens(0.3):
            talk.thinks()
            talk.mood = 0.5
            talk.customer_says("thanks", flags={"needs_response": False})
            return
    _went_on(talk)


def _joined_by_another(talk: Talk, customers: list[Customer]) -> None:
    """Another customer joins the public thread; it is a conversation of their own."""
    other = Talk(
        talk.desk,
        customer=_customer(talk.desk.random, customers),
        channel=talk.channel,
        topic=(talk.category, talk.subcategory),
        now=talk.now + talk.desk.between(1, 25),
    )
    other.mood = -0.5
    said = talk.desk.words.say("customers", "same_here", other.customer.language)
    other.customer_writes(said, parent=talk.opening)
    if talk.desk.happens(0.85):
        _answered(other, last=True)


def _went_on(talk: Talk) -> None:
    desk = talk.desk
    chance = _UNANSWERED.get(talk.channel, 0.03) + (0.08 if is_outage(talk.now) else 0.0)
    if desk.happens(chance):
        if desk.happens(0.4):
            talk.passes(200, 1_500)
            talk.customer_says("chase")
        return
    lengths = FORUM_LENGTHS if talk.channel == "forum" else CONVERSATION_LENGTHS
    length = desk.random.choices(list(lengths), list(lengths.values()))[0]
    turns = max(1, length // 2)
    if CHANNELS[talk.channel].public and talk.channel != "forum" and desk.happens(0.3):
        _taken_aside(talk, turns)
    elif talk.channel in {"x", "instagram", "forum"} and desk.happens(0.05):
        _sent_to_email(talk)
    else:
        _turns(talk, turns)
    _ended(talk)


def _turns(talk: Talk, turns: int) -> None:
    for turn in range(turns):
        _answered(talk, last=turn == turns - 1)
        if turn < turns - 1:
            talk.thinks()
            talk.customer_says("unhappy" if talk.mood < -0.4 else "detail")


def _answered(talk: Talk, *, last: bool) -> None:
    """An answer, with what happens while the customer waits for it."""
    desk, due = talk.desk, talk.answer_due()
    waited = due - talk.now
    if waited > 2 * HOUR and desk.happens(0.22):
        asked = talk.now
        talk.now += int(waited * (0.3 + 0.5 * desk.random.random()))
        talk.customer_says("chase")
        talk.now = max(talk.now, asked)
    if waited > 2 * MINUTE and desk.happens(0.1):
        talk.now = due - desk.between(0.5, 1.5)
        talk.agent_notes()
    talk.now = due
    if last or desk.happens(0.5):
        talk.agent_says(talk.category, group="answers")
    else:
        talk.agent_says("ask")


def _taken_aside(talk: Talk, turns: int) -> None:
    """From the public into private, and perhaps back to say that it is done."""
    desk, channel = talk.desk, talk.channel
    if desk.happens(0.25):
        talk.passes(0.5, 4)
        talk.customer_says("wants_private", flags={"redirect_requested": True})
    talk.now = talk.answer_due()
    talk.agent_says("to_private", flags={"redirected": True})
    if not desk.happens(0.82):
        return
    talk.thinks()
    talk.moves_to(channel, "private")
    talk.customer_says("private")
    _turns(talk, turns)
    if desk.happens(0.5):
        talk.passes(2, 40)
        talk.moves_to(channel, "public")
        talk.agent_says("close_public", parent=talk.opening)


def _sent_to_email(talk: Talk) -> None:
    talk.now = talk.answer_due()
    talk.agent_says("to_email", flags={"redirected": True})
    if talk.desk.happens(0.6):
        talk.passes(5, 300)
        talk.moves_to("email", "private")
        talk.opens(talk.mood)
        _turns(talk, 1)


def _ended(talk: Talk) -> None:
    """Thanks, or not; a survey; and some come back."""
    desk = talk.desk
    if talk.waiting_since is None and desk.happens(0.5 if talk.mood > 0 else 0.15):
        talk.thinks()
        talk.mood = max(talk.mood, 0.55)
        talk.customer_says("thanks", flags={"needs_response": False})
        if desk.happens(0.35):
            talk.now = talk.answer_due()
            talk.agent_says("close")
    if talk.channel == "chat" and desk.happens(0.6):
        talk.now += 90 * SECOND
        talk.machine_says("survey")
    if desk.happens(0.05):
        talk.passes(1_600, 8_500)
        talk.mood = -0.45
        talk.customer_says("back")
        if desk.happens(0.85):
            _answered(talk, last=True)


def _announce(desk: Desk) -> None:
    """News for everybody on the day of the outage: no customer's conversation."""
    for channel in ("x", "mastodon"):
        for number in range(6):
            sent = OUTAGE[0] + 40 * MINUTE + number * 84 * MINUTE + desk.between(0, 9)
            desk.keep(
                Row(
                    message_id=desk.new_id(channel, sent, ours=True),
                    sent=sent // SECOND * SECOND,
                    received=desk.received(channel, sent),
                    direction="outbound",
                    customer_id=None,
                    agent_id="anna" if number % 2 else "chloe",
                    team_id="social",
                    account=CHANNELS[channel].account,
                    channel=channel,
                    visibility="public",
                    author_role="agent",
                    language="en",
                    category="delay",
                    subcategory="information",
                    text=desk.words.say("agents", "broadcast", "en"),
                )
            )
