"""The analyst's door: exports in, numbers with their evidence out.

    from socialcare.analytics import metrics, read, report

    log = read("export.csv")
    metrics(log)["first_response_time"]["median"]
    report(log, "care.html")

Needs the extra `analytics`.
"""

from socialcare.errors import MissingExtra

try:
    import narwhals as _narwhals
    import numpy as _numpy
    import polars as _polars
except ImportError as error:
    raise MissingExtra("analytics", module=error.name or "polars") from error

from socialcare.analytics.audit_findings import ListeningAudit
from socialcare.analytics.backtest import Backtest, backtest
from socialcare.analytics.engine.periods import Period
from socialcare.analytics.frames import Kind
from socialcare.analytics.help_list import help_list
from socialcare.analytics.listening_audit import audit_page, listening_audit
from socialcare.analytics.listening_trial import ListeningTrial, listening_trial, suggested_terms
from socialcare.analytics.log import MessageLog
from socialcare.analytics.peers import PeerReport, forum, peer_report, peers
from socialcare.analytics.quality import Fault, Quality, SetAside
from socialcare.analytics.ranking import ranked
from socialcare.analytics.readers import Mapping, read
from socialcare.analytics.report import report
from socialcare.analytics.results import Metrics, metrics

del _narwhals, _numpy, _polars

__all__ = [
    "Backtest",
    "Fault",
    "Kind",
    "ListeningAudit",
    "ListeningTrial",
    "Mapping",
    "MessageLog",
    "Metrics",
    "PeerReport",
    "Period",
    "Quality",
    "SetAside",
    "audit_page",
    "backtest",
    "forum",
    "help_list",
    "listening_audit",
    "listening_trial",
    "metrics",
    "peer_report",
    "peers",
    "ranked",
    "read",
    "report",
    "suggested_terms",
]
