"""Playbooks: what a house says to its customers, how and where, and what it does not say.

`contents`, `channels`, `house`, `templates` and `acknowledging` are what one is made of, `document`
and `writing` how it is written down; `checks` look at answers, `advising` at conversations, and
`document_check` at the playbook itself.
"""

from socialcare.domain.playbook.advising import Advice, Course, Ordered
from socialcare.domain.playbook.findings import Code, Finding, Severity
from socialcare.domain.playbook.playbook import Playbook
from socialcare.domain.playbook.reading import Answer, Sent
from socialcare.domain.playbook.suggesting import Suggestions

__all__ = [
    "Advice",
    "Answer",
    "Code",
    "Course",
    "Finding",
    "Ordered",
    "Playbook",
    "Sent",
    "Severity",
    "Suggestions",
]
