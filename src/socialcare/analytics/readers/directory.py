"""A directory of exports: a table of messages, with others that are joined to it."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import attrs
import polars as pl

from socialcare.analytics.quality import EXAMPLES, MEANINGS, Fault
from socialcare.analytics.readers.findings import ROW, Findings, LineNumbers
from socialcare.analytics.readers.ids import as_text, tidied
from socialcare.analytics.readers.mapping import Join, Names, SideTable
from socialcare.analytics.readers.mapping import Mapping as ExportMapping
from socialcare.analytics.readers.tables import HEAD, Loaded, Table
from socialcare.analytics.readers.times import instants
from socialcare.analytics.readers.words import plain
from socialcare.analytics.table import INSTANT, SIDE_TABLES, empty
from socialcare.errors import UnreadableExport


@attrs.frozen(kw_only=True, slots=False)
class Directory:
    """The tables in a directory, by the names of their files.

    Attributes:
        name: What the directory is called.
        tables: Its tables, by the plain names of their files without endings.
    """

    name: str
    tables: Mapping[str, Table]

    def named(self, names: Sequence[str]) -> Table | None:
        """The first table that has one of these names."""
        return next((self.tables[n] for name in names if (n := plain(name)) in self.tables), None)

    @cached_property
    def heads(self) -> dict[str, pl.DataFrame]:
        """The first rows of the tables that were looked at."""
        return {}

    def head(self, table: Table) -> pl.DataFrame:
        """The first rows of a table, looked at once."""
        if table.name not in self.heads:
            self.heads[table.name] = table.head()
        return self.heads[table.name]

    def holds(self, mapping: ExportMapping) -> bool:
        """Whether the directory is an export that the mapping describes."""
        table = self.named(mapping.table)
        return table is not None and set(mapping.recognise) <= set(self.head(table).columns)


def table_name(path: Path) -> str:
    """The plain name of a table in a file, without what loaders add to it.

    >>> table_name(Path("ticket_comment_data.csv.gz"))
    'ticket_comment'
    """
    return plain(path.name.split(".")[0]).removesuffix("_data")


@attrs.frozen(kw_only=True)
class Sheet:
    """Rows of a table as texts, and what was found wrong with them.

    Attributes:
        name: What its file is called.
        frame: Its columns as texts, and `ROW`.
        lines: Where they begin.
        findings: What is wrong with it.
    """

    name: str
    frame: pl.DataFrame
    lines: LineNumbers
    findings: Findings

    def head(self) -> pl.DataFrame:
        """Its first rows, which say what columns it has."""
        return self.frame.head(HEAD).drop(ROW)

    def load(self, columns: Sequence[str], *, careful: bool = False) -> Loaded:  # noqa: ARG002  # it always is
        """These columns, with what was found wrong before."""
        frame = self.frame.select(ROW, *columns).lazy()
        return Loaded(frame=frame, lines=self.lines, findings=self.findings)

    def with_frame(self, frame: pl.DataFrame) -> "Sheet":
        """A copy with other columns."""
        return attrs.evolve(self, frame=frame)


def sheet(directory: Directory, table: Table, where: Names, *, what: str = "") -> Sheet:
    """All rows of a table in which these columns have these values, as texts.

    Args:
        directory: Where the table is.
        table: The table.
        where: The values wanted; columns that begin with `_` are those of a loader and may lack.
        what: What the other rows are; they are counted in a note if this is said.
    """
    columns = directory.head(table).columns
    loaded = table.load(columns)
    raw = loaded.frame.collect()
    numbered = raw if ROW in raw.columns else raw.with_row_index(ROW)
    frame = numbered.select(
        ROW, *(as_text(pl.col(name), raw.schema[name]).alias(name) for name in columns)
    )
    kept = frame.filter(*_conditions(where, columns, table))
    findings = Findings()
    findings.take(loaded.findings)
    if what:
        findings.leave_out(frame.height - kept.height, what)
    return Sheet(name=table.name, frame=kept, lines=loaded.lines, findings=findings)


def _conditions(where: Names, columns: Sequence[str], table: Table) -> Iterable[pl.Expr]:
    for name, values in where.items():
        if name in columns:
            wanted = [value.lower() for value in values]
            yield pl.col(name).str.strip_chars().str.to_lowercase().is_in(wanted)
        elif not name.startswith("_"):
            found = ", ".join(columns)
            raise UnreadableExport(table.name, f"no column {name}; found the columns {found}")


def messages(directory: Directory, mapping: ExportMapping) -> Sheet:
    """The table of messages with the columns of the tables that are joined to it.

    Raises:
        UnreadableExport: If the directory has no table of messages.
    """
    table = directory.named(mapping.table)
    if table is None:
        found = ", ".join(sorted(directory.tables))
        wanted = " or ".join(mapping.table)
        raise UnreadableExport(directory.name, f"no table {wanted}; found {found or 'no tables'}")
    rows = sheet(directory, table, mapping.where, what="no messages in force")
    frame = rows.frame
    for join in mapping.joins:
        frame = _joined(directory, frame, join)
    return rows.with_frame(frame)


def _joined(directory: Directory, frame: pl.DataFrame, join: Join) -> pl.DataFrame:
    """With the columns of a table beside, as `table.column`; a directory may lack the table."""
    other = beside(directory, join)
    mine, theirs = join.on[0], f"{join.table[0]}.{join.on[1]}"
    if other is None or mine not in frame.columns or theirs not in other.columns:
        return frame
    keyed = frame.with_columns(tidied(frame[mine]).alias("joined on"))
    keys = other.with_columns(tidied(other[theirs]).alias("joined on"))
    one_each = keys.drop_nulls("joined on").unique("joined on", keep="last", maintain_order=True)
    return keyed.join(one_each, on="joined on", how="left", maintain_order="left").drop("joined on")


def beside(directory: Directory, join: Join) -> pl.DataFrame | None:
    """The rows of a table beside the messages, its columns called `table.column`."""
    table = directory.named(join.table)
    if table is None:
        return None
    frame = sheet(directory, table, join.where).frame.drop(ROW)
    return frame.rename(lambda name: f"{join.table[0]}.{name}")


def side_tables(
    directory: Directory, mapping: ExportMapping
) -> tuple[dict[str, pl.DataFrame], tuple[Fault, ...]]:
    """The further tables that the mapping finds in a directory, and what is wrong with them."""
    found: dict[str, pl.DataFrame] = {}
    faults: list[Fault] = []
    for name, sides in mapping.side.items():
        frames = []
        for side in sides:
            table = directory.named(side.table)
            if table is not None:
                frame, wrong = _side(sheet(directory, table, side.where), name, side, mapping)
                frames.append(frame)
                faults.extend(wrong)
        if frames:
            found[name] = pl.concat(frames).sort("conversation_id", SIDES_TIME[name])
    return found, tuple(faults)


SIDES_TIME = {
    "handling": "started_at",
    "status": "at",
    "assignment": "at",
    "escalations": "at",
    "approvals": "asked_at",
}
MAY_LACK = frozenset({"taken_at", "returned_at", "decided_at"})
"""Times of side tables that a row need not have."""


def _side(
    rows: Sheet, name: str, side: SideTable, mapping: ExportMapping
) -> tuple[pl.DataFrame, list[Fault]]:
    """One side table in its columns and types; rows without a readable time are left out."""
    columns, faults = SIDE_TABLES[name], []
    frame = rows.frame
    made: dict[str, pl.Series] = {}
    for column, kind in columns.items():
        source = next((one for one in side.columns.get(column, ()) if one in frame.columns), None)
        if source is None:
            made[column] = pl.Series(column, [None], dtype=kind).new_from_index(0, frame.height)
        elif kind == INSTANT:
            read = instants(frame[source], mapping.time, name=source)
            made[column] = read.values.alias(column)
            lost = read.values.is_null()
            if column in MAY_LACK:
                lost &= frame[source].is_not_null()
            faults.append(_fault(rows, source, lost, "unreadable_time", "can't be read as a time"))
            if read.naive is not None and mapping.time.zone is None:
                faults.append(_fault(rows, source, read.naive, "naive_time", "names no zone"))
        else:
            made[column] = tidied(frame[source]).alias(column)
    named = pl.DataFrame(made) if made else empty(columns)
    if "status" in made and side.values:
        names = {word: value for value, words in side.values.items() for word in words}
        named = named.with_columns(pl.col("status").replace(names))
    times = [each for each, kind in columns.items() if kind == INSTANT and each not in MAY_LACK]
    return named.drop_nulls(["conversation_id", *times]), faults


def _fault(rows: Sheet, column: str, bad: pl.Series, code: str, reason: str) -> Fault:
    found = rows.frame.filter(bad).head(EXAMPLES)
    places = zip(rows.lines(found[ROW].to_list()), found[column].to_list(), strict=True)
    return Fault(
        code=code,
        count=int(bad.sum() or 0),
        meaning=MEANINGS[code],
        examples=tuple(
            {"file": rows.name, "line": line, "found": text, "reason": f"{column} {reason}"}
            for line, text in places
        ),
    )
