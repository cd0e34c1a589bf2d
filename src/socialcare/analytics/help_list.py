"""Lists of help articles from files: TOML, or a CSV as a help centre exports it."""

from pathlib import Path

import polars as pl

from socialcare.domain.help_articles import HelpArticle, help_articles
from socialcare.errors import UnreadableExport

__all__ = ["help_list"]

_NEEDED = ("title", "url")


def help_list(path: str | Path) -> tuple[HelpArticle, ...]:
    """The help articles of a file: TOML, or a CSV with `title`, `url` and perhaps `words`.

    Raises:
        InvalidValue: At the first key of a TOML file that is not right.
        UnreadableExport: If a CSV can't be read, or lacks a column.
        OSError: If the file cannot be opened.
    """
    source = Path(path)
    if source.suffix.lower() != ".csv":
        return help_articles(source)
    try:
        frame = pl.read_csv(source.read_bytes(), infer_schema=False)
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0] if str(error) else "nothing in it can be read"
        raise UnreadableExport(str(path), f"{reason}; expected a CSV with a header") from None
    missing = [name for name in _NEEDED if name not in frame.columns]
    if missing:
        reason = f"found the columns {', '.join(frame.columns)}; expected {', '.join(missing)} too"
        raise UnreadableExport(str(path), reason)
    rows = frame.drop_nulls([*_NEEDED]).iter_rows(named=True)
    return tuple(
        HelpArticle(title=row["title"], url=row["url"], words=(row.get("words") or "",))
        for row in rows
    )
