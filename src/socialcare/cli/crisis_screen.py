"""What a crisis plan would have found, and what is wrong with one, on a terminal."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from socialcare.analytics import formats
from socialcare.analytics.crisis_replay import CrisisReplay
from socialcare.cli import rows
from socialcare.cli.screen import print_table
from socialcare.cli.terminal import seen
from socialcare.domain.crisis.drivers import Driver
from socialcare.domain.crisis.plan import CrisisPlan
from socialcare.domain.crisis.plan_check import Finding

_DRIVERS = 6
"""How many drivers are printed for an alarm; the file has them all."""


def show_replay(console: Console, found: CrisisReplay) -> None:
    """Print every alarm with what it was made of, and every flood."""
    zone = ZoneInfo(found.plan.policy.timezone)
    _head(console, found, zone)
    lines = [
        (
            _moment(each.at, zone),
            "" if each.ended is None else _moment(each.ended, zone),
            each.state.value,
            seen(each.reason),
            seen(_said(each.drivers)),
        )
        for each in found.found.alarms
    ]
    headings = ("alarm", "over", "state", "why", "in common")
    print_table(console, headings, lines, left=(0, 1, 2, 3, 4), whole=1)
    floods = [
        (_moment(each.at, zone), seen(each.rise.words(zone.key)), each.voices.words)
        for each in found.found.floods
    ]
    print_table(console, ("flood", "what came", "who wrote"), floods, left=(0, 1, 2), whole=1)


def _head(console: Console, found: CrisisReplay, zone: ZoneInfo) -> None:
    """Print what was watched, what was not, and how many alarms chance would bring."""
    its = found.found
    days = (its.until - its.since) / timedelta(days=1)
    since, until = (_moment(each, zone) for each in (its.since, its.until))
    head = f"{seen(found.quality.source)}: {found.messages:,} messages by customers"
    console.print(Text(head, "bold"))
    console.print(
        Text(
            f"Watched from {since} to {until} ({found.plan.policy.timezone}), {days:,.1f} days, "
            f"by {seen(found.plan.name)} {seen(found.plan.version)}."
        )
    )
    if found.stray:
        others = rows.plain(formats.plural(found.stray, "message"))
        console.print(Text(f"Left out: {others} before or after two weeks of silence."))
    if found.not_watched:
        console.print(Text("Nobody says how messages sound, so what sounds bad was not watched."))
    alarms = rows.plain(formats.plural(len(its.alarms), "alarm"))
    chance = rows.plain(formats.share(its.chance_of(len(its.alarms))))
    console.print(
        Text(
            f"{alarms}, where the policy allows {its.allowed:,.2f} false ones; "
            f"so many or more come by chance with {chance}."
        )
    )


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return rows.plain(formats.moment(at, zone))


def _said(drivers: Iterable[Driver]) -> str:
    ranked = sorted(drivers, key=lambda each: (-each.score, each.kind, each.name))
    return ", ".join(f"{each.kind} {each.name}" for each in ranked[:_DRIVERS])


def show_findings(console: Console, plan: CrisisPlan, found: Sequence[Finding]) -> None:
    """Print what is missing from a plan, or of no use in it."""
    many = rows.counted(len(found), "finding")
    console.print(Text(f"{seen(plan.name)} {seen(plan.version)}: {many}", "bold"))
    lines = [(each.code.value, seen(each.where), seen(each.said)) for each in found]
    print_table(console, ("finding", "where", "it"), lines, left=(0, 1, 2), whole=2)
