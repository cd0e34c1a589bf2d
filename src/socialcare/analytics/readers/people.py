"""Who is meant: customers, peers, brands and agents that an export does not name in a column.

Every rule is a fixed function of the set of messages: no order of the rows changes it.
"""

from functools import cached_property

import attrs
import numpy as np
import polars as pl

from socialcare.analytics.quality import MEANINGS, Fault
from socialcare.analytics.readers.chains import (
    NONE,
    Flags,
    Ints,
    earliest,
    end_of_chain,
    parents,
    spread,
)
from socialcare.analytics.readers.mapping import Mapping as ExportMapping
from socialcare.analytics.readers.signoffs import signed
from socialcare.analytics.table import AUTHOR_ROLE

_MENTION = r"@(\w+)"


@attrs.frozen(slots=False)
class Replies:
    """Who answers whom, worked out when it is first asked for."""

    frame: pl.DataFrame

    @cached_property
    def parent(self) -> Ints:
        """For each message the row of the one that it answers, or `NONE`."""
        return parents(self.frame)

    @cached_property
    def rank(self) -> Ints:
        """The place of each message in time, ties by id."""
        order = self.frame.select("sent_at", "message_id").with_row_index("at")
        ranks = np.empty(order.height, np.int64)
        ranks[order.sort("sent_at", "message_id")["at"].to_numpy()] = np.arange(order.height)
        return ranks


