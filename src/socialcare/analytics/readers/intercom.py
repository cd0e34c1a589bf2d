"""Intercom's tables: what a table of conversation parts does not say by itself.

A conversation's first message stands in the table of conversations, not among its parts.
A part without words that is neither comment nor note is an event and no message; its change of
status or assignment goes into the side tables.
"""

import polars as pl

from socialcare.analytics.readers.directory import (
    Directory,
    Sheet,
    beside,
    messages,
    sheet,
    side_tables,
)
from socialcare.analytics.readers.export import Export
from socialcare.analytics.readers.findings import ROW
from socialcare.analytics.readers.mapping import Join, Mapping
from socialcare.analytics.readers.statuses import with_last_status

_CUSTOMERS = ("user", "lead", "contact", "visitor")


def export(directory: Directory, mapping: Mapping) -> Export:
    """The messages, statuses and assignments of an Intercom export."""
    conversations, contacts = mapping.joins[0], mapping.joins[1]
    parts = _spoken(messages(directory, mapping))
    prefix = conversations.table[0]
    parts = parts.with_frame(_with_customer(parts.frame, prefix, contacts.table[0]))
    sides, faults = side_tables(directory, mapping)
    table = directory.named(conversations.table)
    if table is None:
        return Export(tables=(parts,), mapping=mapping, sides=sides, faults=faults)
    begun = sheet(directory, table, conversations.where)
    sides, notes = with_last_status(sides, _last(begun.frame), mapping.time)
    sources = begun.with_frame(_sources(begun.frame, prefix, beside(directory, contacts), contacts))
    return Export(tables=(sources, parts), mapping=mapping, sides=sides, faults=faults, notes=notes)


def _spoken(parts: Sheet) -> Sheet:
    """Only the parts in which something was said."""
    said = pl.col("part_type").is_in(["comment", "note"]) | pl.col("body").is_not_null()
    frame = parts.frame.filter(said.fill_null(value=True))
    parts.findings.leave_out(parts.frame.height - frame.height, "events and no messages")
    return parts.with_frame(frame)


def _with_customer(frame: pl.DataFrame, conversations: str, contacts: str) -> pl.DataFrame:
    """With `customer_id`: the conversation's contact, else who began it, else who wrote."""
    columns = set(frame.columns)
    wrote = pl.when(pl.col("author_type").is_in(_CUSTOMERS)).then(pl.col("author_id"))
    told: list[pl.Expr] = [wrote]
    if f"{conversations}.source_author_id" in columns:
        began = pl.col(f"{conversations}.source_author_type").is_in(_CUSTOMERS)
        told.insert(0, pl.when(began).then(pl.col(f"{conversations}.source_author_id")))
    if f"{contacts}.contact_id" in columns:
        told.insert(0, pl.col(f"{contacts}.contact_id"))
    return frame.with_columns(customer_id=pl.coalesce(told))


def _sources(
    begun: pl.DataFrame, prefix: str, contacts: pl.DataFrame | None, join: Join
) -> pl.DataFrame:
    """The first messages of conversations, in the columns of parts."""
    frame = begun.with_columns(
        pl.col(name).alias(f"{prefix}.{name}") for name in begun.columns if name != ROW
    )
    frame = frame.with_columns(
        pl.format("source-{}", "id").alias("id"),
        pl.col("id").alias("conversation_id"),
        pl.col("source_author_id").alias("author_id"),
        pl.col("source_author_type").alias("author_type"),
        pl.lit("source").alias("part_type"),
        _body(begun.columns).alias("body"),
    )
    if contacts is not None:
        one_each = contacts.unique(
            f"{join.table[0]}.{join.on[1]}", keep="last", maintain_order=True
        )
        frame = frame.join(
            one_each,
            left_on="conversation_id",
            right_on=f"{join.table[0]}.{join.on[1]}",
            how="left",
            maintain_order="left",
        )
    return _with_customer(frame, prefix, join.table[0])


def _body(columns: list[str]) -> pl.Expr:
    """What was said first; where nothing was, what it was headed."""
    said = [pl.col(name) for name in ("source_body", "source_subject") if name in columns]
    return pl.coalesce(said) if said else pl.lit(None, dtype=pl.String)


def _last(begun: pl.DataFrame) -> pl.DataFrame:
    state = pl.col("state") if "state" in begun.columns else pl.lit(None, dtype=pl.String)
    return begun.select(conversation_id="id", at="updated_at", status=state)
