"""
Being told by e-mail that there is news: how often, when, and for how long it is tried.

Never on by default, and the mail says nothing but that there is news. Source: ADR 8.
"""

from datetime import date, timedelta
from enum import StrEnum

LONGEST_ADDRESS = 254
"""Characters of an e-mail address. Source: RFC 5321 §4.5.3.1.3, and erratum 1690 of RFC 3696."""

END_NOTICE = timedelta(days=31)
"""How long before its end a protection is news, so that she has time to renew it."""

PATIENCE = timedelta(days=3)
"""How long a mail is tried that the mail server does not take."""


class Rhythm(StrEnum):
    """
    How often somebody is told, at most.
    """

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


def round_on(rhythm: Rhythm, day: date) -> date:
    """
    The day of the latest round up to *day*: each day, each Monday, each first of a month.

    The days are the same for everybody: days of her own would tell which rows are hers.
    """
    match rhythm:
        case Rhythm.DAILY:
            return day
        case Rhythm.WEEKLY:
            return day - timedelta(days=day.weekday())
        case Rhythm.MONTHLY:
            return day.replace(day=1)


def ends_soon_before(today: date) -> date:
    """
    Protections that end on or before this date are news.
    """
    return today + END_NOTICE


def given_up_before(today: date) -> date:
    """
    Mails of rounds before this date are not tried any more.
    """
    return today - PATIENCE
