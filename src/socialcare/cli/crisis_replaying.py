"""`socialcare crisis replay`: from a plan and exports to what it would have found."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs
import polars as pl

from socialcare.analytics.crisis_replay import crisis_page, crisis_replay
from socialcare.analytics.log import MessageLog
from socialcare.cli import files, options
from socialcare.cli.auditing import asked_classifiers
from socialcare.cli.crisis_screen import show_replay
from socialcare.cli.hearing import checked
from socialcare.cli.reporting import read, steps
from socialcare.cli.terminal import screen
from socialcare.domain.crisis.plan import CrisisPlan
from socialcare.domain.durations import duration
from socialcare.errors import InvalidPolicy, InvalidValue


def run(given: Mapping[str, Any], *, now: datetime) -> None:
    """Do what `socialcare crisis replay` was asked to do.

    Args:
        given: The options, by the names of the command's parameters.
        now: The instant after which a time in the data is in the future.

    Raises:
        SocialCareError: If the plan, an option or the export can't be used, or the export is no
            longer than the history that the policy wants.
        MissingExtra: If classifiers were asked for that are not installed.
    """
    plan = _plan(given["policy"], given["history"])
    classifiers = asked_classifiers(given["classifiers"])
    outputs = checked(given)
    outputs.check()
    with steps() as step:
        log = read(given, now)
        if given["brand"] is not None:
            log = _of_brand(log, given["brand"])
        step("replaying")
        found = crisis_replay(
            log, plan, classifiers=classifiers, accounts=options.names(given["accounts"])
        )
        if outputs.html is not None:
            step(f"writing {outputs.html}")
            crisis_page(found, outputs.html)
    if not files.json_printed(found.to_dict(), outputs.json):
        show_replay(screen(), found)


def _plan(path: Path | None, history: str | None) -> CrisisPlan:
    plan = CrisisPlan() if path is None else CrisisPlan.from_toml(path)
    if history is None:
        return plan
    length = duration(history, where="--history")
    try:
        return attrs.evolve(plan, policy=attrs.evolve(plan.policy, history=length))
    except InvalidPolicy as error:
        raise InvalidValue(history, where="--history", right=error.right) from None


def _of_brand(log: MessageLog, brand: str) -> MessageLog:
    table = log.table.filter(pl.col("brand") == brand) if "brand" in log.table.columns else None
    if table is None or table.is_empty():
        column = log.table["brand"] if "brand" in log.table.columns else pl.Series("brand", [""])
        most = column.drop_nulls().value_counts(sort=True).head(5)["brand"].to_list()
        right = f"a brand of the export, such as {', '.join(map(repr, most)) or 'none'}"
        raise InvalidValue(brand, where="--brand", right=right)
    return MessageLog.of(table, log.quality, kind=log.kind)
