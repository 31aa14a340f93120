"""
All tables, for Django, which looks for them under this name.
"""

from tegenbeeld.server.records.audit import AuditEvent
from tegenbeeld.server.records.entries import Entry
from tegenbeeld.server.records.log import Change, LogHead
from tegenbeeld.server.records.news import NewsRound, Subscription
from tegenbeeld.server.records.partners import (
    Acknowledgement,
    Partner,
    PartnerFeedback,
    PartnerKey,
)
from tegenbeeld.server.records.protections import Finding, Protection

__all__ = [
    "Acknowledgement",
    "AuditEvent",
    "Change",
    "Entry",
    "Finding",
    "LogHead",
    "NewsRound",
    "Partner",
    "PartnerFeedback",
    "PartnerKey",
    "Protection",
    "Subscription",
]
