"""The parser's table is the one that Lark makes of the grammar."""

from typing import Any

import query_table
from socialcare.domain.query import table


def test_the_table_is_made_of_the_grammar() -> None:
    """After a change of the grammar, `python tools/query_table.py` makes it anew."""
    made: dict[str, Any] = {}
    exec(query_table.table(), made)  # noqa: S102 - our own tool's

    assert made["TABLE"] == table.TABLE
    assert made["END"] == table.END