def with_people(
    frame: pl.DataFrame, mapping: ExportMapping
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The frame with customers, brands, agents and roles as far as they can be told, and how.

    Args:
        frame: Columns of the message table as the source has them; `author_id` is who wrote it.
        mapping: Its rules for customers, authors and sign-offs.
    """
    notes: list[str] = []
    frame = _with_authors(frame, mapping)
    replies = Replies(frame)
    if mapping.authors == "brand" and "author_id" in frame.columns:
        frame = _with_brands(frame, replies)
        notes.append("brand: the account that wrote, that answers, or that was addressed")
    frame = _without_readers(frame, notes)
    frame = _with_customers(frame, mapping, replies, notes)
    frame = _with_agents(frame, mapping, notes)
    return _with_bots(frame), tuple(notes)


def _with_authors(frame: pl.DataFrame, mapping: ExportMapping) -> pl.DataFrame:
    """With `agent_id`, where the authors of outbound messages are agents."""
    if (
        mapping.authors != "agent"
        or "author_id" not in frame.columns
        or "agent_id" in frame.columns
    ):
        return frame
    author = pl.when(pl.col("direction") == "outbound").then(pl.col("author_id"))
    return frame.with_columns(author.alias("agent_id"))


def _without_readers(frame: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    """Without agents and teams on inbound messages: they are assigned there, and wrote nothing."""
    inbound = pl.col("direction") == "inbound"
    for name in ("agent_id", "team_id"):
        if name not in frame.columns:
            continue
        count = frame.select((inbound & pl.col(name).is_not_null()).sum()).item()
        if count:
            notes.append(f"{name}: left out on {count:,} inbound messages, which no agent wrote")
            frame = frame.with_columns(pl.when(~inbound).then(pl.col(name)).alias(name))
    return frame


def _with_bots(frame: pl.DataFrame) -> pl.DataFrame:
    """With what a bot wrote marked as automated, and authors named only where there are peers."""
    if "author_role" in frame.columns:
        bot = (pl.col("author_role") == "bot").fill_null(value=False)
        given = (
            pl.col("automated").fill_null(value=False) if "automated" in frame.columns else False
        )
        frame = frame.with_columns((bot | given).alias("automated"))
    elif "automated" in frame.columns:
        frame = frame.with_columns(pl.col("automated").fill_null(value=False))
    if "author_id" not in frame.columns:
        return frame
    if "author_role" in frame.columns and (frame["author_role"] == "peer").any():
        return frame
    return frame.drop("author_id")


def customer_rule(mapping: ExportMapping, columns: list[str]) -> str:
    """How customers are told: by the mapping, or by what columns there are."""
    if mapping.customer is not None:
        return mapping.customer
    if "customer_id" in columns:
        return "column"
    return "asker" if "conversation_id" in columns else "reply_chain"


def _with_customers(
    frame: pl.DataFrame, mapping: ExportMapping, replies: Replies, notes: list[str]
) -> pl.DataFrame:
    rule = customer_rule(mapping, frame.columns)
    if rule == "column" or "author_id" not in frame.columns:
        return (
            frame
            if "customer_id" in frame.columns
            else frame.with_columns(pl.lit(None, dtype=pl.String).alias("customer_id"))
        )
    if rule == "asker" and "conversation_id" in frame.columns:
        notes.append("customer_id: who asked first in the conversation; others who write are peers")
        return _by_asker(frame, replies)
    notes.append(
        "customer_id: who wrote an inbound message; of an outbound one, who wrote the message "
        "that its replies lead back to, or is mentioned first"
    )
    return frame.with_columns(_by_chain(frame, replies).alias("customer_id"))


def _by_asker(frame: pl.DataFrame, replies: Replies) -> pl.DataFrame:
    """With the first to ask as the customer of each conversation, and others who write as peers."""
    within = ["brand", "conversation_id"] if "brand" in frame.columns else ["conversation_id"]
    told = frame.join(
        _askers(frame, within), on=within, how="left", nulls_equal=True, maintain_order="left"
    )
    if frame["conversation_id"].has_nulls():
        alone = pl.col("conversation_id").is_null()
        by_chain = pl.when(alone).then(_by_chain(frame, replies)).otherwise("asker")
        told = told.with_columns(by_chain.alias("asker"))
    role = _role_beside(pl.col("asker"))
    if "author_role" in frame.columns:
        role = pl.coalesce("author_role", role)
    return told.with_columns(role.alias("author_role")).rename({"asker": "customer_id"})


def _askers(frame: pl.DataFrame, within: list[str]) -> pl.DataFrame:
    """Who asked first in each conversation, as `asker`; a message that answers none goes first."""
    there = "in_reply_to" in frame.columns
    answers = pl.col("in_reply_to").is_not_null() if there else pl.lit(value=False)
    asked = frame.filter(
        pl.col("direction") == "inbound",
        pl.col("conversation_id").is_not_null(),
        pl.col("author_id").is_not_null(),
    ).select(*within, "sent_at", "message_id", asker="author_id", answers=answers)
    ordered = asked.sort("answers", "sent_at", "message_id", "asker")
    return ordered.unique(within, keep="first", maintain_order=True).select(*within, "asker")


def _role_beside(customer: pl.Expr) -> pl.Expr:
    """In what role an author wrote, where the customer is known; null where neither is."""
    author, inbound = pl.col("author_id"), pl.col("direction") == "inbound"
    return (
        pl.when(~inbound)
        .then(pl.lit("agent"))
        .when(author == customer)
        .then(pl.lit("customer"))
        .when(author.is_not_null() & customer.is_not_null())
        .then(pl.lit("peer"))
        .cast(AUTHOR_ROLE)
    )


def _by_chain(frame: pl.DataFrame, replies: Replies) -> pl.Series:
    """The author of an inbound message; of an outbound one, of what its replies lead back to."""
    inbound = (frame["direction"] == "inbound").to_numpy()
    ends = end_of_chain(replies.parent, inbound)
    author = _taken(frame["author_id"], ends)
    if "text" not in frame.columns:
        return author
    unknown = author.is_null() & (frame["direction"] == "outbound")
    return author.zip_with(~unknown, _first_mentioned(frame, unknown))


def _taken(column: pl.Series, rows: Ints) -> pl.Series:
    """The values of a column at these rows; null for `NONE`."""
    at = pl.Series("at", rows).cast(pl.Int64)
    return column.gather(at.set(at < 0, None))


def _brand_names(frame: pl.DataFrame) -> pl.DataFrame:
    """The accounts that write outbound messages: columns `name` in lower case and `brand`."""
    outbound = frame.filter(pl.col("direction") == "outbound").select(brand="author_id")
    accounts = outbound.drop_nulls().unique().sort("brand")
    return accounts.with_columns(name=pl.col("brand").str.to_lowercase())


def _mentions(frame: pl.DataFrame, wanted: pl.Series) -> pl.DataFrame:
    """The accounts that the wanted rows mention, in order: columns `at` and `name`."""
    rows = frame.select("text").with_row_index("at").filter(wanted)
    mentions = rows.select("at", name=pl.col("text").str.extract_all(_MENTION)).explode("name")
    return mentions.drop_nulls().with_columns(pl.col("name").str.strip_prefix("@"))


def _one_a_row(found: pl.DataFrame, value: str, size: int) -> pl.Series:
    """The first value of each row number in `at`, for all rows."""
    first = found.unique("at", keep="first", maintain_order=True)
    rows = pl.DataFrame({"at": np.arange(size, dtype=np.uint32)})
    return rows.join(first, on="at", how="left", maintain_order="left")[value]


def _first_mentioned(frame: pl.DataFrame, wanted: pl.Series) -> pl.Series:
    """Who a text mentions first, brands apart."""
    brands = _brand_names(frame).select("name")
    mentions = _mentions(frame, wanted).with_columns(
        who="name", name=pl.col("name").str.to_lowercase()
    )
    others = mentions.join(brands, on="name", how="anti", maintain_order="left")
    return _one_a_row(others.select("at", "who"), "who", frame.height)


def _with_brands(frame: pl.DataFrame, replies: Replies) -> pl.DataFrame:
    """With `brand`: by who wrote, who answers, the chain of replies, or who was addressed."""
    accounts = _brand_names(frame)
    if "brand" in frame.columns or not accounts.height:
        return (
            frame if "brand" in frame.columns else frame.with_columns(brand=pl.lit(None, pl.String))
        )
    outbound = frame["direction"] == "outbound"
    numbered = accounts.select("brand").unique().sort("brand").with_row_index("code")
    writers = frame.select(brand=pl.when(outbound).then("author_id"))
    written = writers.join(numbered, on="brand", how="left", maintain_order="left")["code"]
    codes = np.asarray(written.cast(pl.Int64).fill_null(NONE).to_numpy(), np.int64)
    brand = _taken(numbered["brand"], _brands_by_replies(replies, codes, outbound.to_numpy()))
    if "text" in frame.columns:
        unknown = brand.is_null() & (frame["direction"] == "inbound")
        brand = brand.zip_with(~unknown, _first_addressed(frame, accounts, unknown))
    return frame.with_columns(brand.alias("brand"))


def _brands_by_replies(replies: Replies, codes: Ints, outbound: Flags) -> Ints:
    """Brands of inbound messages: of what they answer, of who answers, then along the chain."""
    parent, rank = replies.parent, replies.rank
    answered = earliest(np.where(outbound, parent, NONE), rank, len(parent))
    by_parent = np.where(parent >= 0, codes[parent], NONE)
    by_answer = np.where(answered >= 0, codes[answered], NONE)
    direct = np.where(outbound, codes, np.where(by_parent >= 0, by_parent, by_answer))
    return np.where(outbound, codes, spread(direct, parent, ~outbound, rank))


def _first_addressed(frame: pl.DataFrame, accounts: pl.DataFrame, wanted: pl.Series) -> pl.Series:
    """The first account mentioned that is a brand's."""
    mentions = _mentions(frame, wanted).with_columns(pl.col("name").str.to_lowercase())
    by_name = accounts.unique("name", keep="first", maintain_order=True)
    known = mentions.join(by_name, on="name", how="inner", maintain_order="left")
    return _one_a_row(known.select("at", "brand"), "brand", frame.height)


def _with_agents(frame: pl.DataFrame, mapping: ExportMapping, notes: list[str]) -> pl.DataFrame:
    """With agents by their sign-offs, marked as inferred, where no column names them."""
    if not mapping.sign_off or "agent_id" in frame.columns or "text" not in frame.columns:
        return frame
    outbound = pl.col("direction") == "outbound"
    # Only what the brand wrote is searched; nulls cost nothing.
    name = signed(pl.when(outbound).then("text"), mapping.sign_off)
    agent = pl.format("{}/{}", "brand", name) if "brand" in frame.columns else name
    frame = frame.with_columns(agent.alias("agent_id"))
    known = frame["agent_id"].is_not_null()
    count = int(known.sum())
    notes.append(f"agent_id: inferred for {count:,} outbound messages from sign-offs in texts")
    return frame.with_columns(agent_inferred=known)


def unknown_customers(frame: pl.DataFrame) -> Fault:
    """The fault that counts messages for which no customer can be named."""
    unknown = frame.filter(pl.col("customer_id").is_null())
    return Fault(
        code="unknown_customer",
        count=unknown.height,
        meaning=MEANINGS["unknown_customer"],
        examples=tuple(unknown.head(5).select("message_id", "channel").to_dicts()),
    )
