"""Zendesk's tables: what a table of comments does not say by itself.

Whose comment it is follows from the ticket and the user: the requester's are inbound, and those of
agents and admins outbound.
A ticket without any comment has its description as its first message.
A comment whose author is in neither table gets no direction, and so is set aside with the reason.
"""

import attrs
import polars as pl

from socialcare.analytics.readers.directory import Directory, Sheet, messages, sheet, side_tables
from socialcare.analytics.readers.export import Export
from socialcare.analytics.readers.findings import ROW
from socialcare.analytics.readers.ids import tidied
from socialcare.analytics.readers.mapping import Mapping
from socialcare.analytics.readers.statuses import with_last_status

_TICKETS = ("ticket", "tickets")


def export(directory: Directory, mapping: Mapping) -> Export:
    """The messages, statuses and assignments of a Zendesk export."""
    comments = messages(directory, mapping)
    comments = comments.with_frame(_with_direction(comments.frame))
    sides, faults = side_tables(directory, mapping)
    if "assignment" in sides:
        sides["assignment"] = _with_groups(directory, mapping, sides["assignment"])
    table = directory.named(_TICKETS)
    if table is None:
        return Export(tables=(comments,), mapping=mapping, sides=sides, faults=faults)
    tickets = sheet(directory, table, {})
    sides, notes = with_last_status(sides, _last(tickets.frame), mapping.time)
    return Export(
        tables=(comments, _descriptions(tickets, comments.frame)),
        mapping=mapping,
        sides=sides,
        faults=faults,
        notes=(*notes, *_deleted(tickets.frame)),
    )


def _with_direction(frame: pl.DataFrame) -> pl.DataFrame:
    """With `direction` and `customer_id`, as far as the ticket and the user tell them."""
    nothing = pl.lit(None, dtype=pl.String)
    there = set(frame.columns)
    requester = pl.col("ticket.requester_id") if "ticket.requester_id" in there else nothing
    role = pl.col("user.role").str.to_lowercase() if "user.role" in there else nothing
    author = pl.col("user_id")
    end_user = role.is_in(["end-user", "end_user"])
    direction = (
        pl.when((author == requester) | end_user)
        .then(pl.lit("inbound"))
        .when(role.is_in(["agent", "admin"]))
        .then(pl.lit("outbound"))
        .otherwise(pl.format("by user {}, who is not in the export", author.fill_null("unknown")))
    )
    customer = pl.coalesce(requester, pl.when(end_user).then(author))
    frame = frame.with_columns(tidied(frame["user_id"]).alias("user_id"))
    if "ticket.requester_id" in there:
        frame = frame.with_columns(tidied(frame["ticket.requester_id"]))
    return frame.with_columns(direction=direction, customer_id=customer)


def _descriptions(tickets: Sheet, comments: pl.DataFrame) -> Sheet:
    """The descriptions of tickets that have no comment, in the columns of comments."""
    ids = tidied(tickets.frame["id"])
    commented = tidied(comments["ticket_id"]).drop_nulls().unique()
    alone = tickets.frame.with_columns(ids.alias("id")).filter(~ids.is_in(commented.implode()))
    there = alone.columns
    public = pl.col("is_public") if "is_public" in there else pl.lit("true")
    frame = alone.select(
        ROW,
        pl.format("ticket-{}", "id").alias("id"),
        pl.col("id").alias("ticket_id"),
        pl.col("created_at").alias("created"),
        _if_there("description", there).alias("body"),
        public.fill_null("true").alias("public"),
        pl.col("requester_id").alias("user_id"),
        pl.col("requester_id").alias("customer_id"),
        pl.lit("inbound").alias("direction"),
        *(pl.col(name).alias(f"ticket.{name}") for name in there if name != ROW),
    )
    return tickets.with_frame(frame)


def _if_there(name: str, columns: list[str]) -> pl.Expr:
    return pl.col(name) if name in columns else pl.lit(None, dtype=pl.String)


def _last(tickets: pl.DataFrame) -> pl.DataFrame:
    there = tickets.columns
    return tickets.select(
        conversation_id="id",
        at=_if_there("updated_at", there),
        status=_if_there("status", there),
    )


def _deleted(tickets: pl.DataFrame) -> tuple[str, ...]:
    if "status" not in tickets.columns:
        return ()
    deleted = int((tickets["status"] == "deleted").sum() or 0)
    return (f"{deleted:,} tickets are deleted; their messages are kept",) if deleted else ()


def _with_groups(directory: Directory, mapping: Mapping, assignments: pl.DataFrame) -> pl.DataFrame:
    """With the group in which a ticket was when it was assigned, where its history tells."""
    side = mapping.side["assignment"][0]
    columns = {**side.columns, "team_id": side.columns["agent_id"], "agent_id": ()}
    groups = attrs.evolve(side, columns=columns, where={"field_name": ("group_id",)})
    found, _ = side_tables(directory, attrs.evolve(mapping, side={"assignment": (groups,)}))
    teams = found["assignment"].select("conversation_id", "at", "team_id").sort("at")
    return (
        assignments.drop("team_id")
        .sort("at")
        .join_asof(teams, on="at", by="conversation_id", check_sortedness=False)
        .select(assignments.columns)
        .sort("conversation_id", "at")
    )
