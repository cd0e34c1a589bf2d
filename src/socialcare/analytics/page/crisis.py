"""The page of a crisis replay: what a policy would have found, when, and what it was made of."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import PurePath
from zoneinfo import ZoneInfo

from socialcare.analytics import crisis_charts, formats
from socialcare.analytics.crisis_replay import CrisisReplay
from socialcare.analytics.page.contents import made_by
from socialcare.analytics.page.figures import Drawer
from socialcare.analytics.page.parts import (
    Card,
    Cards,
    Cell,
    Column,
    Figure,
    Missing,
    Page,
    Part,
    Section,
    Table,
    Words,
    listing,
    number,
    text,
)
from socialcare.domain.crisis.drivers import Driver
from socialcare.domain.crisis.replay import Alarm, Point
from socialcare.domain.crisis.windows import series_words

__all__ = ["page"]

_BY_DAYS = timedelta(days=14)
"""A history longer than this is drawn by days."""
_CLOSE_UPS = 8
_AROUND = timedelta(hours=24)


def page(found: CrisisReplay) -> Page:
    """The page that shows a replay.

    Raises:
        MissingExtra: If the library that draws is not installed.
    """
    drawer = Drawer()
    return Page(
        title="Crisis replay",
        subtitle=formats.name(PurePath(found.quality.source).name or found.quality.source),
        facts=_facts(found),
        sections=(
            _glance(found, drawer),
            _alarms(found, drawer),
            _floods(found),
            _measured(found),
        ),
        made_by=made_by(),
    )


def _zone(found: CrisisReplay) -> ZoneInfo:
    return ZoneInfo(found.plan.policy.timezone)


def _facts(found: CrisisReplay) -> tuple[tuple[str, str], ...]:
    zone = _zone(found)
    return (
        ("Policy", f"{formats.name(found.plan.name)} {formats.name(found.plan.version)}"),
        ("Customers' messages", formats.count(found.messages)),
        (
            "Watched",
            " to ".join(
                formats.moment(each, zone) for each in (found.found.since, found.found.until)
            ),
        ),
        ("Time zone", found.plan.policy.timezone),
    )


def _glance(found: CrisisReplay, drawer: Drawer) -> Section:
    return Section(
        id="glance",
        title="At a glance",
        lead="What the policy would have found, had it watched.",
        parts=listing(_cards(found), *_not_watched(found), _overview(found, drawer)),
    )


def _cards(found: CrisisReplay) -> Cards:
    its, days = found.found, found.plan.policy.false_alarm_every / timedelta(days=1)
    many = len(its.alarms)
    watched = (its.until - its.since) / timedelta(days=1)
    return Cards(
        cards=(
            Card(
                title="Alarms",
                value=formats.count(many),
                facts=(
                    ("watched", f"{watched:,.1f} days"),
                    ("so many by chance alone", formats.share(its.chance_of(many))),
                ),
                hint="Crises that would have been suspected, or declared at once",
            ),
            Card(
                title="False alarms allowed",
                value=f"{its.allowed:,.2f}",
                facts=(("one in", f"{days:,.0f} days"),),
                hint="By the policy, on average in the time that was watched",
            ),
            Card(
                title="Floods",
                value=formats.count(len(its.floods)),
                hint="Rises that too few people brought to be a crisis",
            ),
        )
    )


def _not_watched(found: CrisisReplay) -> Iterator[Part]:
    if found.not_watched:
        why = "Nobody says how the messages sound: the export has no sentiment, and no classifier."
        yield Missing(what="What sounds bad was not watched.", why=why)


def _overview(found: CrisisReplay, drawer: Drawer) -> Part:
    zone, series = _zone(found), found.plan.policy.series[0]
    points = [each for each in found.found.points if each.series == series]
    if not points:
        why = "Less than a full hour was watched."
        return Missing(what="Nothing to draw.", why=why)
    is_long = found.found.until - found.found.since > _BY_DAYS
    lines = (crisis_charts.days if is_long else crisis_charts.hours)(points, zone)
    alarms = crisis_charts.alarm_table(found.found.alarms, zone, found.found.until)
    unit, each_ = ("day", "a day") if is_long else ("hour", "an hour")
    busiest = max(points, key=lambda each: each.count)
    return drawer.figure(
        lambda width: crisis_charts.counts(lines, alarms, f"{_title(series)} {each_}", width=width),
        id="overview",
        title=f"{_title(series)} by {unit}, beside the usual",
        alt=f"{_title(series)} by {unit} beside what is usual, with "
        f"{formats.plural(len(found.found.alarms), 'alarm')} marked. The busiest hour ends at "
        f"{formats.moment(busiest.end, zone)}, with {formats.count(busiest.count)} where "
        f"{busiest.expected:,.1f} are usual.",
        note="A red line is an alarm, and what is shaded is how long it lasted.",
    )


def _title(series: str) -> str:
    name = formats.name(series_words(series))
    return f"{name[0].upper()}{name[1:]}"


# Alarms


def _alarms(found: CrisisReplay, drawer: Drawer) -> Section:
    alarms = found.found.alarms
    shown = alarms[:_CLOSE_UPS]
    return Section(
        id="alarms",
        title="Alarms",
        lead="When, why, and what the messages have in common more than usual ones.",
        parts=listing(
            _alarm_table(found) if alarms else Missing(what="No alarm.", why="All was as usual."),
            *(_close_up(found, place, each, drawer) for place, each in enumerate(shown)),
        ),
    )


def _alarm_table(found: CrisisReplay) -> Table:
    zone = _zone(found)
    return Table(
        id="alarm-list",
        caption="Every alarm, in order",
        columns=(
            Column(title="When", numeric=False),
            Column(title="Over", numeric=False),
            Column(title="State", numeric=False),
            Column(title="Why", numeric=False),
            Column(title="People", hint="How much of the count are people, as far as can be told"),
            Column(title="What they have in common", numeric=False),
        ),
        rows=tuple(
            (
                text(formats.moment(each.at, zone)),
                text("not yet" if each.ended is None else formats.moment(each.ended, zone)),
                text(each.state.value),
                _sentence(each.reason),
                number(each.genuine, formats.count),
                _drivers(each.drivers),
            )
            for each in found.found.alarms
        ),
    )


def _sentence(said: str) -> Cell:
    shown = formats.visible(said)
    return Cell(text=shown, order=shown, data=True)


def _drivers(drivers: tuple[Driver, ...]) -> Cell:
    said = ", ".join(f"{each.kind} {each.name} ({each.count})" for each in drivers)
    return Cell(text=formats.visible(said) or "nothing", quiet=not drivers, data=True)


def _close_up(found: CrisisReplay, place: int, alarm: Alarm, drawer: Drawer) -> Figure | None:
    zone, series = _zone(found), alarm.rise.series
    end = min(alarm.ended or alarm.at + _AROUND, alarm.at + 3 * _AROUND) + _AROUND / 2
    points = [each for each in found.found.points if _is_near(each, alarm, end)]
    if len(points) < 2:
        return None
    lines = crisis_charts.hours(points, zone)
    marks = crisis_charts.alarm_table([alarm], zone, found.found.until)
    is_share = alarm.rise.of is not None
    title = _title(series) if is_share else f"{_title(series)} an hour"
    return drawer.figure(
        lambda width: crisis_charts.counts(lines, marks, title, width=width, share=is_share),
        id=f"alarm-{place + 1}",
        title=f"{formats.moment(alarm.at, zone)}: {_title(series).lower()}",
        alt=f"{title} beside what is usual and what would be worth an alarm. {alarm.reason}",
        numbers=_numbers(place, points, found),
        note="What is worth an alarm is drawn for an hour; shorter and longer windows were looked "
        "at too.",
    )


def _is_near(point: Point, alarm: Alarm, end: datetime) -> bool:
    return point.series == alarm.rise.series and alarm.at - _AROUND <= point.start <= end


def _numbers(place: int, points: list[Point], found: CrisisReplay) -> Table:
    zone = _zone(found)
    return Table(
        id=f"alarm-{place + 1}-numbers",
        caption="The same as numbers",
        columns=(
            Column(title="Until", numeric=False),
            *(Column(title=title) for title in ("Came", "Usual", "Worth an alarm")),
        ),
        rows=tuple(
            (
                text(formats.moment(each.end, zone)),
                number(each.count, formats.count),
                number(each.expected, "{:,.1f}".format),
                number(each.threshold, formats.count),
            )
            for each in points
        ),
    )


# Floods, and how it was counted


def _floods(found: CrisisReplay) -> Section:
    zone, floods = _zone(found), found.found.floods
    return Section(
        id="floods",
        title="Floods",
        lead="Much that few wrote, or accounts made for it: no crisis.",
        parts=(
            Table(
                id="flood-list",
                caption="Every flood, in order",
                columns=(
                    Column(title="When", numeric=False),
                    Column(title="What came", numeric=False),
                    Column(title="Who wrote", numeric=False),
                ),
                rows=tuple(
                    (
                        text(formats.moment(each.at, zone)),
                        _sentence(each.rise.words(zone.key)),
                        text(each.voices.words),
                    )
                    for each in floods
                ),
            )
            if floods
            else Missing(what="No flood.", why="No rise was brought by a few."),
        ),
    )


def _measured(found: CrisisReplay) -> Section:
    policy = found.plan.policy
    series = ", ".join(formats.name(series_words(each)) for each in policy.series)
    history = policy.history / timedelta(days=1)
    by = ", ".join(found.classifiers) or "nobody but the export itself"
    learnt = (
        f"The first {history:g} days were only learnt from; once a week what is usual was learnt "
        "anew, and nothing was judged by what came after it."
    )
    shared = "All that is watched shares the false alarms that the policy allows."
    heard = (
        f"How messages sound was said by {by}: of {formats.count(found.scored)} of "
        f"{formats.plural(found.messages, 'message')}."
    )
    return Section(
        id="measured",
        title="How it was counted",
        parts=(Words(listed=True, sentences=(f"Watched were {series}.", learnt, shared, heard)),),
    )
