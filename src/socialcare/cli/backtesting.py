"""`socialcare rules test`: from a book and exports to what the book would have done."""

import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from socialcare.analytics.backtest import Backtest, backtest
from socialcare.analytics.log import MessageLog
from socialcare.analytics.ranking import ranked
from socialcare.cli import files, options
from socialcare.cli.backtest_screen import show_backtest
from socialcare.cli.files import STANDARD_OUTPUT
from socialcare.cli.reporting import Outputs, read, steps
from socialcare.cli.terminal import screen
from socialcare.domain.priority import RuleBook


def run(given: Mapping[str, Any], *, now: datetime) -> None:
    """Do what `socialcare rules test` was asked to do.

    Args:
        given: The options, by the names of the command's parameters.
        now: The instant after which a time in the data is in the future.

    Raises:
        SocialCareError: If the rules, an option or the export can't be used.
    """
    outputs = Outputs(
        json=given["json_to"], html=None, out=given["out"], ending=given["out_format"]
    )
    book = options.book(given["book"])
    against = None if given["against"] is None else options.book(given["against"])
    hours = None if given["hours"] is None else options.hours(given["hours"])
    policy = None if given["policy"] is None else options.policy(given["policy"])
    outputs.check()
    with steps() as step:
        log = read(given, now)
        step("ranking and replaying")
        before, after = (book, None) if against is None else (against, book)
        found = backtest(log, before, after, hours=hours, policy=policy)
        _write(log, book, found, outputs)
    if outputs.json == STANDARD_OUTPUT:
        sys.stdout.buffer.write(files.to_json(found.to_dict()))
    else:
        show_backtest(screen(), found, source=log.quality.source)


def _write(log: MessageLog, book: RuleBook, found: Backtest, outputs: Outputs) -> None:
    """Write every file that was asked for."""
    if outputs.json not in (None, STANDARD_OUTPUT):
        outputs.json.write_bytes(files.to_json(found.to_dict()))
    if outputs.out is not None:
        tables = {**found.tables, "ranked": _flat(ranked(log, book))}
        for name, table in tables.items():
            files.write_frame(table, outputs.out / f"{name}.{outputs.ending}")


def _flat(table: Any) -> Any:  # noqa: ANN401 - a frame of the kind that was read, here polars
    """The ranked messages with each list as one text, which every kind of file can hold."""
    return table.with_columns(table[name].list.join("; ") for name in ("words", "facts"))
