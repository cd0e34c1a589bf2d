"""Zendesk's tables: what a table of comments does not say by itself.

Whose comment it is follows from the ticket and the user: the requester's are inbound, those of
agents and admins outbound.
A ticket without any comment has its description as the first message.
A comment of which neither table knows the author is set aside by the reading that follows.
"""

from collections.abc import Iterable

import attrs
import polars as pl

from socialcare.analytics.readers.directory import Directory, Sheet, messages, sheet, side_tables
from socialcare.analytics.readers.export import Export
from socialcare.analytics.readers.findings import ROW
from socialcare.analytics.readers.mapping import Mapping
from socialcare.analytics.table import INSTANT

_DESCRIPTION = "ticket-"
"""Begins the id of a message that is a ticket's description."""


def export(directory: Directory, mapping: Mapping) -> Export:
    """The messages, statuses and assignments of a Zendesk export."""
    comments = messages(directory, mapping)
    comments = comments.with_frame(_with_direction(comments.frame))
    descriptions = _descriptions(directory, mapping, comments.frame)
    sides, faults = side_tables(directory, mapping)
    notes = []
    if descriptions is not None:
        sides, told = _with_last_status(sides, descriptions)
        notes.extend(told)
    tables = [comments, *([] if descriptions is None else [descriptions.sheet])]
    return Export(tables=tuple(tables), mapping=mapping, sides=sides, faults=faults, notes=tuple(notes))
