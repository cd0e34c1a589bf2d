"""What became of each conversation: one row each, for those in which a customer wrote."""

from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from socialcare.analytics.engine.arrays import Flags, Ints
from socialcare.analytics.engine.measurement import Measurement
from socialcare.analytics.engine.resolutions import grateful
from socialcare.analytics.engine.traits import AUTOMATED, NOTE, PEER, PRIVATE, has
from socialcare.analytics.engine.waits import CUSTOMER
from socialcare.domain.sentiment import NEGATIVE_AT_MOST, POSITIVE_AT_LEAST

Column: TypeAlias = npt.NDArray[Any] | pl.Series


class Outcomes:
    """Looks at the conversations of one measurement, a question at a time.

    Every answer has one entry a conversation in which a customer wrote, in their order.
    """

    def __init__(self, measured: Measurement) -> None:
        self.measured = measured
        self.threads = measured.threads
        self.order = self.threads.order
        self.number: Ints = np.flatnonzero(measured.opening >= 0)
        self.opening: Ints = measured.opening[self.number]
        self.answers = self.after_opening(measured.events.answered)

    @cached_property
    def opened(self) -> Ints:
        """The second of the first customer message."""
        return self.threads.second[self.opening]

    def after_opening(self, places: Ints) -> Ints:
        """Those places that come after their conversation's opening."""
        opening = self.measured.opening[self.threads.conversation[places]]
        return places[np.flatnonzero((opening >= 0) & (places > opening))]

    def first(self, places: Ints) -> Ints:
        """The first of some places in each conversation, or -1."""
        return self.threads.first(places)[self.number]

    def last(self, places: Ints) -> Ints:
        """The last of some places in each conversation, or -1."""
        return self.threads.last(places)[self.number]

    @cached_property
    def first_response(self) -> Ints:
        """The place of the first response to the customer, or -1."""
        return self.first(self.answers)

    @cached_property
    def last_response(self) -> Ints:
        """The place of the last response to the customer, or -1."""
        return self.last(self.answers)

    def responses_until(self, end: Ints) -> tuple[Ints, Ints]:
        """How many responses to the customer came until each second, and the last one's place."""
        answers, threads = self.answers, self.threads
        ends = np.zeros(len(threads), np.int64)
        ends[self.number] = end
        timely = threads.second[answers] <= ends[threads.conversation[answers]]
        counted = answers[np.flatnonzero(timely)]
        count = np.bincount(threads.conversation[counted], minlength=len(threads))
        return count[self.number], self.last(counted)

    def column(self, name: str, places: Ints) -> pl.Series:
        """The value of a column at each place; null where the place is -1."""
        return self.measured.column(name, places)

    def where(self, rows: Flags) -> Ints:
        """The places of the rows of the frame that are flagged, ascending."""
        if not rows.any():
            return self.opening[:0]
        return np.flatnonzero(rows[self.order])

    def flagged(self, name: str) -> Ints:
        """The places at which a Boolean column is true."""
        return self.where(self.measured.frame[name].fill_null(value=False).to_numpy())

    def elapsed(self, places: Ints) -> Ints:
        """Seconds from the opening to each place; -1 where the place is -1."""
        return np.where(places < 0, -1, self.threads.second[places] - self.opened)


def outcomes(look: Outcomes) -> dict[str, Column]:
    """Columns with one entry a conversation in which a customer wrote.

    Returns:
        `opened` (second), `customer` (hash), `answered`, and where the data have them the columns
        of the functions below.
    """
    measured = look.measured
    columns: dict[str, Column] = {
        "opened": look.opened,
        "customer": _customers(look),
        "answered": look.first_response >= 0,
        **_privacy(look),
    }
    if measured.policy.costs is not None:
        columns["channel"] = look.column("channel", look.opening)
    if "author_role" in measured.frame.columns:
        columns |= _peers(look)
    if "sentiment" in measured.frame.columns:
        columns |= _sentiment(look)
    if "redirected" in measured.frame.columns:
        columns |= _redirects(look)
    if measured.clock is not None:
        columns["inside_hours"] = measured.clock.is_open(look.opened)
    return columns


