"""The query language: one syntax for rules, listening, maps and searches.

A query goes `scanner` -> `parser` -> `meaning`, and becomes nodes; `matching` makes closures of
them, `anchors` what must be there for them to hold, and `needs` what a store is asked.
"""

from socialcare.domain.query.query import Hit, Match, Query
from socialcare.domain.query.query_set import QuerySet
from socialcare.domain.subject import Subject

__all__ = ["Hit", "Match", "Query", "QuerySet", "Subject"]
