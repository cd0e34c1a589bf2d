"""The message table as a polars frame: its columns, and the one way into it.

Readers bring frames with these columns and types.
`assemble` removes repeats and counts the faults that only show when rows are seen together.
The columns are those of the message table in the reference; the frame keeps what the source said.
Nothing here depends on the order of the rows.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import polars as pl

from socialcare.analytics.engine.arrays import Ints
from socialcare.analytics.engine.rows import Rows, repeated
from socialcare.analytics.quality import EXAMPLES, Fault, Quality
from socialcare.domain.message import AuthorRole, Direction, Visibility
from socialcare.errors import InvalidMapping

DIRECTION = pl.Enum([d.value for d in Direction])
VISIBILITY = pl.Enum([v.value for v in Visibility])
AUTHOR_ROLE = pl.Enum([r.value for r in AuthorRole])
INSTANT = pl.Datetime("us", "UTC")
WORD = pl.Categorical()
"""Names that repeat: one number a row, and a list of the names."""

REQUIRED: Mapping[str, pl.DataType] = MappingProxyType(
    {
        "message_id": pl.String(),
        "sent_at": INSTANT,
        "direction": DIRECTION,
        "customer_id": pl.String(),
        "channel": WORD,
        "visibility": VISIBILITY,
    }
)
"""Columns that every message frame has."""

OPTIONAL: Mapping[str, pl.DataType] = MappingProxyType(
    {
        "received_at": INSTANT,
        "agent_id": WORD,
        "agent_inferred": pl.Boolean(),
        "author_id": pl.String(),
        "team_id": WORD,
        "brand": WORD,
        "account": WORD,
        "in_reply_to": pl.String(),
        "conversation_id": pl.String(),
        "author_role": AUTHOR_ROLE,
        "automated": pl.Boolean(),
        "category": WORD,
        "subcategory": WORD,
        "sentiment": pl.Float64(),
        "sentiment_scorer": WORD,
        "language": WORD,
        "text": pl.String(),
        "merits_attention": pl.Boolean(),
        "needs_response": pl.Boolean(),
        "indirect": pl.Boolean(),
        "redirected": pl.Boolean(),
        "redirect_requested": pl.Boolean(),
    }
)
"""Columns that a message frame has when its source has them."""

HANDLING: Mapping[str, pl.DataType] = MappingProxyType(
    {
        "conversation_id": pl.String(),
        "agent_id": pl.String(),
        "started_at": INSTANT,
        "ended_at": INSTANT,
    }
)
STATUS: Mapping[str, pl.DataType] = MappingProxyType(
    {"conversation_id": pl.String(), "at": INSTANT, "status": pl.String(), "by": pl.String()}
)
ASSIGNMENT: Mapping[str, pl.DataType] = MappingProxyType(
    {
        "conversation_id": pl.String(),
        "at": INSTANT,
        "agent_id": pl.String(),
        "team_id": pl.String(),
    }
)

APPROVALS: Mapping[str, pl.DataType] = MappingProxyType(
    {
        "conversation_id": pl.String(),
        "draft": pl.String(),
        "asked_at": INSTANT,
        "decided_at": INSTANT,
        "decision": pl.String(),
        "by": pl.String(),
        "message_id": pl.String(),
    }
)

ESCALATIONS: Mapping[str, pl.DataType] = MappingProxyType(
    {
        "conversation_id": pl.String(),
        "at": INSTANT,
        "level": pl.String(),
        "team_id": pl.String(),
        "reason": pl.String(),
        "entry": pl.String(),
        "taken_at": INSTANT,
        "returned_at": INSTANT,
    }
)

SIDE_TABLES: Mapping[str, Mapping[str, pl.DataType]] = MappingProxyType(
    {
        "handling": HANDLING,
        "status": STATUS,
        "assignment": ASSIGNMENT,
        "escalations": ESCALATIONS,
        "approvals": APPROVALS,
    }
)
"""The tables that can stand beside the messages, by their names."""


def conform(frame: pl.DataFrame, columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """The named columns of a frame in their types; those that it lacks are null.

    Raises:
        InvalidMapping: If the frame has none of the columns.
    """
    if not set(columns) & set(frame.columns):
        raise InvalidMapping(
            frame.columns, where="side table", right=f"the columns {', '.join(columns)}"
        )
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in columns.items()
    )


_PRECEDENCE = ("sent_at", "direction", "customer_id", "agent_id", "in_reply_to", "text")


def empty(columns: Mapping[str, pl.DataType] = REQUIRED) -> pl.DataFrame:
    """A frame of these columns with no rows."""
    return pl.DataFrame(schema=dict(columns))


def assemble(frame: pl.DataFrame, quality: Quality) -> tuple[pl.DataFrame, Rows, Quality]:
    """The frame without repeats, its rows as integers, and the quality with faults between rows.

    Of the rows with one channel and id the one is kept that is smallest by `sent_at`, direction,
    customer, author, parent and text: a choice that no order of the rows can change.
    """
    frame = _with_words(frame)
    # Before any column is in one piece: with pieces of its own for each, all would be cut anew.
    rows = Rows.of(frame)
    again = repeated(frame, rows)
    if again.height:
        surplus = _surplus(again)["row"].to_numpy()
        frame = frame.filter(~_at(surplus, frame.height))
        rows = Rows.of(frame)
    faults = (_repeats(again), *_link_faults(frame, rows))
    found = tuple(fault for fault in faults if fault.count)
    return _in_one_piece(frame), rows, quality.with_faults(*found).with_kept(frame.height)


def _with_words(frame: pl.DataFrame) -> pl.DataFrame:
    """With names that repeat as numbers."""
    kinds = {**REQUIRED, **OPTIONAL}
    words = [name for name in frame.columns if kinds.get(name) == WORD]
    texts = [name for name in words if frame.schema[name] != WORD]
    return frame.with_columns(pl.col(texts).cast(WORD)) if texts else frame


def _in_one_piece(frame: pl.DataFrame) -> pl.DataFrame:
    """With names that repeat in one piece each, since they are looked up row by row."""
    words = [name for name, kind in frame.schema.items() if kind == WORD]
    return frame.with_columns(frame[name].rechunk() for name in words)


def _at(rows: Ints, height: int) -> pl.Series:
    flags = np.zeros(height, np.bool_)
    flags[rows] = True
    return pl.Series(flags)


def _surplus(again: pl.DataFrame) -> pl.DataFrame:
    """Of the rows that share an id, all but the one that is kept: a frame of `row`."""
    known = [name for name in _PRECEDENCE if name in again.columns]
    rest = sorted(set(again.columns) - {*known, "row", "channel", "message_id"})
    keys = [
        pl.col(name).cast(pl.String).fill_null("") if name != "sent_at" else pl.col(name)
        for name in (*known, *rest)
    ]
    ranked = again.sort([*keys, "row"])
    kept = ranked.unique(["channel", "message_id"], keep="first", maintain_order=True)
    return ranked.join(kept.select("row"), on="row", how="anti").select("row")


def _repeats(again: pl.DataFrame) -> Fault:
    ids = again.group_by("channel", "message_id").len("times").sort("channel", "message_id")
    return Fault(
        code="repeated_id",
        count=again.height - ids.height,
        meaning="A row repeats the id of another on its channel; it is the same message, once.",
        examples=ids.head(EXAMPLES).to_dicts(),
    )


def _link_faults(frame: pl.DataFrame, rows: Rows) -> tuple[Fault, ...]:
    links = rows.links
    return (
        _fault_at(
            frame,
            links.orphans,
            "orphan",
            "A message answers one that is not in the data; it is threaded by its customer alone.",
        ),
        _fault_at(
            frame,
            links.misdated,
            "reply_before_question",
            "A message is stamped before the one that it answers; "
            "as a response it is left out of the intervals.",
        ),
        _fault_at(
            frame,
            links.to_self,
            "self_reply",
            "A message names itself as the one that it answers; the link is left out.",
        ),
    )


def _fault_at(frame: pl.DataFrame, at: Ints, code: str, meaning: str) -> Fault:
    if not len(at):
        return Fault(code=code, count=0, meaning=meaning)
    shown = frame[at[:EXAMPLES], ["message_id", "channel", "sent_at", "in_reply_to"]]
    examples = shown.with_columns(pl.col("sent_at").dt.to_string("iso:strict")).to_dicts()
    return Fault(code=code, count=len(at), meaning=meaning, examples=examples)