def _customers(look: Outcomes) -> Column:
    """Numbers that tell customers apart."""
    columns = look.measured.frame.columns
    if "conversation_id" not in columns:
        # Without given conversations a group is a customer.
        return look.measured.rows.group[look.opening]
    names = look.column("customer_id", look.opening).hash()
    return names ^ look.column("brand", look.opening).hash(1) if "brand" in columns else names


def _privacy(look: Outcomes) -> dict[str, Column]:
    """`began_public`, `went_private`, `to_private` (seconds, -1 if never), `closed_public`."""
    hidden = has(look.threads.traits, PRIVATE | NOTE)
    began_public = ~hidden[look.opening]
    taken = look.first(look.after_opening(look.threads.having(PRIVATE)))
    taken = np.where(began_public, taken, -1)
    last = look.last_response
    return {
        "began_public": began_public,
        "went_private": taken >= 0,
        "to_private": look.elapsed(taken),
        "closed_public": (taken >= 0) & (last > taken) & ~hidden[last],
    }


def _peers(look: Outcomes) -> dict[str, Column]:
    """`peer_first`, `to_peer` and `peer_thanked`.

    They are whether a peer answered before the brand, the seconds to that, -1 where none did, and
    whether the customer thanked before the brand answered.
    """
    peers = look.threads.having(PEER)
    peers = peers[~has(look.threads.traits[peers], NOTE | AUTOMATED)]
    first = look.first(look.after_opening(peers))
    response = look.first_response
    peer_first = (first >= 0) & ((response < 0) | (first < response))
    return {
        "peer_first": peer_first,
        "to_peer": np.where(peer_first, look.elapsed(first), -1),
        "peer_thanked": _thanked(look, look.after_opening(peers)),
    }


def _thanked(look: Outcomes, peers: Ints) -> Flags:
    """Whether the customer thanked after a peer's answer and before any response."""
    threads = look.threads
    told, answered = threads.first(peers), threads.first(look.answers)
    asked = look.where(look.measured.kind == CUSTOMER)
    whose = threads.conversation[asked]
    after = (told[whose] >= 0) & (asked > told[whose])
    before = (answered[whose] < 0) | (asked < answered[whose])
    places = asked[np.flatnonzero(after & before)]
    return look.first(places[grateful(look.measured.frame, threads, places)]) >= 0


def _sentiment(look: Outcomes) -> dict[str, Column]:
    """`sentiment_first`, `sentiment_last` (classes), and `converted`."""
    has_score = look.measured.frame["sentiment"].is_not_null().to_numpy()
    scored = look.where(has_score & (look.measured.kind == CUSTOMER))
    first, last = look.first(scored), look.last(scored)
    began, ended = _class(look.column("sentiment", first)), _class(look.column("sentiment", last))
    response = look.first_response
    between = (response >= 0) & (response < last)
    converted = (began == "negative").to_numpy() & (ended == "positive").to_numpy() & between
    return {"sentiment_first": began, "sentiment_last": ended, "converted": converted}


def _class(score: pl.Series) -> pl.Series:
    it = pl.col("score")
    return score.to_frame("score").select(
        pl.when(it.is_null())
        .then(pl.lit("unknown"))
        .when(it <= NEGATIVE_AT_MOST)
        .then(pl.lit("negative"))
        .when(it >= POSITIVE_AT_LEAST)
        .then(pl.lit("positive"))
        .otherwise(pl.lit("neutral"))
        .alias("class")
    )["class"]


def _redirects(look: Outcomes) -> dict[str, Flags]:
    """`redirected`, and `requested`: whether the customer had asked for it before."""
    told = look.first(np.intersect1d(look.flagged("redirected"), look.measured.events.answered))
    if "redirect_requested" not in look.measured.frame.columns:
        return {"redirected": told >= 0}
    asked = look.first(
        np.intersect1d(look.flagged("redirect_requested"), look.measured.events.asked)
    )
    return {"redirected": told >= 0, "requested": (told >= 0) & (asked >= 0) & (asked < told)}
