"""An export of several tables, made ready to be read like one table of messages."""

from collections.abc import Mapping

import attrs
import polars as pl

from socialcare.analytics.quality import Fault
from socialcare.analytics.readers.mapping import Mapping as ExportMapping
from socialcare.analytics.readers.tables import Table


@attrs.frozen(kw_only=True)
class Export:
    """Tables of messages, and what came beside them.

    Attributes:
        tables: The tables that hold messages.
        mapping: How they are read; None to recognise each by itself.
        sides: Handling, status and assignment tables in their columns and types.
        faults: What is wrong with these.
        notes: What was done, in words.
    """

    tables: tuple[Table, ...]
    mapping: ExportMapping | None = None
    sides: Mapping[str, pl.DataFrame] = attrs.field(factory=dict)
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
