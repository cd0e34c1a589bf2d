"""A course as two texts of JSON: what changes with every minute, and what only grows by the hour.

`course_from` gives an equal course back, so whoever goes on from the texts finds what whoever never
stopped would have found. Each text says in which form it is written; one in another form is none.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

import attrs

from socialcare.domain.crisis.baseline import Baseline
from socialcare.domain.crisis.course import Course, Past
from socialcare.domain.crisis.drivers import Commonplace
from socialcare.domain.crisis.observation import Bin, Observation
from socialcare.domain.crisis.policy import CrisisPolicy
from socialcare.domain.crisis.states import CrisisState
from socialcare.domain.crisis.watch import CrisisWatch, Day
from socialcare.domain.crisis.windows import Past as Minute
from socialcare.domain.crisis.windows import Windows

SCHEMA = "socialcare.crisis/1"


def recent_text(course: Course) -> str:
    """What changes with every minute: the detector, and the minutes of the hour."""
    return _written(
        {
            "schema": SCHEMA,
            "closed": course.closed,
            "bins": _bins(course.bins),
            "watch": None if course.watch is None else _watch(course.watch),
            "said": course.said.value,
        }
    )


def past_text(course: Course) -> str:
    """What grows by the hour: the counts, and what messages usually have."""
    past = course.past
    return _written(
        {
            "schema": SCHEMA,
            "past": None
            if past is None
            else {
                "start": past.start,
                "dropped": past.dropped,
                "counts": [" ".join(map(str, each)) for each in past.counts],
                "commonplace": _commonplace(past.commonplace),
                "fresh": _commonplace(past.fresh),
            },
        }
    )


def course_from(recent: str, past: str, policy: CrisisPolicy) -> Course | None:
    """The course that these texts hold; None if they are in a form that is not ours.

    Args:
        recent: As `recent_text` wrote it.
        past: As `past_text` wrote it.
        policy: The policy that it was made with.
    """
    now, before = json.loads(recent), json.loads(past)
    if (now.get("schema"), before.get("schema")) != (SCHEMA, SCHEMA):
        return None
    return Course(
        policy=policy,
        past=None if before["past"] is None else _past_from(before["past"]),
        bins=_bins_from(now["bins"]),
        closed=now["closed"],
        watch=None if now["watch"] is None else _watch_from(now["watch"], policy),
        said=CrisisState(now["said"]),
    )


def _written(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


# What came


def _observation(one: Observation) -> list[Any]:
    return [
        one.id,
        one.at.isoformat(),
        one.author,
        list(one.fingerprint),
        int(one.negative),
        sorted(one.topics),
        one.link,
        one.new_account,
        list(one.terms),
        one.post,
        one.place,
    ]


def _observation_from(given: list[Any]) -> Observation:
    id_, at, author, prints, negative, topics, link, new, terms, post, place = given
    return Observation(
        id=id_,
        at=datetime.fromisoformat(at),
        author=author,
        fingerprint=tuple(prints),
        negative=bool(negative),
        topics=topics,
        link=link,
        new_account=new,
        terms=tuple(terms),
        post=post,
        place=place,
    )


def _bin(each: Bin) -> list[Any]:
    return [list(each.counts), each.size, [_observation(one) for one in each.sample]]


def _bin_from(given: list[Any]) -> Bin:
    counts, size, sample = given
    return Bin(tuple(counts), size, tuple(_observation_from(one) for one in sample))


def _bins(bins: Mapping[int, Bin]) -> list[list[Any]]:
    return [[minute, _bin(bins[minute])] for minute in sorted(bins)]


def _bins_from(given: Iterable[list[Any]]) -> Mapping[int, Bin]:
    return MappingProxyType({minute: _bin_from(each) for minute, each in given})


# The past


def _commonplace(known: Commonplace) -> Mapping[str, Any]:
    counts = [[*part, count] for part, count in sorted(known.counts.items())]
    return {"messages": known.messages, "counts": counts}


def _commonplace_from(given: Mapping[str, Any]) -> Commonplace:
    counts = {(kind, name): count for kind, name, count in given["counts"]}
    return Commonplace(messages=given["messages"], counts=MappingProxyType(counts))


def _past_from(given: Mapping[str, Any]) -> Past:
    return Past(
        start=given["start"],
        dropped=given["dropped"],
        counts=tuple(tuple(map(int, each.split())) for each in given["counts"]),
        commonplace=_commonplace_from(given["commonplace"]),
        fresh=_commonplace_from(given["fresh"]),
    )


# The detector


def _watch(watch: CrisisWatch) -> Mapping[str, Any]:
    return {
        "baselines": [each.to_mapping() for each in watch.baselines],
        "windows": _windows(watch.windows),
        "closed": watch.closed,
        "open": _bins(watch.open),
        "late": sorted(watch.late),
        "state": watch.state.value,
        "since": watch.since.isoformat(),
        "muted": watch.muted,
        "flooded": None if watch.flooded is None else watch.flooded.isoformat(),
        "fresh": watch.fresh,
        "day": list(attrs.astuple(watch.day)),
    }


def _watch_from(given: Mapping[str, Any], policy: CrisisPolicy) -> CrisisWatch:
    minutes, seen, usual = given["day"]
    flooded = given["flooded"]
    return CrisisWatch(
        policy=policy,
        baselines=tuple(Baseline.from_mapping(each) for each in given["baselines"]),
        windows=_windows_from(given["windows"], policy),
        closed=given["closed"],
        open=_bins_from(given["open"]),
        late=frozenset(given["late"]),
        state=CrisisState(given["state"]),
        since=datetime.fromisoformat(given["since"]),
        muted=given["muted"],
        flooded=None if flooded is None else datetime.fromisoformat(flooded),
        fresh=given["fresh"],
        day=Day(minutes, tuple(seen), tuple(usual)),
    )


def _windows(windows: Windows) -> Mapping[str, Any]:
    return {
        "minutes": [
            [
                _bin(each.came) if each.came.size else 0,
                list(each.rates),
                each.size_before,
                list(each.counts_before),
                list(each.usual_before),
            ]
            for each in windows.minutes
        ],
        "size": windows.size,
        "counts": list(windows.counts),
        "usual": list(windows.usual),
    }


def _windows_from(given: Mapping[str, Any], policy: CrisisPolicy) -> Windows:
    blank = Bin((0,) * len(policy.series))
    return attrs.evolve(
        Windows.empty(policy),
        minutes=tuple(
            Minute(
                _bin_from(came) if came else blank, tuple(rates), size, tuple(counts), tuple(usual)
            )
            for came, rates, size, counts, usual in given["minutes"]
        ),
        size=given["size"],
        counts=tuple(given["counts"]),
        usual=tuple(given["usual"]),
    )
